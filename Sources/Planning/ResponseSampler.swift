import Dispatch
import Rates
import Synchronization

/// Evaluates the response of a detector on grids of recoils, all cores at once, and remembers every row: the plans of
/// one analysis, and grids that halve their spacing, ask for the same recoils again.
package final class ResponseSampler: Sendable {
  private let response: DetectorResponse
  private let known = Mutex<[Window: [Int: [[Double]]]]>([:])

  /// Rows of one window by their spacing: `rowsPerUnit` rows per unit of ln T.
  private struct Window: Hashable {
    let kind: RecoilKind
    let lower: Double
    let upper: Double
  }

  package init(_ response: DetectorResponse) { self.response = response }

  /// Weights below this fraction of one are dropped from the tables: no denormals, no effect.
  static let negligibleWeight = 1e-18

  /// W_i at every row of the grid, on the smooth branch of the window's middle: the stencil reaches beyond the
  /// window's ends.
  func weights(on grid: RecoilGrid, _ kind: RecoilKind) -> [[Double]] {
    let window = Window(kind: kind, lower: grid.lower, upper: grid.upper)
    let earlier = known.withLock { $0[window] ?? [:] }
    if let rows = earlier[grid.rowsPerUnit] { return rows }
    let coarse = earlier[grid.rowsPerUnit / 2]
    let coarseFirst = RecoilGrid.firstRow(grid.logLower, rowsPerUnit: grid.rowsPerUnit / 2)
    /// The row of the coarser grid at the same recoil.
    func shared(_ row: Int) -> [Double]? {
      guard let coarse, grid.rowsPerUnit % 2 == 0 else { return nil }
      let index = grid.firstRow + row
      guard index % 2 == 0, coarse.indices.contains(index / 2 - coarseFirst) else { return nil }
      return coarse[index / 2 - coarseFirst]
    }
    var rows = grid.recoils.indices.map { shared($0) ?? [] }
    let missing = rows.indices.filter { rows[$0].isEmpty }
    for (row, values) in zip(
      missing, evaluated(missing.map { grid.recoils[$0] }, kind, anchor: grid.reference))
    {
      rows[row] = values
    }
    known.withLock { $0[window, default: [:]][grid.rowsPerUnit] = rows }
    return rows
  }

  private func evaluated(_ recoils: [Double], _ kind: RecoilKind, anchor: Double) -> [[Double]] {
    let part = 16
    let parts = (recoils.count + part - 1) / part
    let results = Mutex([[Double]](repeating: [], count: recoils.count))
    DispatchQueue.concurrentPerform(iterations: parts) { block in
      let range = block * part..<min((block + 1) * part, recoils.count)
      let rows = range.map { index in
        response.weights(recoil: recoils[index], recoilKind: kind, onBranchOf: anchor)
          .map { abs($0) < Self.negligibleWeight ? 0 : $0 }
      }
      results.withLock { $0.replaceSubrange(range, with: rows) }
    }
    return results.withLock { $0 }
  }
}
