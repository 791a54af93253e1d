import DipolePhysics
import Experiments
import Foundation
import Rates
import ScanCore

/// The axes of a request that names none: the masses the source can produce, and couplings around the limit.
package enum DefaultAxes {
  /// Where mediators are looked for, MeV: their mass is a scale of the propagator, which the source does not limit.
  static let mediatorMasses = "0.1:1000"

  /// Masses as `from:to`, MeV: up to the heaviest N that the source can make on a target of the analysis, rounded down to
  /// two digits, and down to 1/500 of it.
  package static func masses(_ model: RateModel, mass: ScannedMass = .heavyNeutrino) -> String {
    guard mass == .heavyNeutrino else { return mediatorMasses }
    let energy = model.components.map(\.spectrum.endpoint).max() ?? 0
    let targets = model.targets.map(\.mass) + (model.electrons.map { [$0.mass] } ?? [])
    let heaviest =
      targets.map { Kinematics.heaviestProduct(energy: energy, targetMass: $0) }.max() ?? 0
    guard heaviest > 0, heaviest.isFinite else { return "0.1:52" }
    let digit = pow(10, (log10(heaviest) - 1).rounded(.down))
    let upper = (heaviest / digit).rounded(.down) * digit
    return String(format: "%.1g:%.2g", upper / 500, upper)
  }

  /// Couplings as (from, to) in internal units: three decades (four for couplings that are no dipole moments) from the
  /// power of ten below a third of the lowest limit; nil where no mass has a limit.
  package static func couplings(
    _ analysis: Analysis, masses: [Double], threshold: Double, on backend: any Backend
  ) throws -> (low: Double, high: Double)? {
    let sample = Set([0, masses.count / 8, masses.count / 4, masses.count / 2]).sorted().map { masses[$0] }
    let rows = try LimitJob(analysis: analysis, backend: backend).run(masses: sample, threshold: threshold)
    guard let lowest = rows.compactMap({ $0.coupling.map(abs) }).min(), lowest > 0 else { return nil }
    let exponent = log10(lowest / 3).rounded(.down)
    let decades: Double = analysis.chosen?.coupling.isDipoleMoment == false ? 4 : 3
    return (pow(10, exponent), pow(10, exponent + decades))
  }
}
