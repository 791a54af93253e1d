import Experiments
import Rates
import ScanCore

/// Which counts the scan compares with.
package enum DataSet: String, Codable, Sendable, CaseIterable {
  /// The counts of the experiment file: limits.
  case observed
  /// The Standard Model plus backgrounds, exactly: median sensitivities.
  case asimov
}

/// Binds templates, observation and pulls into a `LikelihoodPlan`.
package struct LikelihoodPlanner {
  let model: RateModel
  /// Smallest count a bin may have under the Gaussian statistic, whose variance is the count.
  package static let smallestGaussianCount = 5.0

  package init(model: RateModel) { self.model = model }

  /// How the components of `planner`'s output spread over energy-time bins.
  package func fold(for planner: RatePlanner) -> ComponentFold {
    let weights = planner.model.timeWeights()
    let used = planner.componentIndices
    return ComponentFold(
      componentCount: used.count, energyBins: model.energyBinCount, timeBins: weights.first?.count ?? 1,
      weights: used.flatMap { index in weights[index].map { planner.share(of: index) * $0 } })
  }

  /// - Parameters:
  ///   - standardModel: events per likelihood bin, folded
  ///   - signalFold: fold of the dipole plan's components
  ///   - fluxRatioLevel: Delta chi2 at which a flux-ratio limit of the experiment holds [UPS-26]
  package func plan(
    standardModel: [Double], signalFold: ComponentFold, dataSet: DataSet, statistic: StatisticKind,
    fluxRatioLevel: Double? = nil
  ) throws(PlanningError) -> LikelihoodPlan {
    let systematics = model.systematics
    var base = standardModel
    var pullTemplates: [[Double]] = []
    var pullWidths: [Double] = []
    let zeros = [Double](repeating: 0, count: base.count)
    let backgrounds = model.backgroundTemplates()
    if let width = systematics.signalWidth {
      pullTemplates.append(standardModel)
      pullWidths.append(width)
    } else if !backgrounds.isEmpty {
      // the first slot belongs to the signal; without such a pull it stays empty and frozen
      pullTemplates.append(zeros)
      pullWidths.append(1)
    }
    for background in backgrounds {
      for b in base.indices { base[b] += background.events[b] }
      // the Gaussian statistic holds these pulls in its covariance
      guard statistic == .poisson, let width = systematics.backgroundWidths[background.name] else { continue }
      pullTemplates.append(background.events)
      pullWidths.append(width)
    }
    guard pullWidths.count <= LikelihoodPlan.maximumPulls else {
      throw PlanningError(
        "The experiment asks for \(pullWidths.count) pulls; at most \(LikelihoodPlan.maximumPulls) are supported "
          + "(signal normalisation and three backgrounds). Merge backgrounds or drop a width from `systematics`."
      )
    }
    let observed = try counts(dataSet, prediction: base)
    if statistic == .poisson {
      try checkFreeBackgrounds(backgrounds)
      try checkObserved(observed, base: base)
    }
    let variance =
      statistic == .gaussian
      ? try variance(of: observed, prediction: base, fluxRatioLevel: fluxRatioLevel) : []
    try checkStatistic(statistic)
    return LikelihoodPlan(
      statistic: statistic, fold: signalFold, observed: observed, base: base, pullTemplates: pullTemplates,
      pullWidths: pullWidths,
      firstPullScalesSignal: systematics.signalWidth != nil
        && systematics.signalScope == .signalAndStandardModel,
      variance: variance)
  }

  /// Names of the pulls of `plan`, in order, then those of the shapes; the Gaussian statistic holds those of the
  /// backgrounds in its covariance.
  package func pullNames(statistic: StatisticKind) -> [String] {
    let shapes = (model.shapePulls?.names ?? []) + model.backgroundShapes.map(\.name)
    return linearPullNames(statistic: statistic) + (statistic == .poisson ? shapes : [])
  }

  private func linearPullNames(statistic: StatisticKind) -> [String] {
    let backgrounds = model.backgroundTemplates().map(\.name)
    let pulled = backgrounds.filter { model.systematics.backgroundWidths[$0] != nil }
    if statistic == .gaussian {
      return model.systematics.signalWidth == nil && backgrounds.isEmpty ? [] : ["signal"]
    }
    return (model.systematics.signalWidth == nil && backgrounds.isEmpty ? [] : ["signal"]) + pulled
  }
}
