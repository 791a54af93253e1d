import Foundation

/// Where a profile lies at or below a level, along one axis [UPS-47].
package struct ProfileInterval: Codable, Hashable, Sendable {
  package var low: Double
  package var high: Double
  /// The profile is still below the level at that end of the axis: nothing is found there.
  package var openBelow: Bool
  package var openAbove: Bool
}

extension ProfileInterval {
  private static let rounds = 4
  private static let parts = 8

  /// All intervals of an axis in which a profile lies at or below `level`, ascending.
  /// - Parameters:
  ///   - axis: ascending, positive
  ///   - values: Delta chi2 on the axis
  ///   - evaluate: Delta chi2 at any values between
  static func intervals(
    axis: [Double], values: [Double], level: Double, evaluate: ([Double]) throws -> [Double]
  ) throws -> [ProfileInterval] {
    var found: [ProfileInterval] = []
    var low: Double? = (values.first ?? .infinity) <= level ? axis.first : nil
    var openBelow = low != nil
    for i in axis.indices.dropLast() where (values[i] <= level) != (values[i + 1] <= level) {
      let crossing = try crossing(
        (axis[i], values[i]), (axis[i + 1], values[i + 1]), level: level, evaluate)
      if values[i] > level {
        (low, openBelow) = (crossing, false)
      } else if let start = low {
        found.append(ProfileInterval(low: start, high: crossing, openBelow: openBelow, openAbove: false))
        low = nil
      }
    }
    if let low, let last = axis.last {
      found.append(ProfileInterval(low: low, high: last, openBelow: openBelow, openAbove: true))
    }
    return found
  }

  private typealias Point = (x: Double, y: Double)

  /// Cuts the bracket into parts a few times, then once by the secant of sqrt(Delta chi2).
  private static func crossing(
    _ a: Point, _ b: Point, level: Double, _ evaluate: ([Double]) throws -> [Double]
  ) throws -> Double {
    var (a, b) = (a, b)
    for _ in 0..<rounds {
      let inner = (1..<parts).map { exp(log(a.x) + log(b.x / a.x) * Double($0) / Double(parts)) }
      let points = [a] + zip(inner, try evaluate(inner)).map { (x: $0, y: $1) } + [b]
      guard
        let i = points.indices.dropLast().first(where: {
          (points[$0].y <= level) != (points[$0 + 1].y <= level)
        })
      else { break }
      (a, b) = (points[i], points[i + 1])
    }
    let (ya, yb) = (max(0, a.y).squareRoot(), max(0, b.y).squareRoot())
    let fraction = ya == yb ? 0.5 : min(max((level.squareRoot() - ya) / (yb - ya), 0), 1)
    return exp(log(a.x) + fraction * log(b.x / a.x))
  }
}
