import Foundation

/// Returns the median discovery significance of `signal` events over a known background [UPS-18]:
/// Z = sqrt(2 [(s + b) ln(1 + s/b) - s]). Source: Cowan, Cranmer, Gross, Vitells, arXiv:1007.1727, Eq. 97.
/// - Parameters:
///   - signal: s, events, >= 0
///   - background: b, events, > 0
package func asimovSignificance(signal: Double, background: Double) throws(StatisticsError) -> Double {
  try requireDomain(signal.isFinite && signal >= 0, "The signal is \(signal) events", "a finite number >= 0")
  try requireDomain(
    background.isFinite && background > 0, "The background is \(background) events", "a finite number > 0")
  return (2 * background * shiftedEntropy(signal / background)).squareRoot()
}

/// (1 + x) ln(1 + x) - x; below 0.05 its series sum_{k >= 2} (-x)^k / (k (k - 1)), since the terms cancel there.
private func shiftedEntropy(_ x: Double) -> Double {
  if x >= 0.05 { return (1 + x) * log1p(x) - x }
  var sum = 0.0
  for k in (2...14).reversed() { sum = sum * -x + 1 / Double(k * (k - 1)) }
  return sum * x * x
}

/// Returns CLs from the asymptotic distributions of the profile likelihood ratio [UPS-18]:
/// CLs = [1 - Phi(sqrt(q))] / Phi(sqrt(q_A) - sqrt(q)). Source: arXiv:1007.1727, Eqs. 59 and 65.
/// - Parameters:
///   - statistic: q, Delta chi2 of the tested signal on the data, >= 0
///   - asimovStatistic: q_A, the same on the background-only Asimov data set, >= 0
package func asymptoticCLs(statistic: Double, asimovStatistic: Double) throws(StatisticsError) -> Double {
  for value in [statistic, asimovStatistic] {
    try requireDomain(value.isFinite && value >= 0, "A test statistic is \(value)", "a finite number >= 0")
  }
  let root = statistic.squareRoot()
  let tail = erfc(root / 2.0.squareRoot())
  let norm = erfc((root - asimovStatistic.squareRoot()) / 2.0.squareRoot())
  return tail / norm
}
