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
    let heaviest = heaviestProduct(model)
    guard heaviest > 0, heaviest.isFinite else { return "0.1:52" }
    let digit = pow(10, (log10(heaviest) - 1).rounded(.down))
    let upper = (heaviest / digit).rounded(.down) * digit
    return String(format: "%.1g:%.2g", upper / 500, upper)
  }

  /// Mass in MeV of the heaviest N that the source can make on a target of the analysis.
  private static func heaviestProduct(_ model: RateModel) -> Double {
    let energy = model.components.map(\.spectrum.endpoint).max() ?? 0
    let targets = model.targets.map(\.mass) + (model.electrons.map { [$0.mass] } ?? [])
    return targets.map { Kinematics.heaviestProduct(energy: energy, targetMass: $0) }.max() ?? 0
  }

  /// Refuses an axis on which no experiment has any signal.
  /// - Parameter name: of the option
  package static func requireReachable(
    _ masses: [Double], by models: [RateModel], mass: ScannedMass, name: String
  ) throws(RequestError) {
    let heaviest = models.map(heaviestProduct).max() ?? 0
    guard mass == .heavyNeutrino, let lowest = masses.min(), lowest >= heaviest else { return }
    throw RequestError(
      "\(name): \(NumberWords.short(lowest)) MeV and more is too heavy: the source makes N up to \(NumberWords.short(heaviest)) MeV "
        + "on these targets. Begin below.")
  }

  /// The widest of the ranges of several experiments, as `from:to`.
  package static func masses(_ models: [RateModel], mass: ScannedMass = .heavyNeutrino) -> String {
    let ranges = models.map { masses($0, mass: mass) }
    let ends = ranges.map { range in range.split(separator: ":").compactMap { Double($0) } }
    let low = ranges.indices.min { (ends[$0].first ?? 0) < (ends[$1].first ?? 0) }
    let high = ranges.indices.max { (ends[$0].last ?? 0) < (ends[$1].last ?? 0) }
    guard let low, let high else { return mediatorMasses }
    return "\(ranges[low].prefix { $0 != ":" }):\(ranges[high].split(separator: ":").last ?? "")"
  }

  /// Couplings as (from, to) in internal units, both powers of ten: from below a third of the lowest limit to above three times the
  /// largest one up to 7/8 of the mass axis, but three to five decades (four to six for couplings that are no dipole moments);
  /// nil where no mass has a limit.
  package static func couplings(
    _ subject: ScanSubject, masses: [Double], threshold: Double, on backend: any Backend
  ) throws -> (low: Double, high: Double)? {
    try couplings(
      subject.limitJob(on: backend, profilesShapes: false), subject.first, masses: masses,
      threshold: threshold)
  }

  /// The same of one experiment.
  static func couplings(
    _ analysis: Analysis, masses: [Double], threshold: Double, on backend: any Backend
  ) throws -> (low: Double, high: Double)? {
    try couplings(
      LimitJob(analysis: analysis, backend: backend, profilesShapes: false), analysis, masses: masses,
      threshold: threshold)
  }

  private static func couplings(
    _ job: LimitJob, _ analysis: Analysis, masses: [Double], threshold: Double
  ) throws -> (low: Double, high: Double)? {
    let sample = Set([0, 1, 2, 4, 6, 7].map { masses.count * $0 / 8 }).sorted().map { masses[$0] }
    let rows = try job.run(masses: sample, threshold: threshold)
    let limits = rows.compactMap { $0.coupling.map(abs) }
    guard let lowest = limits.min(), let largest = limits.max(), lowest > 0 else { return nil }
    let low = log10(lowest / 3).rounded(.down)
    let least: Double = analysis.chosen?.coupling.isDipoleMoment == false ? 4 : 3
    let decades = min(max(log10(3 * largest).rounded(.up) - low, least), least + 2)
    return (pow(10, low), pow(10, low + decades))
  }
}
