import DipolePhysics
import Experiments
import Foundation
import Pipeline
import Planning
import Rates
import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing

/// Plans of solar and reactor neutrinos, whose spectra are tables of many nodes.
@Suite("Plans of solar and reactor neutrinos")
struct SourcePlanTests {
  private static let solar = """
    solar:
        live-time: 1 y
        model: b16-gs98
        components: [b8, be7, o15]
        oscillation:
          adiabatic:
            mixing: { sin2-theta12: 0.307, sin2-theta13: 0.022, sin2-theta23: 0.57, delta: 197 deg }
            mass-splitting-21: 7.49e-5 eV^2
            electron-density: production-profile
    """
  private static let reactor = """
    reactor:
        live-time: 1 y
        flux: { total: 4.5e13 /cm^2/s }
        spectra: SET
        fission-fractions: { u235: 0.58, u238: 0.07, pu239: 0.30, pu241: 0.05 }
        neutron-capture: 0.6
    """

  private func model(
    source: String, element: String, molarMass: String, edges: String, skin: String = "0.05 fm"
  ) throws -> RateModel {
    let yaml = """
      schema: 1
      name: own
      title: Own
      kind: projection
      references: [own]
      source:
        \(source)
      detector:
        mass: 1 t
        molar-mass: \(molarMass) g/mol
        nuclei:
          - element: \(element)
            per-formula-unit: 1
            form-factor: { helm: { radii: charge, neutron-skin: \(skin), skin: 0.9 fm } }
            electron-levels: library
        quenching: none
        response: ideal
        efficiency: { energy: none, recoil: none, time: none }
        recoil-floor: { nuclear: 0.1 keV, electron: 0.1 keV }
      analysis:
        couplings: radiative
        weak-mixing: 0.23857
        fermi-constant: 1.1663788e-5 /GeV^2
        cevns-kinematics: spin-0
        dipole-spin: spin-1/2
        dipole-bracket: traces
        electrons: included
      channel:
        energy: { unit: keV, edges: \(edges) }
      systematics:
        statistic: poisson
        signal: { width: 5 %, scope: dipole-and-sm }

      """
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "upscatter-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("own.yaml")
    try Data(yaml.utf8).write(to: file)
    return try RateModel(Catalogue.load(file.path))
  }

  /// Largest deviation of any bin of a plan from direct integration, relative to the component's total.
  private func worst(
    _ model: RateModel, _ flavour: String, _ mode: IntegralMode, masses: [Double]
  ) throws -> Double {
    let plan = try PlanRefinement(model: model, mode: mode, tolerance: 1e-9, backend: CPUBackend())
      .plan(.dipole(flavour: flavour), masses: masses)
    let used = RatePlanner(model: model, process: .dipole(flavour: flavour), mode: mode).componentIndices
    let values = try ReferenceBackend().load(plan).evaluate(masses: masses)
    var worst = 0.0
    for (output, component) in used.enumerated() {
      for (row, mass) in masses.enumerated() {
        let direct = try model.directCounts(
          process: .dipole, component: component, heavyMass: mass, coupling: plan.referenceCoupling)
        let total = direct.values.reduce(0, +)
        for bin in 0..<plan.binCount {
          let value = values[row * plan.valuesPerMass + output * plan.binCount + bin]
          worst = max(worst, abs(value - direct.values[bin]) / max(total, 1e-12))
        }
      }
    }
    return worst
  }

  @Test("The flavours of one solar flux share a flux group, lines and tables have their own")
  func groups() throws {
    let model = try model(source: Self.solar, element: "Ar", molarMass: "39.95", edges: "[0.2, 1, 5]")
    #expect(model.components.count == 9)
    let all = try RatePlanner(model: model, process: .dipole(flavour: "all"), mode: .moments).plan()
    #expect(all.fluxGroups.map(\.components.count) == [3, 3, 3])
    let one = try RatePlanner(model: model, process: .dipole(flavour: "mu"), mode: .moments).plan()
    #expect(one.fluxGroups.map(\.components.count) == [1, 1, 1])
    #expect(model.components[4].massStates?.flux == "be7")
    #expect(model.components[4].massStates == model.components[3].massStates)
  }

