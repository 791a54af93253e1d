import Numerical
import ScanCore

/// What toys say of one point [UPS-41].
package struct ToyVerdict: Hashable, Sendable {
  /// Of the point.
  package var key: UInt64
  /// Statistic of the data.
  package var observed: Double
  /// Quantile of the toys at the confidence level; nil where `problem` says why not.
  package var criticalValue: ToyQuantile?
  package var pValue: PValue?
  /// Share of toys at or below the asymptotic critical value, where one was given.
  package var asymptoticCoverage: PValue?
  /// All toys thrown, those without a statistic, those that did not converge, those with a clipped expectation.
  package var toys: Int
  package var failed: Int
  package var unconverged: Int
  package var clipped: Int
  /// Why nothing is stated of this point.
  package var problem: String?

  /// True: the data are among the share CL of toys that fit best (p > 1 - CL, the same as t <= critical value).
  package var isAccepted: Bool? {
    guard let pValue, let level = criticalValue?.level else { return nil }
    return pValue.value > 1 - level + 1e-12
  }

  /// Whether that is known by `sigma` standard deviations: on the edge, p = 1 - CL, so many toys passing or more, or so few
  /// or fewer, would have a binomial probability below Phi(-sigma).
  package func isClear(at sigma: Double) -> Bool {
    guard let pValue, let level = criticalValue?.level, pValue.toys > 0 else { return false }
    let (k, n, tail) = (pValue.passing, pValue.toys, normalCDF(-sigma))
    return BinomialRange.atLeast(k, of: n, probability: 1 - level) < tail
      || BinomialRange.atMost(k, of: n, probability: 1 - level) < tail
  }

  init(
    point: ToyPoint, observed: Double, _ toys: ToyDistribution, level: Double, asymptotic: Double? = nil,
    largestFailedShare: Double
  ) {
    key = point.key
    self.observed = observed
    self.toys = toys.toys
    failed = toys.failed
    unconverged = toys.unconverged
    clipped = toys.clipped
    do {
      try toys.check(largestFailedShare: largestFailedShare)
      criticalValue = try toys.quantile(level)
      pValue = try toys.pValue(observed: observed)
      asymptoticCoverage = asymptotic.map { toys.coverage(below: $0) }
    } catch {
      problem = error.message
    }
  }
}
