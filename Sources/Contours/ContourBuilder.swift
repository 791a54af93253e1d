import Foundation

/// Draws the level set of a test statistic on logarithmic axes while the rows of a scan stream past [UPS-14].
///
/// Marching squares: a cell edge is crossed where its corners lie on different sides of the level (at or above it, or
/// below), and the crossing is placed by linear interpolation of the statistic in log m4 or log d. A saddle cell
/// joins its two high corners when the mean of all four reaches the level. Rows are masses; only the previous one is
/// kept, so memory follows the contour.
package struct ContourBuilder {
  /// What happens where the region at or above the level reaches the edge of the grid.
  package enum Boundary: Sendable {
    /// Contours are open there: curves to draw.
    case open
    /// Contours run along the edge: outlines of the region, to fill by the even-odd rule.
    case closed
  }

  private let m4: [Double]
  private let d: [Double]
  private let logM4: [Double]
  private let logD: [Double]
  private let level: Double
  private let boundary: Boundary
  private let allowsGaps: Bool
  /// Columns of the marched grid: with a closed boundary one more, below the level, on either side.
  private let columns: Int
  private let inputColumns: Int
  private var assembler = ContourAssembler()
  private var previous: [Double] = []
  private var marchedRows = 0
  private var receivedRows = 0

  /// - Parameters:
  ///   - m4: masses of the rows, ascending, MeV
  ///   - d: couplings of the columns, ascending
  ///   - level: Delta chi2 of the contour, > 0
  ///   - allowsGaps: rows may hold NaN: open contours leave out the cells with such a corner, outlines end at the last point
  ///     that is known
  package init(
    m4: [Double], d: [Double], level: Double, boundary: Boundary = .open, allowsGaps: Bool = false
  ) throws(ContourError) {
    try requireLogarithmicAxis(m4, "m4")
    try requireLogarithmicAxis(d, "d")
    guard level > 0, level.isFinite else {
      throw ContourError("The level of the contour is \(level); it must be finite and greater than 0.")
    }
    self.level = level
    self.boundary = boundary
    self.allowsGaps = allowsGaps
    inputColumns = d.count
    self.m4 = boundary == .closed ? Self.framed(m4) : m4
    self.d = boundary == .closed ? Self.framed(d) : d
    columns = self.d.count
    logM4 = self.m4.map { log($0) }
    logD = self.d.map { log($0) }
  }

  /// Takes the next row (one mass) of Delta chi2 values; rows come in ascending order, each once.
  package mutating func add(row index: Int, statistic: [Double]) throws(ContourError) {
    let rowCount = boundary == .closed ? m4.count - 2 : m4.count
    guard index == receivedRows, index < rowCount else {
      throw ContourError(
        "Row \(index) came when row \(receivedRows) of \(rowCount) was due; give the rows of a contour in ascending "
          + "order, each once.")
    }
    try requireFiniteRow(
      statistic, columns: inputColumns, row: "row \(index) of the grid", allowsGaps: allowsGaps)
    receivedRows += 1
    if boundary == .closed {
      if marchedRows == 0 { march(frameRow) }
      // so far below the level that crossings lie on the neighbour
      march([level - 1] + statistic.map { $0.isNaN ? -1e300 : $0 } + [level - 1])
    } else {
      march(statistic)
    }
  }

  /// The contours of all rows, in an order that depends on the values only.
  package mutating func finish() throws(ContourError) -> [Contour] {
    let rowCount = boundary == .closed ? m4.count - 2 : m4.count
    guard receivedRows == rowCount else {
      throw ContourError(
        "The contour got \(receivedRows) of \(rowCount) rows; finish it after the last row of the scan.")
    }
    if boundary == .closed { march(frameRow) }
    return assembler.contours()
  }

  // MARK: - Cells

  private var frameRow: [Double] { [Double](repeating: level - 1, count: columns) }

  private static func framed(_ axis: [Double]) -> [Double] {
    guard let first = axis.first, let last = axis.last else { return axis }
    return [first] + axis + [last]
  }

  private mutating func march(_ row: [Double]) {
    if marchedRows > 0 {
      for column in crossedCells(previous, row) { visit(column, row) }
    }
    previous = row
    marchedRows += 1
  }

  /// Cells whose corners do not all lie on one side of the level.
  private func crossedCells(_ below: [Double], _ above: [Double]) -> [Int] {
    var cells: [Int] = []
    var left = (below[0] >= level ? 1 : 0) + (above[0] >= level ? 1 : 0)
    for column in below.indices.dropFirst() {
      let right = (below[column] >= level ? 1 : 0) + (above[column] >= level ? 1 : 0)
      if left + right != 0, left + right != 4 { cells.append(column - 1) }
      left = right
    }
    return cells
  }

  /// Corner bits: 1 (row r, column c), 2 (r, c + 1), 4 (r + 1, c + 1), 8 (r + 1, c), with r the previous row.
  private mutating func visit(_ column: Int, _ row: [Double]) {
    let corners = (previous[column], previous[column + 1], row[column + 1], row[column])
    if corners.0.isNaN || corners.1.isNaN || corners.2.isNaN || corners.3.isNaN { return }
    let pattern =
      (corners.0 >= level ? 1 : 0) | (corners.1 >= level ? 2 : 0) | (corners.2 >= level ? 4 : 0)
      | (corners.3 >= level ? 8 : 0)
    // edges: 0 low mass, 1 high d, 2 high mass, 3 low d
    switch pattern {
    case 1, 14: join(3, 0, column, row)
    case 2, 13: join(0, 1, column, row)
    case 4, 11: join(1, 2, column, row)
    case 8, 7: join(2, 3, column, row)
    case 3, 12: join(3, 1, column, row)
    case 6, 9: join(0, 2, column, row)
    default:
      let mean = (corners.0 + corners.1 + corners.2 + corners.3) / 4
      let highJoined = mean >= level
      if (pattern == 5) == highJoined {
        // corners 2 and 8 are cut off
        join(0, 1, column, row)
        join(2, 3, column, row)
      } else {
        join(3, 0, column, row)
        join(1, 2, column, row)
      }
    }
  }

  private mutating func join(_ edgeA: Int, _ edgeB: Int, _ column: Int, _ row: [Double]) {
    let (keyA, pointA) = crossing(edgeA, column, row)
    let (keyB, pointB) = crossing(edgeB, column, row)
    assembler.add(from: keyA, pointA, to: keyB, pointB)
  }

  /// Key of an edge of the cell above the previous row, and where the level crosses it.
  private func crossing(_ edge: Int, _ column: Int, _ row: [Double]) -> (key: Int, point: ContourPoint) {
    let r = marchedRows - 1
    switch edge {
    case 0: return (2 * r * columns + column, alongCoupling(r, column, previous))
    case 2: return (2 * (r + 1) * columns + column, alongCoupling(r + 1, column, row))
    default:
      let c = edge == 1 ? column + 1 : column
      return ((2 * r + 1) * columns + c, alongMass(r, c, row))
    }
  }

  private func alongCoupling(_ row: Int, _ column: Int, _ values: [Double]) -> ContourPoint {
    let fraction = fraction(values[column], values[column + 1])
    return ContourPoint(m4: m4[row], d: between(d, logD, column, fraction))
  }

  private func alongMass(_ row: Int, _ column: Int, _ next: [Double]) -> ContourPoint {
    let fraction = fraction(previous[column], next[column])
    return ContourPoint(m4: between(m4, logM4, row, fraction), d: d[column])
  }

  private func fraction(_ a: Double, _ b: Double) -> Double { (level - a) / (b - a) }

  /// Axis value at a fraction of the interval in the logarithm; exact at both ends.
  private func between(_ axis: [Double], _ logarithms: [Double], _ index: Int, _ fraction: Double) -> Double {
    if fraction <= 0 || axis[index] == axis[index + 1] { return axis[index] }
    if fraction >= 1 { return axis[index + 1] }
    return exp(logarithms[index] + fraction * (logarithms[index + 1] - logarithms[index]))
  }
}
