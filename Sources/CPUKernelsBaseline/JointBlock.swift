import CVec

/// Data sets of a block whose searches go on side by side: what a fit of any of them needs and what is known so far. Every
/// number of a data set is its own, so that results do not depend on who shares a vector with it.
struct JointBlock {
  /// Data sets of a block; more of them fill the vectors better, and fill the caches.
  static let capacity = 64

  /// Doubles needed.
  static func count(bins: Int, pulls: Int, rows: Int) -> Int {
    capacity * (2 * bins + 2 * pulls + 1 + rows + 6)
  }

  private let bins, pulls, rows: Int
  /// sets x bins
  let counts, inverseCounts: UnsafeMutablePointer<Double>
  /// sets x pulls; sets x (pulls + 1): factors and strength of the best fit
  let centres, best: UnsafeMutablePointer<Double>
  /// sets x rows: 1 where a row may still fit better
  let alive: UnsafeMutablePointer<Double>
  /// per set: chi2 and row of the best fit, 1 if all fits converged; the row to fit next with its slope
  let statistic, row, converged, next, slope: UnsafeMutablePointer<Double>
  /// sets that have a row to fit
  private let queue: UnsafeMutablePointer<Double>

  init(_ base: UnsafeMutablePointer<Double>, bins: Int, pulls: Int, rows: Int) {
    (self.bins, self.pulls, self.rows) = (bins, pulls, rows)
    var free = base
    func take(_ numbers: Int) -> UnsafeMutablePointer<Double> {
      defer { free += Self.capacity * numbers }
      return free
    }
    counts = take(bins)
    inverseCounts = take(bins)
    centres = take(pulls)
    best = take(pulls + 1)
    alive = take(rows)
    statistic = take(1)
    row = take(1)
    converged = take(1)
    next = take(1)
    slope = take(1)
    queue = take(1)
  }

  // MARK: - Lanes

  /// Keeps the data of the lanes of a scratch as the sets from `first` on.
  @inline(__always) func keep(_ scratch: JointScratch, as first: Int) {
    for lane in 0..<8 {
      let set = first + lane
      for b in 0..<bins {
        counts[set * bins + b] = scratch.counts[8 * b + lane]
        inverseCounts[set * bins + b] = scratch.inverseCounts[8 * b + lane]
      }
      for k in 0..<pulls { centres[set * pulls + k] = scratch.centres[8 * k + lane] }
      for r in 0..<rows { alive[set * rows + r] = 1 }
      converged[set] = 1
      // until a fit gives a number
      statistic[set] = .infinity
      row[set] = 0
      for k in 0...pulls { best[set * (pulls + 1) + k] = .nan }
    }
  }

  /// Puts the data of eight sets, their best factors and their rows alive into the lanes.
  @inline(__always) func load(_ sets: SIMD8<Int64>, into scratch: JointScratch) {
    for lane in 0..<8 {
      let set = Int(sets[lane])
      for b in 0..<bins {
        scratch.counts[8 * b + lane] = counts[set * bins + b]
        scratch.inverseCounts[8 * b + lane] = inverseCounts[set * bins + b]
      }
      for k in 0..<pulls { scratch.centres[8 * k + lane] = centres[set * pulls + k] }
      for k in 0...pulls { scratch.factors[8 * k + lane] = best[set * (pulls + 1) + k] }
      for r in 0..<rows { scratch.rows[8 * r + lane] = alive[set * rows + r] }
    }
  }

  /// Takes over a fit of a lane, if it is the best of its set.
  @inline(__always) func take(
    _ scratch: JointScratch, lane: Int, set: Int, row fitted: Int64, statistic value: Double,
    converged ok: Bool
  ) {
    if !ok { converged[set] = 0 }
    for r in 0..<rows { alive[set * rows + r] = scratch.rows[8 * r + lane] }
    guard value < statistic[set] else { return }
    statistic[set] = value
    row[set] = Double(fitted)
    for k in 0...pulls { best[set * (pulls + 1) + k] = scratch.factors[8 * k + lane] }
  }

  // MARK: - Queue

  @inline(__always) func enqueue(_ set: Int, at position: Int) { queue[position] = Double(set) }
  @inline(__always) func queued(_ position: Int) -> Int64 { Int64(queue[position]) }
}
