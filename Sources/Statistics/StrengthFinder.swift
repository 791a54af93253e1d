import ScanCore

/// The strengths of one signal template that a joint likelihood allows.
package struct StrengthInterval: Hashable, Sendable {
  /// q >= 0 at the minimum; 0 when any signal makes the fit worse.
  package var best: Double
  package var statistic: Double
  package var statisticWithoutSignal: Double
  /// Where the statistic rises through the level above the best strength; nil where it does not up to
  /// `JointModel.reach`.
  package var upper: Double?
  /// Where it does below; nil where no signal at all is allowed too.
  package var lower: Double?
}

/// Finds the best strength of one signal template in a joint likelihood and its limit [UPS-14, UPS-36].
///
/// The search goes outwards from the best fit, since fits far beyond the limit may end where an empty bin expects nothing, which
/// no backend calls converged.
package struct StrengthFinder: Sendable {
  private let model: JointModel
  private let data: JointData
  /// Of the ends of an interval, relative.
  private static let tolerance = 1e-12

  /// - Parameters:
  ///   - model: of one row, whose signal is not zero everywhere
  ///   - data: one data set
  package init(_ model: JointModel, data: JointData) {
    (self.model, self.data) = (model, data)
  }

  /// - Parameter threshold: Delta chi2 of the limit, > 0
  package func interval(threshold: Double) throws -> StrengthInterval {
    guard let scale = try model.naturalScale(row: 0), let best = try best() else {
      throw StatisticsError("The signal template is zero in every bin; there is no strength to find.")
    }
    var interval = StrengthInterval(
      best: best.strength, statistic: best.statistic,
      statisticWithoutSignal: try profile([0])[0].statistic)
    // nearly a straight line in q
    let height = { (q: Double) throws(BackendError) in
      max(try profile([q])[0].statistic - best.statistic, 0).squareRoot() - threshold.squareRoot()
    }
    let search = CrossingSearch(tolerance: Self.tolerance)
    let outwards = CrossingSearch.Curve(
      start: best.strength, scale: max(scale, best.strength),
      largest: best.strength + JointModel.reach * scale)
    interval.upper = try search.crossings([outwards]) { _, q throws(BackendError) in
      try q.map { q throws(BackendError) in try height(q) }
    }[0]
    if interval.statisticWithoutSignal - best.statistic >= threshold {
      let downwards = CrossingSearch.Curve(start: 0, scale: best.strength, largest: best.strength)
      interval.lower = try search.crossings([downwards]) { _, below throws(BackendError) in
        try below.map { below throws(BackendError) in try height(best.strength - below) }
      }[0].map { best.strength - $0 }
    }
    return interval
  }

  private func best() throws(BackendError) -> JointBest? {
    try model.best(JointSearch(rows: 0..<1), data: data).first
  }

  /// The statistic at each strength, minimised over the pulls, and the best factors of the pulls there.
  package func profile(_ strengths: [Double]) throws(BackendError) -> [JointFit] {
    try model.fits(strengths.map { JointPoint(set: 0, row: 0, strength: $0) }, data: data)
  }
}
