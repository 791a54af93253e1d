import Experiments
import Pipeline
import Rates
import SIMDBackend
import Statistics
import Testing

/// Expected numbers: a separate calculation in Python (numpy, scipy) with the tables of the entries and of the library: exact
/// moments of the piecewise-linear spectra, Gauss-Legendre panels in ln T, bins by error functions. It shares no code with
/// the program. Its own accuracy, set by kinks of the spectra inside panels, is 1e-6 to 1e-5.
@Suite("Entries at reactors and with 51Cr")
struct ReactorEntryTests {
  private static func analysis(_ name: String, masses: [Double]) throws -> (Analysis, ExperimentSpec) {
    let spec = try Catalogue.load(name)
    let backend = try CPUBackend()
    let isGaussian = spec.systematics.statistic == .gaussian
    let settings = AnalysisSettings(
      flavour: "e", dataSet: spec.kind == .measurement ? .observed : .asimov,
      statistic: isGaussian ? .gaussian : .poisson)
    let analysis = try Analysis(
      model: RateModel(spec), settings: settings, masses: masses, backend: backend, planningBackend: backend)
    return (analysis, spec)
  }

  /// Dipole: flavour e at m4 = 0.3 MeV and 1e-10 mu_B.
  @Test(
    "Standard Model and dipole events agree with a separate calculation",
    arguments: [
      ("conus-plus", 137.0355865, 7.299931),
      ("texono", 38.4615, 223.575),
      ("cr51-cevns", 3975.150244, 6560.011195),
      ("cr51-lxe-a", 710.1526, 5152.53),
      ("cr51-lxe-b", 552.1312, 4006.00),
      ("cr51-lxe-c", 1104.2625, 8012.00),
    ])
  func totals(name: String, standardModel: Double, dipole: Double) throws {
    try Self.expectTotals(of: name, standardModel: standardModel, dipole: dipole, masses: [0.3])
  }

  @discardableResult
  private static func expectTotals(
    of name: String, standardModel: Double, dipole: Double, masses: [Double]
  ) throws -> Analysis {
    let (analysis, spec) = try Self.analysis(name, masses: masses)
    let spectrum = try analysis.spectrum(
      channel: spec.channel, m4: 0.3, coupling: 1e-10 / bohrMagnetonsPerInverseGeV, recoils: [],
      backend: CPUBackend())
    let totals = Dictionary(uniqueKeysWithValues: spectrum.ingredients.map { ($0.name, $0.total) })
    let found = (totals["standard-model"] ?? 0, totals["dipole"] ?? 0)
    #expect(isClose(found.0, standardModel, rtol: 2e-5), "\(name): \(found.0)")
    #expect(isClose(found.1, dipole, rtol: 2e-5), "\(name): \(found.1)")
    return analysis
  }

  /// 1 mu_B = 296.304 GeV^-1
  private static let bohrMagnetonsPerInverseGeV = 1 / 296.30405392393922

  /// chi2 and limit of a fit in Python of all seven background parameters to the same spectrum, without and with the
  /// model made linear about its best fit: 103.84874 and 2.1411e-10 mu_B in full, 103.84880 and 2.13599e-10 linear.
  @Test("Dresden-II: events, the profiled background and the limit are those of a separate fit")
  func dresden() throws {
    let masses = [1e-6, 0.3]
    let analysis = try Self.expectTotals(
      of: "dresden-ii:fixed-flux", standardModel: 120.9466092, dipole: 9.867692, masses: masses)
    let rows = try LimitJob(analysis: analysis, backend: CPUBackend())
      .run(masses: masses, threshold: ConfidenceLevel(level: 0.9, degreesOfFreedom: 1).threshold)
    #expect(abs(rows[0].minimumStatistic - 103.8488) < 3e-4, "\(rows[0].minimumStatistic)")
    let limit = try #require(rows[0].coupling) * Self.bohrMagnetonsPerInverseGeV
    #expect(isClose(limit, 2.13599e-10, rtol: 1e-4), "\(limit)")
    #expect(isClose(limit, 2.1411e-10, rtol: 5e-3), "the full fit")
  }
}
