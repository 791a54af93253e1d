import Rates
import ScanCore

extension LikelihoodPlanner {
  /// The covariance of the backgrounds that have a pull, and of their shapes, beside the variances of `plan`; nil for a
  /// Poisson statistic and where nothing is pulled but the signal [UPS-25].
  package func whitening(of plan: LikelihoodPlan) -> CovarianceWhitening? {
    guard plan.statistic == .gaussian else { return nil }
    let systematics = model.systematics
    let pulled = model.backgroundTemplates().filter { systematics.backgroundWidths[$0.name] != nil }
    guard !pulled.isEmpty || !model.backgroundShapes.isEmpty else { return nil }
    var whitening = CovarianceWhitening(variance: plan.variance)
    for background in pulled {
      let isFree = systematics.freeBackgrounds.contains(background.name)
      whitening.add(
        template: background.events, width: isFree ? nil : systematics.backgroundWidths[background.name])
    }
    for shape in model.backgroundShapes { whitening.add(template: shape.change, width: 1) }
    return whitening
  }

  /// Names of the pulls that the covariance holds, in the order of the experiment file.
  package var covariancePullNames: [String] {
    model.backgroundTemplates().map(\.name).filter { model.systematics.backgroundWidths[$0] != nil }
      + model.backgroundShapes.map(\.name)
  }

  package var hasBackgroundShapes: Bool { !model.backgroundShapes.isEmpty }

  /// Throws when the statistic cannot have the data or the pulls of the experiment.
  package func checkStatistic(_ statistic: StatisticKind) throws(PlanningError) {
    if statistic == .gaussian, let names = model.shapePulls?.names, let name = names.first {
      throw PlanningError(
        "The Gaussian statistic takes pulls of the signal normalisation and of backgrounds, and the experiment lets "
          + "\"\(name)\" change the signal. Use --statistic poisson, or an experiment without it.")
    }
    let reason =
      model.uncertainties != nil
      ? "uncertainties of its own"
      : model.fluxRatioLimit != nil ? "a limit on the flux in place of events" : nil
    if let reason, statistic == .poisson {
      throw PlanningError(
        "Experiment \(model.name) has \(reason), which the Poisson statistic cannot use. Use --statistic gaussian."
      )
    }
  }

  func counts(_ dataSet: DataSet, prediction: [Double]) throws(PlanningError) -> [Double] {
    // the limit on the flux ratio is about the prediction itself
    if dataSet == .asimov || model.fluxRatioLimit != nil { return prediction }
    guard let observed = model.observed else {
      throw PlanningError(
        "Experiment \(model.name) is a projection and has no observed counts. Use --data asimov for its sensitivity."
      )
    }
    return observed
  }

  /// The given uncertainties squared; the width at which a flux-ratio limit holds; or the counts.
  func variance(
    of observed: [Double], prediction: [Double], fluxRatioLevel: Double?
  ) throws(PlanningError) -> [Double] {
    if let uncertainties = model.uncertainties { return uncertainties.map { $0 * $0 } }
    if let limit = model.fluxRatioLimit {
      guard let level = fluxRatioLevel, prediction.allSatisfy({ $0 > 0 }) else {
        throw PlanningError(
          "Experiment \(model.name) states a flux-ratio limit and expects no Standard Model events, or no level was given. "
            + "Check the bin and the response.")
      }
      return prediction.map { ($0 * (limit.ratio - 1)) * ($0 * (limit.ratio - 1)) / level }
    }
    if let bin = observed.firstIndex(where: { $0 < Self.smallestGaussianCount }) {
      throw PlanningError(
        "The Gaussian statistic takes the count of each bin as its variance, and bin \(bin) has \(observed[bin]) events "
          + "(at least \(Self.smallestGaussianCount) are needed). Use --statistic poisson, merge bins, or give "
          + "`channel.uncertainties`.")
    }
    return observed
  }
}
