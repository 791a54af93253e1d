import ArgumentParser
import Exchange
import Foundation
import Pipeline
import Reporting
import ScanCore

/// Best fit, limit and pulls of a pyhf workspace.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Read a pyhf (HistFactory JSON) workspace: best fit, limit on its strength, pulls.",
    discussion: """
      Example: upscatter import model.json
      Taken are normfactor, linear histosys and lumi; normsys and uneven histosys with --linearise. The limit is that of Delta chi2 over \
      strengths >= 0.
      """)

  @Argument(help: "A workspace of schema 1.0.0.", completion: Completion.jsonFiles)
  var workspace: String
  @Option(help: "Name of the measurement. Default: the only one.")
  var measurement: String?
  @Flag(
    name: [.customLong("linearise"), .customLong("linearize")],
    help: "Replace what is not linear in its parameter by its tangent; the output names it.")
  var linearises = false
  @Option(
    parsing: .unconditional,
    help: "Print Delta chi2 at these strengths too, a list or from:to:points.")
  var profile: String?
  @OptionGroup var levelOptions: LevelOptions
  @OptionGroup var backendOptions: BackendOptions
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      let level = try levelOptions.oneDegree(of: "import")
      let strengths =
        try profile.map {
          try AxisSyntax.parse($0, name: "--profile", unit: "of the workspace", zeroAllowed: true).values
        } ?? []
      let model = try WorkspaceImport(
        Workspace(try text(), file: workspace), file: workspace, linearises: linearises
      ).model(measurement: measurement)
      let backend = try backendOptions.make()
      let result = try fit(model, on: backend, threshold: level.threshold, strengths: strengths)
      let report = Report(
        model, result, strengths: strengths, level: levelOptions.confidenceLevel, backend: backend,
        file: workspace)
      try json ? printJSON(report) : report.printTable()
      for pull in result.pulls where pull.isOutsideBounds {
        note(
          "note: the best \(pull.parameter.name) is \(pull.value), outside the bounds of the workspace, "
            + "\(pull.parameter.bounds.low) to \(pull.parameter.bounds.high), which pyhf would keep and this fit does not"
        )
      }
    }
  }

  private func fit(
    _ model: WorkspaceModel, on backend: any Backend, threshold: Double, strengths: [Double]
  ) throws -> WorkspaceFit.Result {
    do {
      return try WorkspaceFit(model, on: backend).run(threshold: threshold, strengths: strengths)
    } catch let error as BackendError where error.kind == .unconverged {
      throw BackendError(.unconverged, "\(workspace): \(error.message)")
    }
  }

  private func text() throws(ReportError) -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: workspace))
    } catch {
      throw ReportError(
        .cannotRead, "\(workspace) cannot be read. Check the path; `upscatter export` writes a workspace.")
    }
  }
}

extension ImportCommand {
  struct Report: Encodable {
    struct Channel: Encodable {
      var name: String
      var bins: Int
    }
    struct Pull: Encodable {
      var name: String
      /// "alpha", "normfactor", "lumi"
      var kind: String
      var best_fit: Double
      var bounds: [Double]
    }
    struct ProfilePoint: Encodable {
      var strength: Double
      var delta: Double
    }
    var workspace: String
    var measurement: String
    var parameter_of_interest: String
    var blocks: [Channel]
    var confidence_level: Double
    var degrees_of_freedom = 1
    var best_fit: Double
    var minimum_statistic: Double
    var delta_without_signal: Double
    @WrittenNull var limit: Double?
    @WrittenNull var lower_limit: Double?
    var note: String?
    var pulls: [Pull]
    var profile: [ProfilePoint]
    /// Parameters that were replaced by their tangents.
    var linearised: [String]
    var backend: BackendIdentity
    var version = toolVersion

    init(
      _ model: WorkspaceModel, _ result: WorkspaceFit.Result, strengths: [Double], level: Double,
      backend: any Backend, file: String
    ) {
      workspace = file
      measurement = model.measurement
      parameter_of_interest = model.parameterOfInterest
      blocks = model.plan.blocks.map { Channel(name: $0.name, bins: $0.bins.count) }
      confidence_level = level
      best_fit = result.bestStrength
      minimum_statistic = result.minimumStatistic
      delta_without_signal = result.deltaWithoutSignal
      limit = result.limit
      lower_limit = result.lowerLimit
      note = result.note
      pulls = result.pulls.map {
        Pull(
          name: $0.parameter.name, kind: $0.parameter.kind.rawValue, best_fit: $0.value,
          bounds: [$0.parameter.bounds.low, $0.parameter.bounds.high])
      }
      profile = zip(strengths, result.profile).map { ProfilePoint(strength: $0, delta: $1) }
      linearised = model.linearised
      self.backend = backend.identity
    }

    func printTable() {
      let number = { (value: Double) in String(format: "%.6g", value) }
      let poi = parameter_of_interest
      print("# \(workspace): \(measurement)")
      print("# " + blocks.map { "\($0.name): \($0.bins) bins" }.joined(separator: "; "))
      print("# \(number(100 * confidence_level)) % C.L., 1 dof, \(poi) >= 0, poisson")
      if !linearised.isEmpty { print("# replaced by tangents: \(linearised.joined(separator: ", "))") }
      print(
        column("best fit", 24) + column("\(poi) = \(number(best_fit))", 24)
          + "chi2 = \(number(minimum_statistic))")
      let limits = (lower_limit.map { number($0) + " ... " } ?? "") + (limit.map(number) ?? "none")
      print(column("limit", 24) + "\(poi) = \(limits)" + (note.map { "   # \($0)" } ?? ""))
      for pull in pulls { print(column(pull.name, 24) + column(pull.kind, 12) + number(pull.best_fit)) }
      for point in profile {
        print(
          column("\(poi) = \(number(point.strength))", 24)
            + "Delta chi2 = \(String(format: "%.9g", point.delta))")
      }
    }
  }
}
