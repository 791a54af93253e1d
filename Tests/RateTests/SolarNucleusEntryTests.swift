import Experiments
import Pipeline
import Rates
import SIMDBackend
import Statistics
import Testing

/// Expected numbers: a separate calculation in Python (numpy, scipy) that shares no code with the program: the full
/// 8B table (the library holds a thinned one, with moments to 1e-4), conversion averaged over 2001 radii,
/// Gauss-Legendre panels in ln T, its own profile of the likelihood by a general minimiser.
@Suite("Entries for solar neutrinos on nuclei")
struct SolarNucleusEntryTests {
  private static func analysis(_ name: String, masses: [Double]) throws -> (Analysis, ExperimentSpec) {
    let spec = try Catalogue.load(name)
    let backend = try CPUBackend()
    let settings = AnalysisSettings(
      flavour: "e", dataSet: spec.kind == .measurement ? .observed : .asimov,
      statistic: spec.systematics.statistic == .gaussian ? .gaussian : .poisson)
    let analysis = try Analysis(
      model: RateModel(spec), settings: settings, masses: masses, backend: backend, planningBackend: backend)
    return (analysis, spec)
  }

  private static func expectTotals(
    _ analysis: Analysis, _ spec: ExperimentSpec, m4: Double, coupling: Double, standardModel: Double,
    dipole: Double
  ) throws {
    let spectrum = try analysis.spectrum(
      channel: spec.channel, m4: m4, coupling: coupling, recoils: [], backend: CPUBackend())
    let totals = Dictionary(uniqueKeysWithValues: spectrum.ingredients.map { ($0.name, $0.total) })
    let found = (totals["standard-model"] ?? 0, totals["dipole"] ?? 0)
    #expect(isClose(found.0, standardModel, rtol: 1e-4), "\(spec.name): \(found.0)")
    #expect(isClose(found.1, dipole, rtol: 2e-4), "\(spec.name): \(found.1)")
  }

  private static func limits(_ analysis: Analysis, masses: [Double]) throws -> [LimitJob.Row] {
    try LimitJob(analysis: analysis, backend: CPUBackend())
      .run(masses: masses, threshold: ConfidenceLevel(level: 0.9, degreesOfFreedom: 1).threshold)
  }

  /// Dipole: flavour e at m4 = 1 MeV and d = 1e-6 GeV^-1. Flux limits: d = 1e-6 sqrt((limit / prediction - 1) N_SM / N_dipole).
  @Test(
    "Events and limits on nuclei agree with a separate calculation",
    arguments: [
      ("xenon1t-8b", 1.65004, 5.02882, 7.49749e-7),
      ("pandax4t-8b", 1.25600, 3.78219, 4.97124e-7),
      ("xenonnt-8b", 9.34639, 28.4793, 9.26552e-7),
      ("xenonnt-s2only", 82.8484, 251.417, 5.38975e-7),
      ("xenon1t-s2only:nuclear-recoils", 3.41997, 10.2026, 1.527511e-6),
    ])
  func nuclei(name: String, standardModel: Double, dipole: Double, limit: Double) throws {
    let (analysis, spec) = try Self.analysis(name, masses: [1])
    try Self.expectTotals(
      analysis, spec, m4: 1, coupling: 1e-6, standardModel: standardModel, dipole: dipole)
    let found = try #require(try Self.limits(analysis, masses: [1])[0].coupling)
    #expect(isClose(found, limit, rtol: 2e-4), "\(name): \(found)")
  }

  /// Electrons alone at m4 = 0.01 MeV and d = 1e-8 GeV^-1: 4.49403 of the dipole in XENON1T, 10.5254 in germanium.
  @Test(
    "Events of projections and of electrons agree with a separate calculation",
    arguments: [
      ("darwin", 1, 1e-6, 19893.2, 73835.8),
      ("supercdms", 0.01, 1e-8, 24.44452, 10.695657),
      ("supercdms:silicon", 1, 1e-6, 1.927761, 152.3592),
      ("xenon1t-s2only", 0.01, 1e-8, 3.547579, 4.495067),
    ])
  func totals(name: String, m4: Double, coupling: Double, standardModel: Double, dipole: Double) throws {
    let (analysis, spec) = try Self.analysis(name, masses: [m4])
    try Self.expectTotals(
      analysis, spec, m4: m4, coupling: coupling, standardModel: standardModel, dipole: dipole)
  }

  @Test("Where the background is a lower bound the data never prefer a dipole")
  func oneSided() throws {
    let masses = [0.01, 1, 10]
    let (analysis, _) = try Self.analysis("xenon1t-s2only", masses: masses)
    for row in try Self.limits(analysis, masses: masses) {
      #expect(row.bestCoupling == 0 && row.coupling != nil, "m4 = \(row.m4) MeV")
    }
  }
}
