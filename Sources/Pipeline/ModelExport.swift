import Exchange
import Foundation
import ScanCore
import Statistics

/// Experiments at one mass as a HistFactory workspace [UPS-44].
package struct ModelExport {
  /// What was written, for the person who asked.
  package struct Result {
    package var workspace: Workspace
    /// Says what mu is.
    package var measurement: String
    /// At mu = 1, in the convention of the scale.
    package var coupling: Double
    /// mu goes with this power of the coupling.
    package var power: Int
    package var upperBound: Double
  }

  private let joint: JointAnalysis
  private let backend: any Backend
  private let mass: Double
  private let scale: CouplingScale

  /// - Parameter mass: MeV; 0 for an interaction without one
  package init(_ joint: JointAnalysis, mass: Double, scale: CouplingScale, backend: any Backend) {
    (self.joint, self.mass, self.scale, self.backend) = (joint, mass, scale, backend)
  }

  /// - Parameters:
  ///   - coupling: at mu = 1, in the convention of the scale; nil: that of the limit
  ///   - threshold: Delta chi2 of the limit
  package func run(coupling: Double?, threshold: Double) throws -> Result {
    let template = try joint.templates(masses: [mass], on: backend)
    guard template.contains(where: { $0 > 0 }) else {
      throw RequestError(
        "\(place): no neutrino of this source can make a signal in any bin. Choose a smaller mass or another flavour."
      )
    }
    let model = try JointModel(plan: joint.plan, templates: template, on: backend)
    let limit = try StrengthFinder(model, data: joint.data).interval(threshold: threshold).upper
    let unit: Double
    if let coupling {
      unit = strength(scale.toInternal(coupling))
    } else if let limit {
      unit = limit
    } else {
      throw RequestError(
        "\(place): the level of the limit is never reached, so the unit of mu is open. Give the coupling of mu = 1 with --d."
      )
    }
    guard unit > 0, unit.isFinite else {
      throw RequestError(
        "--d \(coupling ?? 0): the signal there is \(unit) of its unit. Choose a coupling about the limit.")
    }
    // pyhf fits inside the bounds: they must hold the limit with room to spare
    let upperBound = 10 * max(1, (limit ?? unit) / unit)
    let own = coupling ?? scale.fromInternal(self.coupling(unit))
    let power = self.power
    let name = measurement(coupling: own, power: power)
    let export = WorkspaceExport(
      joint.plan, data: joint.data, template: template, unit: unit, measurement: name,
      largestStrength: upperBound)
    return Result(
      workspace: try export.workspace(), measurement: name, coupling: own, power: power,
      upperBound: upperBound)
  }

  private var place: String {
    let names = joint.members.map(\.model.name).joined(separator: ", ")
    return scale.mass.map { "\(names), \($0.symbol) = \(mass) MeV" } ?? names
  }

  // MARK: - Strength and coupling

  private var interaction: InteractionModel? { joint.members.first?.interaction }

  private func strength(_ coupling: Double) -> Double {
    let ratio = coupling / joint.referenceCoupling
    return interaction?.strength(of: coupling) ?? ratio * ratio
  }

  private func coupling(_ strength: Double) -> Double {
    interaction?.coupling(ofStrength: strength) ?? joint.referenceCoupling * strength.squareRoot()
  }

  private var power: Int { Int((log(16) / log(coupling(16) / coupling(1))).rounded()) }

  /// Plain ASCII: what the model is and what mu means.
  private func measurement(coupling: Double, power: Int) -> String {
    let settings = joint.members.first?.settings
    let model = [settings?.model ?? "dipole", settings?.flavour].compactMap(\.self).joined(separator: " ")
    let parameters = (settings?.parameters ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let at = scale.mass.map { ["\($0.symbol) = \(mass) MeV"] } ?? []
    let unit = ["", "1"].contains(scale.unit) ? "" : " \(scale.unit)"
    let meaning = "mu = (\(scale.symbol) / \(coupling)\(unit))^\(power)"
    let convention = scale.convention.map { ["convention \($0.rawValue)"] } ?? []
    return ([model] + parameters + at + [meaning] + convention).joined(separator: ", ")
  }
}
