/// Open marks along a curve whose colour was used before, as in the plots: dashes are left to what they mean.
enum SVGMarks {
  private static let marksPerCurve = 10
  private static let shapes = [
    "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", "m-3.5 -3.5h7v7h-7z", "m0 -4.5l4.5 8h-9z", "m0 4.5l4.5 -8h-9z",
    "m0 -5l5 5l-5 5l-5 -5z",
  ]

  /// - Parameters:
  ///   - round: how often the colour was used before; 0 has no marks
  ///   - points: of the curve inside the picture
  static func path(round: Int, points: [SVGPath.Point], classes: String) -> String {
    guard round > 0, !points.isEmpty else { return "" }
    let shape = shapes[(round - 1) % shapes.count]
    let step = max(1, points.count / marksPerCurve)
    let places = stride(from: step / 2, to: points.count, by: step).map { points[$0] }
    let path = places.map { "M\(SVGPath.number($0.x)) \(SVGPath.number($0.y))\(shape)" }.joined()
    return "<path class=\"\(classes) mark\" d=\"\(path)\"/>"
  }
}
