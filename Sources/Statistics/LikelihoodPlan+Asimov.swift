import ScanCore

extension LikelihoodPlan {
  /// Returns the plan with its observation replaced by the prediction without dipole signal, n = base: the Asimov
  /// data set of the Standard Model, whose limit is the median sensitivity (arXiv:1007.1727). The variances of the
  /// Gaussian statistic follow the counts, as for data.
  package func withAsimovData() -> LikelihoodPlan {
    var plan = self
    plan.observed = base
    if statistic == .gaussian { plan.variance = base }
    return plan
  }
}
