import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Rates
import Reporting
import SIMDBackend
import ScanCore
import Units

/// Can these experiments tell a signal of one model from another model?
struct DiscriminateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discriminate",
    abstract: "Signal of one model, fitted by another: expected Delta chi2, and separation power from toys.",
    discussion: """
      Example: upscatter discriminate coherent-csi-2021 --truth dipole:m4=10,d=2e-6 --against magnetic-moment --against vector

      Models are written MODEL:name=value,... : m4 (or mass) and d, the signal of --truth in the units of `spectrum` (g, eps, ... where that \
      is the symbol of the model); masses=FROM:TO:POINTS, where the model is fitted; flavor; and the parameters of the model, as in \
      nsi:quark=u. Without masses= there are 25 masses (heavy neutrinos: up to the heaviest the source can produce and down to 1/500 of it; \
      mediators: 0.1 to 1000 MeV), and more around the best fit, so that no mass between them fits by chi2 0.3 better; a WARNING says where one \
      may. The signal enters as its Asimov set, pulls at nominal. Toys are thrown from the signal, and from the best fit of the other model \
      to it; both models are fitted to each, at any coupling and at these masses.
      """)

  @Argument(
    help: "Catalogue names or paths of experiment files; several make one likelihood.",
    completion: Completion.experiments)
  var experiments: [String]
  @Option(help: "The model of the signal, with its mass and coupling.")
  var truth: String
  @Option(parsing: .singleValue, help: "A model to be told from it; may be repeated.")
  var against: [String]
  @Option(help: "Toys of each of two models; 0 for the Asimov sets alone.")
  var toys = 1000
  @Option(help: "Seed of the toys: equal seeds, equal toys.")
  var seed: UInt64 = 1
  @OptionGroup var sharing: SharingOptions
  @Option(
    help: ArgumentHelp(
      "d, d-no-half or mu, for the dipole moments of every model.",
      discussion: "Default: d; mu for magnetic-moment."))
  var coupling: CouplingConvention?
  @Option(help: "poisson or gaussian, in place of the experiment's own.")
  var statistic: StatisticKind?
  @OptionGroup var backendOptions: BackendOptions
  @Option(
    help:
      "Draw the toys into this file (.svg, .png or .pdf; a format alone: discriminate-EXPERIMENTS.svg); with several models NAME-MODEL.svg each.",
    completion: Completion.pictures)
  var plot: String?
  @OptionGroup var look: PlotStyleOption
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      let plot = plotFile
      if let plot { try requirePlotName(plot, option: "--plot") }
      guard toys == 0 || (2...1_000_000).contains(toys) else {
        throw RequestError("--toys \(toys): must be 0, or lie between 2 and 1000000.")
      }
      if plot != nil, toys == 0 {
        throw RequestError("--plot draws toys, and --toys is 0. Ask for toys, or leave --plot out.")
      }
      let options = try ([("--truth", truth)] + against.map { ("--against", $0) }).map {
        try HypothesisOption($0.1, option: $0.0, shared: sharedOptions)
      }
      if let plot {
        try requireWritable(
          against.count == 1 ? [plot] : options.dropFirst().map { Self.numbered(plot, $0.label) },
          option: "--plot")
      }
      let backend = try backendOptions.make()
      let specs = try experiments.map { try Catalogue.load($0) }
      var bar = ProgressBar(label: specs.map(\.name).joined(separator: " + "))
      defer { bar.finish() }
      bar.begin("planning the integrals")
      let builder = try HypothesisBuilder(
        specs: specs, shared: try shared(specs, options[0]), backend: backend,
        planning: CPUBackend(workers: backendOptions.workers))
      let truth = try builder.truth(options[0])
      let job = try Discrimination(
        truth: truth.hypothesis, mass: truth.mass, coupling: truth.coupling, backend: backend,
        settings: DiscriminationSettings(toys: toys, seed: seed))
      var results: [DiscriminationReport.Pair] = []
      for option in options.dropFirst() {
        bar.begin("planning the integrals")
        let other = try builder.fitted(option)
        bar.begin("\(other.hypothesis.label): toys", total: toys, unit: "toys")
        let outcome = try job.run(against: other.hypothesis) { bar.update($0) }
        bar.finish()
        let pair = DiscriminationReport.Pair(outcome, truth: truth, other: other)
        results.append(pair)
        try draw(outcome, pair, truth, specs)
      }
      bar.finish()
      let report = DiscriminationReport(
        specs, truth: truth, pairs: results, settings: DiscriminationSettings(toys: toys, seed: seed), backend
      )
      try json ? printJSON(report) : report.printText()
    }
  }

  /// Names of pulls that the experiments have in common; the statistic decides which there are.
  private func shared(_ specs: [ExperimentSpec], _ truth: HypothesisOption) throws -> Set<String> {
    try sharing.names(
      among: specs.map {
        Shareable(
          $0, try truth.analysis.settings(for: $0, interaction: truth.analysis.interaction(for: $0)))
      })
  }

  private var sharedOptions: [String] {
    (coupling.map { ["--coupling=\($0.rawValue)"] } ?? [])
      + (statistic.map { ["--statistic=\($0.rawValue)"] } ?? [])
  }

  private func draw(
    _ outcome: Discrimination.Outcome, _ pair: DiscriminationReport.Pair, _ truth: BoundHypothesis,
    _ specs: [ExperimentSpec]
  ) throws {
    guard let plot = plotFile, let toys = outcome.toys else { return }
    // T is not normal below
    let normal = { (mean: Double) in
      abs(mean) >= 1 ? ToyHistogramPlot.Density.normal(mean: mean, width: 2 * abs(mean).squareRoot()) : nil
    }
    let figure = ToyHistogramPlot(
      title: "\(specs.map(\.title).joined(separator: " + ")): \(truth.label) or \(pair.model)",
      axis: "{/:Italic T}  = χ²_{min}(\(truth.label)) − χ²_{min}(\(pair.model))",
      samples: [
        .init(
          label: "toys of \(truth.label)", values: toys.underTruth,
          density: normal(-outcome.delta)),
        .init(
          label: "toys of \(pair.model)", values: toys.underOther,
          density: normal(outcome.reverseDelta)),
      ],
      caption: [
        "Signal: \(truth.pointText).  Best fit of \(pair.model): \(pair.best_fit.text).",
        "\(self.toys) toys each, seed \(seed); both models fitted to every toy, pulls included.  upscatter \(toolVersion)",
      ])
    let path = against.count == 1 ? plot : Self.numbered(plot, pair.model)
    try Gnuplot.render(to: path, style: look.style) { (format, name) throws(ReportError) in
      try figure.script(format: format, output: name)
    }
    note("wrote \(path)")
  }

  /// A format alone stands for a file named after the experiments.
  private var plotFile: String? {
    plot.map { plotPath($0, of: "discriminate", experiments) }
  }

  private static func numbered(_ path: String, _ model: String) -> String {
    let name = path as NSString
    return
      "\(name.deletingPathExtension)-\(model.replacingOccurrences(of: " ", with: "-")).\(name.pathExtension)"
  }
}
