import Experiments
import Pipeline
import Rates
import SIMDBackend
import Testing

@Suite("Axes of a request that names none")
struct DefaultAxesTests {
  /// 52.83 MeV of muon decay on caesium, 0.7529 MeV (51Cr) on xenon.
  @Test(
    "Masses reach from 1/500 to the heaviest the source can make",
    arguments: [("coherent-csi-2021", "0.1:52"), ("cr51-lxe-a", "0.002:0.75")])
  func masses(experiment: String, range: String) throws {
    #expect(try DefaultAxes.masses(RateModel(Catalogue.load(experiment))) == range)
  }

  @Test(
    "Couplings begin at the power of ten below a third of the lowest limit",
    arguments: [("coherent-csi-2021", "mu"), ("cr51-cevns", "e")])
  func couplings(experiment: String, flavour: String) throws {
    let spec = try Catalogue.load(experiment)
    let model = try RateModel(spec)
    let masses = [0.1, 0.2, 0.3, 0.5]
    let backend = try CPUBackend()
    let settings = AnalysisSettings(
      flavour: flavour, dataSet: spec.kind == .measurement ? .observed : .asimov)
    let analysis = try Analysis(
      model: model, settings: settings, masses: masses, backend: backend, planningBackend: backend)
    let range = try #require(
      try DefaultAxes.couplings(
        ScanSubject(spec, analysis), masses: masses, threshold: 2.7, on: backend))
    let limit = try #require(
      try LimitJob(analysis: analysis, backend: backend).run(masses: [0.1], threshold: 2.7)[0].coupling)
    #expect(range.low <= limit / 3 && limit / 3 < 10 * range.low)
    #expect(abs(range.high / range.low - 1000) < 1e-9)
  }
}
