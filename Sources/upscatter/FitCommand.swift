import ArgumentParser
import Experiments
import Foundation
import Pipeline
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
      regions) and a plot per --plot. For every level it says whether the region closes: bounded on all sides and without d = 0.
      """)

  @Argument(help: "Catalogue names or paths of experiment files, fitted together.")
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
  @Option(help: "Names of pulls that the experiments have in common, with commas.")
  var share: String?
  @Flag(help: "Fit each experiment alone too.")
  var alone = false
  @OptionGroup var posteriorOptions: PosteriorOptions
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var backendOptions: BackendOptions
  @Option(
    name: [.short, .long], help: "Path of the outputs without extension. Default: fit-EXPERIMENTS-FLAVOR.")
  var output: String?
  @Option(name: .customLong("plot"), help: "svg, png or pdf; may be repeated; none for no plot.")
  var plots: [String] = ["svg"]
  @Option(help: "Title of the plot.")
  var title: String?
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      let specs = try experiments.map { try Catalogue.load($0) }
      try requireDifferent(specs)
      let interactions = try specs.map { try analysisOptions.interaction(for: $0) }
      let models = try specs.map { try RateModel($0) }
      let settings = try zip(specs, interactions).map { spec, interaction in
        try self.settings(spec, interaction)
      }
      try requireOneFlavour(settings)
      var request = try request(specs, interactions.first ?? nil, models)
      request.title = title
      let backend = try backendOptions.make()
      let planning = try CPUBackend(workers: backendOptions.workers)
      var bar = ProgressBar(label: "fit")
      defer { bar.finish() }
      bar.begin("planning the integrals")
      let analyses = try models.indices.map { index in
        try Analysis(
          model: models[index], settings: settings[index], masses: request.masses, backend: backend,
          planningBackend: planning, interaction: interactions[index])
      }
      let formats = try plotFormats(plots)
      let path = try outputPath(specs, settings)
      let report = try Reconstruction(
        analyses: analyses, backend: backend, planning: planning, request: request
      ) { bar.begin($0) }
      .write(to: path, specs: specs, plots: formats)
      bar.finish()
      try json ? printJSON(report) : FitText(report, request.scale).lines.forEach { print($0) }
    }
  }

  /// Twice the same data would count twice.
  private func requireDifferent(_ specs: [ExperimentSpec]) throws(RequestError) {
    for (index, spec) in specs.enumerated()
    where spec.kind == .measurement
      && specs[..<index].contains(where: { $0.inputDigests == spec.inputDigests })
    {
      throw RequestError(
        "\(spec.name) is named twice: its data would count twice. Name it once.")
    }
  }

  private func settings(
    _ spec: ExperimentSpec, _ interaction: (any Interaction)?
  ) throws -> AnalysisSettings {
    var settings = try analysisOptions.settings(for: spec, interaction: interaction)
    guard injectedMass != nil || injectedCoupling != nil else { return settings }
    if analysisOptions.data == .observed {
      throw RequestError(
        "--data observed: an injected signal is fitted in place of data. Leave --data out, or --inject-m4 and --inject-d."
      )
    }
    settings.dataSet = .asimov
    return settings
  }

  private func requireOneFlavour(_ settings: [AnalysisSettings]) throws(RequestError) {
    let flavours = Set(settings.map(\.flavour)).sorted()
    if flavours.count > 1 {
      throw RequestError(
        "The experiments have different flavours by default (\(flavours.joined(separator: ", "))), and one fit has one coupling. State "
          + "--flavor.")
    }
  }

  private func outputPath(_ specs: [ExperimentSpec], _ settings: [AnalysisSettings]) throws -> String {
    guard let output else {
      let names = specs.map { $0.name.replacingOccurrences(of: ":", with: "-") }.joined(separator: "-")
      return "fit-\(names)-\(settings.first?.flavour ?? "")"
    }
    try requireFileName(output, example: specs.first?.name ?? "fit")
    return output
  }
}
