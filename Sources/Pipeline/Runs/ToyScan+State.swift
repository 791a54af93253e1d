import Checkpoints
import ScanCore

extension ToyScan {
  /// What a run of toys keeps in a store.
  package static let stages = [KeptToys.stage]

  /// What decides the toys of this run.
  package var stateIdentity: RunIdentity {
    let settings = request.settings
    return RunIdentity(
      kind: "toys", subject, version: request.version, arithmetic: crew.identity,
      [
        .init("masses", axis: request.masses.values, unit: "MeV"),
        .init("couplings", axis: request.couplings.values, unit: request.scale.unit),
        .init("convention of the coupling", request.scale.definition),
        .init("seed", "\(request.seed)"), .init("ensemble", request.ensemble.rawValue),
        .init("toys", "\(settings.first)"), .init("most toys", "\(settings.most)"),
        .init("confidence level", "\(request.level.level)"),
        .init("degrees of freedom", "\(request.level.degreesOfFreedom)"),
      ])
  }
}
