import Foundation

/// A confidence level with the degrees of freedom it is meant for: fixes the height of a limit or contour [UPS-14].
///
/// One degree of freedom: limit on d at fixed m4. Two: region in the (m4, d) plane.
package struct ConfidenceLevel: Codable, Hashable, Sendable {
  /// Between 0 and 1.
  package let level: Double
  package let degreesOfFreedom: Int
  /// Delta chi2 at which the limit or contour is drawn.
  package let threshold: Double

  package init(level: Double, degreesOfFreedom: Int) throws(StatisticsError) {
    self.level = level
    self.degreesOfFreedom = degreesOfFreedom
    threshold = try chiSquareQuantile(confidenceLevel: level, degreesOfFreedom: degreesOfFreedom)
  }
}

/// Returns the chi2 value that a chi2 variable stays below with the given probability [UPS-14].
///
/// One degree of freedom: the root of erfc(sqrt(q/2)) = 1 - CL; two: q = -2 ln(1 - CL). Relative accuracy 1e-13.
/// - Parameters:
///   - confidenceLevel: between 0 and 1
///   - degreesOfFreedom: 1 or 2
package func chiSquareQuantile(
  confidenceLevel: Double, degreesOfFreedom: Int
) throws(StatisticsError) -> Double {
  try requireConfidenceLevel(confidenceLevel)
  switch degreesOfFreedom {
  case 1:
    let z = absoluteNormalQuantile(confidenceLevel)
    return z * z
  case 2: return -2 * log1p(-confidenceLevel)
  default: throw StatisticsError("There are \(degreesOfFreedom) degrees of freedom; it must be 1 or 2.")
  }
}

/// Returns z with P(normal > z) = p, the significance of a p-value [UPS-39]; negative above 1/2. Relative accuracy 1e-13.
/// - Parameter pValue: between 0 and 1
package func significance(pValue p: Double) throws(StatisticsError) -> Double {
  try requireDomain(p > 0 && p < 1, "The p-value is \(p)", "between 0 and 1")
  return p < 0.5 ? absoluteNormalQuantile(1 - 2 * p, logTail: log(2 * p)) : -absoluteNormalQuantile(2 * p - 1)
}

/// z with P(|normal| < z) = level, by Newton steps on erf (level below 1/2) or on ln erfc (above), where neither loses
/// digits.
/// - Parameter logTail: ln(1 - level), where it is known better than from the level
private func absoluteNormalQuantile(_ level: Double, logTail: Double? = nil) -> Double {
  let logTail = logTail ?? log1p(-level)
  var z = level < 0.5 ? level * (Double.pi / 2).squareRoot() : (-2 * logTail).squareRoot()
  for _ in 0..<60 {
    let density = (2 / Double.pi).squareRoot() * exp(-z * z / 2)
    let step: Double
    if level < 0.5 {
      step = (level - erf(z / 2.0.squareRoot())) / density
    } else {
      let tail = erfc(z / 2.0.squareRoot())
      step = (log(tail) - logTail) * tail / density
    }
    z += step
    if abs(step) <= 2e-16 * z { break }
  }
  return z
}
