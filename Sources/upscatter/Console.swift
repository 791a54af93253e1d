import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Planning
import Rates
import Reporting
import ScanCore
import Scanning

/// The version every output states.
let toolVersion = "0.1.0"

/// A line for the person at the terminal, on standard error so that standard output stays data.
func note(_ line: String) {
  FileHandle.standardError.write(Data((line + "\n").utf8))
}

/// `text` padded to `width` columns.
func column(_ text: String, _ width: Int) -> String {
  text.count >= width ? text + " " : text + String(repeating: " ", count: width - text.count)
}

/// JSON with sorted keys on standard output.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

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
func reportingErrors(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as ExitCode {
    throw error
  } catch {
    note("upscatter: \(error)")
    throw exitCode(of: error)
  }
}

private func exitCode(of error: any Error) -> ExitCode {
  switch error {
  case is ValidationError, is RequestError, is PlanningError: Exit.usage
  case is ExperimentError, is RateModelError: Exit.badInput
  case is ScanError: Exit.checkFailed
  case let error as BackendError:
    error.kind == .unavailable || error.kind == .unknownDevice ? Exit.unavailable : Exit.internalError
  case let error as ReportError:
    error.kind == .cannotRead || error.kind == .badContent ? Exit.badInput : Exit.cannotWrite
  default: Exit.internalError
  }
}

/// A progress bar with rate and time left on a terminal; one line a minute otherwise.
struct ProgressBar {
  private let total: Int
  private let label: String
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastShown: ContinuousClock.Instant
  private let isTerminal = isatty(2) == 1
  private var hasDrawn = false

  init(total: Int, label: String) {
    self.total = total
    self.label = label
    start = clock.now
    lastShown = start
  }

  mutating func update(_ done: Int) {
    let now = clock.now
    let interval: Duration = isTerminal ? .milliseconds(100) : .seconds(60)
    guard now - lastShown >= interval, done < total else { return }
    lastShown = now
    let elapsed = Double((now - start).components.seconds) + 1e-18 * Double((now - start).components.attoseconds)
    let rate = Double(done) / max(elapsed, 1e-9)
    let left = Double(total - done) / max(rate, 1e-9)
    let text = String(
      format: "%@ %5.1f %%  %.3g points/s  %@ left", label, 100 * Double(done) / Double(total), rate,
      Self.time(left))
    if isTerminal {
      let filled = 30 * done / max(total, 1)
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
      FileHandle.standardError.write(Data("\r[\(bar)] \(text)   ".utf8))
      hasDrawn = true
    } else {
      note(text)
    }
  }

  /// Clears the bar.
  func finish() {
    if hasDrawn { FileHandle.standardError.write(Data(("\r" + String(repeating: " ", count: 100) + "\r").utf8)) }
  }

  private static func time(_ seconds: Double) -> String {
    let s = Int(min(seconds, 1e8).rounded())
    return s < 60 ? "\(s) s" : s < 3600 ? "\(s / 60) min \(s % 60) s" : "\(s / 3600) h \(s % 3600 / 60) min"
  }
}
