/// A CSV table: `#` comments, one header line `name [unit], ...`, rows of equal length. No quoting.
struct DataTable {
  struct Column {
    var name: String
    var unit: String
    var position: ConfigNode.Position
  }

  struct Cell {
    var text: String
    var position: ConfigNode.Position
  }

  static let maximumBytes = 4 << 20

  let file: String
  let columns: [Column]
  let rows: [[Cell]]

  init(_ text: String, file: String) throws(ExperimentError) {
    self.file = file
    guard text.utf8.count <= Self.maximumBytes else {
      throw ExperimentError(
        file: file, found: "\(text.utf8.count) bytes", expected: "at most \(Self.maximumBytes) bytes",
        cure: "Thin the table out.")
    }
    var columns: [Column]?
    var rows: [[Cell]] = []
    for (index, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
    {
      let cells = Self.cells(of: Substring(line), file: file, line: index + 1)
      guard let cells else { continue }
      if let columns {
        try Self.checkLength(cells, columns)
        rows.append(cells)
      } else {
        columns = try Self.header(cells)
      }
    }
    guard let columns else {
      throw ExperimentError(
        file: file, line: 1, column: 1, found: "no header line", expected: "a CSV table",
        cure: "Name the columns first.")
    }
    guard !rows.isEmpty else {
      throw ExperimentError(
        file: file, line: columns[0].position.line, column: 1, found: "no rows", expected: "at least one row",
        cure: "Add the numbers.")
    }
    self.columns = columns
    self.rows = rows
  }

  // MARK: - Columns

  /// Numbers of a column in internal units; without `kind` the column must have no unit.
  func numbers(_ name: String, _ kind: QuantityKind?, _ domain: NumberDomain) throws(ExperimentError)
    -> [Double]
  {
    let index = try index(of: name)
    let column = columns[index]
    let isInternal = try factor(of: column, kind) == 1
    var values: [Double] = []
    values.reserveCapacity(rows.count)
    for row in rows {
      let cell = row[index]
      guard let number = parseNumber(cell.text),
        let value = isInternal ? number : converted(cell, column, kind),
        domain.contains(value)
      else {
        throw cell.position.error(
          found: "\(Spelling.excerpt(cell.text)) in column `\(name)`", expected: "a number \(domain.words)",
          cure: "Correct the cell.")
      }
      values.append(value)
    }
    return values
  }

  private func converted(_ cell: Cell, _ column: Column, _ kind: QuantityKind?) -> Double? {
    try? kind?.value(of: "\(cell.text) \(column.unit)")
  }

  /// Texts of a column.
  func texts(_ name: String) throws(ExperimentError) -> [String] {
    let index = try index(of: name)
    return rows.map { $0[index].text }
  }

  /// Where row `row` of the named column stands.
  func position(row: Int, column name: String) -> ConfigNode.Position {
    rows[row][columns.firstIndex { $0.name == name } ?? 0].position
  }

  private func index(of name: String) throws(ExperimentError) -> Int {
    if let index = columns.firstIndex(where: { $0.name == name }) { return index }
    let names = columns.map(\.name)
    throw columns[0].position.error(
      found: "the columns \(Spelling.listing(names))", expected: "a column `\(name)`",
      cure: "\(Spelling.suggestion(for: name, among: names))Add the column or correct the header.")
  }

  private func factor(of column: Column, _ kind: QuantityKind?) throws(ExperimentError) -> Double {
    guard let kind else {
      guard column.unit.isEmpty else {
        throw column.position.error(
          found: "the unit `\(column.unit)` for column `\(column.name)`", expected: "no unit",
          cure: "Remove the unit from the header.")
      }
      return 1
    }
    do throws(QuantityError) {
      return try kind.value(of: "1 \(column.unit)")
    } catch {
      let unit = column.unit.isEmpty ? "no unit" : "the unit `\(column.unit)`"
      throw column.position.error(
        found: "\(unit) for column `\(column.name)`", expected: kind.words,
        cure: "Write the unit in the header, as in `\(column.name) [\(kind.exampleUnit)]`.")
    }
  }

  // MARK: - Lines

  /// Cells of a line, nil for comments and empty lines.
  private static func cells(of line: Substring, file: String, line number: Int) -> [Cell]? {
    guard line.utf8.contains(where: { $0 > UInt8(ascii: " ") }), line.utf8.first != UInt8(ascii: "#") else {
      return nil
    }
    var column = 1
    return line.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false).map { part in
      defer { column += part.count + 1 }
      let lead = part.prefix { $0.properties.isWhitespace }.count
      let text = String(Substring(part)).trimmed
      return Cell(text: text, position: .init(file: file, line: number, column: column + lead))
    }
  }

  private static func header(_ cells: [Cell]) throws(ExperimentError) -> [Column] {
    var columns: [Column] = []
    for cell in cells {
      let column = split(cell)
      guard !column.name.isEmpty, !columns.contains(where: { $0.name == column.name }) else {
        throw cell.position.error(
          found: "the column name \(Spelling.excerpt(cell.text))", expected: "distinct names, not empty",
          cure: "Name every column once, as `name` or `name [unit]`.")
      }
      columns.append(column)
    }
    return columns
  }

  /// `name [unit]` taken apart.
  private static func split(_ cell: Cell) -> Column {
    guard let open = cell.text.firstIndex(of: "["), cell.text.hasSuffix("]") else {
      return Column(name: cell.text, unit: "", position: cell.position)
    }
    let unit = cell.text[cell.text.index(after: open)...].dropLast()
    return Column(
      name: String(cell.text[..<open]).trimmed, unit: String(unit).trimmed, position: cell.position)
  }

  private static func checkLength(_ cells: [Cell], _ columns: [Column]) throws(ExperimentError) {
    guard cells.count != columns.count else { return }
    throw cells[0].position.error(
      found: "\(cells.count) cells", expected: "\(columns.count), one per column",
      cure: "Complete or shorten the row.")
  }
}

extension String {
  /// Without white space at either end.
  var trimmed: String {
    let scalars = unicodeScalars
    let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
    guard let first = scalars.firstIndex(where: { !isSpace($0) }),
      let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(scalars[first...last])
  }
}
