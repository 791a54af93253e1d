import Planning
import Rates
import ScanCore

/// Plans of an interaction, at the effort that a sample of the masses needs [UPS-31].
struct InteractionPlans: Sendable {
  private let interaction: any Interaction
  private let model: RateModel
  private let planner: @Sendable (PlannedProcess) -> RatePlanner
  /// One plan for all masses, where part of the rate is dipole upscattering.
  private let dipole: (plan: RatePlan, fold: ComponentFold)?
  private let firstMass: Double
  let estimatedError: Double
  private let binCount: Int

  /// Masses whose plans are refined; the highest effort among them serves all.
  static let sampleSize = 5

  init(
    _ interaction: any Interaction, model: RateModel, refinement: PlanRefinement, masses: [Double]
  ) throws {
    self.interaction = interaction
    self.model = model
    firstMass = masses.first ?? 0
    let likelihood = LikelihoodPlanner(model: model)
    let shares = model.components.map { interaction.dipoleShare(of: $0) }
    var error = 0.0
    if shares.contains(where: { $0 > 0 }) {
      let process = PlannedProcess.dipoleShares(shares)
      let plan = try refinement.plan(process, masses: interaction.mass == nil ? [0] : masses)
      error = plan.estimatedError
      dipole = (plan, likelihood.fold(for: refinement.planner(process)))
    } else {
      dipole = nil
    }
    let processes = Self.processes(interaction, model, masses)
    if processes.isEmpty && dipole == nil && model.targets.isEmpty {
      throw PlanningError(
        "--model \(interaction.name) makes no rate here: the analysis of \(model.name) counts electron recoils only, and "
          + "this interaction acts on nuclei, or its neutrinos are not among those of the source. Use an experiment with "
          + "nuclear recoils.")
    }
    if processes.isEmpty && dipole == nil {
      throw PlanningError(
        "The source of \(model.name) holds no neutrinos that this coupling acts on (components: "
          + model.components.map { "\($0.label) [\($0.flavour.rawValue)]" }.joined(separator: ", ")
          + "). Choose another --flavor, or other --parameter values.")
    }
    let effort = try refinement.effort(processes.map { ($0.process, [$0.mass]) })
    planner = effort.planner
    estimatedError = max(error, effort.estimate)
    binCount =
      model.energyBinCount * (model.timeWeights().first?.count ?? 1)
  }

  /// The terms at a sample of the masses.
  private static func processes(
    _ interaction: any Interaction, _ model: RateModel, _ masses: [Double]
  ) -> [(process: PlannedProcess, mass: Double)] {
    let count = min(masses.count, sampleSize)
    let sample = (0..<count).map { count == 1 ? masses[0] : masses[$0 * (masses.count - 1) / (count - 1)] }
    return sample.flatMap { mass in
      InteractionTerm.Order.allCases.compactMap { order -> (process: PlannedProcess, mass: Double)? in
        hasTerms(interaction, model, order, mass)
          ? (.interaction(PlannedInteraction(interaction: interaction, order: order, mass: mass)), mass) : nil
      }
    }
  }

  private static func hasTerms(
    _ interaction: any Interaction, _ model: RateModel, _ order: InteractionTerm.Order, _ mass: Double
  ) -> Bool {
    model.components.indices.contains { index in
      interaction.terms(model, component: index, mass: mass).contains { $0.order == order }
    }
  }

  // MARK: - Templates

  /// Events per bin of one order at u = 1.
  func template(
    _ order: InteractionTerm.Order, mass: Double, on backend: any Backend
  ) throws(BackendError) -> [Double] {
    guard let (plan, fold) = try plan(order, mass: mass) else {
      return [Double](repeating: 0, count: binCount)
    }
    return fold.fold(try backend.load(plan).evaluate(masses: [mass]))
  }

  /// The dipole's part of the quadratic template; nil without one.
  func dipoleTemplate(mass: Double, on backend: any Backend) throws(BackendError) -> [Double]? {
    guard let dipole else { return nil }
    let mass = interaction.mass == nil ? 0 : mass
    return dipole.fold.fold(try backend.load(dipole.plan).evaluate(masses: [mass]))
  }

  private func plan(
    _ order: InteractionTerm.Order, mass: Double
  ) throws(BackendError) -> (plan: RatePlan, fold: ComponentFold)? {
    guard Self.hasTerms(interaction, model, order, mass) else { return nil }
    let planner = planner(
      .interaction(PlannedInteraction(interaction: interaction, order: order, mass: mass)))
    do throws(PlanningError) {
      return (try planner.plan(), LikelihoodPlanner(model: model).fold(for: planner))
    } catch {
      throw BackendError(.unsupportedPlan, error.message)
    }
  }

  /// Events per energy bin of every component a part acts on, at u = 1, shares of the dipole applied.
  func rates(
    mass: Double, on backend: any Backend
  ) throws(BackendError) -> [(order: InteractionTerm.Order, components: [(index: Int, events: [Double])])] {
    var parts: [(order: InteractionTerm.Order, components: [(index: Int, events: [Double])])] = []
    if let dipole {
      let shares = model.components.map { interaction.dipoleShare(of: $0) }
      let used = shares.indices.filter { shares[$0] > 0 }
      let values = try backend.load(dipole.plan).evaluate(masses: [interaction.mass == nil ? 0 : mass])
      parts.append((.quadratic, split(values, used) { shares[$0] }))
    }
    for order in InteractionTerm.Order.allCases {
      guard let (plan, _) = try plan(order, mass: mass) else { continue }
      let used = model.components.indices.filter { index in
        interaction.terms(model, component: index, mass: mass).contains { $0.order == order }
      }
      parts.append((order, split(try backend.load(plan).evaluate(masses: [mass]), used) { _ in 1 }))
    }
    return parts
  }

  private func split(
    _ values: [Double], _ used: [Int], share: (Int) -> Double
  ) -> [(index: Int, events: [Double])] {
    let bins = model.energyBinCount
    return used.enumerated().map { row, index in
      (index, values[row * bins..<(row + 1) * bins].map { $0 * share(index) })
    }
  }

  var firstPlans: [(plan: RatePlan, fold: ComponentFold)] {
    let terms = InteractionTerm.Order.allCases.compactMap { try? plan($0, mass: firstMass) }
    return (dipole.map { [$0] } ?? []) + terms
  }
}
