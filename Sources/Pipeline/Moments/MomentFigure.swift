import Reporting

/// The picture of planes of transition moments, from what their files hold.
package enum MomentFigure {
  /// - Parameter title: nil is made from the mass
  package static func plot(_ planes: [PlaneResult], title: String? = nil) throws(RequestError) -> PlanePlot {
    guard let first = planes.first else { throw RequestError("There is no plane to draw. Name a file.") }
    guard planes.allSatisfy({ $0.x == first.x && $0.y == first.y }) else {
      let axes = Set(planes.map { "\($0.x.columnHead) and \($0.y.columnHead)" }).sorted()
      throw RequestError(
        "The planes have different axes (\(axes.joined(separator: "; "))) and cannot share a plot. Draw them apart."
      )
    }
    let values = { (name: String) in planes.map { $0[name] ?? "" } }
    let differing = ["m4_MeV", "confidence_level", "conditions"].filter { Set(values($0)).count > 1 }
    let series = planes.map { plane in
      PlanePlot.Series(
        label: ([plane["label"] ?? plane["experiments"] ?? "plane"]
          + differing.map { remark($0, of: plane) }).joined(separator: ", "),
        contours: plane.contours,
        isSensitivity: !(plane["kind"] ?? "").split(separator: ";").contains("limit"))
    }
    let level =
      differing.contains("confidence_level")
      ? "Levels as in the legend, 2 dof"
      : "\(remark("confidence_level", of: first)), Δχ² = \(short(first["level_delta_chi2"])) (2 dof)"
    let conditions = first["conditions"] ?? ""
    let others =
      differing.contains("conditions")
      ? "others as in the legend" : conditions.isEmpty ? "all others zero" : conditions
    let mass = differing.contains("m4_MeV") ? "" : ", m4 = \(short(first["m4_MeV"])) MeV"
    return PlanePlot(
      title: title ?? "Transition moments\(mass)", xLabel: axis(first.x), yLabel: axis(first.y),
      xRange: span(planes.map(\.xValues)), yRange: span(planes.map(\.yValues)), series: series,
      caption: [
        "\(level); \(greek(others)); phases not named are zero.  Solid: data, dashed: sensitivities.",
        "\(lagrangian(first))  \(first["backend"] ?? "") (\(first["device"] ?? ""), \(first["precision"] ?? "")), "
          + "upscatter \(first["version"] ?? "")",
      ])
  }

  private static func remark(_ name: String, of plane: PlaneResult) -> String {
    switch name {
    case "m4_MeV": "m4 = \(short(plane[name])) MeV"
    case "confidence_level": "\(NumberWords.short(100 * (plane[name].flatMap(Double.init) ?? 0))) % C.L."
    case "conditions": greek(plane[name] ?? "")
    default: plane[name] ?? ""
    }
  }

  /// "λ34 = 0, arg λ24 profiled"
  private static func greek(_ text: String) -> String {
    text.replacingOccurrences(of: "lambda", with: "λ").replacingOccurrences(of: "phase", with: "arg λ")
  }

  private static func lagrangian(_ plane: PlaneResult) -> String {
    plane["coupling_convention"].flatMap { CouplingLabel(convention: $0) }?.lagrangian
      ?? plane["lagrangian"] ?? ""
  }

  private static func short(_ text: String?) -> String {
    text.flatMap(Double.init).map { NumberWords.short($0) } ?? ""
  }

  private static func span(_ axes: [[Double]]) -> ClosedRange<Double> {
    let (low, high) = (axes.compactMap(\.first).min() ?? 0, axes.compactMap(\.last).max() ?? 1)
    return low...max(low, high)
  }

  /// "|λ_{14}|  [GeV^{-1}]", "arg λ_{24}  [rad]"
  private static func axis(_ label: PlaneResult.AxisLabel) -> String {
    let unit = ["1/GeV": "GeV^{-1}", "mu_B": "μ_B"][label.unit] ?? label.unit
    let symbol = "λ_{\(label.name.suffix(2))}"
    return "\(label.name.hasPrefix("phase") ? "arg \(symbol)" : "|\(symbol)|")  [\(unit)]"
  }
}

extension PlaneResult {
  /// What the file says of itself under this name.
  fileprivate subscript(_ name: String) -> String? { entries.first { $0.name == name }?.value }
}
