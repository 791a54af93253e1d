import ScanCore
import Scanning

/// Who computes a run.
package struct RunCrew: Sendable {
  /// Share the work; must give the same bits. None where everything is computed already.
  package let devices: [any Backend]
  /// All that computed, as one, for provenance.
  package let identity: BackendIdentity
  /// Does what is left to do where there are no devices.
  package let spare: any Backend
  /// Evaluates the spot checks.
  package let reference: any Backend

  /// - Parameter earlier: devices of other processes that computed parts of the run, in the order they came
  package init(
    devices: [any Backend], earlier: [[BackendIdentity]] = [], spare: any Backend, reference: any Backend
  ) throws {
    // the same device in another process is the same
    let all = (earlier + [devices.map(\.identity)]).reduce(into: [BackendIdentity]()) { all, some in
      let known = all
      all += some.filter { !known.contains($0) }
    }
    try ScanDriver.requireSameBits(all)
    self.devices = devices
    self.spare = spare
    self.reference = reference
    identity = BackendIdentity(devices: all) ?? spare.identity
  }
}

/// Who waits for a run, and may end it.
package struct RunWatch {
  /// What happens to devices on the way, one sentence each.
  package var report: (String) -> Void
  /// How far it is, in the order of `ScanStage`.
  package var progress: (ScanStage) -> Void
  /// Asked a few times a second; true ends the run with `ScanStopped`.
  package var isStopped: () -> Bool

  package init(
    report: @escaping (String) -> Void = { _ in }, progress: @escaping (ScanStage) -> Void = { _ in },
    isStopped: @escaping () -> Bool = { false }
  ) {
    self.report = report
    self.progress = progress
    self.isStopped = isStopped
  }

  var scanWatch: ScanWatch {
    ScanWatch(
      report: report, fitted: { progress(.fits(done: $0)) }, progress: { progress(.grid(done: $0)) },
      isStopped: isStopped)
  }
}
