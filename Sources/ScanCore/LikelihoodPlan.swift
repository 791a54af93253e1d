/// The statistic a `profile` or `pointwise` job minimises over its pulls.
package enum StatisticKind: String, Codable, Sendable, CaseIterable {
  /// 2 sum[mu - n + n ln(n/mu)] + sum(eta/sigma)^2 [UPS-12], minimised over up to four pulls by Newton steps.
  case poisson
  /// sum (n - mu)^2 / variance + (eta_0/sigma_0)^2 [UPS-13] of arXiv:2008.02759, one pull, closed form.
  case gaussian
}

/// Spreads the energy bins of each flux component over the bins of the likelihood:
/// s[i * timeBins + j] = sum over c of rate[c][i] * weights[c][j].
package struct ComponentFold: Codable, Hashable, Sendable {
  package var componentCount: Int
  package var energyBins: Int
  package var timeBins: Int
  /// componentCount x timeBins, time contiguous; one column of ones when there is no time axis.
  package var weights: [Double]
  package init(componentCount: Int, energyBins: Int, timeBins: Int, weights: [Double]) {
    self.componentCount = componentCount
    self.energyBins = energyBins
    self.timeBins = timeBins
    self.weights = weights
  }
  package var binCount: Int { energyBins * timeBins }

  /// Signal template of one mass from its rates; the order of operations (fused multiply-add, components
  /// ascending from zero) is the one the fused kernels use.
  package func fold(_ rates: some Collection<Double>) -> [Double] {
    let rates = Array(rates)
    var template = [Double](repeating: 0, count: binCount)
    for i in 0..<energyBins {
      for j in 0..<timeBins {
        var sum = 0.0
        for c in 0..<componentCount {
          sum.addProduct(rates[c * energyBins + i], weights[c * timeBins + j])
        }
        template[i * timeBins + j] = sum
      }
    }
    return template
  }
}

/// Observation, templates and pulls, as linear forms per bin:
///
///     mu = base + q s + sum_k eta_k D_k  (+ eta_0 q s when the first pull also scales the signal)
///
/// with s the signal template of the point's mass and q = (d / referenceCoupling)^2 >= 0.
/// Units: events. Axes: bins energy-major, time contiguous. Domain: base >= sum of D_k, everything >= 0; under the Gaussian
/// statistic any sign, as its bins may be mixed by a covariance [UPS-25].
package struct LikelihoodPlan: Codable, Hashable, Sendable {
  package static let maximumPulls = 4
  /// With interference, the part of the Standard Model that stays in the base, so that a bin without background keeps an
  /// expectation above zero where interference is destructive; the signal is smaller by as much [UPS-35].
  package static let baseShare = 1e-9
  package var statistic: StatisticKind
  package var fold: ComponentFold
  package var observed: [Double]
  package var base: [Double]
  /// D_k, one array per pull; the first belongs to the signal normalisation.
  package var pullTemplates: [[Double]]
  /// Gaussian widths, > 0, one per pull.
  package var pullWidths: [Double]
  /// True: the first pull scales Standard Model and dipole signal together; false: D_0 only.
  package var firstPullScalesSignal: Bool
  /// Per-bin variance of the Gaussian statistic; empty for Poisson.
  package var variance: [Double]

  package init(
    statistic: StatisticKind, fold: ComponentFold, observed: [Double], base: [Double],
    pullTemplates: [[Double]],
    pullWidths: [Double], firstPullScalesSignal: Bool, variance: [Double]
  ) {
    self.statistic = statistic
    self.fold = fold
    self.observed = observed
    self.base = base
    self.pullTemplates = pullTemplates
    self.pullWidths = pullWidths
    self.firstPullScalesSignal = firstPullScalesSignal
    self.variance = variance
  }
  package var binCount: Int { observed.count }
  package var pullCount: Int { pullWidths.count }
}
