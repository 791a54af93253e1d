import ArgumentParser
import Checkpoints
import Pipeline
import Rates
import ReferenceBackend
import SIMDBackend
import ScanCore
import Statistics

/// Critical values, p-values and coverage over the plane.
struct ToysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "toys",
    abstract:
      "Feldman-Cousins over the plane: critical values from toys, corrected contours, p-values, coverage.",
    discussion: """
      Example: upscatter toys coherent-csi-2021 --flavor mu --m4 0.1:50:64 --d 1e-8:1e-5:64 --toys 1000

      Throws toys of every point, fits each with the pulls at the point and with the minimum over the plane (--dof 2, the default) \
      or over the coupling at the same mass (--dof 1). Writes OUTPUT.h5 (critical values, p-values, coverage, all with errors), \
      OUTPUT.csv (corrected contour), OUTPUT.json, the corrected contour beside the asymptotic one and a map of the coverage of the \
      latter per --plot. The same seed gives the same toys on every backend. What is finished is kept in OUTPUT.state: a run \
      that was stopped goes on with --resume, and --shard i/n computes one of n parts for `upscatter merge`.

      --ensemble says what to quote: `constraints` averages over the nuisance parameters (Cousins and Highland, prior predictive), \
      `profiled` is the construction with profiled nuisance parameters that pyhf and unified limits use, `fixed` is for studies.
      """)

  @Argument(
    help: "Catalogue names or paths of experiment files; several are fitted together.",
    completion: Completion.experiments)
  var experiments: [String]
  @Option(
    name: [.customLong("m4"), .customLong("mass")], parsing: .unconditional,
    help: ArgumentHelp(
      "Masses in MeV: from:to:points (logarithmic; append :lin) or a list.",
      discussion: "Default: 32 masses up to the heaviest the source can produce."))
  var m4: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Couplings in the unit of --coupling, or of the model, written like --m4.",
      discussion: "Default: 32 points around the limits."))
  var d: String?
  @Option(parsing: .unconditional, help: "Toys per point; with --most, of the first round.")
  var toys = 1000
  @Option(
    parsing: .unconditional,
    help:
      "More toys, up to so many, where it is not clear at four standard deviations on which side of the contour a point lies."
  )
  var most: Int?
  @OptionGroup var toyOptions: ToyOptions
  @Option(
    name: .customLong("cl"), parsing: .unconditional, help: "Confidence level, between 0.01 and 0.9999.")
  var confidenceLevel = 0.9
  @Option(name: .customLong("dof"), help: "2: region in the plane; 1: limit at fixed m4.")
  var degreesOfFreedom = 2
  @OptionGroup var sharing: SharingOptions
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var backendOptions: BackendOptions
  @OptionGroup var stateOptions: RunStateOptions
  @Option(
    name: [.short, .long], help: "Path of the outputs without extension. Default: toys-EXPERIMENTS-FLAVOR.",
    completion: Completion.anyFile)
  var output: String?
  @Option(
    name: .customLong("plot"), help: "svg, png or pdf; may be repeated; none for no plot.",
    completion: Completion.plots)
  var plots: [String] = ["svg"]
  @OptionGroup var look: PlotStyleOption
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "M4,D: histogram of the toys of the grid point nearest to this one; may be repeated.",
      discussion: "Writes OUTPUT-histogram-1.svg and so on per --plot, from the same toys, thrown again.",
      valueName: "m4,d"))
  var histogram: [String] = []
  @OptionGroup var explainOptions: ExplainOptions
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      let selection = try selection()
      var request = try request(selection)
      if stateOptions.shard == nil { try requireWritable(request) }
      let backend = try backendOptions.make()
      let planning = try CPUBackend(workers: backendOptions.workers)
      var bar = ProgressBar(label: selection.name)
      defer { bar.finish() }
      bar.begin("planning the integrals")
      let subject = try subject(selection, &request, backend, planning)
      let total = request.masses.count * request.couplings.count
      try stateOptions.requireShares(of: total, unit: "points")
      func crew(_ earlier: [[BackendIdentity]]) throws -> RunCrew {
        try RunCrew(devices: [backend], earlier: earlier, spare: planning, reference: ReferenceBackend())
      }
      if explainOptions.explain {
        bar.finish()
        return try printExplanation(explanation(request, subject, crew([])), json: json)
      }
      let first = try ToyScan(subject, crew: try crew([]), request: request)
      let state = try stateOptions.open(request.output, identity: first.stateIdentity, total: total)
      defer { state.close() }  // threads of devices may hold it longer than this command
      try state.add(crew: first.crew)
      let scan = try ToyScan(subject, crew: try crew(state.crews()), request: request)
      let histograms = try ToyHistograms(scan, points: histogram)
      bar.begin("toys", total: state.range.count * request.settings.first, unit: "toys")
      try stoppable(state) { isStopped in
        let watch = ToyWatch(progress: { bar.update($0.toysThrown) }, isStopped: isStopped)
        if stateOptions.shard != nil {
          try scan.run(points: state.range, store: state, watch: watch)
          try state.flush()
          bar.finish()
          try json ? printJSON(ShardOutcome(state, "points", [])) : printShard(state, [])
        } else {
          let result = try scan.run(store: state, watch: watch)
          var report = try scan.write(result)
          report.files += try histograms.draw(result)
          state.discard()
          bar.finish()
          try json ? printJSON(report) : printText(report, scan.crew.identity)
        }
      }
    }
  }

  func selection() throws -> ExperimentSelection {
    try ExperimentSelection(experiments, analysisOptions, sharing, check: check)
  }

  func requireWritable(_ request: ToyScanRequest) throws {
    try upscatter.requireWritable(
      request.output,
      endings: [".h5", ".json", ".csv"] + request.plots.map { "-coverage.\($0)" }
        + ToyHistograms.endings(histogram.count, plots: request.plots), plots: request.plots)
  }

  /// Everything but the couplings where no axis of them was named, which takes the plans.
  func request(_ selection: ExperimentSelection) throws -> ToyScanRequest {
    var request = ToyScanRequest(
      masses: try selection.masses(m4, points: 32), couplings: Axis(values: [], unit: "", spacing: .list),
      scale: analysisOptions.scale(selection.interaction),
      level: try level(), seed: toyOptions.seed, ensemble: toyOptions.ensemble, settings: try toySettings(),
      output: try outputPath(selection), plots: try plotFormats(plots), version: toolVersion)
    request.style = look.style
    return request
  }

  /// Plans the experiments and completes the request.
  private func subject(
    _ selection: ExperimentSelection, _ request: inout ToyScanRequest, _ backend: any Backend,
    _ planning: any Backend
  ) throws -> ScanSubject {
    let subject = try selection.subject(
      masses: request.masses.values, backend: backend, planningBackend: planning)
    request.couplings = try couplings(subject, request.scale, request.level, request.masses, planning)
    return subject
  }

  private func check(_ interaction: (any Interaction)?) throws(RequestError) {
    guard let interaction else { return }
    if interaction.interferes || interaction.mass == nil {
      throw RequestError(
        "--model \(interaction.name): toys take signals that are a strength times a template per mass, which this model is not. "
          + "Use the dipole or another interaction that only adds events.")
    }
  }

  private func level() throws -> ConfidenceLevel {
    var options = LevelOptions()
    options.confidenceLevel = confidenceLevel
    options.degreesOfFreedom = degreesOfFreedom
    return try options.level()
  }

  private func toySettings() throws(RequestError) -> ToySettings {
    try ToyOptions.requireNumber(toys)
    guard let most else { return .fixed(toys) }
    guard most >= toys, most <= 10_000_000 else {
      throw RequestError("--most \(most): must lie between --toys (\(toys)) and 10000000.")
    }
    var settings = ToySettings.adaptive(most: most)
    settings.first = toys
    return settings
  }

  private func couplings(
    _ subject: ScanSubject, _ scale: CouplingScale, _ level: ConfidenceLevel, _ masses: Axis,
    _ backend: any Backend
  ) throws -> Axis {
    if let d { return try AxisSyntax.parse(d, name: "--d", unit: scale.unit) }
    let range = try DefaultAxes.couplings(
      subject, masses: masses.values, threshold: level.threshold, on: backend)
    let (low, high) = range.map { ($0.low, $0.high) } ?? (1e-7, 1e-4)
    return try AxisSyntax.parse(
      "\(scale.fromInternal(low)):\(scale.fromInternal(high)):32", name: "--d", unit: scale.unit)
  }

  private func outputPath(_ selection: ExperimentSelection) throws -> String {
    guard let output else { return "toys-\(selection.fileName)-\(selection.flavour)" }
    try requireFileName(output, example: selection.specs.first?.name ?? "toys")
    return output
  }

  private func printText(_ report: ToyScanReport, _ identity: BackendIdentity) {
    print("computed by \(identity)")
    print("\(report.toys) toys at \(report.points) points, seed \(report.seed), pulls \(report.ensemble)")
    ToysText(report).lines.forEach { print($0) }
    if !Console.isQuiet { report.notes.forEach { print("note: \($0)") } }
    for file in report.files { print("wrote \(file)") }
  }
}

extension ToysCommand: MergeableCommand {
  func merge(_ shards: ShardSet, output: String?, json: Bool) throws {
    let selection = try selection()
    var request = try request(selection)
    if let output { request.output = output }
    try requireWritable(request)
    let lock = try outputLock(request.output)
    defer { lock.discard() }
    var bar = ProgressBar(label: selection.name)
    defer { bar.finish() }
    bar.begin("planning the integrals")
    let (planning, backend, crew) = try backendOptions.merging(shards)
    let subject = try subject(selection, &request, backend, planning)
    let scan = try ToyScan(subject, crew: crew, request: request)
    try shards.require(scan.stateIdentity)
    let histograms = try ToyHistograms(scan, points: histogram)
    bar.begin("joining the shards")
    let result = try scan.run(store: shards)
    var report = try scan.write(result)
    report.files += try histograms.draw(result)
    bar.finish()
    try json ? printJSON(report) : printText(report, crew.identity)
  }

  static var stages: [RunStage] { ToyScan.stages }
}
