import Foundation
import ScanCore

/// Limits on one transition moment at a time [UPS-52].
package struct MomentLimits {
  package let likelihood: MomentLikelihood
  /// Delta chi2, 1 dof
  package let threshold: Double

  package init(likelihood: MomentLikelihood, threshold: Double) {
    self.likelihood = likelihood
    self.threshold = threshold
  }

  /// Where single moments are looked for, GeV^-1: powers of ten, and points per decade.
  private static let decades = -13...0
  private static let pointsPerDecade = 12
  private static let cuts = 12

  private struct Curve {
    var sizes: [Double]
    var values: [Double]
  }

  /// Upper end of the allowed sizes with the other moments zero; nil where the level is not reached.
  package func alone(_ parameter: MomentParameter) throws -> Double? {
    let search = MomentSearch(likelihood: likelihood, parameters: [])
    let steps = (Self.decades.upperBound - Self.decades.lowerBound) * Self.pointsPerDecade
    let sizes =
      [0]
      + (0...steps).map {
        pow(10, Double(Self.decades.lowerBound) + Double($0) / Double(Self.pointsPerDecade))
      }
    var curve = Curve(sizes: sizes, values: try values(search, parameter, sizes) { _ in [0, 0, 0] })
    // the least value between the points
    for _ in 0..<4 {
      guard let best = curve.values.indices.min(by: { curve.values[$0] < curve.values[$1] }) else { break }
      try cut(&curve, search, parameter, max(best - 1, 0), min(best + 1, sizes.count - 1)) { _ in [0, 0, 0] }
    }
    guard let least = curve.values.min() else { return nil }
    return try crossing(curve, search, parameter, level: least + threshold) { _ in [0, 0, 0] }
  }

  /// The same with the other two moments and all relative phases profiled.
  /// - Parameters:
  ///   - single: limits with the other moments zero, in the order of the states
  ///   - minimum: least statistic over all moments and phases
  package func profiled(
    _ parameter: MomentParameter, single: [Double?], minimum: Double
  ) throws -> Double? {
    guard let own = single[parameter.state] else { return nil }
    let search = MomentSearch(likelihood: likelihood, parameters: others(than: parameter))
    let largest = { (size: Double) in (0..<3).map { max(10 * size, 3 * (single[$0] ?? 0)) } }
    let sizes = (0...18).map { own / 3 * pow(10, Double($0) / 8) }
    let curve = Curve(sizes: sizes, values: try values(search, parameter, sizes, largest))
    return try crossing(curve, search, parameter, level: minimum + threshold, largest)
  }

  /// Least statistic over all moments and phases, and where.
  package func minimum(single: [Double?]) throws -> (point: MomentPoint, statistic: Double) {
    let parameters = MomentParameter.allCases.filter { !$0.isPhase } + relativePhases
    let best = try MomentSearch(likelihood: likelihood, parameters: parameters)
      .minima(from: [MomentPoint()], largest: [single.map { 3 * ($0 ?? 0) }])[0]
    return (best.point, best.statistic)
  }

  /// Of three phases one is a convention.
  private var relativePhases: [MomentParameter] { likelihood.hasPhases ? [.phase24, .phase34] : [] }

  private func others(than parameter: MomentParameter) -> [MomentParameter] {
    MomentParameter.allCases.filter { !$0.isPhase && $0 != parameter } + relativePhases
  }

  // MARK: - Curves

  private func values(
    _ search: MomentSearch, _ parameter: MomentParameter, _ sizes: [Double], _ largest: (Double) -> [Double]
  ) throws -> [Double] {
    let points = sizes.map { size in
      var point = MomentPoint()
      point[parameter] = size
      return point
    }
    return try search.minima(from: points, largest: sizes.map(largest)).map(\.statistic)
  }

  /// Adds points between two of the curve.
  private func cut(
    _ curve: inout Curve, _ search: MomentSearch, _ parameter: MomentParameter, _ low: Int, _ high: Int,
    _ largest: (Double) -> [Double]
  ) throws {
    let (from, to) = (curve.sizes[low], curve.sizes[high])
    let inner = (1..<Self.cuts).map { from + (to - from) * Double($0) / Double(Self.cuts) }
      .filter { !curve.sizes.contains($0) }
    if inner.isEmpty { return }
    let more = try values(search, parameter, inner, largest)
    let sorted = zip(curve.sizes + inner, curve.values + more).sorted { $0.0 < $1.0 }
    curve = Curve(sizes: sorted.map(\.0), values: sorted.map(\.1))
  }

  /// The last upward crossing of the level, to 1e-10; nil where the curve ends below it, or never was below.
  private func crossing(
    _ start: Curve, _ search: MomentSearch, _ parameter: MomentParameter, level: Double,
    _ largest: (Double) -> [Double]
  ) throws -> Double? {
    var curve = start
    for _ in 0..<12 {
      guard let low = curve.values.lastIndex(where: { $0 < level }), low + 1 < curve.sizes.count else {
        return nil
      }
      let (a, b) = (curve.sizes[low], curve.sizes[low + 1])
      if b - a <= 1e-10 * b { return (a + b) / 2 }
      try cut(&curve, search, parameter, low, low + 1, largest)
    }
    guard let low = curve.values.lastIndex(where: { $0 < level }), low + 1 < curve.sizes.count else {
      return nil
    }
    return (curve.sizes[low] + curve.sizes[low + 1]) / 2
  }
}
