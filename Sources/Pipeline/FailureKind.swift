import Checkpoints
import Exchange
import Experiments
import Planning
import Rates
import Reporting
import ScanCore
import Scanning
import Statistics

/// What kind of thing went wrong: the exit codes of the program and the kinds of the library follow it.
package enum FailureKind: Sendable {
  /// The request makes no sense, or not for this experiment.
  case usage
  /// An experiment, table or result file is at fault.
  case badInput
  /// The backend, device or precision asked for is not there.
  case unavailable
  /// A result was computed and did not pass its check.
  case checkFailed
  case cannotWrite
  /// Anything else, such as a kernel that does not build.
  case other

  package init(_ error: any Error) {
    switch error {
    case is RequestError, is PlanningError: self = .usage
    case is ExperimentError, is RateModelError, is CheckError: self = .badInput
    case is ScanError, is FitError: self = .checkFailed
    case let error as ExchangeError: self = error.kind == .badWorkspace ? .badInput : .usage
    case let error as BackendError: self.init(error.kind)
    case let error as StateError: self.init(error.kind)
    case let error as SubmissionError: self.init(error.kind)
    case let error as ReportError:
      self = error.kind == .cannotRead || error.kind == .badContent ? .badInput : .cannotWrite
    default: self = .other
    }
  }
  private init(_ kind: BackendError.Kind) {
    self =
      switch kind {
      case .unavailable, .unknownDevice: .unavailable
      case .unconverged: .checkFailed
      case .buildFailure, .outOfMemory, .deviceFailure, .unsupportedPlan: .other
      }
  }

  private init(_ kind: StateError.Kind) {
    self =
      switch kind {
      case .damaged: .badInput
      case .different, .incomplete: .usage
      case .inUse, .exists, .cannotWrite: .cannotWrite
      }
  }

  private init(_ kind: SubmissionError.Kind) {
    self =
      switch kind {
      case .noScheduler: .unavailable
      case .refused: .other
      case .badFolder: .badInput
      case .cannotWrite: .cannotWrite
      }
  }
}
