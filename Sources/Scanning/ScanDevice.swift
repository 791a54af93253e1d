import ScanCore
import Statistics

/// Why a device may not go on, and what helps.
struct DeviceFault: Error {
  /// One or more sentences that name the device.
  var message: String
  var cure: String
}

/// A backend with the plans of a scan loaded: computes rows and their minima, tile by tile.
///
/// A tile that does not fit the memory of the device is halved until it does.
struct ScanDevice {
  let identity: BackendIdentity
  private let plan: ScanPlan
  /// q per coupling, repeated for every row of a whole tile.
  private let squares: [Double]
  private let columns: Int
  private let scan: LoadedScan
  private var tileRows: Int
  private var minimumRows = ScanSchedule.largestMinimumRun

  init(_ backend: any Backend, plan: ScanPlan, tileRows: Int) throws(BackendError) {
    identity = backend.identity
    self.plan = plan
    self.tileRows = tileRows
    columns = plan.couplings.count
    squares = Array(repeatElement(plan.couplingSquares, count: tileRows).joined())
    scan = try LoadedScan(plan, on: backend)
  }

  /// What happens while a device computes.
  struct Watch {
    /// False ends the computation: nobody needs its result any more.
    var isWanted: () -> Bool
    /// Takes one sentence for the person who waits.
    var report: (String) -> Void
  }

  /// Rows of one call to the backend and its answer, nothing subtracted.
  struct Answer {
    var rows: Range<Int>
    var result: ProfileResult
  }

  // MARK: - Jobs

  /// Computes some rows, tile by tile; false when they are no longer wanted.
  /// - Parameter take: gets every tile once it can be right
  /// - Throws: `BackendError`, `DeviceFault` for numbers that cannot be right, and what `take` throws
  mutating func evaluate(
    rows: Range<Int>, _ watch: Watch, take: (Answer) throws -> Void
  ) throws -> Bool {
    var row = rows.lowerBound
    while row < rows.upperBound {
      guard watch.isWanted() else { return false }
      let answer = try tile(row..<min(row + tileRows, rows.upperBound), watch)
      try requireSound(answer.result, rows: answer.rows)
      try take(answer)
      row = answer.rows.upperBound
    }
    return true
  }

  /// The minimum over d >= 0 of some rows; nil when they are no longer wanted.
  /// - Throws: `BackendError`, also for numbers that cannot be right
  mutating func minima(rows: Range<Int>, _ watch: Watch) throws(BackendError) -> [RowMinimum]? {
    var found: [RowMinimum] = []
    var row = rows.lowerBound
    while row < rows.upperBound {
      guard watch.isWanted() else { return nil }
      let part = row..<min(row + minimumRows, rows.upperBound)
      do throws(BackendError) {
        found += try scan.minima(masses: Array(plan.masses[part]))
        row = part.upperBound
      } catch {
        guard error.kind == .outOfMemory, part.count > 1 else { throw error }
        minimumRows = part.count / 2
        watch.report(
          "\(error.message) \(identity) goes on with \(minimumRows) of \(part.count) rows at a time.")
      }
    }
    return found
  }

  // MARK: - Tiles

  /// As many of these rows, from the first, as the device has memory for.
  private mutating func tile(_ rows: Range<Int>, _ watch: Watch) throws(BackendError) -> Answer {
    var rows = rows
    while true {
      do throws(BackendError) {
        return Answer(rows: rows, result: try evaluate(rows))
      } catch {
        guard error.kind == .outOfMemory, rows.count > 1 else { throw error }
        tileRows = rows.count / 2
        watch.report("\(error.message) \(identity) goes on with \(tileRows) of \(rows.count) rows at a time.")
        rows = rows.prefix(tileRows)
      }
    }
  }

  private func evaluate(_ rows: Range<Int>) throws(BackendError) -> ProfileResult {
    let points = rows.count * columns
    let tile = Tile(
      masses: Array(plan.masses[rows]),
      couplingSquares: points == squares.count ? squares : Array(squares.prefix(points)), columns: columns)
    return try scan.evaluate(tile)
  }

  private func requireSound(_ result: ProfileResult, rows: Range<Int>) throws {
    if result.unconverged > 0 {
      throw DeviceFault(
        message: "The pulls of \(result.unconverged) points between m4 = \(plan.masses[rows.lowerBound]) and "
          + "\(plan.masses[rows.upperBound - 1]) MeV did not converge on \(identity).",
        cure: "Narrow the coupling axis and report the case.")
    }
    let points = rows.count * columns
    guard result.statistic.count == points, result.pulls.count == points * plan.pullWidths.count else {
      throw DeviceFault(
        message: "\(identity) answered \(result.statistic.count) values and \(result.pulls.count) pulls for "
          + "\(points) points.", cure: "Run `upscatter verify`.")
    }
    if let bad = result.statistic.firstIndex(where: { !$0.isFinite })
      ?? result.pulls.firstIndex(where: { !$0.isFinite }).map({ $0 / max(1, plan.pullWidths.count) })
    {
      throw DeviceFault(
        message:
          "The statistic or a pull is not finite at m4 = \(plan.masses[rows.lowerBound + bad / columns]) "
          + "MeV, d = \(plan.couplings[bad % columns]) GeV^-1 on \(identity).",
        cure: "Run `upscatter verify`, or scan with --backend reference.")
    }
  }
}
