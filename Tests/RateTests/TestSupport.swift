@testable import Experiments

/// |a - b| <= max(rtol * max(|a|, |b|), atol); NaN is never close.
func isClose(_ a: Double, _ b: Double, rtol: Double, atol: Double = 0) -> Bool {
  abs(a - b) <= max(rtol * max(abs(a), abs(b)), atol)
}

/// A small CsI detector at a stopped-pion source: every part can be replaced by a test.
enum ToyExperiment {
  static let quenching = QuenchingSpec.polynomial([0.0554628, 4.30681, -111.707, 840.384])
  static let photoelectrons = ResponseSpec.gammaPhotoelectrons(aKeV: 0.0749, bPerKeV: 9.56)
  static let efficiency = EnergyEfficiencySpec.logistic(
    a: 1.32045, b: 0.285979, c: 10.8646, d: -0.333322, maximum: 60)
  static let timeEfficiency = TimeEfficiencySpec.delayedExponential(start: 0.52, rate: 0.0494)

  static func nucleus(levels: [ElectronLevel] = []) -> NucleusSpec {
    NucleusSpec(
      name: "Cs", protons: 55, neutrons: 78, atomicMass: 132.905451961, perFormulaUnit: 1,
      formFactor: FormFactorSpec(kind: .helm, protonRadius: 4.804, neutronRadius: 5.09, thickness: 0.9),
      electronLevels: levels)
  }

  /// True recoil energies, edges in keV.
  static func ideal(edges: [Double] = [1, 5, 10, 20, 40], levels: [ElectronLevel] = []) -> ExperimentSpec {
    spec(
      detector: DetectorSpec(
        massKilograms: 10, molarMass: 132.905451961, nuclei: [nucleus(levels: levels)], quenching: .none,
        response: .ideal, energyEfficiency: .unity, timeEfficiency: .unity, recoilFloor: .both(1e-6)),
      edges: edges, timeEdges: [])
  }

  /// Photoelectrons with efficiency and a Gaussian pulse.
  static func smeared(levels: [ElectronLevel] = []) -> ExperimentSpec {
    spec(
      detector: DetectorSpec(
        massKilograms: 10, molarMass: 132.905451961, nuclei: [nucleus(levels: levels)], quenching: quenching,
        response: photoelectrons, energyEfficiency: efficiency, timeEfficiency: timeEfficiency,
        recoilFloor: .both(5e-5)),
      edges: [8, 20, 60], timeEdges: [0, 0.5, 1, 6])
  }

  static func spec(detector: DetectorSpec, edges: [Double], timeEdges: [Double]) -> ExperimentSpec {
    ExperimentSpec(
      name: "toy", title: "Toy", kind: .projection, references: [], source: SourceSpec(components: beam),
      detector: detector, analysis: analysis,
      channel: ChannelSpec(
        energyEdges: edges, energyUnit: "keV", timeEdges: timeEdges, observed: nil, backgrounds: []),
      systematics: SystematicsSpec(
        signalWidth: nil, signalScope: .signalAndStandardModel, backgroundWidths: [:]),
      inputDigests: [:])
  }

  static let beam = [
    component("nu_mu", .mu, .pionDecayAtRestPrompt, delayed: false),
    component("nu_mu_bar", .muBar, .muonDecayAtRestAntiMuon, delayed: true),
    component("nu_e", .e, .muonDecayAtRestElectron, delayed: true),
  ]

  private static func component(
    _ label: String, _ flavour: NeutrinoFlavour, _ spectrum: SpectrumSpec, delayed: Bool
  ) -> FluxComponentSpec {
    FluxComponentSpec(
      label: label, flavour: flavour, spectrum: spectrum, fluence: 5e14,
      arrivalTimes: .gaussianPulse(center: 0.45, width: 0.15, delayed: delayed))
  }

  static let analysis = AnalysisSpec(
    couplings: .radiative, weakMixing: 0.23857, fermiConstant: 1.1663788e-11, kinematics: .spinZero,
    dipoleSpin: .half, bracket: .traces, includeElectrons: true)
}
