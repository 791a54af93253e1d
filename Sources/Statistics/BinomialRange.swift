import Foundation
import Numerical

/// Exact statements from k of n trials [UPS-40].
enum BinomialRange {
  /// P(|normal| < 1), the level of one standard deviation.
  static let oneSigma = erf(1 / 2.0.squareRoot())
  private static let tail = (1 - oneSigma) / 2

  /// Central 68.27 % interval of Clopper and Pearson (Biometrika 26 (1934) 404) on the probability behind k of n.
  static func interval(_ k: Int, of n: Int) -> ClosedRange<Double> {
    let (passed, missed) = (Double(k), Double(n - k))
    let lower = k == 0 ? 0 : root { regularizedIncompleteBeta($0, passed, missed + 1) - tail }
    let upper = k == n ? 1 : root { regularizedIncompleteBeta($0, passed + 1, missed) - (1 - tail) }
    return lower...max(lower, upper)
  }

  /// P(K >= k) of K ~ Binomial(n, p).
  static func atLeast(_ k: Int, of n: Int, probability p: Double) -> Double {
    if k <= 0 { return 1 }
    return k > n ? 0 : regularizedIncompleteBeta(p, Double(k), Double(n - k + 1))
  }

  /// P(K <= k) of K ~ Binomial(n, p): that of at least n - k failures.
  static func atMost(_ k: Int, of n: Int, probability p: Double) -> Double {
    atLeast(n - k, of: n, probability: 1 - p)
  }

  /// Ranks (from 1, ascending) of n values between which their quantile lies with at least 68.27 %: the value of rank
  /// `lower` is above it, and that of rank `upper` below it, with at most 15.87 % each. nil: no value is that far out.
  /// Source: David and Nagaraja, Order Statistics (3rd ed., 2003), Sec. 7.1.
  static func ranks(ofQuantile level: Double, among n: Int) -> (lower: Int?, upper: Int?) {
    /// P(at least k of n values below the quantile)
    func atLeast(_ k: Int) -> Double { Self.atLeast(k, of: n, probability: level) }
    // the value of rank k is above the quantile where fewer than k values are below it
    let lower = lastIndex(0...n) { $0 == 0 || 1 - atLeast($0) <= tail }
    let upper = lastIndex(0...n) { $0 == 0 || atLeast($0) > tail } + 1
    return (lower > 0 ? lower : nil, upper <= n ? upper : nil)
  }

  /// Last of a range that satisfies a condition which holds up to some number and not beyond.
  private static func lastIndex(_ range: ClosedRange<Int>, _ holds: (Int) -> Bool) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound + 1)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return low
  }

  /// Root in [0, 1] of a rising function, by bisection.
  private static func root(_ function: (Double) -> Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while high - low > 1e-15 * high {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if function(middle) < 0 { low = middle } else { high = middle }
    }
    return high
  }
}
