import Foundation

/// Limits from one Poisson count n over a known background b [UPS-18].
package struct CountingExperiment: Hashable, Sendable {
  package let observed: Int
  /// Expected background events, >= 0.
  package let background: Double

  package init(observed: Int, background: Double) throws(StatisticsError) {
    try requireDomain(
      observed >= 0 && observed <= 1_000_000, "The observed count is \(observed)", "between 0 and 1000000")
    try requireDomain(
      background.isFinite && background >= 0 && background <= 1e6, "The background is \(background) events",
      "between 0 and 1e6")
    self.observed = observed
    self.background = background
  }

  // MARK: - CLs

  /// Returns the signal at which P(<= n | s + b) / P(<= n | b) = 1 - CL. Relative accuracy 1e-13.
  /// Source: Read, J. Phys. G 28 (2002) 2693.
  ///
  /// ln P(<= n | s) falls and is concave in s: Newton steps from s = 0 overshoot once, then descend to the root.
  package func clsUpperLimit(confidenceLevel: Double) throws(StatisticsError) -> Double {
    try requireConfidenceLevel(confidenceLevel)
    let target = logCumulative(mean: background) + log1p(-confidenceLevel)
    var signal = 0.0
    for _ in 0..<200 {
      let mean = signal + background
      let cumulative = logCumulative(mean: mean)
      // d/ds ln P(<= n) = -P(n)/P(<= n); at mean 0 with n > 0 it vanishes, and one event is a start
      let slope = exp(logProbability(observed, mean: mean) - cumulative)
      let step =
        slope < 1e-3 && signal < Double(observed) ? max(1, Double(observed)) : (cumulative - target) / slope
      signal += step
      if abs(step) <= 1e-15 * max(signal, 1) { break }
    }
    return signal
  }

  // MARK: - Feldman-Cousins

  /// Returns the end points of the set of signals that accept the observed count. Accuracy 1e-9.
  ///
  /// For each signal mu, counts are ranked by R = P(n | mu + b) / P(n | mu_best + b), mu_best = max(0, n - b), and
  /// accepted in that order until their probability reaches the confidence level. No smoothing in b.
  /// Source: Feldman and Cousins, Phys. Rev. D 57 (1998) 3873.
  package func feldmanCousinsInterval(confidenceLevel: Double) throws(StatisticsError) -> ClosedRange<Double>
  {
    try requireConfidenceLevel(confidenceLevel)
    let n = Double(observed)
    // the accepted set has gaps and islands of width ~ 0.01; a grid finds its outermost members
    let step = 0.005 * max(1, n.squareRoot() / 3)
    let top = n + 10 * (n + 1).squareRoot() - 4 * log1p(-confidenceLevel)
    let centre = max(0, n - background)  // ranked first there, always accepted
    var upper = top
    while upper > centre && !accepts(signal: upper, confidenceLevel) { upper -= step }
    upper = boundary(accepted: max(upper, centre), rejected: upper + step, confidenceLevel)
    var lower = 0.0
    while lower < centre && !accepts(signal: lower, confidenceLevel) { lower += step }
    lower = min(lower, centre)
    if lower > 0 { lower = boundary(accepted: lower, rejected: max(0, lower - step), confidenceLevel) }
    return lower...max(lower, upper)
  }

  /// Bisects between an accepted and a rejected signal.
  private func boundary(accepted: Double, rejected: Double, _ level: Double) -> Double {
    var (inside, outside) = (accepted, rejected)
    for _ in 0..<40 {
      let middle = (inside + outside) / 2
      if accepts(signal: middle, level) { inside = middle } else { outside = middle }
    }
    return inside
  }

  /// The observed count is accepted if the counts ranked before it do not already reach the confidence level. R has
  /// one maximum in n, near mu + b, so the sum stops once both R and the probability have died out.
  private func accepts(signal: Double, _ level: Double) -> Bool {
    let own = logRank(observed, signal: signal)
    let mean = signal + background
    let last = max(observed, Int(mean + 12 * (mean + 1).squareRoot() + 20))
    let first = max(0, min(observed, Int(mean - 12 * (mean + 1).squareRoot() - 20)))
    var probability = 0.0
    for count in first...last where logRank(count, signal: signal) > own {
      probability += exp(logProbability(count, mean: mean))
      if probability >= level { return false }
    }
    return true
  }

  /// ln R = n ln((mu + b)/(mu_best + b)) - (mu - mu_best)
  private func logRank(_ count: Int, signal: Double) -> Double {
    let best = max(0, Double(count) - background)
    if count == 0 { return best - signal }
    return Double(count) * log((signal + background) / (best + background)) + best - signal
  }

  // MARK: - Poisson probabilities

  private func logProbability(_ count: Int, mean: Double) -> Double {
    if mean == 0 { return count == 0 ? 0 : -.infinity }
    return Double(count) * log(mean) - mean - lgamma(Double(count) + 1)
  }

  /// ln P(<= n | mean), summed outwards from its largest term.
  private func logCumulative(mean: Double) -> Double {
    if mean == 0 { return 0 }
    let peak = min(observed, Int(mean))
    var sum = 1.0
    var term = 1.0
    for count in stride(from: peak, to: 0, by: -1) {
      term *= Double(count) / mean
      sum += term
      if term < 1e-18 * sum { break }
    }
    term = 1
    for count in stride(from: peak + 1, through: observed, by: 1) {
      term *= mean / Double(count)
      sum += term
      if term < 1e-18 * sum { break }
    }
    return logProbability(peak, mean: mean) + log(sum)
  }
}
