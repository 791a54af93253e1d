import ScanCore

/// The strengths of one signal template that a joint likelihood allows.
package struct StrengthInterval: Hashable, Sendable {
  /// q >= 0 at the minimum; 0 when any signal makes the fit worse.
  package var best: Double
  package var statistic: Double
  package var statisticWithoutSignal: Double
  /// Where the statistic rises through the level above the best strength; nil where it does not up to `searched`.
  package var upper: Double?
  /// Where it does below; nil where no signal at all is allowed too.
  package var lower: Double?
  /// Largest strength that was looked at.
  package var searched: Double
}

/// Finds the best strength of one signal template in a joint likelihood and its limit [UPS-14, UPS-36].
///
/// The search goes outwards from the best fit, since fits far beyond the limit may end where an empty bin expects nothing, which
/// no backend calls converged.
package struct StrengthFinder: Sendable {
  private let plan: JointPlan
  private let joint: any LoadedJoint
  private let data: JointData
  private let template: [Double]

  /// Strengths up to this many times the one that is as large as its fluctuation.
  private static let largestScales = 1e6
  private static let maximumSteps = 60

  /// - Parameters:
  ///   - joint: the same plan, loaded on a backend
  ///   - data: one data set
  ///   - template: signal events at strength 1, one row, not all zero
  package init(_ plan: JointPlan, joint: any LoadedJoint, data: JointData, template: [Double]) {
    (self.plan, self.joint, self.data, self.template) = (plan, joint, data, template)
  }

  /// - Parameter threshold: Delta chi2 of the limit, > 0
  package func limit(threshold: Double) throws(BackendError) -> StrengthInterval {
    let minima = try joint.minima(JointSearch(rows: 0..<1), data: data, templates: template)
    let (best, statistic) = (minima.strength[0], minima.statistic[0])
    guard minima.unconverged == 0, statistic.isFinite else { throw unconverged(best) }
    var limit = StrengthInterval(
      best: best, statistic: statistic, statisticWithoutSignal: try profile([0])[0].statistic, searched: best)
    if limit.statisticWithoutSignal - statistic >= threshold {
      limit.lower = try crossing(inner: best, outer: 0, level: statistic, threshold)
    }
    let scale = naturalScale
    var (inner, step) = (best, max(scale, best))
    while best + step <= Self.largestScales * max(scale, best) {
      guard let value = try converged(best + step) else { break }
      limit.searched = best + step
      if value - statistic >= threshold {
        limit.upper = try crossing(inner: inner, outer: best + step, level: statistic, threshold)
        break
      }
      inner = best + step
      step *= 2
    }
    return limit
  }

  /// The statistic at each strength, minimised over the pulls, and the best eta of every pull there.
  package func profile(
    _ strengths: [Double]
  ) throws(BackendError) -> [(statistic: Double, pulls: [Double])] {
    let points = strengths.map { JointPoint(set: 0, row: 0, strength: $0) }
    let result = try joint.profile(points, data: data, templates: template)
    guard result.unconverged == 0, result.statistic.allSatisfy(\.isFinite) else {
      throw unconverged(strengths.last ?? 0)
    }
    return strengths.indices.map { index in
      (result.statistic[index], Array(result.pulls[index * plan.pullCount..<(index + 1) * plan.pullCount]))
    }
  }

  /// nil where the fit did not converge
  private func converged(_ strength: Double) throws(BackendError) -> Double? {
    let result = try joint.profile(
      [JointPoint(set: 0, row: 0, strength: strength)], data: data, templates: template)
    return result.unconverged == 0 && result.statistic[0].isFinite ? result.statistic[0] : nil
  }

  private func unconverged(_ strength: Double) -> BackendError {
    BackendError(
      .deviceFailure,
      "The pulls do not converge at strengths up to \(strength), so nothing is stated. Bins that expect next to nothing and pulls "
        + "that take more than that away are the usual cause: merge or mend them. Else run with --backend reference."
    )
  }

  /// (sum s^2/(b + 1))^-1/2, or with the variance of a Gaussian bin: the signal is as large as its fluctuation.
  private var naturalScale: Double {
    let background = plan.expectation(
      factors: plan.pulls.map { _ in 1 }, signal: plan.rest.map { _ in 0.0 }, strength: 0)
    var information = 0.0
    for (bin, signal) in template.enumerated() {
      let variance = plan.variance[bin] > 0 ? plan.variance[bin] : max(background[bin], 0) + 1
      information += signal * signal / variance
    }
    return 1 / information.squareRoot()
  }

  /// Root of sqrt(Delta chi2) - sqrt(threshold) between an allowed and an excluded strength, by Ridders' method (IEEE Trans.
  /// Circuits Syst. 26 (1979) 979) to 1e-12, relative.
  private func crossing(
    inner: Double, outer: Double, level: Double, _ threshold: Double
  ) throws(BackendError) -> Double {
    func height(_ q: Double) throws(BackendError) -> Double {
      max(try profile([q])[0].statistic - level, 0).squareRoot() - threshold.squareRoot()
    }
    var (low, high) = ((q: inner, h: try height(inner)), (q: outer, h: try height(outer)))
    var root = outer
    for _ in 0..<Self.maximumSteps {
      let middle = low.q + (high.q - low.q) / 2
      let h = try height(middle)
      let slope = (h * h - low.h * high.h).squareRoot()
      let estimate = slope > 0 ? middle - (middle - low.q) * h / slope : middle
      for (q, h) in [(middle, h), (estimate, try height(estimate))] {
        guard q > min(low.q, high.q), q < max(low.q, high.q) else { continue }
        if h < 0 { low = (q, h) } else { high = (q, h) }
      }
      let isDone = abs(estimate - root) <= 1e-12 * estimate || abs(high.q - low.q) <= 1e-12 * abs(high.q)
      root = estimate
      if isDone { break }
    }
    return root
  }
}
