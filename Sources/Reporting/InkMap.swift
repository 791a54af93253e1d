import Foundation

/// Which cells of a frame are drawn on, with sums that answer for any rectangle at once.
struct InkMap {
  private static let cell = 2.0
  private let frame: PlotBox
  private let columns: Int
  private let rows: Int
  /// (columns + 1) x (rows + 1): inked cells left of and below a corner. A cell counts once per curve.
  private var sums: [Int32]

  init(frame: PlotBox, curves: [[[PlotPoint]]]) {
    self.frame = frame
    columns = max(Int((frame.width / Self.cell).rounded(.up)), 1)
    rows = max(Int((frame.height / Self.cell).rounded(.up)), 1)
    sums = [Int32](repeating: 0, count: (columns + 1) * (rows + 1))
    var cells = [Int32](repeating: 0, count: columns * rows)
    for curve in curves { for index in inked(curve) { cells[index] += 1 } }
    add(cells)
  }

  /// The map of a single curve on the same cells.
  func alone(_ curve: [[PlotPoint]]) -> Self {
    var map = self
    var cells = [Int32](repeating: 0, count: columns * rows)
    for index in inked(curve) { cells[index] += 1 }
    map.add(cells)
    return map
  }

  private mutating func add(_ cells: [Int32]) {
    let width = columns + 1
    for row in 0..<rows {
      var line: Int32 = 0
      for column in 0..<columns {
        line += cells[row * columns + column]
        sums[(row + 1) * width + column + 1] = sums[row * width + column + 1] + line
      }
    }
  }

  /// Cells that a curve crosses, in steps of half a cell.
  private func inked(_ curve: [[PlotPoint]]) -> Set<Int> {
    var cells: Set<Int> = []
    for piece in curve {
      for (a, b) in zip(piece, piece.dropFirst()) {
        guard let (a, b) = frame.clipped(a, b) else { continue }
        let steps = max(Int((hypot(b.x - a.x, b.y - a.y) / (Self.cell / 2)).rounded(.up)), 1)
        for step in 0...steps {
          let share = Double(step) / Double(steps)
          cells.insert(index(PlotPoint(x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y))))
        }
      }
    }
    return cells
  }

  private func column(_ x: Double) -> Int { min(max(Int((x - frame.left) / Self.cell), 0), columns - 1) }
  private func row(_ y: Double) -> Int { min(max(Int((y - frame.bottom) / Self.cell), 0), rows - 1) }
  private func index(_ point: PlotPoint) -> Int { row(point.y) * columns + column(point.x) }

  /// Inked cells in a rectangle, as many times as curves cross them.
  func count(_ box: PlotBox) -> Int32 {
    let (low, high) = (column(box.left), column(box.right) + 1)
    let (bottom, top) = (row(box.bottom), row(box.top) + 1)
    let width = columns + 1
    return sums[top * width + high] - sums[bottom * width + high] - sums[top * width + low]
      + sums[bottom * width + low]
  }

  func touches(_ box: PlotBox) -> Bool { count(box) > 0 }

  /// How often a straight line meets curves other than one.
  func crossings(_ a: PlotPoint, _ b: PlotPoint, except own: Self) -> Double {
    let steps = max(Int(hypot(b.x - a.x, b.y - a.y) / Self.cell), 1)
    var crossings = 0.0
    var wasOn = false
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      let x = a.x + share * (b.x - a.x), y = a.y + share * (b.y - a.y)
      let cell = PlotBox(left: x, bottom: y, right: x, top: y)
      let isOn = count(cell) > own.count(cell)
      if isOn && !wasOn { crossings += 1 }
      wasOn = isOn
    }
    return crossings
  }
}
