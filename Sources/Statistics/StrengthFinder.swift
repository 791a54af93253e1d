import ScanCore

/// The best strength of one signal template in a joint likelihood, its limit, and the pulls that go with a strength
/// [UPS-14, UPS-36].
package struct StrengthFinder: Sendable {
  private let plan: JointPlan
  private let joint: any LoadedJoint
  private let data: JointData
  private let template: [Double]

  /// - Parameters:
  ///   - joint: the same plan, loaded on a backend
  ///   - data: one data set
  ///   - template: signal events at strength 1, one row
  package init(_ plan: JointPlan, joint: any LoadedJoint, data: JointData, template: [Double]) {
    (self.plan, self.joint, self.data, self.template) = (plan, joint, data, template)
  }

  /// - Parameter threshold: Delta chi2 of the limit, > 0; the minimum is that over strengths >= 0
  package func limit(threshold: Double) throws(BackendError) -> CouplingLimit {
    let finder = LimitFinder(plan: scale, profile: JointTiles(joint: joint, data: data))
    return try finder.limits(masses: [0], templates: template, threshold: threshold)[0]
  }

  /// The statistic at each strength, minimised over the pulls, and the best eta of every pull there.
  package func profile(
    _ strengths: [Double]
  ) throws(BackendError) -> [(statistic: Double, pulls: [Double])] {
    let points = strengths.map { JointPoint(set: 0, row: 0, strength: $0) }
    let result = try joint.converged(points, data: data, templates: template)
    return strengths.indices.map { index in
      (result.statistic[index], Array(result.pulls[index * plan.pullCount..<(index + 1) * plan.pullCount]))
    }
  }

  /// What the search takes from a plan: the number of bins and their variances.
  private var scale: LikelihoodPlan {
    let background = plan.expectation(
      factors: plan.pulls.map { _ in 1 }, signal: plan.rest.map { _ in 0.0 }, strength: 0)
    let variances = plan.variance.indices.map { bin in
      plan.variance[bin] > 0 ? plan.variance[bin] : max(background[bin], 0) + 1
    }
    return LikelihoodPlan(
      statistic: .gaussian,
      fold: ComponentFold(componentCount: 1, energyBins: plan.binCount, timeBins: 1, weights: [1]),
      observed: data.observed, base: background, pullTemplates: [], pullWidths: [],
      firstPullScalesSignal: false,
      variance: variances)
  }
}

/// The joint likelihood on tiles of strengths.
private struct JointTiles: LoadedProfile {
  let joint: any LoadedJoint
  let data: JointData

  func evaluate(_ tile: Tile, templates: [Double]) throws(BackendError) -> ProfileResult {
    let points = tile.couplingSquares.enumerated().map { index, q in
      JointPoint(set: 0, row: index / tile.columns, strength: q)
    }
    return try joint.converged(points, data: data, templates: templates)
  }
}

extension LoadedJoint {
  /// `profile`, and throws where a fit did not end at a minimum or has no finite statistic.
  fileprivate func converged(
    _ points: [JointPoint], data: JointData, templates: [Double]
  ) throws(BackendError) -> ProfileResult {
    let result = try profile(points, data: data, templates: templates)
    let strengths = "strengths \(points.first?.strength ?? 0) to \(points.last?.strength ?? 0)"
    if result.unconverged > 0 {
      throw BackendError(
        .deviceFailure,
        "The pulls of \(result.unconverged) of \(points.count) fits (\(strengths)) did not converge, so nothing is stated. Run "
          + "with --backend reference, and report the case.")
    }
    if let index = result.statistic.firstIndex(where: { !$0.isFinite }) {
      throw BackendError(
        .deviceFailure,
        "The statistic at strength \(points[index].strength) is \(result.statistic[index]): the model expects fewer than 0 events "
          + "in a bin there. Check signal and shapes in the bins with the fewest events.")
    }
    return result
  }
}
