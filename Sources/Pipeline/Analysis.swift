import Experiments
import Planning
import Rates
import ScanCore
import Statistics

/// The choices of one analysis, everything that moves a limit; stated in every output.
package struct AnalysisSettings: Codable, Hashable, Sendable {
  /// "e", "mu", "tau" or "all"
  package var flavour: String
  package var mode: IntegralMode
  package var dataSet: DataSet
  package var statistic: StatisticKind
  /// Relative accuracy the expected events must reach; a scan refuses to write a result that misses it.
  package var tolerance: Double

  package init(
    flavour: String, mode: IntegralMode = .moments, dataSet: DataSet, statistic: StatisticKind = .poisson,
    tolerance: Double = 1e-9
  ) {
    self.flavour = flavour
    self.mode = mode
    self.dataSet = dataSet
    self.statistic = statistic
    self.tolerance = tolerance
  }
}

/// An experiment made ready for a backend: the plans at the waist and the tables that label them.
package struct Analysis: Sendable {
  package let model: RateModel
  package let settings: AnalysisSettings
  /// In the bins of `likelihood`, which a covariance may have mixed [UPS-25].
  package let signalPlan: RatePlan
  /// In the energy bins of the channel, and how these spread over time.
  package let physicalSignalPlan: RatePlan
  package let physicalSignalFold: ComponentFold
  package let standardModelPlan: RatePlan
  package let likelihood: LikelihoodPlan
  /// The likelihood with the pulls that change shapes; nil for an experiment without them.
  package let pulled: PulledLikelihoodPlan?
  package let pullNames: [String]
  /// Pulls that the covariance of a Gaussian statistic profiles; their best values are not in the results.
  package let covariancePulls: [String]
  /// Standard Model events per component and energy bin (before arrival times), and per likelihood bin.
  package let standardModelRates: [Double]
  package let standardModelEvents: [Double]

  /// Plans both integrals, refines their quadrature orders until two orders agree to the tolerance, and evaluates the
  /// Standard Model once.
  /// - Parameters:
  ///   - masses: the m4 values (MeV) the error estimate must cover
  ///   - backend: evaluates the Standard Model
  ///   - planningBackend: judges the quadrature orders, in double precision
  package init(
    model: RateModel, settings: AnalysisSettings, masses: [Double], backend: any Backend,
    planningBackend: any Backend
  ) throws {
    self.model = model
    self.settings = settings
    let refinement = PlanRefinement(
      model: model, mode: settings.mode, tolerance: settings.tolerance, backend: planningBackend)
    let standardModel = RatePlanner(model: model, process: .standardModel, mode: settings.mode)
    let signal = RatePlanner(
      model: model, process: .dipole(flavour: settings.flavour), mode: settings.mode)
    let planner = LikelihoodPlanner(model: model)
    try planner.checkStatistic(settings.statistic)
    let pulledPlans = try model.shapePulls.map { pulls in
      (
        standardModel: try refinement.pulledPlan(.standardModel, masses: [0], pulls: pulls),
        signal: try refinement.pulledPlan(.dipole(flavour: settings.flavour), masses: masses, pulls: pulls)
      )
    }
    if let pulledPlans {
      let plan = pulledPlans.standardModel
      (standardModelPlan, physicalSignalPlan) = (plan.rates, pulledPlans.signal.rates)
      let values = try backend.load(plan)
        .evaluate(masses: [0], pulls: [Double](repeating: 0, count: plan.parameterCount))
      standardModelRates = Array(values[0..<plan.rates.valuesPerMass])
    } else {
      standardModelPlan = try refinement.plan(.standardModel, masses: [0])
      physicalSignalPlan = try refinement.plan(.dipole(flavour: settings.flavour), masses: masses)
      standardModelRates = try backend.load(standardModelPlan).evaluate(masses: [0])
    }
    standardModelEvents = planner.fold(for: standardModel).fold(standardModelRates)
    physicalSignalFold = planner.fold(for: signal)
    let physical = try planner.plan(
      standardModel: standardModelEvents, signalFold: physicalSignalFold, dataSet: settings.dataSet,
      statistic: settings.statistic,
      fluxRatioLevel: try model.fluxRatioLimit.map {
        try chiSquareQuantile(confidenceLevel: $0.confidence, degreesOfFreedom: 1)
      })
    if let whitening = planner.whitening(of: physical) {
      likelihood = physical.whitened(by: whitening)
      signalPlan = try physicalSignalPlan.whitened(by: whitening, fold: physicalSignalFold)
      covariancePulls = planner.covariancePullNames
    } else {
      (likelihood, signalPlan, covariancePulls) = (physical, physicalSignalPlan, [])
    }
    pulled = try Self.pulledPlan(
      planner, linear: physical, plans: pulledPlans, fixed: (signalPlan, standardModelPlan),
      planners: (signal, standardModel), statistic: settings.statistic)
    pullNames = planner.pullNames(statistic: settings.statistic)
  }

  /// The likelihood with the pulls of shapes; nil without them, or where the covariance holds them.
  /// - Parameters:
  ///   - plans: the rates where pulls move them
  ///   - fixed: the rates where they do not
  private static func pulledPlan(
    _ planner: LikelihoodPlanner, linear: LikelihoodPlan,
    plans: (standardModel: PulledRatePlan, signal: PulledRatePlan)?,
    fixed: (signal: RatePlan, standardModel: RatePlan),
    planners: (signal: RatePlanner, standardModel: RatePlanner), statistic: StatisticKind
  ) throws -> PulledLikelihoodPlan? {
    guard statistic == .poisson, plans != nil || planner.hasBackgroundShapes else { return nil }
    func still(_ plan: RatePlan) -> PulledRatePlan {
      PulledRatePlan(rates: plan, parameterCount: 0, responses: [], smearings: [])
    }
    return planner.pulledPlan(
      linear: linear, signal: plans?.signal ?? still(fixed.signal),
      signalFold: try planner.pulledFold(for: planners.signal),
      standardModel: plans?.standardModel ?? still(fixed.standardModel),
      standardModelFold: try planner.pulledFold(for: planners.standardModel))
  }

  /// What a reader must know before trusting the numbers.
  package var warnings: [String] {
    model.analysis.bracket == .traces
      ? []
      : [
        "WARNING: the dipole bracket is the one printed in arXiv:2406.07477 Eqs. 7 and 9, whose sign is wrong; for comparison only"
      ]
  }

  /// Which pulls leave no trace in results; nil if all do.
  package var covarianceNote: String? {
    covariancePulls.isEmpty
      ? nil
      : "profiled within the covariance, their pulls are not in the result: "
        + covariancePulls.joined(separator: ", ")
  }

  /// The largest estimate of the two plans, relative.
  package var estimatedError: Double {
    Swift.max(signalPlan.estimatedError, standardModelPlan.estimatedError)
  }
}
