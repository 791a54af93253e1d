import ScanCore

/// Draws a seeded sample of grid points, collects their statistic as tiles pass, and compares with another backend.
struct SpotChecker {
  private let plan: ScanPlan
  private let seed: UInt64
  private let points: [(row: Int, column: Int)]
  private var values: [Double]

  init(plan: ScanPlan, count: Int, seed: UInt64) {
    self.plan = plan
    self.seed = seed
    var generator = SeededGenerator(seed: seed)
    let rows = plan.masses.count
    let columns = plan.couplings.count
    points = (0..<min(count, plan.pointCount)).map { _ in
      (Int(generator.next() % UInt64(rows)), Int(generator.next() % UInt64(columns)))
    }
    values = [Double](repeating: .nan, count: points.count)
  }

  mutating func collect(range: Range<Int>, statistic: [Double]) {
    for (index, point) in points.enumerated() where range.contains(point.row) {
      values[index] = statistic[(point.row - range.lowerBound) * plan.couplings.count + point.column]
    }
  }

  /// One tile of one column: a row per sampled point, integrals and minimisation redone.
  func compare(with reference: any Backend, tolerance: Double) throws -> SpotCheck {
    let squares = plan.couplingSquares
    let tile = Tile(
      masses: points.map { plan.masses[$0.row] }, couplingSquares: points.map { squares[$0.column] },
      columns: 1)
    let expected = try plan.loadPointwise(on: reference).evaluate(tile).statistic
    var check = SpotCheck(
      points: points.count, seed: seed, worstDifference: 0, worstMass: plan.masses[0],
      worstCoupling: plan.couplings[0], tolerance: tolerance)
    for (index, point) in points.enumerated() {
      let difference = abs(values[index] - expected[index]) / max(1, abs(expected[index]))
      if !(difference <= check.worstDifference) {
        check.worstDifference = difference.isNaN ? .infinity : difference
        check.worstMass = plan.masses[point.row]
        check.worstCoupling = plan.couplings[point.column]
      }
    }
    return check
  }
}
