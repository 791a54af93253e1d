import Foundation

/// A progress bar with rate and time left on a terminal; one line a minute otherwise.
struct ProgressBar {
  private let total: Int
  private let label: String
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastShown: ContinuousClock.Instant
  private let isTerminal = isatty(STDERR_FILENO) == 1
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
    let status = status(done, after: now - start)
    if isTerminal {
      let filled = 30 * done / max(total, 1)
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
      writeToStandardError("\r[\(bar)] \(status)\u{1B}[K")
      hasDrawn = true
    } else {
      note("\(label) \(status)")
    }
  }

  /// Clears the bar.
  func finish() {
    if hasDrawn { writeToStandardError("\r\u{1B}[K") }
  }

  /// "42.0 %  1.3e+05 points/s  12 s left"
  private func status(_ done: Int, after elapsed: Duration) -> String {
    let rate = Double(done) / max(elapsed / .seconds(1), 1e-9)
    let left = Self.time(Double(total - done) / max(rate, 1e-9))
    let percent = String(format: "%5.1f", 100 * Double(done) / Double(max(total, 1)))
    return "\(percent) %  \(String(format: "%.3g", rate)) points/s  \(left) left"
  }

  private static func time(_ seconds: Double) -> String {
    let s = Int(min(seconds, 1e8).rounded())
    return s < 60 ? "\(s) s" : s < 3600 ? "\(s / 60) min \(s % 60) s" : "\(s / 3600) h \(s % 3600 / 60) min"
  }
}
