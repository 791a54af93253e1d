import ArgumentParser
import Backends
import Experiments
import Foundation
import Pipeline
import Rates
import ReferenceBackend
import SIMDBackend
import ScanCore
import Scanning

/// Rates per backend and precision, each verified before it is timed.
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract:
      "Times the factored and pointwise jobs on every backend, each result verified before it is timed.",
    discussion: """
      The default experiment csi-benchmark is a toy twin of COHERENT CsI with four pulls and 99 bins, defined so that \
      a short script in another language can solve the same job. factored: integrals once per mass; pointwise: \
      integrals redone at every point, with the closed-form inner integral (moments) and numerically (quadrature).
      """)

  @Argument(help: "Catalogue name or path of an experiment file.")
  var experiment = "csi-benchmark"

  @OptionGroup var backendOptions: BackendOptions
  @Flag(help: "Time every backend and precision of this machine (default when no --backend is given).")
  var all = false
  @Option(help: "Timed repetitions per row; the median is reported.")
  var repeats = 7
  @Option(help: "Points per axis of the factored grid; the pointwise grid has half as many per axis.")
  var points = 200
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      guard repeats >= 1, (8...4096).contains(points) else {
        throw RequestError("--repeats must be at least 1 and --points between 8 and 4096.")
      }
      let model = try RateModel(Catalogue.load(experiment))
      var rows: [BenchmarkRow] = []
      for backend in try chosenBackends() {
        rows += try measure(model, backend)
      }
      try json ? printJSON(rows) : printTable(rows)
    }
  }

  private func chosenBackends() throws -> [any Backend] {
    if !all, backendOptions.backend.choices != [.auto] { return [try backendOptions.make().backend] }
    var seen: Set<String> = []  // the widest instruction set stands for simd
    return BackendCatalogue.everything(workers: backendOptions.workers).backends.filter {
      $0.identity.backend != "reference"
        && ($0.identity.backend != "simd" || seen.insert($0.identity.backend).inserted)
    }
  }

  private func measure(_ model: RateModel, _ backend: any Backend) throws -> [BenchmarkRow] {
    let reference = ReferenceBackend()
    let planning = try CPUBackend()
    let masses = Self.logarithmic(0.1, 52, points)
    let couplings = Self.logarithmic(1e-8, 3e-5, points)
    var rows: [BenchmarkRow] = []
    for mode in IntegralMode.allCases {
      var settings = AnalysisSettings(flavour: "mu", mode: mode, dataSet: .asimov)
      settings.tolerance = 4e-8
      let analysis = try Analysis(
        model: model, settings: settings, masses: masses, backend: backend, planningBackend: planning)
      let benchmark = Benchmark(analysis: analysis, backend: backend, reference: reference)
      if mode == .moments {
        rows.append(
          try benchmark.measure(job: .factored, masses: masses, couplings: couplings, repeats: repeats))
      }
      let half = { (values: [Double]) in stride(from: 0, to: values.count, by: 2).map { values[$0] } }
      rows.append(
        try benchmark.measure(
          job: .pointwise, masses: half(masses), couplings: half(couplings), repeats: repeats))
      note("timed \(backend.identity), \(mode.rawValue)")
    }
    return rows
  }

  private static func logarithmic(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    (0..<count).map { low * pow(high / low, Double($0) / Double(count - 1)) }
  }

  private func printTable(_ rows: [BenchmarkRow]) {
    print("experiment \(experiment); rates are points per second at the median of \(repeats) runs")
    print(
      column("backend", 44) + column("job", 22) + column("points/s", 12) + column("best", 12)
        + column("integrals/s", 13) + column("error", 10) + "quadrature")
    for row in rows {
      print(
        column(row.identity.description, 44) + column("\(row.job.rawValue) \(row.mode.rawValue)", 22)
          + column(String(format: "%.3g", row.pointsPerSecond), 12)
          + column(String(format: "%.3g", row.bestPointsPerSecond), 12)
          + column(String(format: "%.3g", row.integralsPerSecond), 13)
          + column(String(format: "%.1e", row.verifiedError), 10)
          + String(format: "%.1e", row.quadratureError))
    }
  }
}
