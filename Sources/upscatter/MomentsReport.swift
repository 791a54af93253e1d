import Experiments
import Foundation
import Pipeline
import Reporting
import ScanCore
import Statistics
import Units

/// What `moments` prints and writes.
struct MomentsReport: Encodable {
  struct Limit: Encodable {
    var parameter: String
    /// the other moments zero
    @WrittenNull var alone: Double?
    /// the other moments and the phases profiled
    @WrittenNull var profiled: Double?
  }

  struct Entry: Encodable {
    var experiments: [String]
    var kinds: [String]
    var settings: [AnalysisSettings]
    var limits: [Limit]
    var minimum_statistic: Double
    var best_fit: [String: Double]
    var contours: Int
    var outcome: MomentPlane.Outcome
    var title: String

    enum CodingKeys: String, CodingKey {
      case experiments, kinds, settings, limits, minimum_statistic, best_fit, contours
    }

    init(
      _ group: [ExperimentSpec], _ outcome: MomentPlane.Outcome, _ request: MomentPlane.Request,
      _ likelihood: MomentLikelihood, single: [Double?], profiled: [Double?], scale: CouplingConvention
    ) {
      experiments = group.map(\.name)
      title = group.map(\.title).joined(separator: " + ")
      settings = likelihood.joint.members.map(\.settings)
      kinds = settings.map { $0.dataSet == .observed ? "limit" : "sensitivity" }
      limits = MomentsSpace.sizes.map {
        Limit(
          parameter: $0.rawValue, alone: single[$0.state].map(scale.fromInternal),
          profiled: profiled[$0.state].map(scale.fromInternal))
      }
      minimum_statistic = outcome.minimum
      best_fit = Dictionary(
        uniqueKeysWithValues: MomentParameter.allCases.map {
          ($0.rawValue, $0.isPhase ? outcome.best[$0] : scale.fromInternal(outcome.best[$0]))
        })
      contours = outcome.contours.count
      self.outcome = outcome
    }
  }

  var results: [Entry]
  var m4: Double
  var m4_unit = "MeV"
  var plane: [String]
  var fixed: [String: Double]
  var profiled: [String]
  var mixing: [String]
  var confidence_level: Double
  /// Delta chi2 of limits (1 dof) and of contours (2 dof)
  var levels: [Double]
  var coupling_convention: String
  var coupling_lagrangian: String
  var lambda_unit: String
  var phase_unit = "rad"
  var backend: BackendIdentity
  var version = toolVersion
  private let request: MomentPlane.Request
  private let scale: CouplingConvention

  enum CodingKeys: String, CodingKey {
    case results, m4, m4_unit, plane, fixed, profiled, mixing, confidence_level, levels, coupling_convention
    case coupling_lagrangian, lambda_unit, phase_unit, backend, version
  }

  init(
    _ command: MomentsCommand, _ space: MomentsSpace, _ request: MomentPlane.Request, _ results: [Entry],
    levels: [ConfidenceLevel], backend: BackendIdentity
  ) {
    let scale = command.coupling
    self.scale = scale
    self.request = request
    self.results = results
    m4 = command.m4
    plane = [space.x.rawValue, space.y.rawValue]
    fixed = Dictionary(
      uniqueKeysWithValues: MomentParameter.allCases.filter { parameter in
        ![space.x, space.y].contains(parameter) && !request.profiled.contains(parameter)
      }.map { ($0.rawValue, $0.isPhase ? space.fixed[$0] : scale.fromInternal(space.fixed[$0])) })
    profiled = request.profiled.map(\.rawValue)
    mixing = command.parameters
    confidence_level = command.confidenceLevel
    self.levels = levels.map(\.threshold)
    coupling_convention = scale.rawValue
    coupling_lagrangian = scale.lagrangian
    lambda_unit = scale.unit
    self.backend = backend
  }

  private func written(_ values: [Double], _ parameter: MomentParameter) -> [Double] {
    parameter.isPhase ? values : values.map { scale.fromInternal($0) }
  }

