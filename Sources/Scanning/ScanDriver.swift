import ScanCore
import Statistics

/// Streams a scan over the rows of a grid, computed by one device or several: memory holds some rows, not the grid.
///
/// Devices draw runs of rows according to their measured speed, on threads of their own, while the calling thread
/// receives finished rows. Results are the same bits whatever the devices, the runs and their order, since the backends
/// that may share a scan give the same bits.
package struct ScanDriver {
  let plan: ScanPlan
  let devices: [any Backend]
  /// Evaluates the spot checks.
  let reference: any Backend
  let seed: UInt64
  let spotCheckPoints: Int
  let schedule: ScanSchedule

  /// - Parameters:
  ///   - devices: at least one; several must give the same bits (`requireSameBits`)
  ///   - spotCheckPoints: size of the sample of the grid whose worst difference the summary states
  package init(
    plan: ScanPlan, devices: [any Backend], reference: any Backend, seed: UInt64 = 20_080_527,
    spotCheckPoints: Int = 24, schedule: ScanSchedule = ScanSchedule()
  ) {
    self.plan = plan
    self.devices = devices
    self.reference = reference
    self.seed = seed
    self.spotCheckPoints = spotCheckPoints
    self.schedule = schedule
  }

  /// Computes the grid. A device that fails or computes wrong numbers is dropped and its rows are computed by others.
  /// - Parameters:
  ///   - report: one sentence whenever a device is dropped or changes its ways, on the calling thread
  ///   - fitted: masses whose minimum over the coupling is found so far, of all; comes before the first `progress`
  ///   - progress: points received so far, of `plan.pointCount`
  ///   - receive: rows in ascending order, each exactly once, none before it passed its spot check
  /// - Throws: `ScanError` or `BackendError` when no device is left, and what `receive` throws
  package func run(
    report: (String) -> Void = { _ in }, fitted: (Int) -> Void = { _ in }, progress: (Int) -> Void,
    receive: (ScanRows) throws -> Void
  ) throws -> ScanSummary {
    try Self.requireSameBits(devices.map(\.identity))
    let checker = try SpotChecker(plan: plan, count: spotCheckPoints, seed: seed, reference: reference)
    let crew = DeviceCrew(plan: plan, backends: devices, checker: checker, schedule: schedule)
    defer { crew.stop(report: report) }
    try crew.startThreads()
    let minima = try minima(crew, report, fitted)
    let global = minima.map(\.statistic).min() ?? 0
    crew.beginStatistic(
      subtracting: minima.map { plan.degreesOfFreedom == 1 ? $0.statistic : global })
    var extreme = 0
    var differences: [Int: Double] = [:]
    var row = 0
    while row < plan.masses.count {
      guard case .rows(let done) = try crew.product(from: row, report: report) else {
        preconditionFailure("the second stage gives rows")
      }
      extreme += done.extremePulls
      differences.merge(done.spotDifferences) { $1 }
      for tile in done.tiles {
        try receive(tile)
        row = tile.range.upperBound
        progress(row * plan.couplings.count)
      }
      crew.deliver(upTo: row)
    }
    let tolerance = devices[0].identity.precision.statisticTolerance
    return ScanSummary(
      minimumStatistic: minima.map(\.statistic),
      minimumCoupling: minima.map { plan.coupling(of: $0.couplingSquare) },
      globalMinimum: global, extremePulls: extreme,
      spotCheck: checker.summary(differences, tolerance: tolerance), devices: crew.deviceShares)
  }

  private func minima(
    _ crew: DeviceCrew, _ report: (String) -> Void, _ fitted: (Int) -> Void
  ) throws -> [RowMinimum] {
    var all: [RowMinimum] = []
    while all.count < plan.masses.count {
      guard case .minima(let some) = try crew.product(from: all.count, report: report) else {
        preconditionFailure("the first stage gives minima")
      }
      all += some
      fitted(all.count)
    }
    return all
  }
}

// MARK: - Which devices may share a scan

extension ScanDriver {
  /// Throws unless backends of these identities give the same bits: all in double precision on `simd` and `opencl`, or
  /// all of one kind with the same driver.
  package static func requireSameBits(_ devices: [BackendIdentity]) throws(ScanError) {
    guard let first = devices.first else { throw ScanError("A scan needs at least one device.") }
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
