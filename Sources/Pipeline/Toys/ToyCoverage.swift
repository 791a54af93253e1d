import Statistics

/// Coverage of the asymptotic contour where it runs: at the points of the grid next to it.
package struct ToyCoverage: Encodable, Sendable {
  package struct Point: Encodable, Sendable {
    /// MeV
    package var m4: Double
    /// In the unit of the coupling.
    package var d: Double
    package var value: Double
    /// Clopper-Pearson, 68.27 %.
    package var lower: Double
    package var upper: Double
    package var toys: Int
  }

  /// Points next to the contour, and those of them that toys state.
  package var points: Int
  package var stated: Int
  package var mean: Double
  /// Of the mean: root of the sum of squares of half the ranges, over the number of points.
  package var error: Double
  /// The lowest of all, low by the noise of so many.
  package var minimum: Point

  /// nil where the contour passes no point of the grid, or toys state none of them.
  init?(_ result: ToyScanResult, _ request: ToyScanRequest) {
    let next = Self.next(
      to: result.observed.map { $0 >= request.level.threshold }, masses: result.masses,
      couplings: result.couplings, across: request.level.degreesOfFreedom == 2)
    let found = next.compactMap { index in
      result.verdicts[index].asymptoticCoverage.map { (index: index, share: $0) }
    }
    guard let least = found.min(by: { $0.share.value < $1.share.value }) else { return nil }
    (points, stated) = (next.count, found.count)
    mean = found.reduce(0) { $0 + $1.share.value } / Double(found.count)
    error =
      found.reduce(0) { $0 + $1.share.error * $1.share.error }.squareRoot() / Double(found.count)
    minimum = Point(
      m4: request.masses.values[least.index / result.couplings],
      d: request.couplings.values[least.index % result.couplings], value: least.share.value,
      lower: least.share.lower, upper: least.share.upper, toys: least.share.toys)
  }

  /// Points with a neighbour on the other side.
  /// - Parameter across: neighbours at other masses count too
  static func next(to excluded: [Bool], masses: Int, couplings: Int, across: Bool) -> [Int] {
    excluded.indices.filter { index in
      let (row, column) = (index / couplings, index % couplings)
      func differs(_ row: Int, _ column: Int) -> Bool {
        (0..<masses).contains(row) && (0..<couplings).contains(column)
          && excluded[row * couplings + column] != excluded[index]
      }
      return differs(row, column - 1) || differs(row, column + 1)
        || (across && (differs(row - 1, column) || differs(row + 1, column)))
    }
  }
}