  private func label(_ parameter: MomentParameter) -> PlaneResult.AxisLabel {
    PlaneResult.AxisLabel(
      name: parameter.rawValue, unit: parameter.isPhase ? "rad" : CouplingLabel(scale).unit)
  }

  // MARK: - Files

  /// What the names of the files of one of several results end in, before their extension.
  static func ending(_ experiments: [String], of results: Int) -> String {
    results == 1
      ? "" : "-" + experiments.joined(separator: "-").replacingOccurrences(of: ":", with: "-")
  }

  /// - Returns: the names of the files
  func write(to output: String, plot: String?, style: PlotStyle) throws -> [String] {
    var files: [String] = []
    var planes: [PlaneResult] = []
    for entry in results {
      let name = output + Self.ending(entry.experiments, of: results.count)
      let result = plane(entry)
      try result.write(to: name + ".h5")
      files.append(name + ".h5")
      for index in 0..<max(result.contours.count, 1) {
        let path = name + (index == 0 ? ".csv" : "-\(index + 1).csv")
        try AtomicFile.write(result.table(index), to: path)
        files.append(path)
      }
      planes.append(result)
    }
    try AtomicFile.write(JSONText.encode(self, name: "the summary"), to: output + ".json")
    files.append(output + ".json")
    guard let plot else { return files }
    let figure = try MomentFigure.plot(planes)
    try Gnuplot.render(to: "\(output).\(plot)", style: style) { (format, name) throws(ReportError) in
      try figure.script(format: format, output: name)
    }
    return files + ["\(output).\(plot)"]
  }

  private func plane(_ entry: Entry) -> PlaneResult {
    let contours = entry.outcome.contours.map { contour in
      var contour = contour
      let xs = written(contour.points.map(\.m4), request.x)
      let ys = written(contour.points.map(\.d), request.y)
      for index in contour.points.indices {
        contour.points[index].m4 = xs[index]
        contour.points[index].d = ys[index]
      }
      return contour
    }
    return PlaneResult(
      x: label(request.x), y: label(request.y), xValues: written(request.xValues, request.x),
      yValues: written(request.yValues, request.y), delta: entry.outcome.delta, contours: contours,
      entries: [
        ("version", version), ("label", entry.title),
        ("experiments", entry.experiments.joined(separator: "; ")),
        ("kind", entry.kinds.joined(separator: "; ")), ("m4_MeV", "\(m4)"), ("conditions", conditions),
        ("mixing", mixing.isEmpty ? "default" : mixing.joined(separator: " ")),
        ("confidence_level", "\(confidence_level)"), ("degrees_of_freedom", "2"),
        ("level_delta_chi2", "\(levels[1])"), ("minimum_statistic", "\(entry.minimum_statistic)"),
        ("coupling_convention", coupling_convention), ("lagrangian", coupling_lagrangian),
        ("backend", backend.backend), ("device", backend.device), ("precision", backend.precision.rawValue),
      ])
  }

  /// "lambda34 = 0, phase24 profiled"
  private var conditions: String {
    let fixed = fixed.sorted { $0.key < $1.key }.filter { $0.value != 0 || $0.key.hasPrefix("lambda") }
      .map { "\($0.key) = \(String(format: "%g", $0.value))" }
    return (fixed + profiled.map { "\($0) profiled" }).joined(separator: ", ")
  }

  // MARK: - Text

  func printText(files: [String]) {
    print(
      "# transition moments, m4 = \(m4) MeV, \(String(format: "%g", 100 * confidence_level)) % C.L., 1 dof, \(lambda_unit)"
    )
    print("# \(coupling_lagrangian)")
    let number = { (value: Double?) in value.map { String(format: "%.6e", $0) } ?? "none" }
    for entry in results {
      print("\n\(entry.title) (\(entry.kinds.joined(separator: ", ")))")
      print(column("  moment", 14) + column("others zero", 20) + "others and phases profiled")
      for limit in entry.limits {
        print(column("  \(limit.parameter)", 14) + column(number(limit.alone), 20) + number(limit.profiled))
      }
      print("  plane \(plane.joined(separator: ", ")): \(entry.contours) contours, \(conditions)")
    }
    print("")
    for file in files { print("wrote \(file)") }
  }
}
