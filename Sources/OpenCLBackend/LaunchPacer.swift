/// Cuts a job into launches of about a tenth of a second: drivers' watchdogs stay quiet, and a device that also
/// draws a screen stays responsive. Results do not depend on the cuts.
struct LaunchPacer {
  private(set) var items: Int
  private let granularity: Int

  /// - Parameters:
  ///   - first: work items of the first launch, before anything was timed
  ///   - granularity: launches are multiples of this (the local size)
  init(first: Int, granularity: Int) {
    self.granularity = granularity
    items = max(granularity, first / granularity * granularity)
  }

  /// Learns from a launch of `count` items: doubles the size while launches are short, halves it when they are long.
  mutating func note(seconds: Double, count: Int) {
    if seconds > 0.2 {
      items = max(granularity, items / 2 / granularity * granularity)
    } else if seconds < 0.05, count == items {
      items = min(items * (seconds < 0.01 ? 8 : 2), 1 << 30)
    }
  }
}
