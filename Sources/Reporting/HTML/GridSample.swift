import Foundation

/// Some points of a grid, few enough to travel inside a page: their values are those of the file, none is an average.
struct GridSample {
  /// Rows (masses) and columns (couplings) of the grid that are here, ascending.
  let rows: [Int]
  let columns: [Int]
  /// rows x columns, couplings contiguous
  private(set) var values: [Double] = []

  /// At most `most` points along each axis, evenly far apart, the first and the last among them.
  init(rows: Int, columns: Int, most: Int) {
    self.rows = Self.picked(rows, most)
    self.columns = Self.picked(columns, most)
  }

  /// Of a whole grid in memory.
  init(_ grid: [Double], rows: Int, columns: Int, most: Int) {
    self.init(rows: rows, columns: columns, most: most)
    for row in self.rows { add(Array(grid[row * columns..<(row + 1) * columns])) }
  }

  /// Takes the next row that is here.
  mutating func add(_ row: [Double]) { values += columns.map { row[$0] } }

  func value(_ row: Int, _ column: Int) -> Double { values[row * columns.count + column] }

  static func picked(_ count: Int, _ most: Int) -> [Int] {
    guard count > most, most > 1 else { return Array(0..<count) }
    return (0..<most).map { ($0 * (count - 1) + (most - 1) / 2) / (most - 1) }
  }

  /// 32-bit floats, little endian, in base 64.
  var encoded: String {
    var data = Data(capacity: 4 * values.count)
    for value in values {
      withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data.base64EncodedString()
  }
}

/// What the pointer reads of one result, as JSON.
struct HoverData {
  struct Quantity {
    var name: String
    var sample: GridSample
  }

  var label: String
  var massName: String
  var couplingName: String
  var couplingUnit: String
  /// Of the rows and columns of the samples.
  var m4: [Double]
  var d: [Double]
  /// Per row; nil where there is none; the whole nil where no limits are stated.
  var limit: [Double?]?
  var quantities: [Quantity]

  var json: String {
    let list = { (values: [Double?]) in "[" + values.map(HTMLText.json).joined(separator: ",") + "]" }
    let grids = quantities.map {
      "{\"name\":\(HTMLText.quoted($0.name)),\"float32\":\"\($0.sample.encoded)\"}"
    }
    let texts = [
      ("label", label), ("mass", massName), ("coupling", couplingName), ("unit", couplingUnit),
    ].map { "\"\($0)\":\(HTMLText.quoted($1))" }
    let numbers = [
      "\"m4\":\(list(m4))", "\"d\":\(list(d))", "\"limit\":\(limit.map(list) ?? "null")",
      "\"grids\":[\(grids.joined(separator: ","))]",
    ]
    return "{" + (texts + numbers).joined(separator: ",\n") + "}"
  }
}
