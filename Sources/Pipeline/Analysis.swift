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
  /// Word of `--model` and what `--parameter` chose; nil for the dipole.
  package var model: String?
  package var parameters: [String: String]?

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
  /// The same, in mass states where the interaction acts on these.
  package let signalModel: RateModel
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
  /// What makes the signal where it is not a dipole alone; `signalPlan` then is its plan at the first mass.
  package private(set) var interaction: InteractionModel?
  /// The model of `--model`; nil for the dipole of `settings.flavour`.
  package let chosen: (any Interaction)?
  /// The process of `signalPlan`.
  package let signalProcess: PlannedProcess
  /// Standard Model events per component and energy bin (before arrival times), and per likelihood bin.
  package let standardModelRates: [Double]
  package let standardModelEvents: [Double]

  /// Plans both integrals, refines their quadrature orders until two orders agree to the tolerance, and evaluates the
  /// Standard Model once.
  /// - Parameters:
  ///   - masses: the m4 values (MeV) the error estimate must cover
  ///   - backend: evaluates the Standard Model
  ///   - planningBackend: judges the quadrature orders, in double precision
  ///   - interaction: what makes the signal; nil for the dipole of `settings.flavour`
  package init(
    model: RateModel, settings: AnalysisSettings, masses: [Double], backend: any Backend,
    planningBackend: any Backend, interaction: (any Interaction)? = nil
  ) throws {
    self.model = model
    self.settings = settings
    chosen = interaction
    let signalModel = interaction?.actsOnMassStates == true ? try model.inMassStates() : model
    self.signalModel = signalModel
    let process =
      interaction.map { interaction in
        PlannedProcess.dipoleShares(signalModel.components.map { interaction.dipoleShare(of: $0) })
      } ?? .dipole(flavour: settings.flavour)
    signalProcess = process
    let refinement = PlanRefinement(
      model: model, mode: settings.mode, tolerance: settings.tolerance, backend: planningBackend)
    let signalRefinement = PlanRefinement(
      model: signalModel, mode: settings.mode, tolerance: settings.tolerance, backend: planningBackend)
    let standardModel = RatePlanner(model: model, process: .standardModel, mode: settings.mode)
    let planner = LikelihoodPlanner(model: model)
    try planner.checkStatistic(settings.statistic)
    let fluxRatioLevel = try model.fluxRatioLimit.map {
      try chiSquareQuantile(confidenceLevel: $0.confidence, degreesOfFreedom: 1)
    }
    pullNames = planner.pullNames(statistic: settings.statistic)
    if let interaction, signalModel.hasTerms(interaction, masses: masses) {
      try Self.refuseShapes(interaction, model, pullNames, planner, settings.statistic)
      if interaction.interferes, model.fluxRatioLimit != nil {
        throw PlanningError(
          "--model \(interaction.name) can take events away, and \(model.name) holds an upper limit on events, which says nothing "
            + "about fewer. Use a model that only adds events, or another experiment.")
      }
      standardModelPlan = try refinement.plan(.standardModel, masses: [0])
      standardModelRates = try backend.load(standardModelPlan).evaluate(masses: [0])
      let events = planner.fold(for: standardModel).fold(standardModelRates)
      var bound = try InteractionModel(
        interaction, model: model, standardModel: events, refinement: refinement, masses: masses)
      guard let first = bound.firstPlans.last else {
        throw PlanningError("--model \(interaction.name) has no rate at mass \(masses.first ?? 0) MeV.")
      }
      (signalPlan, physicalSignalPlan, physicalSignalFold) = (first.plan, first.plan, first.fold)
      standardModelEvents = events
      let physical =
        interaction.interferes
        ? try planner.interferencePlan(
          standardModel: events, signalFold: first.fold, dataSet: settings.dataSet,
          statistic: settings.statistic, fluxRatioLevel: fluxRatioLevel)
        : try planner.plan(
          standardModel: events, signalFold: first.fold, dataSet: settings.dataSet,
          statistic: settings.statistic, fluxRatioLevel: fluxRatioLevel)
      bound.whitening = planner.whitening(of: physical)
      likelihood = bound.whitening.map { physical.whitened(by: $0) } ?? physical
      covariancePulls = bound.whitening == nil ? [] : planner.covariancePullNames
      pulled = nil
      self.interaction = bound
      return
    }
    let signal = RatePlanner(model: signalModel, process: process, mode: settings.mode)
    let pulledPlans = try model.shapePulls.map { pulls in
      (
        standardModel: try refinement.pulledPlan(.standardModel, masses: [0], pulls: pulls),
        signal: try signalRefinement.pulledPlan(process, masses: masses, pulls: pulls)
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
      physicalSignalPlan = try signalRefinement.plan(process, masses: masses)
      standardModelRates = try backend.load(standardModelPlan).evaluate(masses: [0])
    }
    standardModelEvents = planner.fold(for: standardModel).fold(standardModelRates)
    physicalSignalFold = planner.fold(for: signal)
    let physical = try planner.plan(
      standardModel: standardModelEvents, signalFold: physicalSignalFold, dataSet: settings.dataSet,
      statistic: settings.statistic, fluxRatioLevel: fluxRatioLevel)
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
  }

  /// Pulls of shapes work on one plan for all masses, which only dipoles have.
  private static func refuseShapes(
    _ interaction: any Interaction, _ model: RateModel, _ pullNames: [String], _ planner: LikelihoodPlanner,
    _ statistic: StatisticKind
  ) throws(PlanningError) {
    let moved = model.shapePulls?.names.first
    let background = statistic == .poisson && planner.hasBackgroundShapes ? pullNames.last : nil
    guard let pull = moved ?? background else { return }
    throw PlanningError(
      "--model \(interaction.name): the experiment lets \"\(pull)\" change shapes, which only dipoles can have. Use an "
        + "experiment or variant without `systematics.shape`.")
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

  /// The same for the branch of negative couplings.
  package func negativeBranch() -> Analysis {
    var branch = self
    branch.interaction?.sign = -1
    return branch
  }

  /// The largest estimate of the two plans, relative.
  package var estimatedError: Double {
    Swift.max(interaction?.estimatedError ?? signalPlan.estimatedError, standardModelPlan.estimatedError)
  }
}

extension RateModel {
  /// Whether an interaction is more than dipole upscattering with a share per component.
  func hasTerms(_ interaction: any Interaction, masses: [Double]) -> Bool {
    let isDipole = components.contains { interaction.dipoleShare(of: $0) > 0 }
    return interaction.interferes || !isDipole
  }
}
