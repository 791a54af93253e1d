import Foundation

/// Paths in the units of a picture, two decimals, without points nobody could see.
enum SVGPath {
  struct Point: Equatable {
    var x: Double
    var y: Double
  }

  /// A number with at most two decimals.
  static func number(_ value: Double) -> String {
    // far outside the picture, where it is clipped
    let hundredths = Int((min(max(value, -1e5), 1e5) * 100).rounded())
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// "M1 2L3 4"; closed curves end in Z. Empty for fewer than two points.
  static func line(_ points: [Point], isClosed: Bool) -> String {
    let kept = simplified(points)
    guard kept.count > 1 else { return "" }
    let parts = kept.map { "\(number($0.x)) \(number($0.y))" }
    return "M" + parts.joined(separator: "L") + (isClosed ? "Z" : "")
  }

  /// Half of the last decimal a screen shows.
  private static let tolerance = 0.06

  /// The same curve to within `tolerance` (D. Douglas and T. Peucker, Cartographica 10 (1973) 112), after points closer than
  /// that to the last one are left out.
  static func simplified(_ points: [Point]) -> [Point] {
    guard let first = points.first, let last = points.last else { return points }
    var thinned = [first]
    for point in points.dropFirst() {
      let from = thinned[thinned.count - 1]
      if hypot(point.x - from.x, point.y - from.y) >= tolerance { thinned.append(point) }
    }
    if thinned[thinned.count - 1] != last { thinned.append(last) }
    guard thinned.count > 2 else { return thinned }
    var keeps = [Bool](repeating: false, count: thinned.count)
    keeps[0] = true
    keeps[thinned.count - 1] = true
    var pending = [(0, thinned.count - 1)]
    while let (low, high) = pending.popLast() {
      guard high - low > 1 else { continue }
      let farthest = (low + 1..<high).max {
        distance(thinned[$0], thinned[low], thinned[high])
          < distance(thinned[$1], thinned[low], thinned[high])
      }
      guard let middle = farthest,
        distance(thinned[middle], thinned[low], thinned[high]) > tolerance
      else { continue }
      keeps[middle] = true
      pending += [(low, middle), (middle, high)]
    }
    return zip(thinned, keeps).filter(\.1).map(\.0)
  }

  /// Of a point from the straight line between two others.
  private static func distance(_ point: Point, _ a: Point, _ b: Point) -> Double {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = dx * dx + dy * dy
    if length == 0 { return hypot(point.x - a.x, point.y - a.y) }
    let along = min(max(((point.x - a.x) * dx + (point.y - a.y) * dy) / length, 0), 1)
    return hypot(point.x - a.x - along * dx, point.y - a.y - along * dy)
  }
}
