import DipolePhysics
import Rates
import ScanCore

/// The terms of an interaction at one mass and one order in u, for a plan [UPS-31].
package struct PlannedInteraction: Sendable {
  package var interaction: any Interaction
  package var order: InteractionTerm.Order
  /// MeV
  package var mass: Double

  package init(interaction: any Interaction, order: InteractionTerm.Order, mass: Double) {
    self.interaction = interaction
    self.order = order
    self.mass = mass
  }

  func terms(_ model: RateModel, component: Int, target: InteractionTerm.Target) -> [InteractionTerm] {
    interaction.terms(model, component: component, mass: mass)
      .filter { $0.order == order && $0.target == target }
  }
}

/// Channels from nothing but A(T), B(T), C(T): each coefficient is a contact channel of its own whose response table
/// carries its dependence on T, so that a new interaction needs no kernel.
extension PlanBuilder {
  /// Adds the terms of every component on one kind of target.
  /// - Parameters:
  ///   - count: targets; times Z_eff for electrons
  ///   - mass: of the target, MeV
  mutating func addTerms(
    _ planned: PlannedInteraction, on target: InteractionTerm.Target, count: Double, mass: Double,
    grid: RecoilGrid, weights: [[Double]], order: Int
  ) {
    let kind: RecoilKind = target == .electrons ? .electron : .nuclear
    for shared in sharedTerms(planned, on: target, grid: grid) {
      let values = shared.values.map { $0.scaled(by: count * referenceFluence) }
      // T (A + B/E + C/E^2): the kernels multiply b by T themselves
      let columns: [(contact: [Double], values: [Double])] = [
        ([1, 0, 0, 0, 0], zip(values, grid.recoils).map { $0.a * $1 }),
        ([0, 1, 0, 0, 0], values.map(\.b)),
        ([0, 0, 1, 0, 0], zip(values, grid.recoils).map { $0.c * $1 }),
      ]
      for column in columns where column.values.contains(where: { $0 != 0 }) {
        let response = addResponse(grid, weights, kind, factors: column.values)
        for run in runs(of: shared.outputs) {
          addChannel(
            shared.isMassive ? .massiveContact : .contact, column.contact, mass, response, run, order: order)
        }
      }
    }
  }

  /// Components with the same cross section, which share tables and nodes.
  private struct SharedTerm {
    var isMassive: Bool
    /// per row of the grid
    var values: [CrossSectionCoefficients]
    var outputs: [Int]
  }

  private func sharedTerms(
    _ planned: PlannedInteraction, on target: InteractionTerm.Target, grid: RecoilGrid
  ) -> [SharedTerm] {
    var shared: [SharedTerm] = []
    for output in used.indices {
      for term in planned.terms(model, component: used[output], target: target) {
        let values = grid.recoils.map(term.coefficients)
        let isMassive = term.outgoingMass > 0
        if let index = shared.firstIndex(where: { $0.isMassive == isMassive && $0.values == values }) {
          shared[index].outputs.append(output)
        } else {
          shared.append(SharedTerm(isMassive: isMassive, values: values, outputs: [output]))
        }
      }
    }
    return shared
  }
}
