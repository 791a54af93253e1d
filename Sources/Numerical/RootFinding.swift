import Foundation

/// Why a root search gave no result.
package enum RootError: Error, Hashable, Sendable, CustomStringConvertible {
  /// f has the same sign at both ends.
  case notBracketed(lower: Double, upper: Double, lowerValue: Double, upperValue: Double)
  /// f is NaN at this abscissa.
  case notANumber(abscissa: Double)

  package var description: String {
    switch self {
    case .notBracketed(let lower, let upper, let lowerValue, let upperValue):
      "no sign change between \(lower) (value \(lowerValue)) and \(upper) (value \(upperValue))"
    case .notANumber(let abscissa): "the function is not a number at \(abscissa)"
    }
  }
}

/// A root of f between a and b by bisection, to `tolerance` in the abscissa or to neighbouring doubles. f must have
/// opposite signs at the ends.
package func bisectedRoot(
  _ a: Double, _ b: Double, tolerance: Double = 0, _ f: (Double) -> Double
) throws(RootError) -> Double {
  var (low, high) = (a, b)
  let (lowValue, highValue) = (try number(f, low), try number(f, high))
  if lowValue == 0 { return low }
  if highValue == 0 { return high }
  try requireSignChange(low, high, lowValue, highValue)
  while abs(high - low) > tolerance {
    let middle = low + 0.5 * (high - low)
    if middle == low || middle == high { break }
    let value = try number(f, middle)
    if value == 0 { return middle }
    if (value < 0) == (lowValue < 0) { low = middle } else { high = middle }
  }
  return low + 0.5 * (high - low)
}

/// A root of f between a and b by the method of Brent (Algorithms for Minimization without Derivatives, 1973, chapter
/// 4): inverse quadratic interpolation safeguarded by bisection. The abscissa is accurate to `tolerance` plus four units in
/// the last place; f must have opposite signs at the ends.
package func brentRoot(
  _ a: Double, _ b: Double, tolerance: Double = 0, _ f: (Double) -> Double
) throws(RootError) -> Double {
  var search = BrentSearch(a, b, try number(f, a), try number(f, b))
  try requireSignChange(a, b, search.oppositeValue, search.bestValue)
  while let next = search.nextAbscissa(tolerance: tolerance) {
    search.accept(next, try number(f, next))
  }
  return search.best
}

private func number(_ f: (Double) -> Double, _ x: Double) throws(RootError) -> Double {
  let value = f(x)
  if value.isNaN { throw RootError.notANumber(abscissa: x) }
  return value
}

private func requireSignChange(
  _ a: Double, _ b: Double, _ fa: Double, _ fb: Double
) throws(RootError) {
  guard fa == 0 || fb == 0 || (fa < 0) != (fb < 0) else {
    throw RootError.notBracketed(lower: a, upper: b, lowerValue: fa, upperValue: fb)
  }
}

/// State of Brent's method: `best` has the smallest |f| so far, `opposite` the other sign, `previous` the last best.
private struct BrentSearch {
  private(set) var best: Double
  private(set) var bestValue: Double
  private var opposite: Double
  private(set) var oppositeValue: Double
  private var previous: Double
  private var previousValue: Double
  private var step: Double
  private var stepBefore: Double

  init(_ a: Double, _ b: Double, _ fa: Double, _ fb: Double) {
    (best, bestValue, opposite, oppositeValue, previous, previousValue) = (b, fb, a, fa, a, fa)
    (step, stepBefore) = (b - a, b - a)
  }

  /// The next point to try; nil when the root is known well enough.
  mutating func nextAbscissa(tolerance: Double) -> Double? {
    if abs(oppositeValue) < abs(bestValue) {
      (previous, previousValue) = (best, bestValue)
      (best, opposite) = (opposite, best)
      (bestValue, oppositeValue) = (oppositeValue, bestValue)
    }
    let smallest = 2 * best.ulp + 0.5 * tolerance
    let half = 0.5 * (opposite - best)
    if bestValue == 0 || abs(half) <= smallest { return nil }
    if abs(stepBefore) < smallest || abs(previousValue) <= abs(bestValue) {
      (step, stepBefore) = (half, half)
    } else {
      interpolate(half: half, smallest: smallest)
    }
    return abs(step) > smallest ? best + step : best + (half > 0 ? smallest : -smallest)
  }

  /// Secant or inverse quadratic step, or bisection where it would leave the bracket or shrink too slowly.
  private mutating func interpolate(half: Double, smallest: Double) {
    let s = bestValue / previousValue
    var (p, q) = (2 * half * s, 1 - s)
    if previous != opposite {
      let (u, v) = (previousValue / oppositeValue, bestValue / oppositeValue)
      p = s * (2 * half * u * (u - v) - (best - previous) * (v - 1))
      q = (u - 1) * (v - 1) * (s - 1)
    }
    if p > 0 { q = -q } else { p = -p }
    if 2 * p < min(3 * half * q - abs(smallest * q), abs(stepBefore * q)) {
      (stepBefore, step) = (step, p / q)
    } else {
      (step, stepBefore) = (half, half)
    }
  }

  mutating func accept(_ x: Double, _ value: Double) {
    (previous, previousValue) = (best, bestValue)
    (best, bestValue) = (x, value)
    if (value < 0) == (oppositeValue < 0) {
      (opposite, oppositeValue) = (previous, previousValue)
      (step, stepBefore) = (best - previous, best - previous)
    }
  }
}
