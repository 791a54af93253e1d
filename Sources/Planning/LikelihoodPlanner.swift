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
    let weights = model.timeWeights()
    let used = planner.componentIndices
    return ComponentFold(
      componentCount: used.count, energyBins: model.energyBinCount, timeBins: weights.first?.count ?? 1,
      weights: used.flatMap { index in weights[index].map { planner.share(of: index) * $0 } })
  }

  /// - Parameters:
  ///   - standardModel: events per likelihood bin, folded
  ///   - signalFold: fold of the dipole plan's components
  package func plan(
    standardModel: [Double], signalFold: ComponentFold, dataSet: DataSet, statistic: StatisticKind
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
      guard let width = systematics.backgroundWidths[background.name] else { continue }
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
    let variance = statistic == .gaussian ? try variance(of: observed) : []
    if statistic == .gaussian, let name = systematics.backgroundWidths.keys.sorted().first {
      throw PlanningError(
        "The Gaussian statistic has one pull, the signal normalisation, and the experiment gives background \"\(name)\" a "
          + "width. Use --statistic poisson, or take the background widths out of `systematics`.")
    }
    return LikelihoodPlan(
      statistic: statistic, fold: signalFold, observed: observed, base: base, pullTemplates: pullTemplates,
      pullWidths: pullWidths,
      firstPullScalesSignal: systematics.signalWidth != nil
        && systematics.signalScope == .signalAndStandardModel,
      variance: variance)
  }

  /// Names of the pulls of `plan`, in order, then those of the shapes.
  package func pullNames(statistic: StatisticKind) -> [String] {
    linearPullNames(statistic: statistic) + (model.shapePulls?.names ?? [])
  }

  private func linearPullNames(statistic: StatisticKind) -> [String] {
    let backgrounds = model.backgroundTemplates().map(\.name)
    let pulled = backgrounds.filter { model.systematics.backgroundWidths[$0] != nil }
    if statistic == .gaussian {
      return model.systematics.signalWidth == nil && backgrounds.isEmpty ? [] : ["signal"]
    }
    return (model.systematics.signalWidth == nil && backgrounds.isEmpty ? [] : ["signal"]) + pulled
  }

  /// Throws when the statistic cannot have the pulls of the experiment that change shapes.
  package func checkShapePulls(statistic: StatisticKind) throws(PlanningError) {
    if statistic == .gaussian, let pull = model.systematics.shapePulls.first {
      throw PlanningError(
        "The Gaussian statistic has one pull, the signal normalisation, and the experiment lets \"\(pull.name)\" change "
          + "shapes. Use --statistic poisson, or an experiment without `systematics.shape`.")
    }
  }

  private func counts(_ dataSet: DataSet, prediction: [Double]) throws(PlanningError) -> [Double] {
    switch dataSet {
    case .asimov: return prediction
    case .observed:
      guard let observed = model.observed else {
        throw PlanningError(
          "Experiment \(model.name) is a projection and has no observed counts. Use --data asimov for its sensitivity."
        )
      }
      return observed
    }
  }

  private func variance(of observed: [Double]) throws(PlanningError) -> [Double] {
    if let bin = observed.firstIndex(where: { $0 < Self.smallestGaussianCount }) {
      throw PlanningError(
        "The Gaussian statistic takes the count of each bin as its variance, and bin \(bin) has \(observed[bin]) events "
          + "(at least \(Self.smallestGaussianCount) are needed). Use --statistic poisson, or merge bins.")
    }
    return observed
  }
}