  @Test("Transition moments of solar neutrinos act on mass states")
  func massStates() throws {
    let model = try model(source: Self.solar, element: "Ar", molarMass: "39.95", edges: "[0.2, 1, 5]")
    let states = try model.inMassStates()
    #expect(
      states.components.map(\.label)
        == ["b8", "be7", "o15"].flatMap { flux in (1...3).map { "\(flux)_\($0)" } })
    // P_e3 = sin^2 theta13 at every energy
    let total = states.components[0...2].reduce(0) { $0 + $1.fluence }
    #expect(isClose(states.components[2].fluence, 0.022 * total, rtol: 1e-9))
    // both ways to count share the mean of cos 2theta_m: P_ee = c13^4 (1 + cos 2theta12 cos 2theta_m)/2 + s13^4
    let survival = model.components[0].fluence / total
    let cosine = ((survival - 0.022 * 0.022) * 2 / (0.978 * 0.978) - 1) / (1 - 2 * 0.307)
    #expect(isClose(states.components[1].fluence, 0.978 * (1 - cosine) / 2 * total, rtol: 1e-9))

    let mixing = LeptonMixing(sin2Theta12: 0.307, sin2Theta13: 0.022, sin2Theta23: 0.57, delta: 3.44)
    func limit(_ pattern: [Double]?) throws -> Double? {
      let interaction = pattern.map {
        TransitionMoment(
          pattern: $0.map { Complex($0) }, flavourBeam: FlavourBeam(mixing: mixing, isCoherent: true))
      }
      let settings = AnalysisSettings(flavour: "all", dataSet: .asimov)
      let analysis = try Analysis(
        model: model, settings: settings, masses: [3], backend: CPUBackend(), planningBackend: CPUBackend(),
        interaction: interaction)
      return try LimitJob(analysis: analysis, backend: CPUBackend()).run(masses: [3], threshold: 2.7055)[0]
        .coupling
    }
    // equal moments of all mass states are one moment of all flavours: both probabilities add up to one
    let universal = try #require(try limit(nil))
    #expect(isClose(try #require(try limit([1, 1, 1])), universal, rtol: 2e-6))
    // 8B alone reaches 3 MeV and arrives mostly as the second state: the third gives d^2 1/0.022 times weaker
    let third = try #require(try limit([0, 0, 1]))
    #expect(isClose(third / universal, (1 / 0.022).squareRoot(), rtol: 1e-4))
    let second = try #require(try limit([0, 1, 0]))
    #expect(second > universal && second < 1.15 * universal)
  }

  @Test("Solar neutrinos on argon agree with direct integration to 1e-9", arguments: IntegralMode.allCases)
  func solar(mode: IntegralMode) throws {
    let model = try model(source: Self.solar, element: "Ar", molarMass: "39.95", edges: "[0.2, 1, 5]")
    #expect(try worst(model, "mu", mode, masses: [0.1, 3, 12]) <= 1e-9)
  }

  @Test(
    "Reactor neutrinos on silicon agree with direct integration to 1e-9",
    arguments: ["huber-mueller", "bestiole-2023", "kopeikin-2012"])
  func reactor(_ name: String) throws {
    var source = Self.reactor.replacing("SET", with: name)
    if name == "kopeikin-2012" {
      source = source.replacing("neutron-capture: 0.6", with: "neutron-capture: none")
        .split(separator: "\n").filter { !$0.contains("fission-fractions") }.joined(separator: "\n")
    }
    let model = try model(source: source, element: "Si", molarMass: "28.085", edges: "[0.15, 0.5, 2]")
    #expect(try worst(model, "e", .moments, masses: [0.05, 2]) <= 1e-9)
  }

  @Test(
    "Standard Model events of the Sun on one tonne and year of xenon are those of a separate calculation",
    arguments: [
      // keV, events: numpy, trapezoids over the full (not thinned) tables of spectra and production regions;
      // 8B alone: CEvNS, below 4 keV; all fluxes: electrons, 7 to 30 keV
      ("[b8]", "[0.3, 0.5, 1, 2, 4]", [169.24437796, 207.86197554, 87.06791559, 4.58928021]),
      ("all", "[7, 30]", [45.34427557569011 / 0.65]),
    ])
  func events(_ fluxes: String, _ edges: String, _ expected: [Double]) throws {
    let source = Self.solar.replacing("[b8, be7, o15]", with: "\(fluxes)\n    fluxes: { b8: 5.16e6 /cm^2/s }")
      .replacing("197 deg", with: "0 deg")
    let model = try model(source: source, element: "Xe", molarMass: "131.29", edges: edges, skin: "0 fm")
    let plan = try PlanRefinement(model: model, mode: .moments, tolerance: 1e-9, backend: CPUBackend())
      .plan(.standardModel, masses: [0])
    let values = try ReferenceBackend().load(plan).evaluate(masses: [0])
    for (bin, value) in expected.enumerated() {
      let events = stride(from: bin, to: values.count, by: plan.binCount).reduce(0) { $0 + values[$1] }
      #expect(isClose(events, value, rtol: 1e-4), "bin \(bin)")
    }
  }
}
