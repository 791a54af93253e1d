import ArgumentParser
import Pipeline
import Rates
import ScanCore
import Statistics

/// Which limit, what is expected of it, and the files.
struct LimitMethodOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "likelihood (interval of Delta chi2, 2.71 at 90 %), one-sided (upper limit of q~, 1.64 at 90 %) or cls.",
      discussion: "docs/physics/statistics.md has the formulas."))
  var method: LimitMethod = .likelihood
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "p-values from so many toys of each kind, in place of asymptotic ones.",
      discussion: "Without it --bands of likelihood and one-sided take 1000."))
  var toys: Int?
  @OptionGroup var toyOptions: ToyOptions
  @Flag(help: "Limits expected without a signal: median, one and two standard deviations.")
  var bands = false
  @Flag(help: "q0, significance and p-value of the best fit at each mass and over all of them.")
  var discovery = false
  @Option(
    name: [.short, .long],
    help: "Path without extension: writes OUTPUT.csv, OUTPUT.json and the picture of limit and bands.",
    completion: Completion.anyFile)
  var output: String?
  @Option(
    name: .customLong("plot"),
    help: "With --output: svg (the default), png or pdf; may be repeated; none for no plot.",
    completion: Completion.plots)
  var plots: [String] = []

  /// Anything but the interval of Delta chi2 at each mass.
  private var isAsked: Bool {
    method != .likelihood || toys != nil || bands || discovery || output != nil || !plots.isEmpty
  }

  /// Refuses interactions that are no strength times a template.
  func check(_ interaction: (any Interaction)?) throws(RequestError) {
    guard let interaction, interaction.interferes else { return }
    guard method != .likelihood || toys != nil || bands || discovery else { return }
    throw RequestError(
      "--model \(interaction.name) interferes with the Standard Model; --method one-sided and cls, --toys, --bands and --discovery "
        + "take signals that only add events. Use --method likelihood without them.")
  }

  /// What is asked for; nil: the interval alone. Throws where outputs cannot be written.
  func request(_ level: ConfidenceLevel, masses: Axis, profile: String?) throws -> LimitRequest? {
    guard isAsked else { return nil }
    if let profile {
      throw RequestError(
        "--profile \(profile) prints Delta chi2 and no limit. Leave --method, --toys, --bands, --discovery, --output and --plot out."
      )
    }
    _ = try method.threshold(level)
    if let toys {
      try ToyOptions.requireNumber(toys)
      let fewest = Int((StrengthLimits.fewestBeyond / (1 - level.level)).rounded(.up))
      guard toys >= fewest else {
        throw RequestError(
          "--toys \(toys): at --cl \(level.level) about \(NumberWords.short(Double(toys) * (1 - level.level))) of them lie beyond the "
            + "limit, which decides nothing. Take at least \(fewest).")
      }
    }
    let request = StrengthLimitRequest(
      method: method, level: level, toys: toys, seed: toyOptions.seed, ensemble: toyOptions.ensemble,
      bands: bands,
      discovery: discovery)
    guard let output else {
      if let plot = plots.first {
        throw RequestError("--plot \(plot): the picture needs a name. Give --output NAME too.")
      }
      return LimitRequest(request: request, output: nil, plots: [])
    }
    try requireFileName(output, example: "limits")
    let formats = try plotFormats(plots.isEmpty ? ["svg"] : plots)
    try requireWritable(StrengthLimits.files(output, plots: masses.count < 2 ? [] : formats))
    if masses.count < 2, let plot = plots.first, plot != "none" {
      throw RequestError(
        "--plot \(plot): the picture shows limits against the mass, and there is one mass. Ask for several, or --plot none."
      )
    }
    return LimitRequest(request: request, output: output, plots: masses.count < 2 ? [] : formats)
  }
}

extension LimitMethod: ExpressibleByArgument {}

/// What `limit` is to find and to write.
struct LimitRequest {
  var request: StrengthLimitRequest
  var output: String?
  var plots: [String]
}
