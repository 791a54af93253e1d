/// Columns of numbers as CSV: what they are in comment lines, then a row per line, exact to the last bit.
package enum ColumnTable {
  /// A named column; nil leaves a cell empty.
  package typealias Column = (head: String, values: [Double?])

  /// - Parameters:
  ///   - name: what the table is, first line of the file
  ///   - entries: provenance, a comment line each
  package static func text(
    _ columns: [Column], name: String, entries: [(name: String, value: String)]
  ) -> String {
    var lines = ["# \(name.onOneLine)"]
    lines += entries.map { "# \($0.name): \($0.value)".onOneLine }
    lines.append(columns.map(\.head).joined(separator: ","))
    for row in 0..<(columns.map(\.values.count).max() ?? 0) {
      lines.append(columns.map { $0.values[row].map { "\($0)" } ?? "" }.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
