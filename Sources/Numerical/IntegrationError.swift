/// Why an adaptive integration gave no result.
package enum IntegrationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The integrand is NaN or infinite at this abscissa.
  case notFinite(abscissa: Double)
  /// A limit of integration is NaN or infinite.
  case invalidLimits(lower: Double, upper: Double)
  /// The tolerance was not reached with the allowed number of intervals.
  case tooManyIntervals(count: Int, value: Double, error: Double)

  package var description: String {
    switch self {
    case .notFinite(let abscissa):
      "the integrand is not a finite number at \(abscissa)"
    case .invalidLimits(let lower, let upper):
      "the limits of integration \(lower) and \(upper) are not finite numbers"
    case .tooManyIntervals(let count, let value, let error):
      "\(count) intervals do not reach the tolerance: the integral is \(value) with an estimated error of \(error)"
    }
  }
}

/// Value of an integral with an estimate of its absolute error.
package struct IntegralEstimate: Hashable, Sendable {
  package var value: Double
  /// Absolute, never below the rounding error of the sum.
  package var error: Double

  package init(value: Double, error: Double) {
    self.value = value
    self.error = error
  }
}
