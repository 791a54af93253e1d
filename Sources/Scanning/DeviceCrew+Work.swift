import ScanCore
import Statistics

extension DeviceCrew {
  /// What devices are given to do.
  enum Stage { case minima, statistic, stopped }

  /// One result that was accepted.
  enum Product {
    case minima([RowMinimum])
    case rows(FinishedRows)
  }

  /// Rows to compute.
  struct Work {
    var stage: Stage
    var run: RowQueue.Run
  }

  /// The error that ends a scan whose last device has failed.
  static func lastFailure(_ error: any Error, devices: Int) -> any Error {
    let all = devices == 1 ? "" : "All \(devices) devices of the scan have failed; the last one: "
    switch error {
    case let fault as DeviceFault:
      return ScanError("\(all)\(fault.message) No result was written. \(fault.cure)")
    case let error as BackendError: return BackendError(error.kind, all + error.message)
    default: return error
    }
  }
}
