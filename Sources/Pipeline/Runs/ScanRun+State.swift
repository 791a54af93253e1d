import Checkpoints
import ScanCore
import Scanning

extension ScanRun {
  /// What decides the numbers of this scan.
  package var stateIdentity: RunIdentity {
    RunIdentity(
      kind: "scan", subject, version: request.version, arithmetic: crew.identity,
      [
        .init("masses", axis: request.masses.values, unit: "MeV"),
        .init("couplings", axis: request.couplings.values, unit: request.scale.unit),
        .init("convention of the coupling", request.scale.definition),
        .init("sign of the coupling", request.scale.sign < 0 ? "minus" : "plus"),
        .init("job", request.job.rawValue),
        .init("confidence level", "\(request.level.level)"),
        .init("degrees of freedom", "\(request.level.degreesOfFreedom)"),
        .init("pulls in the file", request.storePulls ? "yes" : "no"),
      ])
  }

  /// Computes the rows of a shard for its state, and writes nothing else.
  package func run(shard state: RunState, watch: RunWatch) throws -> [DeviceShare] {
    try driver(plan).run(rows: state.range, store: state, watch: watch.scanWatch)
  }
}
