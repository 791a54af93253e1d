internal import Pipeline

/// What went wrong, for a program (``kind``) and for a person (``message``).
///
/// Every function of this library throws this type and no other. Nothing is printed, and no input ends the process.
public struct UpscatterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of thing went wrong. Later versions may add cases.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The request makes no sense, or not for this experiment: a descending axis, an unknown model or flavour.
    case usage
    /// An experiment file or one of its tables is at fault; the message names file, line and column.
    case badInput
    /// The backend, device or precision asked for is not on this machine.
    case unavailable
    /// A result was computed and did not pass its check: a spot check on the reference, a fit that did not converge.
    case checkFailed
    /// Anything else, such as a driver whose kernel does not build.
    case other
  }

  /// What kind of thing went wrong.
  public let kind: Kind

  /// One paragraph that names the culprit, its value, what is expected, and the cure.
  ///
  /// Messages about choices name them as the options of the command line do: `--cl` is
  /// ``Analysis/Settings/confidenceLevel``, `--share` is ``Analysis/Settings/sharedPulls``.
  public let message: String

  /// The message.
  public var description: String { message }

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// The error of the layers below in the words of this library.
  init(_ error: any Error) {
    if let own = error as? UpscatterError {
      self = own
      return
    }
    kind =
      switch FailureKind(error) {
      case .usage: .usage
      case .badInput: .badInput
      case .unavailable: .unavailable
      case .checkFailed: .checkFailed
      case .cannotWrite, .other: .other
      }
    message = "\(error)"
  }
}

/// Runs `body`; whatever it throws becomes an error of this library.
func translatingErrors<T>(_ body: () throws -> T) throws(UpscatterError) -> T {
  do { return try body() } catch { throw UpscatterError(error) }
}
