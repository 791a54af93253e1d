import Experiments
import Pipeline
import Rates
import SIMDBackend
import Testing

/// Expected events of one entry at m4 and d = 1e-6 GeV^-1, summed over all bins.
struct EntryTotals: CustomTestStringConvertible, Sendable {
  var entry: String
  var flavour: String
  /// MeV
  var m4: Double
  var standardModel: Double
  var dipole: Double

  init(_ entry: String, _ flavour: String, m4: Double, standardModel: Double, dipole: Double) {
    self.entry = entry
    self.flavour = flavour
    self.m4 = m4
    self.standardModel = standardModel
    self.dipole = dipole
  }

  var testDescription: String { "\(entry), \(flavour), \(m4) MeV" }
}

/// All numbers come from a separate calculation in Python (NumPy, SciPy): Gauss-Legendre quadrature in neutrino
/// energy and in the logarithm of the recoil, formulas [UPS-3] to [UPS-11] and responses written anew.
@Suite("Entries at spallation sources")
struct SpallationEntryTests {
  private static let totals = [
    EntryTotals("coherent-csi-2017", "mu", m4: 10, standardModel: 149.06034, dipole: 68.414544),
    EntryTotals("coherent-csi-2017", "mu", m4: 1, standardModel: 149.06034, dipole: 76.047609),
    EntryTotals("coherent-csi-2017", "e", m4: 1, standardModel: 149.06034, dipole: 33.257102),
    EntryTotals(
      "coherent-csi-2017:quenching-2021", "mu", m4: 10, standardModel: 133.82510, dipole: 61.036122),
    EntryTotals("coherent-lar-2020", "mu", m4: 10, standardModel: 118.9068, dipole: 83.921402),
    EntryTotals("coherent-lar-2020", "e", m4: 10, standardModel: 118.9068, dipole: 35.730694),
    EntryTotals("coherent-lar-2020:energy-time", "mu", m4: 10, standardModel: 118.90833, dipole: 83.916764),
    EntryTotals("ess", "mu", m4: 10, standardModel: 57773.85, dipole: 33003.67),
    EntryTotals("ess:xenon", "mu", m4: 10, standardModel: 14305.791, dipole: 4192.0663),
    EntryTotals("ess10", "e", m4: 10, standardModel: 4370.9804, dipole: 2464.2615),
    EntryTotals("ess10:argon", "mu", m4: 10, standardModel: 882.89603, dipole: 2216.956),
    EntryTotals("ess10:germanium", "mu", m4: 10, standardModel: 2133.9755, dipole: 3756.9816),
    EntryTotals("ccm", "mu", m4: 10, standardModel: 5649.3999, dipole: 3788.577),
    EntryTotals("cenns610", "mu", m4: 10, standardModel: 2496.8153, dipole: 1426.3212),
  ]

  private static func spectrum(_ entry: String, _ flavour: String, m4: Double) throws -> Spectrum {
    let spec = try Catalogue.load(entry)
    let backend = try CPUBackend()
    let settings = AnalysisSettings(
      flavour: flavour, dataSet: spec.kind == .measurement ? .observed : .asimov)
    let analysis = try Analysis(
      model: RateModel(spec), settings: settings, masses: [m4], backend: backend, planningBackend: backend)
    return try analysis.spectrum(
      channel: spec.channel, m4: m4, coupling: 1e-6, recoils: [], backend: backend)
  }

  @Test("Events agree with a separate calculation", arguments: totals)
  func events(_ wanted: EntryTotals) throws {
    let spectrum = try Self.spectrum(wanted.entry, wanted.flavour, m4: wanted.m4)
    let found = Dictionary(uniqueKeysWithValues: spectrum.ingredients.map { ($0.name, $0.total) })
    let standardModel = try #require(found["standard-model"])
    let dipole = try #require(found["dipole"])
    #expect(isClose(standardModel, wanted.standardModel, rtol: 1e-5), "\(standardModel)")
    #expect(isClose(dipole, wanted.dipole, rtol: 1e-5), "\(dipole)")
  }

  /// Minimum over the pulls by Newton's method in the same Python calculation; `ess10`: covariance of its pull.
  @Test(
    "Limits at 10 MeV agree with a separate calculation",
    arguments: [
      ("coherent-csi-2017", "mu", 1.563097e-6), ("coherent-csi-2017", "e", 1.044631e-6),
      ("coherent-lar-2020:no-shape-pulls", "mu", 9.810224e-7), ("ess10", "mu", 1.809298e-7),
    ])
  func limits(entry: String, flavour: String, expected: Double) throws {
    let check = ValidationCheck(
      experiment: entry, quantity: .limit(LimitQuery(flavour: flavour, m4: 10, coupling: "d")),
      compares: .consistency, published: expected, within: 1e-5, source: "separate calculation")
    let row = try Validation(backend: CPUBackend()).run(check)
    #expect(row.passed, "\(row.ours)")
  }

  @Test("The bins of the liquid argon data hold energy, F90 and time where the release has them")
  func argonBins() throws {
    let spectrum = try Self.spectrum("coherent-lar-2020", "mu", m4: 10)
    let events = try #require(spectrum.ingredients.first { $0.name == "standard-model" }).events
    #expect(events.count == 96 * 10)
    // bin 11: 10 to 20 keVee, F90 0.6 to 0.65; first three time bins (same Python calculation)
    for (found, wanted) in zip(events[100..<103], [0.31449915, 1.44183954, 1.02086578]) {
      #expect(isClose(found, wanted, rtol: 1e-5), "\(found)")
    }
    // arXiv:2006.12659: observed events per 10 keVee, of the released table
    let observed = try #require(spectrum.observed)
    let perEnergy = stride(from: 0, to: 960, by: 80).map { observed[$0..<$0 + 80].reduce(0, +) }
    #expect(perEnergy == [1194, 697, 419, 297, 219, 196, 146, 143, 133, 111, 109, 88])
  }
}
