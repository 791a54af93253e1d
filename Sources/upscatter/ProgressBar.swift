import Foundation

/// A progress bar with rate and time left on a terminal; one line a minute otherwise.
///
/// Rate and time left follow the last minute, so that they are right again soon after the speed has changed.
struct ProgressBar {
  private let total: Int
  private let label: String
  private let clock = ContinuousClock()
  private var lastShown: ContinuousClock.Instant
  /// Moments of the last minute, at least a second apart; never empty.
  private var moments: [(time: ContinuousClock.Instant, done: Int)]
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var hasDrawn = false

  init(total: Int, label: String) {
    self.total = total
    self.label = label
    lastShown = clock.now
    moments = [(lastShown, 0)]
  }

  mutating func update(_ done: Int) {
    let now = clock.now
    if now - moments[moments.count - 1].time >= .seconds(1) { moments.append((now, done)) }
    while moments.count > 2, now - moments[1].time >= .seconds(60) { moments.removeFirst() }
    let interval: Duration = isTerminal ? .milliseconds(100) : .seconds(60)
    guard now - lastShown >= interval, done < total else { return }
    lastShown = now
    let status = status(done, at: now)
    if isTerminal {
      let filled = 30 * done / max(total, 1)
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
      writeToStandardError("\r[\(bar)] \(status)\u{1B}[K")
      hasDrawn = true
    } else {
      note("\(label) \(status)")
    }
  }

  /// A line of its own above the bar.
  mutating func interrupt(with line: String) {
    finish()
    note(line)
  }

  /// Clears the bar.
  mutating func finish() {
    if hasDrawn { writeToStandardError("\r\u{1B}[K") }
    hasDrawn = false
  }

  /// "42.0 %  1.3e+05 points/s  12 s left"
  private func status(_ done: Int, at now: ContinuousClock.Instant) -> String {
    let rate = Double(done - moments[0].done) / max((now - moments[0].time) / .seconds(1), 1e-9)
    let left = Self.time(Double(total - done) / max(rate, 1e-9))
    let percent = String(format: "%5.1f", 100 * Double(done) / Double(max(total, 1)))
    return "\(percent) %  \(String(format: "%.3g", rate)) points/s  \(left) left"
  }

  private static func time(_ seconds: Double) -> String {
    let s = Int(min(seconds, 1e8).rounded())
    return s < 60 ? "\(s) s" : s < 3600 ? "\(s / 60) min \(s % 60) s" : "\(s / 3600) h \(s % 3600 / 60) min"
  }
}
