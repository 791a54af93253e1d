import DipolePhysics
import Experiments
import Numerical
import Rates
import ScanCore
import Units

/// What the planner could not do, with the cure.
package struct PlanningError: Error, CustomStringConvertible {
  package var message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}

/// Which components of the beam a plan covers.
package enum PlannedProcess: Sendable {
  /// CEvNS and, if the experiment includes it, neutrino-electron scattering; independent of m4.
  case standardModel
  /// Upscattering through d_e, d_mu or d_tau ("e", "mu", "tau") or all three equal ("all").
  case dipole(flavour: String)
  /// Upscattering through a dipole with a share of its own in every component of the beam (`Interaction.dipoleShare`):
  /// the plan holds the components whose share is not zero, each with its whole rate.
  case dipoleShares([Double])
  /// The terms of an interaction of one order in u, at one mass.
  case interaction(PlannedInteraction)
}

/// Samples a `RateModel` into a `RatePlan`: response tables in ln T, flux moments per segment, quadrature orders.
package struct RatePlanner {
  /// d = 1e-6 GeV^-1 (convention A): dipole plans state events at this coupling.
  package static let referenceCoupling = 1e-6
  let model: RateModel
  let process: PlannedProcess
  let mode: IntegralMode
  /// Gauss-Legendre order per recoil panel for nuclei and for (short) electron windows.
  let recoilOrder: Int
  let energyOrder: Int
  /// Response-table rows per unit of ln T.
  let rowsPerUnit: Int
  /// Ends recoil windows where bin edges fall, for responses that are sharp against the range of recoils.
  let splitsAtBinEdges: Bool
  let tolerance: Double
  /// Shared by the plans of one analysis.
  let sampler: ResponseSampler

  package init(
    model: RateModel, process: PlannedProcess, mode: IntegralMode, recoilOrder: Int = 128,
    energyOrder: Int = 16,
    rowsPerUnit: Int = 512, splitsAtBinEdges: Bool = false,
    tolerance: Double = 1e-9, sampler: ResponseSampler? = nil
  ) {
    self.model = model
    self.process = process
    self.mode = mode
    self.recoilOrder = recoilOrder
    self.energyOrder = energyOrder
    self.rowsPerUnit = rowsPerUnit
    self.sampler = sampler ?? ResponseSampler(model.response)
    self.splitsAtBinEdges = splitsAtBinEdges
    self.tolerance = tolerance
  }

  /// Indices into `model.components` that the process uses, in output order.
  package var componentIndices: [Int] {
    model.components.indices.filter { index in
      switch process {
      case .standardModel: true
      case .dipole(let flavour): flavour == "all" || model.components[index].flavour.family == flavour
      case .dipoleShares(let shares): shares[index] > 0
      case .interaction(let planned):
        planned.interaction.terms(model, component: index, mass: planned.mass).contains {
          $0.order == planned.order
        }
      }
    }
  }

  /// What the rate of a component counts in the signal: the share of its dipole, one for everything else.
  func share(of component: Int) -> Double {
    if case .dipoleShares(let shares) = process { shares[component] } else { 1 }
  }

  /// The plan; `PlanRefinement` fills its `estimatedError`.
  package func plan() throws(PlanningError) -> RatePlan {
    var builder = try builder(pulls: nil)
    return builder.finish()
  }

  /// The plan with everything the shape pulls move [UPS-19]; its windows hold for every |theta| <= 6.
  package func pulledPlan(_ pulls: ShapePulls) throws(PlanningError) -> PulledRatePlan {
    var builder = try builder(pulls: pulls)
    return try builder.finishPulled(pulls)
  }

  private func builder(pulls: ShapePulls?) throws(PlanningError) -> PlanBuilder {
    let used = componentIndices
    if used.isEmpty {
      let families = Set(model.components.map(\.flavour.family)).sorted().joined(separator: " or ")
      throw PlanningError(
        "The source of \(model.name) holds no neutrinos that the chosen coupling acts on (components: "
          + model.components.map { "\($0.label) [\($0.flavour.rawValue)]" }.joined(separator: ", ")
          + "). Use --flavor \(families).")
    }
    var builder = PlanBuilder(planner: self, used: used, pulls: pulls)
    builder.addNuclei()
    if model.analysis.includeElectrons { builder.addElectrons() }
    if builder.isEmpty, case .interaction(let planned) = process {
      throw PlanningError(
        "--model \(planned.interaction.identity): no energy bin of \(model.name) sees anything of it. Check that not all its "
          + "charges are zero, and the edges of `channel.energy`.")
    }
    if builder.isEmpty {
      throw PlanningError(
        "No energy bin of \(model.name) can see any recoil of this source. Check the edges and the unit of "
          + "`channel.energy`, the quenching, the efficiencies and `recoil-floor`.")
    }
    return builder
  }
}
