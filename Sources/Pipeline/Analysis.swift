import Experiments
import Planning
import Rates
import ScanCore

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
  package let signalPlan: RatePlan
  package let standardModelPlan: RatePlan
  package let likelihood: LikelihoodPlan
  package let pullNames: [String]
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
    standardModelPlan = try refinement.plan(.standardModel, masses: [0])
    signalPlan = try refinement.plan(.dipole(flavour: settings.flavour), masses: masses)
    let planner = LikelihoodPlanner(model: model)
    standardModelRates = try backend.load(standardModelPlan).evaluate(masses: [0])
    standardModelEvents = planner.fold(
      for: RatePlanner(model: model, process: .standardModel, mode: settings.mode)
    )
    .fold(standardModelRates)
    let signalFold = planner.fold(
      for: RatePlanner(model: model, process: .dipole(flavour: settings.flavour), mode: settings.mode))
    likelihood = try planner.plan(
      standardModel: standardModelEvents, signalFold: signalFold, dataSet: settings.dataSet,
      statistic: settings.statistic)
    pullNames = planner.pullNames(statistic: settings.statistic)
  }

  /// What a reader must know before trusting the numbers.
  package var warnings: [String] {
    model.analysis.bracket == .traces
      ? []
      : [
        "WARNING: the dipole bracket is the one printed in arXiv:2406.07477 Eqs. 7 and 9, whose sign is wrong; for comparison only"
      ]
  }

  /// The largest estimate of the two plans, relative.
  package var estimatedError: Double {
    Swift.max(signalPlan.estimatedError, standardModelPlan.estimatedError)
  }
}
