import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Planning
import Rates
import Reporting
import SIMDBackend
import ScanCore
import Units

/// Best fit, regions and posterior of (m4, d).
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract:
      "Reconstructs (m4, d): best fit, profile-likelihood regions, posterior, of one experiment or of several.",
    discussion: """
      Example: upscatter fit ess10 darwin --flavor mu --inject-m4 2 --inject-d 4.2e-7 --alone --posterior

      Fits the data, or a signal that is injected: its expectation, or with --toy a toy of it. Writes OUTPUT.h5 (map of the \
      profile likelihood, posterior), OUTPUT.json (everything that is stated), OUTPUT-90.csv and so on (outlines of the \
      regions) and per --plot the regions, the pulls with their errors (OUTPUT-pulls.svg) and the correlations of all parameters \
      (OUTPUT-correlation.svg). For every level it says whether the region closes: bounded on all sides and without d = 0.
      """)

  @Argument(
    help: "Catalogue names or paths of experiment files, fitted together.", completion: Completion.experiments
  )
  var experiments: [String]
  @Option(
    name: .customLong("inject-m4"), parsing: .unconditional,
    help: "Mass in MeV of a signal to inject into the expectation.")
  var injectedMass: Double?
  @Option(
    name: .customLong("inject-d"), parsing: .unconditional,
    help: "Its coupling, in the unit of --coupling or of the model.")
  var injectedCoupling: Double?
  @Option(
    parsing: .unconditional,
    help: "Fit this toy (a number from 0) of the injected signal in place of its expectation.")
  var toy: Int?
  @Option(parsing: .unconditional, help: "Seed of toys and of the sampler.")
  var seed: UInt64 = 1
  @Option(
    name: [.customLong("m4"), .customLong("mass")], parsing: .unconditional,
    help: ArgumentHelp(
      "Masses in MeV: from:to:points (logarithmic; append :lin) or a list.",
      discussion: "Default: 60 masses up to the heaviest that any of the sources can produce."))
  var m4: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Couplings in the unit of --coupling, or of the model, written like --m4.",
      discussion: "Default: 60 around limits, best fit and injected signal."))
  var d: String?
  @Flag(inversion: .prefixedNo, help: "Add masses and couplings where the likelihood changes quickly.")
  var refine = true
  @Option(
    name: .customLong("cl"), parsing: .unconditional,
    help: "Levels of the regions, a list between 0.01 and 0.9999.")
  var levels = "0.68,0.9,0.95"
  @OptionGroup var sharing: SharingOptions
  @Flag(help: "Fit each experiment alone too.")
  var alone = false
  @OptionGroup var posteriorOptions: PosteriorOptions
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var backendOptions: BackendOptions
  @Option(
    name: [.short, .long], help: "Path of the outputs without extension. Default: fit-EXPERIMENTS-FLAVOR.",
    completion: Completion.anyFile)
  var output: String?
  @Option(
    name: .customLong("plot"), help: "svg, png or pdf; may be repeated; none for no plot.",
    completion: Completion.plots)
  var plots: [String] = ["svg"]
  @OptionGroup var look: PlotStyleOption
  @Option(help: "Title of the plot.")
  var title: String?
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      let selection = try ExperimentSelection(
        experiments, analysisOptions, sharing, data: try injectedData(), check: check)
      var request = try request(selection)
      request.title = title
      request.style = look.style
      let formats = try plotFormats(plots)
      let path = try outputPath(selection)
      try requireWritable(
        path,
        endings: [".h5", ".json"]
          + request.levels.flatMap { Reconstruction.tableEndings($0, posterior: request.posterior != nil) }
          + formats.flatMap(Reconstruction.pullPlotEndings),
        plots: formats)
      let backend = try backendOptions.make()
      let planning = try CPUBackend(workers: backendOptions.workers)
      var bar = ProgressBar(label: "fit")
      defer { bar.finish() }
      bar.begin("planning the integrals")
      let subject = try selection.subject(
        masses: request.masses, backend: backend, planningBackend: planning)
      let report = try Reconstruction(
        analyses: subject.analyses, backend: backend, planning: planning, request: request
      ) { bar.begin($0) }
      .write(to: path, specs: selection.specs, plots: formats)
      bar.finish()
      try json ? printJSON(report) : FitText(report, request.scale).lines.forEach { print($0) }
    }
  }

  /// An injected signal takes the place of data.
  private func injectedData() throws(RequestError) -> DataSet? {
    guard injectedMass != nil || injectedCoupling != nil else { return nil }
    if analysisOptions.data == .observed {
      throw RequestError(
        "--data observed: an injected signal is fitted in place of data. Leave --data out, or --inject-m4 and --inject-d."
      )
    }
    return .asimov
  }

  private func outputPath(_ selection: ExperimentSelection) throws -> String {
    guard let output else { return "fit-\(selection.fileName)-\(selection.flavour)" }
    try requireFileName(output, example: selection.specs.first?.name ?? "fit")
    return output
  }
}
