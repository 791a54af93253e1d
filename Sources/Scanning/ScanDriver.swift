import ScanCore
import Statistics

/// Streams a scan over the rows of a grid, computed by one device or several: memory holds some rows, not the grid.
///
/// Devices draw runs of rows according to their measured speed, on threads of their own, while the calling thread
/// receives finished rows. Results are the same bits whatever the devices, the runs and their order, since the backends
/// that may share a scan give the same bits.
package struct ScanDriver {
  /// What a scan keeps in a store.
  package static let stages = [KeptRows.minima, KeptRows.grid]

  let plan: ScanPlan
  let devices: [any Backend]
  /// Evaluates the spot checks.
  let reference: any Backend
  let seed: UInt64
  let spotCheckPoints: Int
  let schedule: ScanSchedule
  /// Whether a store keeps the pulls of every point; without, rows that come from it have none.
  let keepsPulls: Bool
  private let precision: Precision

  /// - Parameters:
  ///   - devices: several must give the same bits (`requireSameBits`); none is enough where nothing is left to compute
  ///   - precision: of those that computed, which sets what the spot check tolerates
  ///   - spotCheckPoints: size of the sample of the grid whose worst difference the summary states
  package init(
    plan: ScanPlan, devices: [any Backend], precision: Precision? = nil, reference: any Backend,
    seed: UInt64 = 20_080_527, spotCheckPoints: Int = 24, schedule: ScanSchedule = ScanSchedule(),
    keepsPulls: Bool = true
  ) {
    self.plan = plan
    self.keepsPulls = keepsPulls
    self.precision = precision ?? devices.first?.identity.precision ?? .double
    self.devices = devices
    self.reference = reference
    self.seed = seed
    self.spotCheckPoints = spotCheckPoints
    self.schedule = schedule
  }

  /// Computes the grid, except what `store` holds already. A device that fails or computes wrong numbers is dropped and its
  /// rows are computed by others.
  /// - Parameters:
  ///   - store: keeps every run of rows as soon as it is finished and checked
  ///   - watch: who waits
  ///   - receive: rows in ascending order, each exactly once, none before it passed its spot check
  /// - Throws: `ScanError` or `BackendError` when no device is left, `ScanStopped`, and what `store` and `receive` throw
  package func run(
    store: (any TileStore)? = nil, watch: ScanWatch = ScanWatch(), receive: (ScanRows) throws -> Void
  ) throws -> ScanSummary {
    let all = plan.masses.indices
    var differences: [Int: Double] = [:]
    var subtract: [Double] = []
    let (minima, shares) = try compute(all, store, watch) { done, minima in
      if subtract.isEmpty { subtract = subtrahends(minima) }
      differences.merge(done.spotDifferences) { $1 }
      var rows = done.rows
      rows.subtract(subtract[rows.range])
      try receive(rows)
    }
    let tolerance = precision.statisticTolerance
    return ScanSummary(
      minimumStatistic: minima.map(\.statistic),
      minimumCoupling: minima.map { plan.coupling(of: $0.couplingSquare) },
      globalMinimum: minima.map(\.statistic).min() ?? 0,
      spotCheck: try spotChecker().summary(differences, tolerance: tolerance), devices: shares)
  }

  /// Computes some rows of the grid for `store` alone: a shard of the scan.
  /// - Returns: who did what
  package func run(rows: Range<Int>, store: any TileStore, watch: ScanWatch) throws -> [DeviceShare] {
    try compute(rows, store, watch) { _, _ in }.shares
  }

  // MARK: - Steps

  private func subtrahends(_ minima: [RowMinimum]) -> [Double] {
    let global = minima.map(\.statistic).min() ?? 0
    return minima.map { plan.degreesOfFreedom == 1 ? $0.statistic : global }
  }

  private func spotChecker() throws(BackendError) -> SpotChecker {
    try SpotChecker(plan: plan, count: spotCheckPoints, seed: seed, reference: reference)
  }

  /// Both stages of some rows.
  private func compute(
    _ rows: Range<Int>, _ store: (any TileStore)?, _ watch: ScanWatch,
    take: (FinishedRows, [RowMinimum]) throws -> Void
  ) throws -> (minima: [RowMinimum], shares: [DeviceShare]) {
    try Self.requireSameBits(devices.map(\.identity))
    let kept = try KeptRows(store, pulls: keepsPulls)
    let crew = DeviceCrew(
      plan: plan, rows: rows, kept: kept, backends: devices, checker: try spotChecker(), schedule: schedule)
    defer { crew.stop(report: watch.report) }
    if !kept.isComplete(rows) { try crew.startThreads() }
    var minima: [RowMinimum] = []
    while minima.count < rows.count {
      let row = rows.lowerBound + minima.count
      minima += try kept.minima(from: row) ?? crew.minima(from: row, watch)
      watch.fitted(minima.count)
    }
    crew.beginStatistic()
    var row = rows.lowerBound
    while row < rows.upperBound {
      let done = try kept.rows(from: row, of: plan) ?? crew.rows(from: row, watch)
      try take(done, minima)
      row = done.rows.range.upperBound
      watch.progress((row - rows.lowerBound) * plan.couplings.count)
      crew.deliver(upTo: row)
      if watch.isStopped() { throw ScanStopped() }
    }
    return (minima, crew.deviceShares)
  }
}

/// Who waits for a scan, and may end it.
package struct ScanWatch {
  /// One sentence whenever a device is dropped or changes its ways, on the calling thread.
  package var report: (String) -> Void
  /// Masses whose minimum over the coupling is found so far; comes before the first `progress`.
  package var fitted: (Int) -> Void
  /// Points of the grid received so far.
  package var progress: (Int) -> Void
  /// Asked a few times a second; true ends the scan with `ScanStopped`.
  package var isStopped: () -> Bool

  package init(
    report: @escaping (String) -> Void = { _ in }, fitted: @escaping (Int) -> Void = { _ in },
    progress: @escaping (Int) -> Void = { _ in }, isStopped: @escaping () -> Bool = { false }
  ) {
    self.report = report
    self.fitted = fitted
    self.progress = progress
    self.isStopped = isStopped
  }
}

// MARK: - Which devices may share a scan

extension ScanDriver {
  /// Throws unless backends of these identities give the same bits: all in double precision on `simd` and `opencl`, or
  /// all of one kind with the same driver.
  package static func requireSameBits(_ devices: [BackendIdentity]) throws(ScanError) {
    guard let first = devices.first else { return }
    let kin: (BackendIdentity) -> Bool =
      first.precision == .double && first.backend != "reference"
      ? { $0.precision == .double && $0.backend != "reference" } : { $0 == first }
    guard let other = devices.first(where: { !kin($0) }) else { return }
    throw ScanError(
      "\(first) and \(other) cannot share a scan: their results differ in the last digits, so the bytes of the "
        + "result would depend on who computed which row. Take one of them, or simd and opencl devices in double "
        + "precision.")
  }
}
