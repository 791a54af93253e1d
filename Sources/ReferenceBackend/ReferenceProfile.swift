import ScanCore

/// Test statistic and best pulls of every point of a tile, one point after the other [UPS-12, UPS-13].
struct ReferenceProfile: LoadedProfile {
  let plan: LikelihoodPlan

  func evaluate(_ tile: Tile, templates: [Double]) throws(BackendError) -> ProfileResult {
    try plan.check(tile, templates: templates)
    let bins = plan.binCount
    var result = ProfileResult(statistic: [], pulls: [], unconverged: 0)
    result.statistic.reserveCapacity(tile.count)
    for row in 0..<tile.rows {
      let template = Array(templates[row * bins..<(row + 1) * bins])
      for column in 0..<tile.columns {
        let signal = template.map { $0 * tile.couplingSquares[row * tile.columns + column] }
        let minimum = plan.statistic == .poisson ? poissonMinimum(signal) : gaussianMinimum(signal)
        result.statistic.append(minimum.statistic)
        result.pulls += minimum.pulls
        if !minimum.converged { result.unconverged += 1 }
      }
    }
    return result
  }

  private func poissonMinimum(_ signal: [Double]) -> PullMinimum {
    var constant = plan.base
    var templates = plan.pullTemplates
    let scaled = plan.firstPullScalesSignal && plan.pullCount > 0
    for bin in 0..<plan.binCount {
      if scaled { templates[0][bin] += signal[bin] } else { constant[bin] += signal[bin] }
      for template in plan.pullTemplates { constant[bin] -= template[bin] }
    }
    let problem = PullProblem(
      observed: plan.observed, constant: constant, templates: templates, widths: plan.pullWidths)
    return problem.minimum()
  }

  /// [UPS-13] r = n - base - q s, t = D_0 (+ q s): a = sum(r t/V) / (sum(t^2/V) + 1/sigma^2), then the sum of squares
  /// with that pull put in.
  private func gaussianMinimum(_ signal: [Double]) -> PullMinimum {
    let bins = 0..<plan.binCount
    let residual = bins.map { plan.observed[$0] - plan.base[$0] - signal[$0] }
    guard plan.pullCount > 0 else {
      let statistic = bins.reduce(0) { $0 + residual[$1] * residual[$1] / plan.variance[$1] }
      return PullMinimum(statistic: statistic, pulls: [], converged: true)
    }
    let scaled = plan.firstPullScalesSignal ? 1.0 : 0.0
    let template = bins.map { plan.pullTemplates[0][$0] + scaled * signal[$0] }
    let width = plan.pullWidths[0]
    let projection = bins.reduce(0) { $0 + residual[$1] * template[$1] / plan.variance[$1] }
    let norm = bins.reduce(1 / (width * width)) { $0 + template[$1] * template[$1] / plan.variance[$1] }
    // a parabola in the pull: beyond the floor of the factor 1 + a the constrained minimum lies on the floor
    let pull = max(projection / norm, PullProblem.lowestFactor - 1)
    var statistic = (pull / width) * (pull / width)
    for bin in bins {
      let rest = residual[bin] - pull * template[bin]
      statistic += rest * rest / plan.variance[bin]
    }
    return PullMinimum(statistic: statistic, pulls: [pull], converged: true)
  }
}

/// The minimum of a statistic over its pulls.
struct PullMinimum {
  var statistic: Double
  /// eta_k
  var pulls: [Double]
  var converged: Bool
}
