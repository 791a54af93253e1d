import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Rates
import ReferenceBackend
import Reporting
import SIMDBackend
import ScanCore
import Scanning
import Statistics

/// The main job: a grid of the test statistic, its contour, a plot.
struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Scans the (m4, d) plane: statistic grid, exclusion contour, result file, plot.",
    discussion: """
      Example: upscatter scan coherent-csi-2021 --flavor mu

      Writes OUTPUT.h5 (grid, pulls, contours, provenance; opens with h5py), OUTPUT.csv (contour), OUTPUT-limit.csv \
      (limit per mass), OUTPUT.json (summary) and a plot per --plot. Files appear whole or not at all; files of the \
      same names are replaced. A variant of an entry is named after a colon: coherent-csi-2021:no-electrons.

      The work is shared among several devices when several are named (--backend simd,opencl, --device 0,1 or all) or \
      auto finds several GPUs. Every device's rows are checked against the reference before they count; a device that \
      fails is dropped and its rows are computed by the others. The numbers are the same bits whoever computes; the files \
      name the devices that were asked for.
      """)

  @Argument(help: "Catalogue name (NAME or NAME:VARIANT) or path of an experiment file.")
  var experiment: String
  @Option(
    parsing: .unconditional,
    help: "Masses in MeV: from:to:points (logarithmic; append :lin) or a list 5,10,20.")
  var m4 = "0.1:52:200"
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Couplings in the unit of --coupling, written like --m4.",
      discussion: "Default: 1e-7 to 1e-4 GeV^-1 in convention d, 200 points."))
  var d: String?
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var levelOptions: LevelOptions
  @OptionGroup var backendOptions: BackendOptions
  @Option(help: "factored (integrals once per mass) or pointwise (integrals redone at every point).")
  var job: ScanJob = .factored
  @Option(name: [.short, .long], help: "Path of the outputs without extension. Default: EXPERIMENT-FLAVOR.")
  var output: String?
  @Option(name: .customLong("plot"), help: "svg, png or pdf; may be repeated; none for no plot.")
  var plots: [String] = ["svg"]
  @Flag(inversion: .prefixedNo, help: "Store the best pulls of every point in the result file.")
  var pulls = true
  @Flag(inversion: .prefixedNo, help: "Draw published limits beside ours.")
  var overlays = true
  @Flag(help: "Print a JSON summary instead of text.")
  var json = false

  func run() throws {
    try reportingErrors {
      let spec = try Catalogue.load(experiment)
      let settings = try analysisOptions.settings(for: spec)
      let request = try request(spec)
      try requireRoom(for: request, spec, settings)
      let (devices, reasons) = try backendOptions.makeSeveral()
      reasons.forEach(note)
      let planning = try CPUBackend(workers: backendOptions.workers)
      // several devices give the bits of the CPU: the Standard Model need not wait for any of them
      let one = devices.count == 1 || backendOptions.precision != .double ? devices[0] : planning
      let analysis = try Analysis(
        model: RateModel(spec), settings: settings, masses: request.masses.values, backend: one,
        planningBackend: planning)
      let scan = try ScanRun(
        spec: spec, analysis: analysis, devices: devices, reference: ReferenceBackend(), request: request)
      var bar = ProgressBar(total: request.masses.count * request.couplings.count, label: spec.name)
      defer { bar.finish() }
      let report = try scan.run(report: { bar.interrupt(with: $0) }, progress: { bar.update($0) })
      bar.finish()
      try json ? printJSON(Outcome(report, request, scan.identity)) : printText(report, scan.identity)
    }
  }

  private func request(_ spec: ExperimentSpec) throws -> ScanRequest {
    let convention = analysisOptions.coupling
    let range = "\(convention.fromInternal(1e-7)):\(convention.fromInternal(1e-4)):200"
    return ScanRequest(
      masses: try AxisSyntax.parse(m4, name: "--m4", unit: "MeV"),
      couplings: try AxisSyntax.parse(d ?? range, name: "--d", unit: convention.unit), convention: convention,
      job: job,
      level: try levelOptions.level(), output: try outputPath(spec), plots: try plotFormats(),
      storePulls: pulls,
      overlays: overlays, version: toolVersion)
  }

  private func outputPath(_ spec: ExperimentSpec) throws -> String {
    guard let output else {
      return "\(spec.name.replacingOccurrences(of: ":", with: "-"))-\(analysisOptions.flavour)"
    }
    if ["", ".", ".."].contains(output.split(separator: "/", omittingEmptySubsequences: false).last ?? "") {
      let folder = output.isEmpty || output.hasSuffix("/") ? output : output + "/"
      throw RequestError(
        "--output \"\(output)\": names no file. Give a path without extension, for example \(folder)\(spec.name)."
      )
    }
    return output
  }

  private func plotFormats() throws -> [String] {
    let formats = plots.filter { $0 != "none" }
    for format in formats where PlotFormat(rawValue: format) == nil {
      throw RequestError("--plot \(format): choose svg, png, pdf or none.")
    }
    return formats
  }

  /// Refuses a grid that the disk cannot hold before anything is computed.
  private func requireRoom(
    for request: ScanRequest, _ spec: ExperimentSpec, _ settings: AnalysisSettings
  ) throws {
    let pullCount = settings.statistic == .gaussian ? 1 : spec.systematics.pullCount
    let needed = ResultFile.size(
      m4Count: request.masses.count, dCount: request.couplings.count, pullCount: pulls ? pullCount : 0)
    try DiskSpace.require(bytes: needed, at: request.output + ".h5")
  }

  private struct Outcome: Encodable {
    var files: [String]
    var notes: [String]
    var backend: BackendIdentity
    var points: Int
    var spot_check_points: Int
    var spot_check_worst: Double
    /// Who did what; the only entry that differs from run to run.
    var devices: [Share]

    struct Share: Encodable {
      var device: BackendIdentity
      var rows: Int
      var points_per_second: Double?
      var dropped: String?
    }

    init(_ report: ScanReport, _ request: ScanRequest, _ identity: BackendIdentity) {
      files = report.files
      notes = report.notes
      backend = identity
      points = request.masses.count * request.couplings.count
      spot_check_points = report.summary.spotCheck.points
      spot_check_worst = report.summary.spotCheck.worstDifference
      devices = report.summary.devices.map {
        Share(
          device: $0.identity, rows: $0.rows, points_per_second: $0.pointsPerSecond, dropped: $0.dropped)
      }
    }
  }

  private func printText(_ report: ScanReport, _ identity: BackendIdentity) {
    let check = report.summary.spotCheck
    print("computed by \(identity)")
    if report.summary.devices.count > 1 { report.summary.devices.forEach(printShare) }
    print(
      "spot check: \(check.points) points again on the reference, worst difference in the statistic "
        + String(format: "%.1e", check.worstDifference))
    for line in report.notes { print("note: \(line)") }
    for file in report.files { print("wrote \(file)") }
  }

  /// Who did how much at what rate; differs from run to run.
  private func printShare(_ share: DeviceShare) {
    let rate = share.pointsPerSecond.map { String(format: "%.2e points/s", $0) } ?? ""
    print("  " + column("\(share.rows) rows", 14) + column(rate, 20) + "\(share.identity)")
    if let reason = share.dropped { print("    dropped: \(reason)") }
  }
}
