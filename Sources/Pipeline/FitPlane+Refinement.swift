/// Where the axes of a plane need more values [UPS-47].
extension FitPlane {
  /// Logarithmic middles of the intervals of an axis across which the plane is steep where it matters.
  static func steepMiddles(
    _ axis: [Double], level: Double, room: Int, _ pairs: (Int) -> [(Double, Double)]
  ) -> [Double] {
    let steep = axis.indices.dropLast().compactMap { i -> (middle: Double, change: Double)? in
      let change =
        pairs(i).filter { min($0.0, $0.1) <= level.squareRoot() }.map { abs($0.0 - $0.1) }.max() ?? 0
      let middle = (axis[i] * axis[i + 1]).squareRoot()
      return change > steepness && middle > axis[i] && middle < axis[i + 1] ? (middle, change) : nil
    }
    return steep.sorted { $0.change > $1.change }.prefix(max(0, room - axis.count)).map(\.middle).sorted()
  }

  /// Logarithmic middles of the intervals over which sqrt(Delta chi2) changes too much, near the minimum.
  static func midpoints(
    _ axis: [Double], _ statistic: [Double], level: Double, room: Int
  ) -> [Double] {
    guard axis.count < room, let least = statistic.min() else { return [] }
    let heights = statistic.map { max(0, $0 - least).squareRoot() }
    var added: [Double] = []
    for i in axis.indices.dropLast() {
      let (a, b) = (heights[i], heights[i + 1])
      // between neighbours of the minimum the curve may dip by as much as it rises beside it
      let change = abs(a - b) + (min(a, b) == 0 ? max(a, b) : 0)
      let middle = (axis[i] * axis[i + 1]).squareRoot()
      if min(a, b) <= level.squareRoot(), change > resolution, middle > axis[i], middle < axis[i + 1] {
        added.append(middle)
      }
    }
    return Array(added.prefix(room - axis.count))
  }

  /// The minimum of values on an axis: the vertex of the parabola through the lowest and its neighbours, if it lies between.
  static func lowest(_ x: [Double], _ y: [Double]) -> Double {
    guard let i = y.indices.min(by: { y[$0] < y[$1] }) else { return .nan }
    guard i > 0, i < y.count - 1 else { return y[i] }
    let before = (y[i] - y[i - 1]) / (x[i] - x[i - 1])
    let after = (y[i + 1] - y[i]) / (x[i + 1] - x[i])
    let curvature = (after - before) / (x[i + 1] - x[i - 1])
    guard curvature > 0 else { return y[i] }
    let slope = before + curvature * (x[i] - x[i - 1])
    return y[i] - slope * slope / (4 * curvature)
  }
}
