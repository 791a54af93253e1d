import Foundation

/// Integral of f over a...b by globally adaptive Gauss-Kronrod quadrature (10 and 21 points): the interval with the
/// largest error is halved until the summed error is below max(absoluteTolerance, relativeTolerance |integral|).
///
/// - Parameters:
///   - breakpoints: kinks and jumps of f; those outside the interval are ignored.
///   - maximumIntervals: more than this many intervals is an error.
/// - Returns: value and error estimate. Where rounding stops progress first, the error says so by exceeding the
///   tolerance. For a > b the sign is reversed.
/// - Throws: `IntegrationError` for a NaN or infinity, with the abscissa, or when the intervals run out.
package func integrateAdaptively(
  _ a: Double, _ b: Double, breakpoints: [Double] = [], relativeTolerance: Double, absoluteTolerance: Double,
  maximumIntervals: Int, _ f: (Double) -> Double
) throws(IntegrationError) -> IntegralEstimate {
  guard a.isFinite, b.isFinite else { throw IntegrationError.invalidLimits(lower: a, upper: b) }
  if a == b { return IntegralEstimate(value: 0, error: 0) }
  let (lower, upper) = (min(a, b), max(a, b))
  var integration = AdaptiveIntegration(
    relativeTolerance: relativeTolerance, absoluteTolerance: absoluteTolerance,
    maximumIntervals: maximumIntervals)
  let inner = Set(breakpoints.filter { $0 > lower && $0 < upper }).sorted()
  for (left, right) in zip([lower] + inner, inner + [upper]) {
    try integration.add(left, right, f)
  }
  try integration.refine(f)
  let estimate = integration.estimate
  return a < b ? estimate : IntegralEstimate(value: -estimate.value, error: estimate.error)
}

/// The intervals of one adaptive integration.
private struct AdaptiveIntegration {
  private struct Interval {
    let lower: Double
    let upper: Double
    let value: Double
    let error: Double
    /// Halving would not help: the error is rounding, or the interval is a few numbers wide.
    let isExhausted: Bool
  }

  private let relativeTolerance: Double
  private let absoluteTolerance: Double
  private let maximumIntervals: Int
  /// Binary heap, largest error first.
  private var open: [Interval] = []
  private var exhausted: [Interval] = []
  private var value = 0.0
  private var error = 0.0

  init(relativeTolerance: Double, absoluteTolerance: Double, maximumIntervals: Int) {
    self.relativeTolerance = relativeTolerance
    self.absoluteTolerance = absoluteTolerance
    self.maximumIntervals = maximumIntervals
  }

  /// Sums in ascending order of position, so that the result does not depend on the order of refinement.
  var estimate: IntegralEstimate {
    let all = (open + exhausted).sorted { $0.lower < $1.lower }
    return IntegralEstimate(
      value: all.reduce(0) { $0 + $1.value }, error: all.reduce(0) { $0 + $1.error })
  }

  mutating func add(_ lower: Double, _ upper: Double, _ f: (Double) -> Double) throws(IntegrationError) {
    let (part, partError, magnitude) = try GaussKronrod.estimate(lower, upper, f)
    value += part
    error += partError
    let isNarrow = upper - lower <= 8 * max(lower.ulp, upper.ulp)
    let isRounding = partError <= 2 * GaussKronrod.roundingFloor * magnitude
    let interval = Interval(
      lower: lower, upper: upper, value: part, error: partError, isExhausted: isNarrow || isRounding)
    if interval.isExhausted { exhausted.append(interval) } else { push(interval) }
  }

  mutating func refine(_ f: (Double) -> Double) throws(IntegrationError) {
    while error > max(absoluteTolerance, relativeTolerance * abs(value)), let worst = open.first {
      let count = open.count + exhausted.count
      guard count < maximumIntervals else {
        throw IntegrationError.tooManyIntervals(count: count, value: value, error: error)
      }
      removeFirst()
      value -= worst.value
      error -= worst.error
      let middle = worst.lower + 0.5 * (worst.upper - worst.lower)
      try add(worst.lower, middle, f)
      try add(middle, worst.upper, f)
    }
  }

  // MARK: - Heap

  private mutating func push(_ interval: Interval) {
    open.append(interval)
    var child = open.count - 1
    while child > 0, open[(child - 1) / 2].error < open[child].error {
      open.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func removeFirst() {
    open.swapAt(0, open.count - 1)
    open.removeLast()
    var parent = 0
    while 2 * parent + 1 < open.count {
      var child = 2 * parent + 1
      if child + 1 < open.count, open[child + 1].error > open[child].error { child += 1 }
      if open[parent].error >= open[child].error { break }
      open.swapAt(parent, child)
      parent = child
    }
  }
}
