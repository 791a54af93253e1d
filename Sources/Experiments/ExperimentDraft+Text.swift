import Foundation
import Units

extension ExperimentDraft {
  /// A complete, commented experiment file called `name` that loads as it is.
  /// - Throws: where no recoil reaches the threshold
  package func text(name: String) throws(Refusal) -> String {
    let target = try ExperimentTarget(formula: self[.target])
    let edges = try edges(target)
    return """
      # An experiment file of upscatter, schema 1, from the answers to `upscatter experiments new`. Numbers marked with
      # "check" were not asked for. docs/formats.md describes all keys; unknown keys are errors.
      schema: 1
      name: \(name)
      title: \(name)
      kind: projection                      # measurement needs `channel.observed`
      references:
        - "own projection"

      source:
      \(sourceText)

      detector:
        mass: \(self[.mass])
        molar-mass: \(Self.short(target.molarMass, digits: 6)) g/mol           # of the formula unit \(self[.target])
        nuclei:                             # all natural isotopes
      \(nuclei(target))
        # The channel is the recoil energy itself, without resolution. For keVee or photoelectrons add `quenching` and a
        # `response`: docs/formats.md.
        quenching: none
        response: ideal
        efficiency: { energy: none, recoil: none, time: none }
        recoil-floor: { nuclear: \(Self.short(0.5 * thresholdKeV)) keV }   # below the first edge

      analysis:
        couplings: radiative
        weak-mixing: 0.23857                # sin^2 theta_W at zero momentum transfer
        fermi-constant: 1.1663788e-5 /GeV^2
        cevns-kinematics: spin-0
        dipole-spin: spin-1/2
        dipole-bracket: traces
        electrons: excluded                 # included: add `electron-levels: library` to every element

      channel:
        energy:
          unit: keV                         # of the nuclear recoil
          edges: [\(edges.map { Self.short($0) }.joined(separator: ", "))]   # from the threshold to the largest recoil
        backgrounds:
          - name: flat
            rate: \(self[.background])
            live-time: \(self[.exposure])

      systematics:
        statistic: poisson
        signal: { width: 5 %, scope: dipole-and-sm }   # check: flux and detector
        backgrounds:
          flat: 5 %                         # check

      """
  }

  // MARK: - Parts

  private var sourceText: String {
    switch source {
    case .pionDecayAtRest:
      return """
          pion-decay-at-rest:                 # nu_mu, nu_mu_bar and nu_e
            neutrinos-per-proton: 0.08        # check: of each flavour
            protons-on-target: \(Self.short(Self.protonsPerYear * years))         # check: \(Self.short(Self.protonsPerYear)) per year
            baseline: 28.4 m                  # check
        """
    case .reactor:
      return """
          reactor:                            # electron antineutrinos: use --flavor e
            live-time: \(self[.exposure])
            flux: { thermal-power: { power: 3 GW, baseline: 20 m, energy-per-fission: ma-2013 } }   # check
            spectra: bestiole-2023
            fission-fractions: { u235: 0.58, u238: 0.07, pu239: 0.30, pu241: 0.05 }   # check
            neutron-capture: 0.6
        """
    case .solar:
      return """
          solar:                              # all flavours arrive: use --flavor e, mu, tau or all
            live-time: \(self[.exposure])
            model: b16-gs98
            components: [b8, hep]             # those that nuclear recoils of keV see; or all
            oscillation:
              adiabatic:
                mixing: { sin2-theta12: 0.307, sin2-theta13: 0.022, sin2-theta23: 0.57, delta: 197 deg }
                mass-splitting-21: 7.49e-5 eV^2
                electron-density: production-profile
        """
    case .chromium:
      return """
          chromium-51:                        # electron neutrinos: use --flavor e
            exposure: \(self[.exposure])
            flux: { mean: 1.1e13 /cm^2/s }    # check: average over exposure and detector
        """
    }
  }

  private static let protonsPerYear = 1.5e23

  private func nuclei(_ target: ExperimentTarget) -> String {
    target.parts.map { part in
      """
          - element: \(part.element)
            per-formula-unit: \(part.count)
            form-factor: { helm: { radii: charge, neutron-skin: 0.1 fm, skin: 0.9 fm } }   # check
      """
    }.joined(separator: "\n")
  }

  // MARK: - Numbers

  private func value(_ question: Question, _ dimension: PhysicalDimension) -> Double {
    (try? QuantityKind.dimension(dimension).value(of: self[question])) ?? 0
  }

  private var thresholdKeV: Double { 1e3 * value(.threshold, .energy) }
  /// Internal times are microseconds; a year as the units have it.
  private var years: Double {
    value(.exposure, .time) / ((try? QuantityKind.dimension(.time).value(of: "1 y")) ?? 1)
  }

  /// Neutrinos of the source reach up to here, MeV.
  private var largestEnergy: Double {
    switch source {
    case .pionDecayAtRest: 52.8
    case .reactor: 8
    case .solar: 16
    case .chromium: 0.75
    }
  }

  /// Eight bins of equal ratio from the threshold to the largest recoil, keV.
  private func edges(_ target: ExperimentTarget) throws(Refusal) -> [Double] {
    let largest = 1e3 * target.largestRecoil(energy: largestEnergy)
    guard thresholdKeV < 0.95 * largest else {
      throw Refusal(
        description:
          "\(self[.threshold]): no recoil counts, as neutrinos of this source (\(source.rawValue)) give \(self[.target]) at most "
          + "\(Self.short(largest)) keV. Choose a lower threshold or a lighter target.")
    }
    let bins = 8
    return (0...bins).map { thresholdKeV * pow(largest / thresholdKeV, Double($0) / Double(bins)) }
  }

  private static func short(_ value: Double, digits: Int = 4) -> String {
    String(format: "%.\(digits)g", value)
  }
}
