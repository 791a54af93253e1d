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
      "Times the jobs of every backend, each result verified before it is timed.",
    discussion: """
      The default experiment csi-benchmark is a toy twin of COHERENT CsI with four pulls and 99 bins, defined so that \
      a short script in another language can solve the same job. factored: integrals once per mass (also with one pull, \
      and with the Gaussian statistic); pointwise: integrals redone at every point, with the closed-form inner integral \
      (moments) and numerically (quadrature); toys: random data sets, each profiled at 64 couplings of one mass; toys, \
      global fit: toys thrown and fitted at their point and over 64 masses; cold start: a whole scan from process start \
      to its files.

      A small probe measures what each device can do at most (fused multiply-adds, memory); the fraction of it counts \
      the arithmetic of the minimisation alone. --compare FILE sets the rates against those of a stored --json run. \
      A device that cannot be timed is named with its reason, the others go on, and the exit code is 1.
      """)

  @Argument(help: "Catalogue name or path of an experiment file.", completion: Completion.experiments)
  var experiment = "csi-benchmark"

  @OptionGroup var backendOptions: BackendOptions
  @Flag(
    help: """
      Time every backend, device and precision of this machine (default when no --backend is given); with --backend, \
      every device and precision of that one.
      """)
  var all = false
  @Option(parsing: .unconditional, help: "Timed repetitions per row; median, best and worst are reported.")
  var repeats = 7
  @Option(
    parsing: .unconditional,
    help: "Points per axis of the factored grid; the pointwise grid has half as many per axis.")
  var points = 200
  @Option(
    help: "A file written with --json: its rates are shown beside the new ones.",
    completion: Completion.jsonFiles)
  var compare: String?
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      guard repeats >= 1 else { throw RequestError("--repeats \(repeats): must be at least 1.") }
      guard (8...4096).contains(points) else {
        throw RequestError("--points \(points): must lie between 8 and 4096 points per axis.")
      }
      let stored = try compare.map(StoredBenchmark.read)
      let spec = try Catalogue.load(experiment)
      guard spec.systematics.shapePulls.isEmpty else {
        throw RequestError(
          "\(experiment): benchmark times pulls that scale rates, and this experiment has \(spec.systematics.shapePulls.count) that "
            + "change shapes. Name a variant without systematics.shape, such as csi-benchmark.")
      }
      let model = try RateModel(spec)
      var report = BenchmarkReport(
        version: toolVersion, experiment: experiment, peaks: [], rows: [], coldStarts: [], leftOut: [])
      let backends = try chosenBackends(&report.leftOut)
      var failures = 0
      for backend in backends {
        do {
          try measure(model, backend, into: &report)
        } catch  where backends.count > 1 {
          failures += 1  // one bad device is no reason to lose the figures of the others
          report.leftOut.append("\(backend.identity): \(error)")
        }
      }
      // a stored format with a number of its own, whose keys stay
      try json
        ? printJSON(report, keys: .useDefaultKeys) : BenchmarkTable(report, comparedWith: stored).write()
      if failures > 0 {
        throw ScanError(
          "\(failures) of \(backends.count) backends could not be timed: "
            + report.leftOut.suffix(failures).joined(separator: " "))
      }
    }
  }

  private func chosenBackends(_ leftOut: inout [String]) throws -> [any Backend] {
    let named = backendOptions.backend
    let isNarrowed = backendOptions.device != nil || backendOptions.precision != .double
    if all, isNarrowed {
      throw RequestError(
        "--all times every device and precision: leave out --device and --precision, or --all.")
    }
    if !all, named.choices != [.auto] || isNarrowed { return [try backendOptions.make()] }
    let names = Set(named.choices.map(\.rawValue))
    var seen: Set<String> = []  // the widest instruction set stands for simd
    let everything = BackendCatalogue.everything(workers: backendOptions.workers)
    let chosen = everything.backends.filter {
      let name = $0.identity.backend
      return (named.choices == [.auto] ? name != "reference" : names.contains(name))
        && (name != "simd" || seen.insert(name).inserted)
    }
    if named.choices.contains(where: { $0 == .auto || $0 == .opencl }) { leftOut += everything.unavailable }
    if chosen.isEmpty {
      throw BackendError(
        .unavailable,
        "There is nothing to time: no \(named) backend can run here; `upscatter devices` says why.")
    }
    return chosen
  }

  private func measure(
    _ model: RateModel, _ backend: any Backend, into report: inout BenchmarkReport
  ) throws {
    let peak = try (backend as? any PeakProbing)?.measurePeak()
    if let peak { report.peaks.append(BenchmarkPeak(identity: backend.identity, peak: peak)) }
    let masses = Self.logarithmic(0.1, 52, points)
    let couplings = Self.logarithmic(1e-8, 3e-5, points)
    for mode in IntegralMode.allCases {
      var settings = AnalysisSettings(flavour: "mu", mode: mode, dataSet: .asimov)
      settings.tolerance = 4e-8
      let analysis = try Analysis(
        model: model, settings: settings, masses: masses, backend: backend, planningBackend: CPUBackend())
      let benchmark = Benchmark(
        analysis: analysis, backend: backend, reference: ReferenceBackend(), peak: peak)
      if mode == .moments {
        for job in [BenchmarkJob.factored, .factoredOnePull, .factoredGaussian] {
          report.rows.append(
            try benchmark.measure(job, masses: masses, couplings: couplings, repeats: repeats))
        }
        report.rows.append(
          try benchmark.measureToys(
            mass: 1, couplings: Self.logarithmic(1e-8, 3e-5, 64), toys: 256, repeats: repeats))
        let rows = min(64, points)
        report.rows.append(
          try benchmark.measureGlobalFits(
            masses: Self.logarithmic(0.1, 50, rows), couplings: [3e-7, 1e-6, 1e-6, 3e-6],
            toys: max(256, backend.preferredTilePoints / 64) * rows / 64, repeats: repeats))
      }
      let half = { (values: [Double]) in stride(from: 0, to: values.count, by: 2).map { values[$0] } }
      report.rows.append(
        try benchmark.measure(.pointwise, masses: half(masses), couplings: half(couplings), repeats: repeats))
      note("timed \(backend.identity), \(mode.rawValue)")
    }
    if backend.identity.precision == .double {
      report.coldStarts.append(
        try ColdStartTimer(experiment: experiment, points: points, repeats: repeats)
          .measure(backend.identity.backend))
    }
  }

  private static func logarithmic(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    (0..<count).map { low * pow(high / low, Double($0) / Double(count - 1)) }
  }
}
