import ArgumentParser
import Pipeline
import Rates
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
      latter per --plot. The same seed gives the same toys on every backend.

      --ensemble says what to quote: `constraints` averages over the nuisance parameters (Cousins and Highland, prior predictive), \
      `profiled` is the construction with profiled nuisance parameters that pyhf and unified limits use, `fixed` is for studies.
      """)

  @Argument(help: "Catalogue names or paths of experiment files; several are fitted together.")
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
  @Option(
    name: [.short, .long], help: "Path of the outputs without extension. Default: toys-EXPERIMENTS-FLAVOR.")
  var output: String?
  @Option(name: .customLong("plot"), help: "svg, png or pdf; may be repeated; none for no plot.")
  var plots: [String] = ["svg"]
  @OptionGroup var look: PlotStyleOption
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "M4,D: histogram of the toys of the grid point nearest to this one; may be repeated.",
      discussion: "Writes OUTPUT-histogram-1.svg and so on per --plot, from the same toys, thrown again.", valueName: "m4,d"))
  var histogram: [String] = []
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      let level = try level()
      let formats = try plotFormats(plots)
      let selection = try ExperimentSelection(experiments, analysisOptions, sharing, check: check)
      let scale = analysisOptions.scale(selection.interaction)
      let path = try outputPath(selection)
      try requireWritable(
        path, endings: [".h5", ".json", ".csv"] + formats.map { "-coverage.\($0)" }
          + ToyHistograms.endings(histogram.count, plots: formats), plots: formats)
      let settings = try toySettings()
      let backend = try backendOptions.make()
      let planning = try CPUBackend(workers: backendOptions.workers)
      let masses = try masses(selection)
      var bar = ProgressBar(label: selection.name)
      defer { bar.finish() }
      bar.begin("planning the integrals")
      let subject = try selection.subject(
        masses: masses.values, backend: backend, planningBackend: planning)
      let couplings = try couplings(subject, scale, level, masses, planning)
      var request = ToyScanRequest(
        masses: masses, couplings: couplings, scale: scale, level: level, seed: toyOptions.seed,
        ensemble: toyOptions.ensemble,
        settings: settings, output: path, plots: formats, version: toolVersion)
      request.style = look.style
      let scan = try ToyScan(subject, backend: backend, request: request)
      let histograms = try ToyHistograms(scan, points: histogram)
      bar.begin("toys", total: masses.count * couplings.count * settings.first, unit: "toys")
      let result = try scan.run { bar.update($0.toysThrown) }
      var report = try scan.write(result)
      report.files += try histograms.draw(result)
      bar.finish()
      try json ? printJSON(report) : printText(report, backend.identity)
    }
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

  private func masses(_ selection: ExperimentSelection) throws -> Axis {
    let text =
      m4 ?? DefaultAxes.masses(selection.models, mass: selection.interaction?.mass ?? .heavyNeutrino) + ":32"
    return try AxisSyntax.parse(text, name: "--m4", unit: "MeV")
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
    for line in report.notes { print("note: \(line)") }
    for file in report.files { print("wrote \(file)") }
  }
}
