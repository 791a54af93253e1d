/// Marks along a curve whose colour was used before; dashes are left to what they mean.
enum PlotMarks {
  private static let filledShapes = [7, 5, 9, 13, 11]  // circle, square, triangles, diamond
  private static let openShapes = [6, 4, 8, 12, 10]
  private static let marksPerCurve = 10
  /// Without marks, or with one of the open ones.
  static let openLooks = 1 + openShapes.count

  /// Solid for limits, dashed for sensitivities and what is expected.
  static func dash(isSensitivity: Bool) -> String { "dashtype \(isSensitivity ? "(9,6)" : "1")" }

  /// How gnuplot shall draw a curve of `points` points when the colours are used for the `round`-th time, from 0.
  static func filled(round: Int, points: Int, size: Double) -> String {
    style(filledShapes, round: round, points: points, size: size)
  }

  static func open(round: Int, points: Int, size: Double) -> String {
    style(openShapes, round: round, points: points, size: size)
  }

  private static func style(_ shapes: [Int], round: Int, points: Int, size: Double) -> String {
    guard round > 0 else { return "with lines" }
    let interval = max(1, points / marksPerCurve)
    return
      "with linespoints pointtype \(shapes[(round - 1) % shapes.count]) pointinterval \(interval) pointsize \(size)"
  }
}
