import ScanCore

/// Chooses the work-group size of a kernel by timing it on the job at hand: once a job has proven long, its parts take
/// turns with the candidates, and the fastest is kept and stored. Results do not depend on the size.
struct LocalSizeTuner {
  /// Kernel time after which a job counts as long.
  static let longJobSeconds = 0.25
  /// Turns per candidate: there and back, so that a job that becomes harder on its way favours none.
  private static let turns = 2
  /// Shorter parts say nothing.
  private static let shortestPartSeconds = 5e-4

  private let candidates: [Int]
  private let patience: Double
  private let store: (Int, Double) -> Void
  private var elapsed = 0.0
  private var trials: [Int]
  private var bestRate: [Int: Double] = [:]
  private(set) var chosen: Int

  /// - Parameters:
  ///   - candidates: the one to start with first
  ///   - stored: an earlier choice, kept if it is one of the candidates
  ///   - patience: kernel seconds before the first trial
  ///   - store: keeps a choice with its rate in items per second
  init(
    candidates: [Int], stored: Int?, patience: Double = Self.longJobSeconds,
    store: @escaping (Int, Double) -> Void
  ) {
    self.candidates = candidates
    self.patience = patience
    self.store = store
    chosen = candidates.first ?? 1
    trials = candidates.count > 1 ? Self.order(candidates) : []
    if let stored, candidates.contains(stored) {
      chosen = stored
      trials = []
    }
  }

  private static func order(_ candidates: [Int]) -> [Int] {
    (0..<turns).flatMap { $0 % 2 == 0 ? candidates : candidates.reversed() }
  }

  /// Size for the part that is enqueued next.
  var nextSize: Int { elapsed >= patience ? trials.first ?? chosen : chosen }

  /// A part of `items` work-items took `seconds` with `size`.
  mutating func note(size: Int, items: Int, seconds: Double) {
    guard !trials.isEmpty else { return }
    let isTrial = elapsed >= patience && size == trials[0]
    elapsed += seconds
    guard isTrial, seconds >= Self.shortestPartSeconds else { return }
    trials.removeFirst()
    bestRate[size] = max(bestRate[size] ?? 0, Double(items) / seconds)
    guard trials.isEmpty else { return }
    for candidate in candidates where (bestRate[candidate] ?? 0) > (bestRate[chosen] ?? 0) {
      chosen = candidate
    }
    store(chosen, bestRate[chosen] ?? 0)
  }
}
