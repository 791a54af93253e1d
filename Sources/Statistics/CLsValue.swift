import Foundation
import Numerical

/// CLs with what it is made of: p-values of the tested signal and of the background alone [UPS-42].
package struct CLsValue: Hashable, Sendable {
  /// P(a statistic at least as large as the observed one) with the signal, CLs+b.
  package var signalPlusBackground: Double
  /// The same with background only, CLb.
  package var background: Double
  /// Their ratio.
  package var value: Double

  /// From the asymptotic distributions of q~.
  /// Source: arXiv:1007.1727, Sec. 3.7, with sigma from the Asimov set, Eq. 30.
  /// - Parameters:
  ///   - statistic: q~ of the data, >= 0
  ///   - asimovStatistic: q~ of the background-only Asimov set, >= 0
  package init(statistic: Double, asimovStatistic: Double) throws(StatisticsError) {
    for value in [statistic, asimovStatistic] {
      try requireDomain(value.isFinite && value >= 0, "A test statistic is \(value)", "a finite number >= 0")
    }
    let root = asimovStatistic.squareRoot()
    // -muhat/sigma, which is linear in q~ where muhat < 0; without sensitivity nothing is told apart
    let deviation =
      statistic <= asimovStatistic
      ? statistic.squareRoot() - root : root > 0 ? (statistic - asimovStatistic) / (2 * root) : 0
    self.init(deviation: deviation, asimovRoot: root)
  }

  /// What is expected of background-only data whose best strength fluctuates by `fluctuation` standard deviations
  /// downwards. Source: arXiv:1007.1727, Sec. 4.3; not cut off where the best strength exceeds the tested one.
  package init(fluctuation: Double, asimovStatistic: Double) throws(StatisticsError) {
    try requireDomain(
      fluctuation.isFinite && abs(fluctuation) <= 30, "The fluctuation is \(fluctuation)", "within +-30")
    try requireDomain(
      asimovStatistic.isFinite && asimovStatistic >= 0, "A test statistic is \(asimovStatistic)",
      "a finite number >= 0")
    self.init(deviation: fluctuation, asimovRoot: asimovStatistic.squareRoot())
  }

  /// ln CLs, also where CLs underflows.
  let logarithm: Double

  private init(deviation d: Double, asimovRoot root: Double) {
    signalPlusBackground = normalCDF(-d - root)
    background = normalCDF(-d)
    if d < 0 {
      logarithm = Self.logTail(d + root) - log(background)
    } else {
      // the exponents differ by root (d + root/2), without cancellation
      let tails =
        scaledComplementaryErrorFunction((d + root) / 2.0.squareRoot())
        / scaledComplementaryErrorFunction(d / 2.0.squareRoot())
      logarithm = log(tails) - root * (d + root / 2)
    }
    value = exp(logarithm)
  }

  /// ln P(normal > z)
  private static func logTail(_ z: Double) -> Double {
    if z < 0 { return log(normalCDF(-z)) }
    let x = z / 2.0.squareRoot()
    return log(scaledComplementaryErrorFunction(x) / 2) - x * x
  }
}
