import ArgumentParser
import Checkpoints
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
      same names are replaced. A variant of an entry is named after a colon: coherent-csi-2021:no-electrons. Several \
      experiments are fitted together: upscatter scan coherent-csi-2021 xenonnt-8b --flavor mu.

      The work is shared among several devices when several are named (--backend simd,opencl, --device 0,1 or all) or \
      auto finds several GPUs. Every device's rows are checked against the reference before they count; a device that \
      fails is dropped and its rows are computed by the others. The numbers are the same bits whoever computes; the files \
      name the devices that were asked for.

      What is finished is kept in OUTPUT.state until the files are written: a run that was stopped, by Ctrl-C, a full disk or \
      a lost node, goes on with --resume to the same bytes. --shard i/n computes one of n parts, for several processes or \
      machines; `upscatter merge` joins them.
      """)

  @Argument(
    help: "Catalogue names (NAME or NAME:VARIANT) or paths of experiment files; several make one fit.",
    completion: Completion.experiments)
  var experiments: [String]
  @Option(
    name: [.customLong("m4"), .customLong("mass")], parsing: .unconditional,
    help:
      ArgumentHelp(
        "Masses in MeV (of a mediator with --model vector, scalar, ...): from:to:points (logarithmic; append :lin) or a list 5,10,20.",
        discussion:
          "Default: 200 masses up to the heaviest the source can produce; 0.1:1000:200 for mediators.")
  )
  var m4: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Couplings in the unit of --coupling, or of the model, written like --m4.",
      discussion:
        "Default: 200 points over three decades (four for mediators) from the power of ten below the lowest limit."
    ))
  var d: String?
  @Option(
    help: "plus or minus: which couplings --d holds the magnitudes of, for interactions that interfere.")
  var sign: CouplingSign = .plus
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var sharingOptions: SharingOptions
  @OptionGroup var levelOptions: LevelOptions
  @OptionGroup var backendOptions: BackendOptions
  @OptionGroup var stateOptions: RunStateOptions
  @Option(help: "factored (integrals once per mass) or pointwise (integrals redone at every point).")
  var job: ScanJob = .factored
  @Option(
    name: [.short, .long],
    help: "Path of the outputs without extension. Default: EXPERIMENT-FLAVOR, several joined by +.",
    completion: Completion.anyFile)
  var output: String?
  @Option(
    name: .customLong("plot"), help: "svg, png or pdf; may be repeated; none for no plot.",
    completion: Completion.plots)
  var plots: [String] = ["svg"]
  @Flag(inversion: .prefixedNo, help: "Store the best pulls of every point in the result file.")
  var pulls = true
  @Flag(
    inversion: .prefixedNo,
    help: "Draw published limits beside ours, and those of each of several experiments.")
  var overlays = true
  @OptionGroup var look: PlotStyleOption
  @OptionGroup var explainOptions: ExplainOptions
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print a JSON summary instead of text.")
  var json = false

  func run() throws {
    try reportingErrors {
      let selection = try selection()
      var request = try request(selection)
      try stateOptions.requireShares(of: request.masses.count, unit: "masses")
      if stateOptions.shard == nil { try requireWritable(request) }
      if !explainOptions.explain { try requireRoom(for: request, selection) }
      let devices = try backendOptions.makeSeveral()
      var bar = ProgressBar(label: selection.name)
      defer { bar.finish() }
      bar.begin("planning the integrals")
      let planning = try CPUBackend(workers: backendOptions.workers)
      // several devices give the bits of the CPU: the Standard Model need not wait for any of them
      let one = devices.count == 1 || backendOptions.precision != .double ? devices[0] : planning
      let subject = try subject(selection, &request, one, planning)
      func crew(_ earlier: [[BackendIdentity]]) throws -> RunCrew {
        try RunCrew(devices: devices, earlier: earlier, spare: planning, reference: ReferenceBackend())
      }
      if explainOptions.explain {
        bar.finish()
        return try printExplanation(explanation(request, subject, crew([])), json: json)
      }
      let first = ScanRun(subject, crew: try crew([]), request: request)
      let state = try stateOptions.open(
        request.output, identity: first.stateIdentity, total: request.masses.count)
      defer { state.close() }  // threads of devices may hold it longer than this command
      try state.add(crew: first.crew)
      let scan = ScanRun(subject, crew: try crew(state.crews()), request: request)
      bar.begin(Self.fits, total: state.range.count, unit: "masses")
      try stoppable(state) { isStopped in
        let watch = RunWatch(
          report: { bar.interrupt(with: $0) },
          progress: { show($0, of: request, state.range.count, on: &bar) },
          isStopped: isStopped)
        if stateOptions.shard != nil {
          let shares = try scan.run(shard: state, watch: watch)
          try state.flush()
          bar.finish()
          try json ? printJSON(ShardOutcome(state, "masses", shares)) : printShard(state, shares)
        } else {
          let report = try scan.run(store: state, watch: watch)
          state.discard()
          bar.finish()
          try json
            ? printJSON(Outcome(report, request, scan.crew.identity)) : printText(report, scan.crew.identity)
        }
      }
    }
  }

  func selection() throws -> ExperimentSelection {
    try ExperimentSelection(experiments, analysisOptions, sharingOptions) {
      interaction throws(RequestError) in try check(interaction)
    }
  }

  func requireWritable(_ request: ScanRequest) throws {
    try upscatter.requireWritable(
      request.output,
      endings: [".h5", ".json", ".csv"] + (request.level.degreesOfFreedom == 1 ? ["-limit.csv"] : []),
      plots: request.plots)
  }

  /// Plans the experiments, and the axis of couplings where none was named.
  func subject(
    _ selection: ExperimentSelection, _ request: inout ScanRequest, _ backend: any Backend,
    _ planning: any Backend
  ) throws -> ScanSubject {
    let subject = try selection.subject(
      masses: request.masses.values, backend: backend, planningBackend: planning)
    if d == nil { request.couplings = try couplings(around: subject, request, planning) }
    return request.scale.sign < 0 ? subject.negativeBranch() : subject
  }

  private static let fits = "best fits per mass"

  /// - Parameter rows: masses that are computed
  private func show(_ stage: ScanStage, of request: ScanRequest, _ rows: Int, on bar: inout ProgressBar) {
    let points = rows * request.couplings.count
    switch stage {
    case .fits(let done):
      if done == rows {
        bar.begin("grid", total: points, unit: "points")
      } else {
        bar.update(done)
      }
    case .grid(let done): bar.update(done)
    case .check: bar.begin("comparing interpolated rates with integrals")
    }
  }

  /// Refuses what a scan of this interaction cannot do.
  private func check(_ interaction: (any Interaction)?) throws(RequestError) {
    if sign == .minus, interaction?.coupling.isSigned != true {
      throw RequestError(
        "--sign minus: rates of --model \(analysisOptions.model) do not depend on the sign of its coupling. Leave --sign out."
      )
    }
    if experiments.count > 1, job == .pointwise {
      throw RequestError(
        "--job pointwise: offered for one experiment only; several in one fit take integrals once per mass. Leave --job out."
      )
    }
    guard let interaction else { return }
    if interaction.mass == nil {
      throw RequestError(
        "--model \(interaction.name) has no mass to scan. Use `upscatter limit \(experiments.joined(separator: " ")) \(analysisOptions.modelText)`, "
          + "which gives its limit and, with --profile, the statistic over the coupling.")
    }
    if job == .pointwise, !(interaction is TransitionMoment) {
      throw RequestError(
        "--job pointwise: offered for dipoles only; integrals of --model \(interaction.name) depend on the mass alone and are "
          + "done once per row, on the reference too where a point is checked. Leave --job out.")
    }
  }

  func request(_ selection: ExperimentSelection) throws -> ScanRequest {
    let interaction = selection.interaction
    let scale = analysisOptions.scale(interaction, sign: sign == .minus ? -1 : 1)
    var request = ScanRequest(
      masses: try selection.masses(m4, points: 200),
      couplings: try couplings(scale, low: 1e-7, high: 1e-4), scale: scale,
      job: job,
      level: try levelOptions.level(), output: try outputPath(selection), plots: try plotFormats(plots),
      storePulls: pulls,
      overlays: overlays, version: toolVersion)
    request.style = look.style
    try DefaultAxes.requireReachable(
      request.masses.values, by: selection.models, mass: interaction?.mass ?? .heavyNeutrino, name: "--m4")
    return request
  }

  /// The axis of `--d`, or 200 points of a range in internal units.
  private func couplings(_ scale: CouplingScale, low: Double, high: Double) throws -> Axis {
    let magnitude = { (value: Double) in abs(scale.fromInternal(value)) }
    return try AxisSyntax.parse(
      d ?? "\(magnitude(low)):\(magnitude(high)):200", name: "--d", unit: scale.unit)
  }

  /// The axis of a request that names none.
  private func couplings(
    around subject: ScanSubject, _ request: ScanRequest, _ backend: any Backend
  ) throws -> Axis {
    let range = try DefaultAxes.couplings(
      subject, masses: request.masses.values, threshold: request.level.threshold, on: backend)
    return try range.map { try couplings(request.scale, low: $0.low, high: $0.high) } ?? request.couplings
  }

  private func outputPath(_ selection: ExperimentSelection) throws -> String {
    guard let output else {
      let model = selection.interaction.map { "\($0.name)-" } ?? ""
      return "\(selection.name.replacingOccurrences(of: ":", with: "-"))-\(model)\(selection.flavour)"
    }
    try requireFileName(output, example: selection.name)
    return output
  }

  /// Refuses a grid that the disk cannot hold before anything is computed.
  func requireRoom(
    for request: ScanRequest, _ selection: ExperimentSelection
  ) throws {
    let needed = ResultFile.size(
      m4Count: request.masses.count, dCount: request.couplings.count,
      pullCount: pulls ? selection.mostPulls : 0)
    try DiskSpace.require(bytes: needed, at: request.output + ".h5")
  }

  struct Outcome: Encodable {
    var files: [String]
    var notes: [String]
    var backend: BackendIdentity
    var points: Int
    var spot_check_points: Int
    var spot_check_worst: Double
    /// Who did what; the only entry that differs from run to run.
    var devices: [DeviceShareEntry]

    init(_ report: ScanReport, _ request: ScanRequest, _ identity: BackendIdentity) {
      files = report.files
      notes = report.notes
      backend = identity
      points = request.masses.count * request.couplings.count
      spot_check_points = report.summary.spotCheck.points
      spot_check_worst = report.summary.spotCheck.worstDifference
      devices = report.summary.devices.map(DeviceShareEntry.init)
    }
  }

  func printText(_ report: ScanReport, _ identity: BackendIdentity) {
    let check = report.summary.spotCheck
    print("computed by \(identity)")
    if report.summary.devices.count > 1 { report.summary.devices.forEach(printShare) }
    print(
      "spot check: \(check.points) points again on the reference, worst difference in the statistic "
        + String(format: "%.1e", check.worstDifference))
    if !Console.isQuiet { report.notes.forEach { print("note: \($0)") } }
    for file in report.files { print("wrote \(file)") }
  }
}

/// The branch of a coupling of either sign.
enum CouplingSign: String, ExpressibleByArgument, CaseIterable {
  case plus, minus
}
