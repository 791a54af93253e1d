import Rates
import ScanCore

extension LikelihoodPlanner {
  /// The likelihood of an interaction that interferes with the Standard Model [UPS-35]: the signal of a point is the whole
  /// expectation of neutrinos, T = SM + u L + u^2 Q, with q = 1; the base holds backgrounds and
  /// `LikelihoodPlan.baseShare` of the Standard Model, and the first pull scales the signal.
  package func interferencePlan(
    standardModel: [Double], signalFold: ComponentFold, dataSet: DataSet, statistic: StatisticKind,
    fluxRatioLevel: Double? = nil
  ) throws(PlanningError) -> LikelihoodPlan {
    if model.systematics.signalWidth != nil, model.systematics.signalScope != .signalAndStandardModel {
      throw PlanningError(
        "This interaction interferes with the Standard Model, and the signal pull of \(model.name) has `scope: sm-only`: the two "
          + "cannot be told apart. Use `scope: dipole-and-sm`, or an experiment without that pull.")
    }
    var plan = try plan(
      standardModel: standardModel, signalFold: signalFold, dataSet: dataSet, statistic: statistic,
      fluxRatioLevel: fluxRatioLevel)
    for bin in plan.base.indices {
      plan.base[bin] = LikelihoodPlan.baseShare * standardModel[bin]
    }
    for background in model.backgroundTemplates() {
      for bin in plan.base.indices { plan.base[bin] += background.events[bin] }
    }
    if plan.pullCount > 0 { plan.pullTemplates[0] = [Double](repeating: 0, count: plan.base.count) }
    return plan
  }
}
