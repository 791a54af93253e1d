import ScanCore

/// Who computes which rows next: bookkeeping only, without threads or clocks, so that every decision can be tested.
///
/// Devices draw runs of neighbouring rows, low rows first. A run is as long as the device's measured speed asks for and
/// its share of the remaining rows allows, so runs shorten towards the end and all devices finish together. A device
/// that finds no rows left, or none it may compute before others are delivered, computes the outstanding run of another
/// once more if it expects to be done sooner; the first result counts. All times are in seconds on one clock.
struct RowQueue {
  /// Rows given to a device; `id` is never used twice.
  struct Run: Hashable, Sendable {
    let id: Int
    let rows: Range<Int>
  }

  enum Answer: Equatable {
    case compute(Run)
    /// Ask again when something has changed, at the latest at this time.
    case wait(until: Double?)
    /// Every row is finished.
    case done
  }

  /// Limits of one device, in rows.
  struct Limits: Sendable {
    /// Length of the first run, before anything was measured.
    var first: Int
    var maximum: Int
  }

  private struct Outstanding {
    let run: Run
    /// When each device that computes this run began.
    var holders: [Int: Double]
  }

  /// What a run should last.
  private let runSeconds: Double
  /// Below this a run is not shortened further for the sake of a common end.
  private var leastSeconds: Double { runSeconds / 16 }
  /// Stands for the time of a device that has finished nothing yet.
  private let unknownSeconds = 1.0

  private let limits: [Limits]
  /// Rows that may be begun beyond those delivered: bounds the memory of finished rows that wait for their turn.
  private let window: Int
  private var delivered: Int
  /// Rows that nobody computes, ascending.
  private var pending: [Range<Int>]
  private var outstanding: [Int: Outstanding] = [:]
  private var nextID = 0
  private var live: Set<Int>
  /// Rows per second, measured.
  private(set) var rates: [Double?]

  /// - Parameter finished: rows that need not be computed, ascending
  init(
    rows: Range<Int>, finished: [Range<Int>] = [], window: Int, limits: [Limits], runSeconds: Double
  ) {
    delivered = rows.lowerBound
    pending = rows.gaps(in: finished)
    self.window = max(1, window)
    self.limits = limits
    self.runSeconds = runSeconds
    live = Set(limits.indices)
    rates = limits.map { _ in nil }
  }

  var isFinished: Bool { pending.isEmpty && outstanding.isEmpty }

  /// Whether a result of this run is still of use.
  func isWanted(_ run: Run) -> Bool { outstanding[run.id] != nil }

  // MARK: - Events

  mutating func next(for device: Int, now: Double) -> Answer {
    if isFinished { return .done }
    if let rows = draw(for: device) {
      let run = Run(id: nextID, rows: rows)
      nextID += 1
      outstanding[run.id] = Outstanding(run: run, holders: [device: now])
      return .compute(run)
    }
    return secondCopy(for: device, now: now)
  }

  /// Takes note of a result and returns whether it is the first for its run.
  mutating func finish(_ run: Run, by device: Int, now: Double) -> Bool {
    guard let began = outstanding[run.id]?.holders[device] else { return false }
    let rate = Double(run.rows.count) / max(now - began, 1e-9)
    rates[device] = rates[device].map { ($0 + rate) / 2 } ?? rate
    outstanding[run.id] = nil
    return true
  }

  /// Takes a device out; rows that only it was computing go back to be drawn again.
  mutating func drop(_ device: Int) {
    live.remove(device)
    for (id, held) in outstanding where held.holders[device] != nil {
      outstanding[id]?.holders[device] = nil
      if held.holders.count == 1 {
        outstanding[id] = nil
        pending.append(held.run.rows)
      }
    }
    pending.sort { $0.lowerBound < $1.lowerBound }
  }

  /// All rows below `row` have been delivered.
  mutating func deliver(upTo row: Int) { delivered = row }

  // MARK: - Fresh rows

  private mutating func draw(for device: Int) -> Range<Int>? {
    guard let first = pending.first else { return nil }
    let (low, size) = (first.lowerBound, size(for: device))
    // a run that the window would cut waits, rather than the window filling with ever shorter ones
    let end = min(low + (low == delivered ? min(size, window) : size), first.upperBound)
    guard end <= delivered + window else { return nil }
    if end == first.upperBound { pending.removeFirst() } else { pending[0] = end..<first.upperBound }
    return low..<end
  }

  private func size(for device: Int) -> Int {
    let rate = rates[device]
    let wanted = rate.map { Self.whole($0 * runSeconds) } ?? limits[device].first
    let allowed = max(1, min(wanted, limits[device].maximum))
    if live.count <= 1 { return allowed }
    let unassigned = pending.reduce(0) { $0 + $1.count }
    let share = Self.whole(Double(unassigned) * share(of: device) / 2)
    let least = rate.map { Self.whole($0 * leastSeconds) } ?? 1
    return max(1, min(allowed, max(share, least)))
  }

  /// Fraction of the work that this device should do; equal parts until all speeds are known.
  private func share(of device: Int) -> Double {
    let known = live.compactMap { rates[$0] }
    guard let rate = rates[device], known.count == live.count else { return 1 / Double(live.count) }
    return rate / known.reduce(0, +)
  }

  private static func whole(_ rows: Double) -> Int { Int(min(max(rows.rounded(.up), 1), 1e9)) }

  // MARK: - Rows of others

  /// The outstanding run whose second computation saves most time, or when one will be worth it.
  private mutating func secondCopy(for device: Int, now: Double) -> Answer {
    var best: (run: Run, saved: Double)?
    var wake: Double?
    for held in outstanding.values where held.holders[device] == nil {
      let own = rates[device].map { Double(held.run.rows.count) / $0 } ?? unknownSeconds
      let left = held.holders.map { remaining(held.run, $0.key, began: $0.value, now: now) }.min() ?? 0
      if left > own {
        if best.map({ left - own > $0.saved }) ?? true { best = (held.run, left - own) }
      } else if let when = held.holders.map({ overdue(held.run, $0.key, began: $0.value, own: own) }).max() {
        wake = min(wake ?? when, when)
      }
    }
    guard let best else { return .wait(until: wake) }
    outstanding[best.run.id]?.holders[device] = now
    return .compute(best.run)
  }

  private func expected(_ run: Run, _ device: Int) -> Double? {
    rates[device].map { Double(run.rows.count) / $0 }
  }

  /// What a holder probably still needs: the rest of what its speed predicts; past that, or without a known speed, as
  /// long again as it has been late.
  private func remaining(_ run: Run, _ holder: Int, began: Double, now: Double) -> Double {
    abs((expected(run, holder) ?? 0) - (now - began))
  }

  /// When a holder will be late by `own`.
  private func overdue(_ run: Run, _ holder: Int, began: Double, own: Double) -> Double {
    began + (expected(run, holder) ?? 0) + own
  }
}
