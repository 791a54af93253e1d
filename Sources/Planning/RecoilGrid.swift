/// A uniform grid in v = ln(T / reference) that covers a window with room for the interpolation stencil at both ends.
/// Rows sit at whole multiples of the spacing, so that a grid of half the spacing holds the rows of this one.
struct RecoilGrid {
  let lower: Double
  let upper: Double
  let reference: Double
  let rowsPerUnit: Int
  /// Row 0 sits at v = firstRow / rowsPerUnit.
  let firstRow: Int
  let recoils: [Double]
  let logLower: Double
  let logUpper: Double

  init(lower: Double, upper: Double, rowsPerUnit: Int) {
    self.lower = lower
    self.upper = upper
    self.rowsPerUnit = rowsPerUnit
    let reference = (lower * upper).squareRoot()
    self.reference = reference
    logLower = naturalLog(lower / reference)
    logUpper = naturalLog(upper / reference)
    let first = Self.firstRow(logLower, rowsPerUnit: rowsPerUnit)
    let last = Int((logUpper * Double(rowsPerUnit)).rounded(.down)) + 3
    let step = 1 / Double(rowsPerUnit)
    firstRow = first
    recoils = (first...last).map { reference * exponential(Double($0) * step) }
  }

  var step: Double { 1 / Double(rowsPerUnit) }
  var firstLog: Double { Double(firstRow) * step }

  /// Two rows below the window.
  static func firstRow(_ logLower: Double, rowsPerUnit: Int) -> Int {
    Int((logLower * Double(rowsPerUnit)).rounded(.down)) - 2
  }
}
