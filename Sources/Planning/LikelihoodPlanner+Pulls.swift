import Numerical
import Rates
import ScanCore

extension LikelihoodPlanner {
  /// Finest spacing of the knots of a moving fold, in widths.
  static let finestKnotStep = 1.0 / 256

  /// How the components of `planner`'s output spread over energy-time bins, and how the spread moves with the onset of
  /// the arrival times [UPS-19]: splines through the weights of shifted distributions, with a knot for every
  /// `RateModel.arrivalResolution` of delay.
  package func pulledFold(for planner: RatePlanner) throws(PlanningError) -> PulledFold {
    let nominal = fold(for: planner)
    guard let onset = model.shapePulls?.arrivalOnset, let resolution = model.arrivalResolution else {
      return PulledFold(nominal: nominal)
    }
    let step = Swift.max(resolution / onset.width, Self.finestKnotStep)
    // natural ends are wrong, by 0.27 times less at every knot inwards
    let side = Int((PulledRatePlan.largestPull / step).rounded(.up)) + 12
    var weights: [Double] = []
    for knot in -side...side {
      weights += knot == 0 ? nominal.weights : try moved(by: Double(knot) * step * onset.width, planner)
    }
    let count = nominal.weights.count
    var slopes = [Double](repeating: 0, count: weights.count)
    for index in 0..<count {
      let column = stride(from: index, to: weights.count, by: count).map { weights[$0] }
      for (knot, slope) in CubicSpline.slopes(values: column, step: step).enumerated() {
        slopes[knot * count + index] = slope
      }
    }
    return PulledFold(
      nominal: nominal, parameter: onset.parameter, firstKnot: -Double(side) * step, knotStep: step,
      weights: weights, slopes: slopes)
  }

  private func moved(by delay: Double, _ planner: RatePlanner) throws(PlanningError) -> [Double] {
    do throws(RateModelError) {
      let weights = try model.timeWeights(delay: delay)
      return planner.componentIndices.flatMap { index in
        weights[index].map { planner.share(of: index) * $0 }
      }
    } catch {
      throw PlanningError(error.message)
    }
  }

  /// The likelihood with the non-linear pulls of the experiment beside the linear ones of `linear` [UPS-20].
  package func pulledPlan(
    linear: LikelihoodPlan, signal: PulledRatePlan, signalFold: PulledFold, standardModel: PulledRatePlan,
    standardModelFold: PulledFold
  ) -> PulledLikelihoodPlan {
    let backgrounds = model.backgroundTemplates()
    var constant = [Double](repeating: 0, count: linear.binCount)
    for background in backgrounds where model.systematics.backgroundWidths[background.name] == nil {
      for bin in constant.indices { constant[bin] += background.events[bin] }
    }
    return PulledLikelihoodPlan(
      linear: linear, constant: constant, scalesStandardModel: model.systematics.signalWidth != nil,
      parameterCount: signal.parameterCount + model.backgroundShapes.count, signal: signal,
      signalFold: signalFold, standardModel: standardModel, standardModelFold: standardModelFold,
      backgroundShapes: model.backgroundShapes.map(\.change))
  }
}
