import Foundation
import Pipeline
import Rates
import ScanCore
import Experiments

/// What the options of `fit` ask for.
extension FitCommand {
  func request(
    _ specs: [ExperimentSpec], _ interaction: (any Interaction)?, _ models: [RateModel]
  ) throws -> FitRequest {
    let scale = analysisOptions.scale(interaction)
    if let interaction, interaction.mass == nil {
      throw RequestError(
        "--model \(interaction.name) has no mass to reconstruct. Use `upscatter limit` for its coupling.")
    }
    if let interaction, interaction.interferes {
      throw RequestError(
        "--model \(interaction.name) interferes with the Standard Model, and fit takes signals that only add events. Use `upscatter scan "
          + "--dof 2`.")
    }
    let axis = try AxisSyntax.parse(m4 ?? masses(models, interaction), name: "--m4", unit: "MeV").values
    let couplings = try d.map { try AxisSyntax.parse($0, name: "--d", unit: scale.unit).values }
    let shared = share?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
    return FitRequest(
      masses: axis, couplings: couplings, scale: scale, levels: try parsedLevels(), truth: try truth(scale),
      toy: try requestedToy(), refines: refine, shared: Set(shared), alone: alone,
      posterior: try posteriorOptions.request(seed: seed), version: toolVersion)
  }

  /// From the lowest to the largest default of all experiments.
  private func masses(_ models: [RateModel], _ interaction: (any Interaction)?) -> String {
    let ends = models.flatMap { model in
      DefaultAxes.masses(model, mass: interaction?.mass ?? .heavyNeutrino).split(separator: ":").compactMap {
        Double($0)
      }
    }
    return "\(ends.min() ?? 0.1):\(ends.max() ?? 50):60"
  }

  private func truth(_ scale: CouplingScale) throws(RequestError) -> FitRequest.Truth? {
    guard let injectedMass, let injectedCoupling else {
      if injectedMass == nil && injectedCoupling == nil { return nil }
      throw RequestError("--inject-m4 and --inject-d belong together: state both.")
    }
    guard injectedMass > 0, injectedMass.isFinite, injectedCoupling >= 0, injectedCoupling.isFinite else {
      throw RequestError(
        "--inject-m4 \(injectedMass) MeV, --inject-d \(injectedCoupling) \(scale.unit): the mass must be above 0, the coupling 0 or above."
      )
    }
    return FitRequest.Truth(mass: injectedMass, coupling: scale.toInternal(injectedCoupling))
  }

  private func requestedToy() throws(RequestError) -> FitRequest.Toy? {
    guard let toy else { return nil }
    guard injectedMass != nil else {
      throw RequestError(
        "--toy \(toy): a toy is thrown from an injected signal. State --inject-m4 and --inject-d.")
    }
    guard toy >= 0, toy < Int(UInt32.max) else {
      throw RequestError("--toy \(toy): must lie between 0 and \(UInt32.max - 1).")
    }
    return FitRequest.Toy(number: toy, seed: seed)
  }

  private func parsedLevels() throws(RequestError) -> [Double] {
    let axis = try AxisSyntax.parse(levels, name: "--cl", unit: "")
    guard let low = axis.values.first, let high = axis.values.last, low >= 0.01, high <= 0.9999 else {
      throw RequestError("--cl \(levels): levels must lie between 0.01 and 0.9999; 0.9 is 90 %.")
    }
    return axis.values
  }
}
