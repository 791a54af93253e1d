import ArgumentParser
import Checkpoints
import Exchange
import Experiments
import Foundation
import OpenCLBackend
import Pipeline
import Planning
import Rates
import Reporting
import ScanCore
import Scanning

/// The version every output states.
let toolVersion = ToolVersion.current

/// A line for the person at the terminal, on standard error so that standard output stays data; none with `--quiet`.
func note(_ line: String) {
  if !Console.isQuiet { complain(line) }
}

/// The same for what is wrong, which `--quiet` does not hide.
func complain(_ line: String) { writeToStandardError(Console.colored(line) + "\n") }

/// Writes what it can: a closed or full standard error is no reason to end a scan.
func writeToStandardError(_ text: String) {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    if count <= 0 { return }
    bytes = bytes.dropFirst(count)
  }
}

/// `text` padded to `width` columns.
func column(_ text: String, _ width: Int) -> String {
  text.count >= width ? text + " " : text + String(repeating: " ", count: width - text.count)
}

/// JSON with sorted keys in snake_case on standard output; keys that are names (of components, pulls, files) stay.
func printJSON(
  _ value: some Encodable, keys: JSONEncoder.KeyEncodingStrategy = .convertToSnakeCase
) throws {
  print(try jsonText(value, keys: keys))
}

/// JSON as every command prints it.
func jsonText(
  _ value: some Encodable, keys: JSONEncoder.KeyEncodingStrategy = .convertToSnakeCase
) throws -> String {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = keys
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

// MARK: - Errors

/// Exit codes scripts can rely on (BSD sysexits, and 1 for a check that failed).
enum Exit {
  static let checkFailed = ExitCode(1)
  static let usage = ExitCode(64)
  static let badInput = ExitCode(65)
  static let unavailable = ExitCode(69)
  static let internalError = ExitCode(70)
  static let cannotWrite = ExitCode(73)
}

/// Runs `body`; an error becomes one paragraph on standard error and the exit code of its kind.
func reportingErrors<T>(_ body: () throws -> T) throws -> T {
  defer { endWithoutDestructors() }
  do {
    let value = try body()
    try flushStandardOutput()
    return value
  } catch let error as ExitCode {
    throw error
  } catch {
    complain("upscatter: " + Configuration.withOrigin("\(error)"))
    throw exitCode(of: error)
  }
}

/// From now on the program ends without the destructors of its libraries: threads of drivers, and those left behind in a
/// device that hangs, may still be inside one of them, and would crash or never let go. What was printed is written all the same.
private func endWithoutDestructors() {
  on_exit(
    { status, _ in
      fflush(nil)
      _exit(status)
    }, nil)
}

/// Throws when what was printed did not arrive, as on a full disk.
private func flushStandardOutput() throws(ReportError) {
  if fflush(nil) == 0 { return }
  throw ReportError(
    .cannotWrite,
    "Standard output cannot be written (\(String(cString: strerror(errno)))); what was printed is incomplete. Free some "
      + "space, or send the output elsewhere.")
}

private func exitCode(of error: any Error) -> ExitCode {
  if error is ValidationError { return Exit.usage }
  return switch FailureKind(error) {
  case .usage: Exit.usage
  case .badInput: Exit.badInput
  case .unavailable: Exit.unavailable
  case .checkFailed: Exit.checkFailed
  case .cannotWrite: Exit.cannotWrite
  case .other: Exit.internalError
  }
}
