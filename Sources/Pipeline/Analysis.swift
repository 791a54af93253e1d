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
  package let settings: AnalysisSettings
  package let signalPlan: RatePlan
  package let standardModelPlan: RatePlan
  package let likelihood: LikelihoodPlan
  /// The likelihood with the pulls that change shapes; nil for an experiment without them.
  package let pulled: PulledLikelihoodPlan?
  package let pullNames: [String]
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
    let process =
      interaction.map { interaction in
        PlannedProcess.dipoleShares(model.components.map { interaction.dipoleShare(of: $0) })
      } ?? .dipole(flavour: settings.flavour)
    signalProcess = process
    let refinement = PlanRefinement(
      model: model, mode: settings.mode, tolerance: settings.tolerance, backend: planningBackend)
    let standardModel = RatePlanner(model: model, process: .standardModel, mode: settings.mode)
    let planner = LikelihoodPlanner(model: model)
    try planner.checkShapePulls(statistic: settings.statistic)
    if let interaction, model.hasTerms(interaction, masses: masses) {
      if let pull = model.systematics.shapePulls.first {
        throw PlanningError(
          "--model \(interaction.name): the experiment lets \"\(pull.name)\" change shapes, which only dipoles can have. Use "
            + "an experiment or variant without `systematics.shape`.")
      }
      standardModelPlan = try refinement.plan(.standardModel, masses: [0])
      standardModelRates = try backend.load(standardModelPlan).evaluate(masses: [0])
      let events = planner.fold(for: standardModel).fold(standardModelRates)
      let bound = try InteractionModel(
        interaction, model: model, standardModel: events, refinement: refinement, masses: masses)
      guard let first = bound.firstPlans.last else {
        throw PlanningError("--model \(interaction.name) has no rate at mass \(masses.first ?? 0) MeV.")
      }
      signalPlan = first.plan
      standardModelEvents = events
      likelihood =
        interaction.interferes
        ? try planner.interferencePlan(
          standardModel: events, signalFold: first.fold, dataSet: settings.dataSet,
          statistic: settings.statistic)
        : try planner.plan(
          standardModel: events, signalFold: first.fold, dataSet: settings.dataSet,
          statistic: settings.statistic)
      pulled = nil
      pullNames = planner.pullNames(statistic: settings.statistic)
      self.interaction = bound
      return
    }
    let signal = RatePlanner(model: model, process: process, mode: settings.mode)
    let pulledPlans = try model.shapePulls.map { pulls in
      (
        standardModel: try refinement.pulledPlan(.standardModel, masses: [0], pulls: pulls),
        signal: try refinement.pulledPlan(process, masses: masses, pulls: pulls)
      )
    }
    if let pulledPlans {
      let plan = pulledPlans.standardModel
      (standardModelPlan, signalPlan) = (plan.rates, pulledPlans.signal.rates)
      let values = try backend.load(plan)
        .evaluate(masses: [0], pulls: [Double](repeating: 0, count: plan.parameterCount))
      standardModelRates = Array(values[0..<plan.rates.valuesPerMass])
    } else {
      standardModelPlan = try refinement.plan(.standardModel, masses: [0])
      signalPlan = try refinement.plan(process, masses: masses)
      standardModelRates = try backend.load(standardModelPlan).evaluate(masses: [0])
    }
    standardModelEvents = planner.fold(for: standardModel).fold(standardModelRates)
    let likelihood = try planner.plan(
      standardModel: standardModelEvents, signalFold: planner.fold(for: signal), dataSet: settings.dataSet,
      statistic: settings.statistic)
    self.likelihood = likelihood
    pulled = try pulledPlans.map { plans in
      planner.pulledPlan(
        linear: likelihood, signal: plans.signal, signalFold: try planner.pulledFold(for: signal),
        standardModel: plans.standardModel, standardModelFold: try planner.pulledFold(for: standardModel))
    }
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
