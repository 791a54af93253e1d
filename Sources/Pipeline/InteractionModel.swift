import Planning
import Rates
import ScanCore
import Statistics

/// An interaction bound to an experiment: makes the templates of any mass on any backend, each from plans of its own, row
/// by row, so that memory does not grow with the grid.
package struct InteractionModel: TemplateSource {
  package let interaction: any Interaction
  /// Standard Model events per bin where the interaction interferes.
  package let standardModel: [Double]?
  /// 1, or -1 where a scan runs over negative couplings.
  package var sign = 1.0
  /// Mixes bins where the likelihood holds backgrounds in its covariance.
  package var whitening: CovarianceWhitening?
  /// Of the plan with the largest estimate among the sampled masses, relative.
  package let estimatedError: Double
  private let model: RateModel
  private let factory: InteractionPlans

  package var isSigned: Bool { interaction.coupling.isSigned }

  package init(
    _ interaction: any Interaction, model: RateModel, standardModel: [Double], refinement: PlanRefinement,
    masses: [Double]
  ) throws {
    self.interaction = interaction
    self.model = model
    self.standardModel = interaction.interferes ? standardModel : nil
    factory = try InteractionPlans(interaction, model: model, refinement: refinement, masses: masses)
    estimatedError = factory.estimatedError
  }

  /// Plans of the first mass, for the identity of a calculation; each with its fold.
  package var firstPlans: [(plan: RatePlan, fold: ComponentFold)] { factory.firstPlans }

  package func strength(of coupling: Double) -> Double {
    let u = interaction.coupling.strength(of: sign * coupling)
    return standardModel == nil ? u * u : u
  }

  package func coupling(ofStrength strength: Double) -> Double {
    sign
      * interaction.coupling.coupling(ofStrength: standardModel == nil ? strength.squareRoot() : strength)
  }

  package func mixed(_ events: [Double]) -> [Double] { whitening?.apply(events) ?? events }

  package func templates(
    masses: [Double], on backend: any Backend
  ) throws(BackendError) -> [SignalTemplate] {
    // spot checks ask for several points of one mass
    var known: [Double: SignalTemplate] = [:]
    for mass in masses where known[mass] == nil { known[mass] = try template(mass: mass, on: backend) }
    return masses.compactMap { known[$0] }
  }

  private func template(mass: Double, on backend: any Backend) throws(BackendError) -> SignalTemplate {
    var quadratic = try factory.template(.quadratic, mass: mass, on: backend)
    if let dipole = try factory.dipoleTemplate(mass: mass, on: backend) {
      for bin in quadratic.indices { quadratic[bin] += dipole[bin] }
    }
    return SignalTemplate(
      linear: interaction.interferes ? try factory.template(.linear, mass: mass, on: backend) : [],
      quadratic: quadratic)
  }

  /// Events per energy bin of every component at a strength u, by the label of the component.
  package func eventsByComponent(
    mass: Double, strength u: Double, on backend: any Backend
  ) throws(BackendError) -> [String: [Double]] {
    var events: [String: [Double]] = [:]
    for part in try factory.rates(mass: mass, on: backend) {
      let factor = part.order == .linear ? u : u * u
      for (index, rates) in part.components {
        let scaled = rates.map { $0 * factor }
        let label = model.components[index].label
        events[label] = events[label].map { zip($0, scaled).map { $0 + $1 } } ?? scaled
      }
    }
    return events
  }
}
