import ScanCore
import Statistics

/// The run was asked to stop; what is finished is kept where there is a store.
package struct ScanStopped: Error, Hashable, Sendable {
  package init() {}
}

/// What was finished could not be kept; no device is to blame.
struct StoreFailure: Error {
  var error: any Error
}

/// A checked run of the grid, nothing subtracted.
struct FinishedRows: Sendable {
  var rows: ScanRows
  /// By the number of the point in the scan's sample.
  var spotDifferences: [Int: Double] = [:]

  init(at row: Int) { rows = ScanRows(range: row..<row, statistic: [], pulls: []) }
}

/// The two stages of a scan in a store: which rows an earlier process has finished, and their numbers.
struct KeptRows: Sendable {
  static let minima = RunStage("minima", arrays: ["minima"])
  static let grid = RunStage("grid", arrays: ["statistic", "pulls"])

  /// nil keeps nothing.
  private let store: (any TileStore)?
  /// Whether the pulls of every point are kept too.
  private let keepsPulls: Bool
  /// Rows whose minimum an earlier process has found, and rows of the grid that one has computed; ascending.
  let fitted: [Range<Int>]
  let computed: [Range<Int>]

  init(_ store: (any TileStore)?, pulls keepsPulls: Bool) throws {
    self.store = store
    self.keepsPulls = keepsPulls
    fitted = try store?.finished(Self.minima.name) ?? []
    computed = try store?.finished(Self.grid.name) ?? []
  }

  /// Whether nothing of these rows is left to compute.
  func isComplete(_ rows: Range<Int>) -> Bool {
    rows.gaps(in: fitted).isEmpty && rows.gaps(in: computed).isEmpty
  }

  // MARK: - Taking

  /// The kept minima that begin at `row`; nil where an earlier process has not been.
  func minima(from row: Int) throws -> [RowMinimum]? {
    guard let store, let range = fitted.first(where: { $0.lowerBound == row }) else { return nil }
    let tile = try store.tile(Self.minima.name, from: row)
    let values = try tile.array("minima", count: 4 * range.count)
    return stride(from: 0, to: values.count, by: 4).map {
      RowMinimum(
        mass: values[$0], couplingSquare: values[$0 + 1], statistic: values[$0 + 2],
        statisticWithoutSignal: values[$0 + 3])
    }
  }

  /// The kept rows of the grid that begin at `row`; nil where an earlier process has not been.
  func rows(from row: Int, of plan: ScanPlan) throws -> FinishedRows? {
    guard let store, let range = computed.first(where: { $0.lowerBound == row }) else { return nil }
    let tile = try store.tile(Self.grid.name, from: row)
    let points = range.count * plan.couplings.count
    var done = FinishedRows(at: row)
    done.rows = ScanRows(
      range: range, statistic: try tile.array("statistic", count: points),
      pulls: try tile.array("pulls", count: keepsPulls ? points * plan.pullWidths.count : 0))
    let spots = try tile.array("spot_check", count: nil)
    for index in stride(from: 0, to: spots.count - 1, by: 2) {
      done.spotDifferences[Int(spots[index])] = spots[index + 1]
    }
    return done
  }

  // MARK: - Keeping

  func save(_ product: DeviceCrew.Product, rows: Range<Int>) throws(StoreFailure) {
    guard let store else { return }
    do {
      switch product {
      case .minima(let minima):
        let values = minima.flatMap { [$0.mass, $0.couplingSquare, $0.statistic, $0.statisticWithoutSignal] }
        try store.save(StoredTile(range: rows, arrays: ["minima": values]), as: Self.minima.name)
      case .rows(let done):
        let spots = done.spotDifferences.sorted { $0.key < $1.key }.flatMap { [Double($0.key), $0.value] }
        try store.save(
          StoredTile(
            range: rows,
            arrays: [
              "statistic": done.rows.statistic, "pulls": keepsPulls ? done.rows.pulls : [],
              "spot_check": spots,
            ]), as: Self.grid.name)
      }
    } catch {
      throw StoreFailure(error: error)
    }
  }
}

extension StoredTile {
  /// - Parameter count: nil takes any
  package func array(_ name: String, count: Int?) throws(ScanError) -> [Double] {
    guard let values = arrays[name], count == nil || values.count == count else {
      throw ScanError(
        "The kept piece of rows \(range) has \(arrays[name]?.count ?? 0) numbers of \(name), not \(count ?? 0): another version of "
          + "upscatter made it. Begin anew with --restart.")
    }
    return values
  }
}
