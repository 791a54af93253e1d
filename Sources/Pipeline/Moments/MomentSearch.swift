import Foundation
import ScanCore

/// Minimises the statistic over some moments and phases at many points at once: starts spread over the space, and from the lowest of them quasi-Newton
/// steps (BFGS) [UPS-52]. Sizes are searched as squares of an unbounded number, so that none falls below zero.
struct MomentSearch {
  let likelihood: MomentLikelihood
  let parameters: [MomentParameter]

  struct Result {
    var point: MomentPoint
    var statistic: Double
  }

  private static let mostSteps = 200
  /// Starts that are tried, and those that are followed.
  private var starts: (tried: Int, followed: Int) {
    switch parameters.count {
    case 1: (24, 2)
    case 2: (48, 3)
    case 3: (96, 4)
    default: (192, 8)
    }
  }
  private static let pointsAtATime = 256

  /// - Parameters:
  ///   - points: what is not searched is taken from here
  ///   - largest: per point, up to where searched moments start, in the order of `MomentParameter`
  func minima(from points: [MomentPoint], largest: [[Double]]) throws -> [Result] {
    if parameters.isEmpty {
      return zip(points, try likelihood.statistic(points)).map { Result(point: $0, statistic: $1) }
    }
    var results: [Result] = []
    for start in stride(from: 0, to: points.count, by: Self.pointsAtATime) {
      let range = start..<min(start + Self.pointsAtATime, points.count)
      results += try minima(Array(points[range]), Array(largest[range]))
    }
    return results
  }

  private func minima(_ points: [MomentPoint], _ largest: [[Double]]) throws -> [Result] {
    let grids = points.indices.map { index in
      (0..<starts.tried).map { start(points[index], largest[index], $0) }
    }
    let values = try likelihood.statistic(grids.flatMap(\.self))
    var descents: [MomentDescent] = []
    var owners: [Int] = []
    for (index, grid) in grids.enumerated() {
      let order = grid.indices.sorted {
        (values[index * grid.count + $0], $0) < (values[index * grid.count + $1], $1)
      }
      for place in order.prefix(starts.followed) {
        descents.append(MomentDescent(grid[place], parameters: parameters, scales: largest[index]))
        owners.append(index)
      }
    }
    for _ in 0..<Self.mostSteps {
      let active = descents.indices.filter { !descents[$0].isDone }
      if active.isEmpty { break }
      let values = try likelihood.values(active.map { descents[$0].trial })
      for (index, value) in zip(active, values) { descents[index].take(value) }
    }
    var results: [Result?] = points.map { _ in nil }
    for (owner, descent) in zip(owners, descents)
    where descent.statistic < results[owner]?.statistic ?? .infinity {
      results[owner] = Result(point: descent.point, statistic: descent.statistic)
    }
    return results.enumerated().map { $1 ?? Result(point: points[$0], statistic: .nan) }
  }

  /// Start `index` of the additive sequence with the powers of the positive root of g^(k+1) = g + 1, which fills a cube of k dimensions evenly; the
  /// first has all searched moments near zero. Squares make starts denser towards zero.
  private func start(_ point: MomentPoint, _ largest: [Double], _ index: Int) -> MomentPoint {
    var root = 1.5
    for _ in 0..<40 { root = pow(1 + root, 1 / Double(parameters.count + 1)) }
    var next = point
    for (place, parameter) in parameters.enumerated() {
      let fraction = (0.5 + Double(index) * pow(root, -Double(place + 1))).truncatingRemainder(dividingBy: 1)
      next[parameter] =
        parameter.isPhase
        ? 2 * Double.pi * fraction
        : largest[parameter.state] * (index == 0 ? 1e-6 : max(fraction * fraction, 1e-6))
    }
    return next
  }
}
