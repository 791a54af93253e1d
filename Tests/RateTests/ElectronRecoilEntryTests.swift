import Experiments
import Pipeline
import Rates
import SIMDBackend
import ScanCore
import Testing
import Units

/// Expected numbers: a separate calculation in Python (numpy, scipy) with the full spectra and production profiles (not the thinned
/// ones of the library), exact moments of the piecewise-linear spectra, Gauss-Legendre panels between all binding energies and
/// end points, bins by error functions. It shares no code with the program. The thinned tables account for 2e-5.
@Suite("Entries on electron recoils of solar neutrinos")
struct ElectronRecoilEntryTests {
  struct Expectation: Sendable, CustomTestStringConvertible {
    var name: String
    /// total, first bin, last bin
    var standardModel: [Double]
    /// the same for a dipole of all flavours, d = 1e-8 /GeV, m4 = 0.2 MeV
    var dipole: [Double]
    var testDescription: String { name }
  }

  static let expectations = [
    Expectation(
      name: "xenon1t-er", standardModel: [48.965318, 0.76273193, 1.6637702],
      dipole: [46.301405, 0.91762736, 1.0762626]),
    Expectation(
      name: "xenon1t-er:atomic", standardModel: [37.930545, 0.66828703, 1.1462287],
      dipole: [36.295725, 0.80301309, 0.74159033]),
    Expectation(
      name: "xenonnt-er-sr0", standardModel: [80.772477, 1.3112757, 2.7435328],
      dipole: [76.344328, 1.5730244, 1.7747425]),
    Expectation(
      name: "lz-er-ws2022", standardModel: [47.161166, 1.1974214, 2.5562797],
      dipole: [49.670875, 1.3946668, 2.2315664]),
    Expectation(
      name: "lz-er-ws2024:atomic", standardModel: [142.97988, 3.9584702, 7.1321329],
      dipole: [150.90218, 4.6103436, 6.2303462]),
    Expectation(
      name: "darwin-er", standardModel: [26092.347, 804.56698, 869.0316],
      dipole: [24804.363, 987.84577, 562.16061]),
    Expectation(
      name: "darwin-er:pp-only", standardModel: [23796.509, 737.05105, 788.72585],
      dipole: [16525.311, 0.57650573, 457.18892]),
    Expectation(
      name: "borexino", standardModel: [30335.806, 30335.806, 30335.806],
      dipole: [2054.0249, 2054.0249, 2054.0249]),
  ]

  @Test("Standard Model and dipole events agree with a separate calculation", arguments: expectations)
  func events(_ expected: Expectation) throws {
    let experiment = try Catalogue.load(expected.name)
    let backend = try CPUBackend()
    let analysis = try Self.analysis(experiment, masses: [0.2], backend)
    let spectrum = try analysis.spectrum(
      channel: experiment.channel, m4: 0.2, coupling: 1e-8, recoils: [], backend: backend)
    for (name, numbers) in [("standard-model", expected.standardModel), ("dipole", expected.dipole)] {
      let found = try #require(spectrum.ingredients.first { $0.name == name })
      let measured = [found.total, found.events[0], found.events[found.events.count - 1]]
      for (a, b) in zip(measured, numbers) { #expect(isClose(a, b, rtol: 6e-5), "\(name) \(a) \(b)") }
    }
  }

  /// Best fit and end of the interval of XENON1T from the same calculation with a profile by simplex search: 2.09511e-11 and
  /// 2.66233e-11 mu_B (published 90 % interval 1.4 to 2.9). Borexino: the moment at which its events reach 5.20/4.93 of the
  /// Standard Model ones, 2.83973e-11.
  @Test(
    "Massless limits agree with a separate profile",
    arguments: [("xenon1t-er", 2.66233e-11, 2.09511e-11), ("borexino", 2.83973e-11, 0)])
  func limits(name: String, limit: Double, best: Double) throws {
    let backend = try CPUBackend()
    let analysis = try Self.analysis(Catalogue.load(name), masses: [1e-4], backend)
    let row = try #require(
      try LimitJob(analysis: analysis, backend: backend).run(masses: [1e-4], threshold: 2.705543454095404)
        .first)
    let bohr = PhysicalConstants.bohrMagnetonInverseGeV
    #expect(isClose(try #require(row.coupling) / bohr, limit, rtol: 1e-4))
    #expect(isClose(row.bestCoupling / bohr, best, rtol: 1e-3, atol: 1e-16))
  }

  private static func analysis(
    _ experiment: ExperimentSpec, masses: [Double], _ backend: CPUBackend
  ) throws -> Analysis {
    let settings = AnalysisSettings(
      flavour: "all", dataSet: experiment.kind == .measurement ? .observed : .asimov,
      statistic: experiment.systematics.statistic == .gaussian ? .gaussian : .poisson)
    return try Analysis(
      model: RateModel(experiment), settings: settings, masses: masses, backend: backend,
      planningBackend: backend)
  }
}
