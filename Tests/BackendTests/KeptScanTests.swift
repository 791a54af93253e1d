import Foundation
import ReferenceBackend
import SIMDBackend
import ScanCore
import Scanning
import Testing
import Verification

/// A store in memory that may fail.
private final class MemoryStore: TileStore, @unchecked Sendable {
  struct Full: Error {}
  private let lock = NSLock()
  private var tiles: [String: [StoredTile]] = [:]
  /// Pieces it takes before it fails.
  private var room: Int

  init(room: Int = .max) { self.room = room }

  /// The same pieces, with room for all others.
  func copy() -> MemoryStore {
    let other = MemoryStore()
    other.tiles = lock.withLock { tiles }
    return other
  }

  var pieces: Int { lock.withLock { tiles.values.reduce(0) { $0 + $1.count } } }

  func finished(_ stage: String) -> [Range<Int>] {
    lock.withLock { (tiles[stage] ?? []).map(\.range).sorted { $0.lowerBound < $1.lowerBound } }
  }

  func tile(_ stage: String, from first: Int) throws -> StoredTile {
    try #require(lock.withLock { tiles[stage]?.first { $0.range.lowerBound == first } })
  }

  func save(_ tile: StoredTile, as stage: String) throws {
    try lock.withLock {
      guard room > 0 else { throw Full() }
      room -= 1
      tiles[stage, default: []].append(tile)
    }
  }

  func take(_ other: MemoryStore) {
    let more = other.lock.withLock { other.tiles }
    lock.withLock { tiles.merge(more) { $0 + $1 } }
  }
}

/// Scans that are stopped and go on give the bits of those that were not.
@Suite("Kept scans")
struct KeptScanTests {
  private static let couplings = (0..<31).map { 1e-8 * Double(1 + $0 * $0) }

  private static func plan(dof: Int) -> ScanPlan {
    let base = AwkwardPlans.selfCheck
    return ScanPlan(
      rates: base.rates, likelihood: base.likelihood, masses: (0..<40).map { 0.5 + 0.5 * Double($0) },
      couplings: couplings, job: .factored, degreesOfFreedom: dof)
  }

  private struct Outcome: Equatable {
    var statistic: [UInt64] = []
    var pulls: [UInt64] = []
    var summary: ScanSummary?

    /// What a scan states of its numbers, whoever computed them.
    static func == (a: Outcome, b: Outcome) -> Bool {
      a.statistic == b.statistic && a.pulls == b.pulls
        && a.summary?.minimumStatistic == b.summary?.minimumStatistic
        && a.summary?.minimumCoupling == b.summary?.minimumCoupling
        && a.summary?.spotCheck == b.summary?.spotCheck
    }
  }

  private static func driver(dof: Int, _ devices: [any Backend], keepsPulls: Bool = true) -> ScanDriver {
    ScanDriver(
      plan: plan(dof: dof), devices: devices, reference: ReferenceBackend(),
      schedule: ScanSchedule(
        tilePoints: 62, runSeconds: 0.004, runPoints: 124, memoryBytes: 1 << 16, patience: 5),
      keepsPulls: keepsPulls)
  }

  private static func scan(
    dof: Int, _ store: MemoryStore?, devices: [any Backend], watch: ScanWatch = ScanWatch()
  ) throws -> Outcome {
    var outcome = Outcome()
    outcome.summary = try driver(dof: dof, devices).run(store: store, watch: watch) {
      outcome.statistic += $0.statistic.map(\.bitPattern)
      outcome.pulls += $0.pulls.map(\.bitPattern)
    }
    return outcome
  }

  private static func cpu() throws -> CPUBackend { try CPUBackend(workers: 1) }

  @Test(
    "A store that fails ends the scan with its error, and what it has is enough to go on", arguments: [1, 2])
  func failures(dof: Int) throws {
    let whole = try Self.scan(dof: dof, nil, devices: [Self.cpu()])
    for room in [0, 1, 2, 5, 9] {
      let store = MemoryStore(room: room)
      #expect(throws: MemoryStore.Full.self) { try Self.scan(dof: dof, store, devices: [Self.cpu()]) }
      #expect(store.pieces == room)
      let again = try Self.scan(dof: dof, store.copy(), devices: [Self.cpu(), Self.cpu()])
      #expect(again == whole, "after \(room) pieces")
    }
  }

  @Test("A scan that is asked to stop does, and what is kept is not computed again")
  func stopping() throws {
    let whole = try Self.scan(dof: 1, nil, devices: [Self.cpu()])
    let store = MemoryStore()
    var points = 0
    let watch = ScanWatch(progress: { points = $0 }, isStopped: { points > 300 })
    #expect(throws: ScanStopped.self) {
      try Self.scan(dof: 1, store, devices: [FaultyBackend(Self.cpu(), .slow(0.002))], watch: watch)
    }
    let kept = store.finished("grid").reduce(0) { $0 + $1.count }
    #expect(kept >= 300 / Self.couplings.count && kept < 40)
    let device = FaultyBackend(try Self.cpu(), .slow(0), columns: Self.couplings.count)
    let again = try Self.scan(dof: 1, store, devices: [device])
    #expect(again == whole)
    #expect(device.log.calls <= 40 - kept, "rows are computed again")
  }

  @Test("Shards in any order make the whole without a device", arguments: [1, 2])
  func shards(dof: Int) throws {
    let whole = try Self.scan(dof: dof, nil, devices: [Self.cpu()])
    let all = MemoryStore()
    for rows in [30..<40, 0..<13, 13..<30] {
      let store = MemoryStore()
      _ = try Self.driver(dof: dof, [Self.cpu()]).run(rows: rows, store: store, watch: ScanWatch())
      #expect(store.finished("grid").flatMap { Array($0) } == Array(rows))
      all.take(store)
    }
    #expect(try Self.scan(dof: dof, all, devices: []) == whole)
  }

  @Test("Pulls that no file holds are not kept")
  func withoutPulls() throws {
    let store = MemoryStore()
    var statistic: [Double] = []
    for _ in 0..<2 {
      var seen: [Double] = []
      _ = try Self.driver(dof: 1, [Self.cpu()], keepsPulls: false).run(store: store) {
        seen += $0.statistic
      }
      #expect(statistic.isEmpty || statistic == seen)
      statistic = seen
    }
    #expect(try store.tile("grid", from: 0).arrays["pulls"] == [])
  }
}
