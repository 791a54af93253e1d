import Foundation

/// What a command is doing: on a terminal the stage it is in, with a bar, rate, time left and load of the processor where
/// its parts are counted; one line a minute otherwise; nothing with `--quiet` or `--progress none`.
///
/// Rate, time left and load follow the last minute, so that they are right again soon after the speed has changed.
struct ProgressBar {
  private let label: String
  private var stage = ""
  private var unit = ""
  private var total = 0
  private let clock = ContinuousClock()
  private var lastShown: ContinuousClock.Instant
  /// Moments of the last minute, at least a second apart, with the processor time used by then; never empty.
  private var moments: [(time: ContinuousClock.Instant, done: Int, used: Double?)]
  private let style = Console.progress
  private var hasDrawn = false

  /// - Parameter label: names the work in lines that are no bar
  init(label: String) {
    self.label = label
    lastShown = clock.now
    moments = [(lastShown, 0, nil)]
  }

  /// Goes on to a stage whose parts are not counted: a terminal shows its name.
  mutating func begin(_ stage: String) { begin(stage, total: 0, unit: "") }

  /// Goes on to a stage of `total` parts, each a `unit` ("points").
  mutating func begin(_ stage: String, total: Int, unit: String) {
    guard stage != self.stage else { return }
    (self.stage, self.total, self.unit) = (stage, total, unit)
    moments = [(clock.now, 0, ProcessLoad.seconds())]
    if style == .bar { draw("\(stage) ...") }
  }

  mutating func update(_ done: Int) {
    let now = clock.now
    if now - moments[moments.count - 1].time >= .seconds(1) {
      moments.append((now, done, ProcessLoad.seconds()))
    }
    while moments.count > 2, now - moments[1].time >= .seconds(60) { moments.removeFirst() }
    guard style != .none else { return }
    let interval: Duration = style == .bar ? .milliseconds(100) : .seconds(60)
    guard now - lastShown >= interval, done < total else { return }
    lastShown = now
    let status = status(done, at: now)
    if style == .bar {
      let filled = 30 * done / max(total, 1)
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
      draw("\(stage) [\(bar)] \(status)")
    } else {
      note("\(label), \(stage): \(status)")
    }
  }

  private mutating func draw(_ text: String) {
    writeToStandardError("\r\(text)\u{1B}[K")
    hasDrawn = true
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

  /// "42.0 %  1.3e+05 points/s  12 s left  1.9 of 2 cores"
  private func status(_ done: Int, at now: ContinuousClock.Instant) -> String {
    let rate = Double(done - moments[0].done) / max((now - moments[0].time) / .seconds(1), 1e-9)
    let left = Self.time(Double(total - done) / max(rate, 1e-9))
    let percent = String(format: "%5.1f", 100 * Double(done) / Double(max(total, 1)))
    let load = load(at: now).map { "  " + $0 } ?? ""
    return "\(percent) %  \(String(format: "%.3g", rate)) \(unit)/s  \(left) left\(load)"
  }

  /// nil before a second has passed, as shorter readings are too coarse.
  private func load(at now: ContinuousClock.Instant) -> String? {
    let span = (now - moments[0].time) / .seconds(1)
    guard span >= 1, let before = moments[0].used, let used = ProcessLoad.seconds() else { return nil }
    return ProcessLoad.text(used: used - before, over: span)
  }

  static func time(_ seconds: Double) -> String {
    let s = Int(min(seconds, 1e8).rounded())
    return s < 60 ? "\(s) s" : s < 3600 ? "\(s / 60) min \(s % 60) s" : "\(s / 3600) h \(s % 3600 / 60) min"
  }
}
