import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Planning
import Rates
import Reporting
import SIMDBackend
import ScanCore
import Statistics
import Units

/// The space of transition moments: one plane of it, and limits on each moment.
struct MomentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moments",
    abstract:
      "Transition moments lambda_14, lambda_24, lambda_34 and their phases: a plane of two, limits on each.",
    discussion: """
      Example: upscatter moments coherent-csi-2021 --m4 10 --plane lambda14:lambda24 --profile lambda34,phase24,phase34

      Several experiments make one likelihood, or with --apart a contour each. Parameters that are neither in the plane nor fixed nor profiled \
      are zero. Writes OUTPUT.h5, OUTPUT.csv (contours), OUTPUT.json and a plot; docs/physics/moments.md has the formulas.
      """)

  @Argument(help: "Catalogue names or paths of experiment files.", completion: Completion.experiments)
  var experiments: [String]
  @Option(
    name: [.customLong("m4"), .customLong("mass")], parsing: .unconditional,
    help: "Mass of the heavy neutrino in MeV.")
  var m4: Double
  @Option(help: "Two of lambda14, lambda24, lambda34, phase14, phase24, phase34, with a colon.")
  var plane = "lambda14:lambda24"
  @Option(
    parsing: .unconditionalSingleValue,
    help:
      "Parameters with a value of their own, name=value,...: sizes in the unit of --coupling, phases in radians."
  )
  var fix: [String] = []
  @Option(
    parsing: .unconditionalSingleValue, help: "Parameters that are profiled, with commas.")
  var profile: [String] = []
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Values of the first parameter: a list or from:to:points:lin.",
      discussion: "Default: 81 points from 0 to 2.5 times the limit on it alone; phases from 0 to 2 pi."))
  var x: String?
  @Option(parsing: .unconditional, help: "Values of the second parameter, like --x.")
  var y: String?
  @Option(
    name: .customLong("parameter"), parsing: .unconditionalSingleValue,
    help:
      "Mixing of beams that arrive as a flavour, as of --model transition: sin2-theta12=..., delta=..., sum=coherent or decohered."
  )
  var parameters: [String] = []
  @Flag(help: "Each experiment on its own, all in one plot.")
  var apart = false
  @OptionGroup var sharing: SharingOptions
  @Option(help: "observed or asimov. Default: observed for measurements, asimov for projections.")
  var data: DataSet?
  @Option(help: "poisson or gaussian, in place of the experiment's own.")
  var statistic: StatisticKind?
  @Option(help: "d, d-no-half or mu: how moments are read and written.")
  var coupling: CouplingConvention = .d
  @Option(
    name: .customLong("cl"), parsing: .unconditional, help: "Confidence level, between 0.01 and 0.9999.")
  var confidenceLevel = 0.9
  @OptionGroup var backendOptions: BackendOptions
  @Option(
    name: [.short, .long], help: "Path of the outputs without extension. Default: moments-EXPERIMENT.",
    completion: Completion.anyFile)
  var output: String?
  @Option(name: .customLong("plot"), help: "svg, png or pdf; none for no plot.", completion: Completion.plots)
  var plotFormat = "svg"
  @OptionGroup var look: PlotStyleOption
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      let levels = try self.levels()
      let space = try MomentsSpace(self)
      let specs = try experiments.map { try Catalogue.load($0) }
      let members = try specs.map {
        try MomentsBuilder.Member(
          $0, parameters: parameters, data: data, statistic: statistic, isAlone: specs.count == 1)
      }
      let shared = try shared(members)
      let path = try outputPath(specs)
      let groups = apart ? members.map { [$0] } : [members]
      let plots = plotFormat == "none" ? [] : [plotFormat]
      try requireWritable(
        path,
        endings: [".json"]
          + groups.flatMap { group in
            [".h5", ".csv"].map { MomentsReport.ending(group.map(\.spec.name), of: groups.count) + $0 }
          }, plots: plots)
      let backend = try backendOptions.make()
      let builder = MomentsBuilder(
        shared: shared, m4: m4, backend: backend,
        planning: try CPUBackend(workers: backendOptions.workers))
      var bar = ProgressBar(label: specs.map(\.name).joined(separator: apart ? ", " : " + "))
      defer { bar.finish() }
      bar.begin("planning the integrals")
      let likelihoods = try groups.map { try builder.likelihood(of: $0) }
      let singles = try likelihoods.map { likelihood in
        let limits = MomentLimits(likelihood: likelihood, threshold: levels.one.threshold)
        return try MomentsSpace.sizes.map { try limits.alone($0) }
      }
      var request = try space.request(threshold: levels.two.threshold, singles: singles)
      if !likelihoods.contains(where: \.hasPhases) {
        request.profiled.removeAll(where: \.isPhase)
        note("note: neutrinos of these sources arrive as mass states, whose phases change nothing")
      }
      var results: [MomentsReport.Entry] = []
      for (group, (likelihood, single)) in zip(groups, zip(likelihoods, singles)) {
        bar.begin("limits on each moment")
        let limits = MomentLimits(likelihood: likelihood, threshold: levels.one.threshold)
        let least = try limits.minimum(single: single)
        let profiled = try MomentsSpace.sizes.map {
          try limits.profiled($0, single: single, minimum: least.statistic)
        }
        bar.begin("plane", total: request.xValues.count, unit: "rows")
        let outcome = try MomentPlane(likelihood: likelihood, request: request, single: single)
          .run { bar.update($0) }
        bar.finish()
        results.append(
          MomentsReport.Entry(
            group.map(\.spec), outcome, request, likelihood, single: single, profiled: profiled,
            scale: coupling))
      }
      let report = MomentsReport(
        self, space, request, results, levels: [levels.one, levels.two], backend: backend.identity)
      let files = try report.write(to: path, plot: plots.first, style: look.style)
      try json ? printJSON(report) : report.printText(files: files)
    }
  }

  /// Names of pulls that the experiments have in common.
  private func shared(_ members: [MomentsBuilder.Member]) throws(RequestError) -> Set<String> {
    guard apart else {
      let (specs, settings) = (members.map(\.spec), members.map(\.settings))
      try ExperimentSelection.requireDifferentData(specs, settings)
      ExperimentSelection.overlaps(specs, settings).forEach(note)
      return try sharing.names(among: members.map { Shareable($0.spec, $0.settings) })
    }
    if let share = sharing.share {
      throw RequestError(
        "--share \(share): with --apart each experiment is fitted on its own and shares nothing. Leave one of the two out."
      )
    }
    return []
  }

  private func levels() throws -> (one: ConfidenceLevel, two: ConfidenceLevel) {
    guard m4 >= 0, m4.isFinite else { throw RequestError("--m4 \(m4): a mass is 0 or greater, in MeV.") }
    guard plotFormat == "none" || PlotFormat(rawValue: plotFormat) != nil else {
      throw unknownPlot(plotFormat)
    }
    guard confidenceLevel >= 0.01, confidenceLevel <= 0.9999 else {
      throw RequestError("--cl \(confidenceLevel): must lie between 0.01 and 0.9999; 0.9 is 90 %.")
    }
    return (
      try ConfidenceLevel(level: confidenceLevel, degreesOfFreedom: 1),
      try ConfidenceLevel(level: confidenceLevel, degreesOfFreedom: 2)
    )
  }

  private func outputPath(_ specs: [ExperimentSpec]) throws(RequestError) -> String {
    let names = specs.map { $0.name.replacingOccurrences(of: ":", with: "-") }
    guard let output else { return "moments-" + names.joined(separator: "-") }
    if ["", ".", ".."].contains(output.split(separator: "/", omittingEmptySubsequences: false).last ?? "") {
      throw RequestError("--output \"\(output)\": names no file. Give a path without extension.")
    }
    return output
  }
}
