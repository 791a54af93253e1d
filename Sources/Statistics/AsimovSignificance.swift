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
