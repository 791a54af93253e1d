import ScanCore
import Statistics

/// The reference could not evaluate a spot check; no device is to blame.
struct ReferenceFailure: Error {
  var error: BackendError
}

/// Compares what devices compute with the reference backend, integrals redone, before a row is accepted.
///
/// Two samples of grid points: a seeded one of the whole grid, which the scan reports and which does not depend on how
/// the work was cut, and a seeded point of every tile, so that no answer of any device goes unseen.
struct SpotChecker: Sendable {
  private let plan: ScanPlan
  private let squares: [Double]
  private let seed: UInt64
  private let points: [Point]
  private let reference: any LoadedPointwise

  private struct Point {
    var row: Int
    var column: Int
  }

  init(plan: ScanPlan, count: Int, seed: UInt64, reference: any Backend) throws(BackendError) {
    self.plan = plan
    self.seed = seed
    self.reference = try plan.loadPointwise(on: reference)
    squares = plan.couplingSquares
    var generator = SeededGenerator(seed: seed)
    points = (0..<min(count, plan.pointCount)).map { _ in
      Self.draw(&generator, rows: 0..<plan.masses.count, columns: plan.couplings.count)
    }
  }

  private static func draw(_ generator: inout SeededGenerator, rows: Range<Int>, columns: Int) -> Point {
    Point(
      row: rows.lowerBound + Int(generator.next() % UInt64(rows.count)),
      column: Int(generator.next() % UInt64(columns)))
  }

  // MARK: - Checks

  /// Differences at the points of the scan's own sample that lie in these rows, by their number in the sample.
  /// - Throws: `DeviceFault` beyond the tolerance of the device's precision
  func check(_ answer: ScanDevice.Answer, of identity: BackendIdentity) throws -> [Int: Double] {
    let rows = answer.rows
    let own = points.indices.filter { rows.contains(points[$0].row) }
    var generator = SeededGenerator(seed: seed &+ UInt64(rows.lowerBound) &+ 1)
    let extra = Self.draw(&generator, rows: rows, columns: squares.count)
    let sample = own.map { points[$0] } + [extra]
    let found = sample.map {
      answer.result.statistic[($0.row - rows.lowerBound) * squares.count + $0.column]
    }
    let differences = try differences(
      found, masses: sample.map { plan.masses[$0.row] }, squares: sample.map { squares[$0.column] }, identity)
    return Dictionary(uniqueKeysWithValues: zip(own, differences))
  }

  /// Checks one of the minima found, and the same row without signal.
  func check(_ minima: [RowMinimum], rows: Range<Int>, of identity: BackendIdentity) throws {
    guard minima.count == rows.count else {
      throw DeviceFault(
        message: "\(identity) found \(minima.count) minima for \(rows.count) rows.",
        cure: "Run `upscatter verify`.")
    }
    var generator = SeededGenerator(seed: seed &+ UInt64(rows.lowerBound) &+ 1)
    let minimum = minima[Int(generator.next() % UInt64(rows.count))]
    _ = try differences(
      [minimum.statistic, minimum.statisticWithoutSignal], masses: [minimum.mass, minimum.mass],
      squares: [minimum.couplingSquare, 0], identity)
  }

  private func differences(
    _ found: [Double], masses: [Double], squares: [Double], _ identity: BackendIdentity
  ) throws -> [Double] {
    let expected = try reference(Tile(masses: masses, couplingSquares: squares, columns: 1))
    let tolerance = identity.precision.statisticTolerance
    return try found.indices.map { index in
      let difference = abs(found[index] - expected[index]) / max(1, abs(expected[index]))
      if difference <= tolerance { return difference }
      let coupling = plan.coupling(of: squares[index])
      throw DeviceFault(
        message:
          "\(identity) and the reference differ by \(difference) in the statistic at m4 = \(masses[index]) "
          + "MeV, d = \(coupling) GeV^-1 (tolerance \(tolerance)).",
        cure: plan.pulled == nil
          ? "Run `upscatter verify`, or scan with --backend reference."
          : "Run `upscatter verify`. If that passes, narrow the coupling axis: far inside the excluded region pulls of "
            + "shapes have more than one minimum, and the row found another than the point alone.")
    }
  }

  private func reference(_ tile: Tile) throws -> [Double] {
    do { return try reference.evaluate(tile).statistic } catch { throw ReferenceFailure(error: error) }
  }

  // MARK: - Report

  /// The worst of all differences at the scan's own sample; a point without one counts as infinitely wrong.
  func summary(_ differences: [Int: Double], tolerance: Double) -> SpotCheck {
    var check = SpotCheck(
      points: points.count, seed: seed, worstDifference: 0, worstMass: plan.masses[0],
      worstCoupling: plan.couplings[0], tolerance: tolerance)
    for (index, point) in points.enumerated() {
      let difference = differences[index] ?? .infinity
      if !(difference <= check.worstDifference) {
        check.worstDifference = difference
        check.worstMass = plan.masses[point.row]
        check.worstCoupling = plan.couplings[point.column]
      }
    }
    return check
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
