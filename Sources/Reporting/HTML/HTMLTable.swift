import Foundation

/// A table with a caption and heads for readers of every kind.
struct HTMLTable {
  struct Column {
    /// HTML
    var head: String
    var isNumber = true
  }

  /// HTML
  var caption: String
  var columns: [Column]
  /// HTML, a cell per column.
  var rows: [[String]]
  /// The first cell of a row says what the row is of.
  var hasRowHeads = true
  /// In a box of its own height, to scroll; the order can be changed where there is JavaScript.
  var isLong = false

  var html: String {
    var lines = ["<table\(isLong ? " class=\"sortable\"" : "")>", "<caption>\(caption)</caption>"]
    let heads = columns.map { "<th scope=\"col\"\(style($0))>\($0.head)</th>" }
    lines.append("<thead><tr>\(heads.joined())</tr></thead>")
    lines.append("<tbody>")
    for row in rows {
      let cells = zip(row, columns).enumerated().map { index, cell in
        index == 0 && hasRowHeads
          ? "<th scope=\"row\"\(style(cell.1))>\(cell.0)</th>" : "<td\(style(cell.1))>\(cell.0)</td>"
      }
      lines.append("<tr>\(cells.joined())</tr>")
    }
    lines += ["</tbody>", "</table>"]
    let table = lines.joined(separator: "\n")
    guard isLong else { return "<div class=\"wide\">\(table)</div>" }
    return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">\(table)</div>"
  }

  private func style(_ column: Column) -> String { column.isNumber ? " class=\"number\"" : "" }

  /// Names and values, escaped here.
  static func entries(_ entries: [(name: String, value: String)], caption: String) -> String {
    HTMLTable(
      caption: HTMLText.escaped(caption),
      columns: [Column(head: "entry", isNumber: false), Column(head: "value", isNumber: false)],
      rows: entries.map {
        [
          HTMLText.escaped($0.name),
          "<span class=\"value\">\($0.value.isEmpty ? "–" : HTMLText.escaped($0.value))</span>",
        ]
      }
    ).html
  }
}

/// A table per mass: some rows to read, all of them behind a link.
struct MassTable {
  static let mostRowsShown = 400
  static let mostRowsLinked = 5000

  /// HTML
  var caption: String
  var m4: [Double]
  /// HTML
  var massHead: String
  var columns: [(head: String, csvHead: String, values: [Double?])]
  var csvMassHead: String
  /// Comment lines of the CSV file.
  var csvName: String
  var csvEntries: [(name: String, value: String)]
  /// Name of the file that the link saves.
  var fileName: String

  var html: String {
    let shown = GridSample.picked(m4.count, Self.mostRowsShown)
    let linked = GridSample.picked(m4.count, Self.mostRowsLinked)
    let rows = shown.map { row in
      [fiveDigits(m4[row])] + columns.map { $0.values[row].map(fiveDigits) ?? "none" }
    }
    let few = shown.count < m4.count ? " \(shown.count) of \(m4.count) masses are shown." : ""
    let table = HTMLTable(
      caption: caption + few,
      columns: ([massHead] + columns.map(\.head)).map { HTMLTable.Column(head: $0) }, rows: rows, isLong: true
    )
    let saved = linked.count < m4.count ? "\(linked.count) of \(m4.count) masses" : "all \(m4.count) masses"
    let link =
      "<a class=\"save\" download=\"\(HTMLText.escaped(fileName))\" href=\"\(HTMLText.dataLink(csv: csv(linked)))\">"
      + "Save as CSV (\(saved), every digit)</a>"
    return table.html + "\n<p>\(link)</p>"
  }

  func csv(_ rows: [Int]) -> String {
    let heads = [csvMassHead] + columns.map(\.csvHead)
    let values = [rows.map { Optional(m4[$0]) }] + columns.map { column in rows.map { column.values[$0] } }
    return ColumnTable.text(
      zip(heads, values).map { (head: Self.field($0), values: $1) }, name: csvName, entries: csvEntries)
  }

  /// A field of a CSV file that may hold anything on one line.
  static func field(_ text: String) -> String {
    let line = text.onOneLine
    guard line.contains(where: { ",\"".contains($0) }) else { return line }
    return "\"" + line.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  private func fiveDigits(_ value: Double) -> String { String(format: "%.5g", value) }
}
