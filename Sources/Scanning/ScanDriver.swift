import ScanCore
import Statistics

/// Streams a scan over tiles of whole rows: memory holds one tile, not the grid.
package struct ScanDriver {
  let plan: ScanPlan
  let backend: any Backend
  /// Evaluates the spot check.
  let reference: any Backend
  let seed: UInt64
  let spotCheckPoints: Int
  /// Overrides the backend's preferred tile size (tests of tile invariance).
  let tilePoints: Int?

  package init(
    plan: ScanPlan, backend: any Backend, reference: any Backend, seed: UInt64 = 20_080_527,
    spotCheckPoints: Int = 24, tilePoints: Int? = nil
  ) {
    self.plan = plan
    self.backend = backend
    self.reference = reference
    self.seed = seed
    self.spotCheckPoints = spotCheckPoints
    self.tilePoints = tilePoints
  }

  /// - Parameters:
  ///   - progress: points done so far, of `plan.pointCount`
  ///   - receive: rows in ascending order, each exactly once
  package func run(
    progress: (Int) -> Void, receive: (ScanRows) throws -> Void
  ) throws -> ScanSummary {
    let scan = try LoadedScan(plan, on: backend)
    let minima = try minima(scan)
    let global = minima.statistic.min() ?? 0
    var checker = SpotChecker(plan: plan, count: spotCheckPoints, seed: seed)
    var extreme = 0
    let squares = plan.couplingSquares
    let columns = squares.count
    for range in tiles() {
      let tile = Tile(
        masses: Array(plan.masses[range]),
        couplingSquares: Array(repeatElement(squares, count: range.count).joined()), columns: columns)
      let result = try scan.evaluate(tile)
      try requireConvergence(result, range: range)
      checker.collect(range: range, statistic: result.statistic)
      extreme += countExtremePulls(result.pulls)
      var statistic = result.statistic
      for (offset, row) in range.enumerated() {
        let subtract = plan.degreesOfFreedom == 1 ? minima.statistic[row] : global
        for column in 0..<columns { statistic[offset * columns + column] -= subtract }
      }
      try receive(ScanRows(range: range, statistic: statistic, pulls: result.pulls))
      progress(range.upperBound * columns)
    }
    return ScanSummary(
      minimumStatistic: minima.statistic, minimumCoupling: minima.coupling, globalMinimum: global,
      extremePulls: extreme,
      spotCheck: try checker.compare(
        with: reference, tolerance: backend.identity.precision.statisticTolerance))
  }

  private func minima(_ scan: LoadedScan) throws -> (statistic: [Double], coupling: [Double]) {
    var statistic: [Double] = []
    var coupling: [Double] = []
    for range in chunks(of: 1024) {
      let found = try scan.minima(masses: Array(plan.masses[range]))
      statistic += found.map(\.statistic)
      coupling += found.map { plan.rates.referenceCoupling * $0.couplingSquare.squareRoot() }
    }
    return (statistic, coupling)
  }

  private func tiles() -> [Range<Int>] {
    let points = tilePoints ?? backend.preferredTilePoints
    return chunks(of: max(1, points / max(1, plan.couplings.count)))
  }

  private func chunks(of rows: Int) -> [Range<Int>] {
    stride(from: 0, to: plan.masses.count, by: rows).map { $0..<min($0 + rows, plan.masses.count) }
  }

  private func countExtremePulls(_ pulls: [Double]) -> Int {
    let widths = plan.pullWidths
    if widths.isEmpty { return 0 }
    var count = 0
    var point = 0
    while point < pulls.count {
      if (0..<widths.count).contains(where: { abs(pulls[point + $0]) > 3 * widths[$0] }) { count += 1 }
      point += widths.count
    }
    return count
  }

  private func requireConvergence(_ result: ProfileResult, range: Range<Int>) throws {
    if result.unconverged > 0 {
      throw ScanError(
        "The pulls of \(result.unconverged) points between m4 = \(plan.masses[range.lowerBound]) and "
          + "\(plan.masses[range.upperBound - 1]) MeV did not converge on \(backend.identity). No result was written. "
          + "Narrow the coupling axis, or run with --backend reference and report the case.")
    }
    if let bad = result.statistic.firstIndex(where: { !$0.isFinite }) {
      let columns = plan.couplings.count
      throw ScanError(
        "The statistic is not finite at m4 = \(plan.masses[range.lowerBound + bad / columns]) MeV, "
          + "d = \(plan.couplings[bad % columns]) GeV^-1 on \(backend.identity). No result was written.")
    }
  }
}

extension Precision {
  /// How far a statistic may be from the reference, relative to max(1, reference); measured in `docs/verification.md`.
  package var statisticTolerance: Double {
    switch self {
    case .double: 1e-9
    case .mixed, .single: 2e-4
    }
  }
}
