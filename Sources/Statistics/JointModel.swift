import ScanCore

/// A joint likelihood on a backend, together with the signal templates of its rows [UPS-36].
package struct JointModel: Sendable {
  package let plan: JointPlan
  package let joint: any LoadedJoint
  /// rows x bins, signal events at q = 1
  package let templates: [Double]
  package let rowCount: Int

  package init(
    plan: JointPlan, templates: [Double], on backend: any Backend
  ) throws(BackendError) {
    try self.init(plan: plan, joint: backend.load(plan), templates: templates)
  }

  /// - Parameter joint: the same plan, loaded
  package init(plan: JointPlan, joint: any LoadedJoint, templates: [Double]) throws(BackendError) {
    rowCount = try plan.check(templates: templates)
    self.plan = plan
    self.joint = joint
    self.templates = templates
  }

  package func signal(row: Int) throws(StatisticsError) -> ArraySlice<Double> {
    try requireDomain(
      row >= 0 && row < rowCount, "The row of templates is \(row)", "in 0 ..< \(rowCount)")
    return templates[row * plan.binCount..<(row + 1) * plan.binCount]
  }

  /// The largest expectation of a Poisson bin; 0 without such bins.
  /// - Parameter factors: of the truth; if there are none, no pull is moved
  package func largestMean(row: Int, strength: Double, factors: [Double]) throws(StatisticsError) -> Double {
    let factors = factors.count == plan.pullCount ? factors : nominalFactors
    let mu = plan.expectation(factors: factors, signal: try signal(row: row), strength: strength)
    return zip(mu, plan.variance).reduce(0) { $1.1 > 0 ? $0 : max($0, $1.0) }
  }

  /// Factors of a truth at which no pull is moved.
  package var nominalFactors: [Double] { plan.pulls.map { _ in 1 } }

  /// The strength at which the signal of a row is about as large as its statistical fluctuation,
  /// (sum s^2/(mu + 1))^-1/2 with mu at q = 0 and f = 1, or with the variance in place of mu + 1; nil without signal.
  package func naturalScale(row: Int) throws(StatisticsError) -> Double? {
    let signal = try signal(row: row)
    let background = plan.expectation(factors: nominalFactors, signal: signal, strength: 0)
    var information = 0.0
    for (bin, s) in signal.enumerated() {
      information += s * s / (plan.variance[bin] > 0 ? plan.variance[bin] : max(background[bin], 0) + 1)
    }
    let scale = 1 / information.squareRoot()
    return scale.isFinite && scale > 0 ? scale : nil
  }

  /// Strengths are searched up to this many natural scales. There a pull that scales the signal, at its floor of 1e-6, leaves
  /// a tenth of a fluctuation of it: beyond, the floor would decide.
  package static let reach = 1e5

  /// Whether the best strength of a row lies beyond the reach: a pull absorbs the signal, and no strength is preferred.
  package func runsAway(strength: Double, row: Int) throws(StatisticsError) -> Bool {
    guard let scale = try naturalScale(row: row) else { return false }
    return !(strength <= Self.reach * scale)
  }

  /// The data a hypothesis predicts on average: mu per bin (0 where a pull drives a Poisson bin below), auxiliary
  /// measurements at the factors. Source: arXiv:1007.1727, Sec. 3.2.
  package func asimov(row: Int, strength: Double, factors: [Double]) throws(StatisticsError) -> JointData {
    try requireDomain(
      factors.count == plan.pullCount, "There are \(factors.count) factors", "one per pull, \(plan.pullCount)"
    )
    let mu = plan.expectation(factors: factors, signal: try signal(row: row), strength: strength)
    return JointData(
      observed: zip(mu, plan.variance).map { $1 > 0 ? $0 : max($0, 0) }, centres: factors)
  }
}

// MARK: - Fits

/// A fit of the pulls at fixed row and strength.
package struct JointFit: Hashable, Sendable {
  package var statistic: Double
  /// f_k = 1 + eta_k
  package var factors: [Double]
}

/// A best fit of a data set.
package struct JointBest: Hashable, Sendable {
  package var statistic: Double
  package var row: Int
  package var strength: Double
  package var factors: [Double]
}

extension JointModel {
  /// The fit at every point. Throws where one did not converge or is not finite: data are few, and each must be right.
  package func fits(_ points: [JointPoint], data: JointData) throws(BackendError) -> [JointFit] {
    let result = try joint.profile(points, data: data, templates: templates)
    try requireConverged(result.unconverged, of: points.count)
    for (point, value) in zip(points, result.statistic) where !value.isFinite {
      throw Self.notFinite(value, "at row \(point.row), strength \(point.strength) of data set \(point.set)")
    }
    return points.indices.map {
      JointFit(statistic: result.statistic[$0], factors: factors(result.pulls, $0))
    }
  }

  /// The best fit of every data set. Throws like `fits`.
  package func best(_ search: JointSearch, data: JointData) throws(BackendError) -> [JointBest] {
    let result = try joint.minima(search, data: data, templates: templates)
    try requireConverged(result.unconverged, of: result.statistic.count)
    for (set, value) in result.statistic.enumerated() where !(value.isFinite && result.strength[set].isFinite)
    {
      throw Self.notFinite(value, "at the best fit of data set \(set), strength \(result.strength[set])")
    }
    return result.statistic.indices.map {
      JointBest(
        statistic: result.statistic[$0], row: result.row[$0], strength: result.strength[$0],
        factors: factors(result.pulls, $0))
    }
  }

  private func factors(_ pulls: [Double], _ index: Int) -> [Double] {
    pulls[index * plan.pullCount..<(index + 1) * plan.pullCount].map { 1 + $0 }
  }

  private func requireConverged(_ unconverged: Int, of count: Int) throws(BackendError) {
    guard unconverged == 0 else {
      throw BackendError(
        .unconverged,
        "The pulls of \(unconverged) of \(count) fits did not converge, so nothing is stated from them. Run with --backend "
          + "reference, and report the case.")
    }
  }

  private static func notFinite(_ value: Double, _ place: String) -> BackendError {
    BackendError(
      .deviceFailure,
      "The test statistic \(place) is \(value). Run `upscatter verify`, and choose another backend or double precision."
    )
  }
}
