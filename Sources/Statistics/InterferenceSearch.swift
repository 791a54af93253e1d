import Foundation
import ScanCore

/// Minimum and allowed intervals in u of one mass, for a statistic that need not be quasi-convex in u [UPS-35].
package struct InterferenceLimit: Hashable, Sendable {
  /// MeV
  package var mass: Double
  package var minimumStrength: Double
  package var minimumStatistic: Double
  package var statisticWithoutSignal: Double
  /// Where the statistic is below minimum + threshold, ascending; an end is infinite where the level is not reached.
  package var allowed: [ClosedRange<Double>]
  /// False: the experiment sees no signal at this mass.
  package var hasSignal: Bool
}

/// Samples the statistic on a grid of u first, on both sides of zero where u is signed, then narrows every local minimum
/// and every crossing of the level found on it: the expectation is quadratic in u, so that there may be two minima.
package struct InterferenceSearch: Sendable {
  private let profiler: InterferingProfiler
  private let isSigned: Bool
  /// Points an interval is cut into at every step of narrowing.
  private static let cuts = 16
  private static let pointsPerDecade = 24
  private static let largestExtension = 12
  private static let mostSteps = 16

  package init(profiler: InterferingProfiler, isSigned: Bool) {
    self.profiler = profiler
    self.isSigned = isSigned
  }

  package func limits(
    masses: [Double], templates: [SignalTemplate], threshold: Double
  ) throws(BackendError) -> [InterferenceLimit] {
    var limits: [InterferenceLimit] = []
    for (mass, template) in zip(masses, templates) {
      limits.append(try limit(mass: mass, template, threshold: threshold))
    }
    return limits
  }

  /// The minimum alone.
  package func minima(
    masses: [Double], templates: [SignalTemplate]
  ) throws(BackendError) -> [RowMinimum] {
    var minima: [RowMinimum] = []
    for (mass, template) in zip(masses, templates) {
      let curve = try curve(mass: mass, template, threshold: 0)
      let best = curve.best
      minima.append(
        RowMinimum(
          mass: mass, couplingSquare: best.u, statistic: best.value,
          statisticWithoutSignal: curve.withoutSignal))
    }
    return minima
  }

  // MARK: - Curve

  private struct Point {
    var u: Double
    var value: Double
  }

  private struct Curve {
    /// ascending in u
    var points: [Point]
    var hasSignal = true

    var best: Point { points.reduce(points[0]) { $1.value < $0.value ? $1 : $0 } }
    var withoutSignal: Double { points.first { $0.u == 0 }?.value ?? .nan }

    mutating func insert(_ more: [Point]) {
      points = (points + more).sorted { $0.u < $1.u }
    }
  }

  private func curve(
    mass: Double, _ template: SignalTemplate, threshold: Double
  ) throws(BackendError) -> Curve {
    guard let scale = scale(template) else {
      return Curve(points: try values(mass, template, [0]), hasSignal: false)
    }
    var curve = Curve(points: try values(mass, template, grid(scale)))
    try extend(&curve, mass, template, threshold: threshold)
    for index in curve.points.indices.reversed() where isMinimum(curve.points, index) {
      let low = curve.points[max(index - 1, 0)].u
      let high = curve.points[min(index + 1, curve.points.count - 1)].u
      curve.insert(try narrowedMinimum(mass, template, low, high))
    }
    return curve
  }

  private func values(
    _ mass: Double, _ template: SignalTemplate, _ strengths: [Double]
  ) throws(BackendError) -> [Point] {
    let tile = Tile(masses: [mass], couplingSquares: strengths, columns: strengths.count)
    let result = try profiler.evaluate(tile, templates: [template])
    guard result.unconverged == 0, result.statistic.allSatisfy({ $0.isFinite }) else {
      throw BackendError(
        .deviceFailure,
        "The pulls of \(result.unconverged) points at mass \(mass) MeV did not converge, or the statistic is not finite, so "
          + "no minimum or limit is stated. Run with --backend reference, and report the case.")
    }
    return zip(strengths, result.statistic).map { Point(u: $0, value: $1) }
  }

  // MARK: - Grid

  private struct Scale {
    /// u at which the signal is about as large as a statistical fluctuation
    var natural: Double
    /// |u| around which the quadratic part undoes the linear one
    var degenerate: Double
  }

  /// nil without signal.
  private func scale(_ template: SignalTemplate) -> Scale? {
    let (linearPart, quadraticPart) = (profiler.mixed(template.linear), profiler.mixed(template.quadratic))
    var (linear, quadratic, mixed, squared) = (0.0, 0.0, 0.0, 0.0)
    for bin in profiler.standardModel.indices {
      let variance = profiler.variances[bin]
      let (l, q) = (linearPart[bin], quadraticPart[bin])
      linear += l * l / variance
      quadratic += q * q / variance
      mixed += l * q / variance
      squared += q * q / variance
    }
    let natural = min(1 / linear.squareRoot(), 1 / quadratic.squareRoot().squareRoot())
    guard natural.isFinite, natural > 0 else { return nil }
    return Scale(natural: natural, degenerate: squared > 0 ? abs(mixed / squared) : 0)
  }

  private func grid(_ scale: Scale) -> [Double] {
    let low = 1e-3 * scale.natural
    let high = 30 * max(scale.natural, scale.degenerate)
    let steps = Int((log10(high / low) * Double(Self.pointsPerDecade)).rounded(.up))
    var side = (0...steps).map { low * pow(high / low, Double($0) / Double(steps)) }
    if scale.degenerate > 0 { side += (1...96).map { 2.5 * scale.degenerate * Double($0) / 96 } }
    let positive = Set(side).sorted()
    return (isSigned ? positive.reversed().map { -$0 } : []) + [0] + positive
  }

  /// Goes further out where the level is not reached at an end, up to 4^12 times.
  private func extend(
    _ curve: inout Curve, _ mass: Double, _ template: SignalTemplate, threshold: Double
  ) throws(BackendError) {
    for _ in 0..<Self.largestExtension {
      let level = curve.best.value + threshold
      var further: [Double] = []
      if let last = curve.points.last, last.value <= level { further += [2 * last.u, 4 * last.u] }
      if isSigned, let first = curve.points.first, first.value <= level {
        further += [4 * first.u, 2 * first.u]
      }
      if further.isEmpty { return }
      curve.insert(try values(mass, template, further))
    }
  }

  private func isMinimum(_ points: [Point], _ index: Int) -> Bool {
    let value = points[index].value
    return (index == 0 || value <= points[index - 1].value)
      && (index == points.count - 1 || value <= points[index + 1].value)
  }

  // MARK: - Narrowing

  private func interior(_ low: Double, _ high: Double) -> [Double] {
    (1..<Self.cuts).map { low + (high - low) * Double($0) / Double(Self.cuts) }
      .filter { $0 > low && $0 < high }
  }

  private func narrowedMinimum(
    _ mass: Double, _ template: SignalTemplate, _ low: Double, _ high: Double
  ) throws(BackendError) -> [Point] {
    var (low, high) = (low, high)
    var found: [Point] = []
    // a minimum is flat: a width of 1e-7 leaves 1e-14 in the statistic
    for _ in 0..<Self.mostSteps where high - low > 1e-7 * max(abs(low), abs(high)) {
      let inner = interior(low, high)
      if inner.isEmpty { break }
      let points = try values(mass, template, inner)
      found += points
      guard let best = points.indices.min(by: { points[$0].value < points[$1].value }) else { break }
      (low, high) = (
        best == 0 ? low : points[best - 1].u, best == points.count - 1 ? high : points[best + 1].u
      )
    }
    return found
  }

  /// u between two points on different sides of the level, to 1e-13 of |u|.
  private func crossing(
    _ mass: Double, _ template: SignalTemplate, _ first: Point, _ second: Point, level: Double
  ) throws(BackendError) -> Double {
    var (first, second) = (first, second)
    for _ in 0..<Self.mostSteps where second.u - first.u > 1e-13 * max(abs(first.u), abs(second.u)) {
      let inner = interior(first.u, second.u)
      if inner.isEmpty { break }
      let isAbove = first.value >= level
      let points = [first] + (try values(mass, template, inner)) + [second]
      let index = points.indices.dropFirst().first { (points[$0].value >= level) != isAbove }
      guard let index else { break }
      (first, second) = (points[index - 1], points[index])
    }
    return first.u + (second.u - first.u) / 2
  }

  // MARK: - Limit

  private func limit(
    mass: Double, _ template: SignalTemplate, threshold: Double
  ) throws(BackendError) -> InterferenceLimit {
    let curve = try curve(mass: mass, template, threshold: threshold)
    let best = curve.best
    let level = best.value + threshold
    var allowed: [ClosedRange<Double>] = []
    var start: Double? =
      curve.points[0].value < level ? (isSigned ? -Double.infinity : 0) : nil
    for (first, second) in zip(curve.points, curve.points.dropFirst()) {
      guard (first.value < level) != (second.value < level) else { continue }
      let u = try crossing(mass, template, first, second, level: level)
      if let low = start {
        allowed.append(low...max(u, low))
        start = nil
      } else {
        start = u
      }
    }
    if let start { allowed.append(start...Double.infinity) }
    return InterferenceLimit(
      mass: mass, minimumStrength: best.u, minimumStatistic: best.value,
      statisticWithoutSignal: curve.withoutSignal, allowed: allowed, hasSignal: curve.hasSignal)
  }
}
