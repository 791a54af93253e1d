import ArgumentParser
import Foundation
import Synchronization

/// `--quiet`, `--progress`, `--color`: what a command says beside its result. Every command has them.
struct ConsoleOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Say nothing but results and errors: no progress, notes or warnings.")
  var quiet = false
  @Option(help: "auto (a bar on a terminal, else a line a minute), bar, lines or none.")
  var progress: ProgressStyle = .auto
  @Option(
    help: "Colour of errors, warnings and notes: auto (on a terminal without NO_COLOR), always or never.")
  var color: ColorChoice = .auto

  /// Called once they are parsed: what is said from here on follows them.
  func validate() { Console.use(self) }
}

enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
  case auto, bar, lines, none
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

/// How this run speaks to the person at the terminal.
enum Console {
  private struct State: Sendable {
    var isQuiet = false
    var progress = ProgressStyle.auto
    var color = ColorChoice.auto
  }
  private static let state = Mutex(State())

  static func use(_ options: ConsoleOptions) {
    state.withLock {
      $0 = State(isQuiet: options.quiet, progress: options.progress, color: options.color)
    }
  }

  /// Parses another command line, whose options for the terminal do not count.
  static func keeping<T>(_ parse: () throws -> T) rethrows -> T {
    let own = state.withLock { $0 }
    defer { state.withLock { $0 = own } }
    return try parse()
  }

  static var isQuiet: Bool { state.withLock { $0.isQuiet } }
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// `bar`, `lines` or `none`.
  static var progress: ProgressStyle {
    let (isQuiet, style) = state.withLock { ($0.isQuiet, $0.progress) }
    if isQuiet { return .none }
    return style != .auto ? style : isTerminal ? .bar : .lines
  }

  /// Whether standard error takes colours: a terminal that is not dumb, and nobody asked for none (no-color.org).
  static var hasColor: Bool {
    switch state.withLock({ $0.color }) {
    case .always: return true
    case .never: return false
    case .auto:
      let environment = ProcessInfo.processInfo.environment
      return isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
  }

  /// `line` with its leading word ("note:", "WARNING:") in colour where colours are wanted.
  static func colored(_ line: String) -> String {
    guard hasColor, let tone = tones.first(where: { line.hasPrefix($0.word) }) else { return line }
    return "\u{1B}[\(tone.code)m\(tone.word)\u{1B}[0m\(line.dropFirst(tone.word.count))"
  }

  /// Bold red, yellow, cyan.
  private static let tones: [(word: String, code: String)] = [
    ("upscatter:", "1;31"), ("Error:", "1;31"), ("WARNING:", "33"), ("warning:", "33"), ("note:", "36"),
  ]
}
