import Foundation

/// Why a reference table cannot be used; the message names file, line and column.
package struct ReferenceTableError: Error, Hashable, Sendable, CustomStringConvertible {
  package let file: String
  /// 1-based; nil when the whole file is meant.
  package let line: Int?
  package let problem: String

  package init(file: String, line: Int? = nil, problem: String) {
    self.file = file
    self.line = line
    self.problem = problem
  }

  package var description: String {
    line.map { "\(file), line \($0): \(problem)" } ?? "\(file): \(problem)"
  }
}

/// A comma-separated table: lines that begin with # are comments, the first other line names the columns, fields may be
/// quoted with double quotes.
package struct ReferenceCSV: Sendable {
  /// One row with the line it stands on.
  package struct Row: Sendable {
    package let file: String
    package let line: Int
    package let fields: [String]
    let columns: [String: Int]

    /// The text of a column.
    package func text(_ column: String) throws(ReferenceTableError) -> String {
      guard let index = columns[column] else {
        throw ReferenceTableError(file: file, line: line, problem: "no column \"\(column)\"")
      }
      return fields[index]
    }

    /// The finite number of a column.
    package func number(_ column: String) throws(ReferenceTableError) -> Double {
      let field = try text(column)
      guard let value = Double(field), value.isFinite else {
        throw ReferenceTableError(
          file: file, line: line, problem: "column \"\(column)\" holds \"\(field)\", expected a finite number"
        )
      }
      return value
    }

    /// The integer of a column.
    package func integer(_ column: String) throws(ReferenceTableError) -> Int {
      let field = try text(column)
      guard let value = Int(field) else {
        throw ReferenceTableError(
          file: file, line: line, problem: "column \"\(column)\" holds \"\(field)\", expected an integer")
      }
      return value
    }
  }

  package let file: String
  package let header: [String]
  package let rows: [Row]

  /// Reads the file `name` of a folder.
  package init(folder: String, file name: String) throws(ReferenceTableError) {
    try self.init(file: name, text: readReferenceText(folder: folder, file: name))
  }

  /// Parses a text; every row must have as many fields as the header.
  package init(file: String, text: String) throws(ReferenceTableError) {
    var header: [String]?
    var columns: [String: Int] = [:]
    var rows: [Row] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      if line.isEmpty || line.hasPrefix("#") { continue }
      let fields = try Self.fields(line, file: file, line: index + 1)
      guard let names = header else {
        header = fields
        columns = try Self.columns(fields, file: file, line: index + 1)
        continue
      }
      guard fields.count == names.count else {
        throw ReferenceTableError(
          file: file, line: index + 1,
          problem: "\(fields.count) fields, but the header names \(names.count) columns")
      }
      rows.append(Row(file: file, line: index + 1, fields: fields, columns: columns))
    }
    guard let header else { throw ReferenceTableError(file: file, problem: "no header line") }
    self.file = file
    self.header = header
    self.rows = rows
  }

  private static func columns(
    _ names: [String], file: String, line: Int
  ) throws(ReferenceTableError) -> [String: Int] {
    var columns: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      guard columns.updateValue(index, forKey: name) == nil else {
        throw ReferenceTableError(file: file, line: line, problem: "column \"\(name)\" appears twice")
      }
    }
    return columns
  }

  /// Fields of one line; a doubled quote inside quotes stands for one.
  private static func fields(
    _ text: Substring, file: String, line: Int
  ) throws(ReferenceTableError) -> [String] {
    var fields = [""]
    var quoted = false
    var previousWasQuote = false
    for character in text {
      if character == "\"" {
        if !quoted && previousWasQuote { fields[fields.count - 1].append("\"") }
        quoted.toggle()
        previousWasQuote = !quoted
        continue
      }
      previousWasQuote = false
      if character == "," && !quoted {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
    }
    guard !quoted else { throw ReferenceTableError(file: file, line: line, problem: "a quote is not closed") }
    return fields
  }
}

/// The text of a file of the folder; at most 64 MB of UTF-8.
package func readReferenceText(folder: String, file: String) throws(ReferenceTableError) -> String {
  let url = URL(fileURLWithPath: folder, isDirectory: true).appendingPathComponent(file)
  let data: Data
  do {
    data = try Data(contentsOf: url)
  } catch {
    throw ReferenceTableError(
      file: file, problem: "cannot be read from \(folder): \(error.localizedDescription)")
  }
  guard data.count <= 64 << 20 else { throw ReferenceTableError(file: file, problem: "larger than 64 MB") }
  guard let text = String(data: data, encoding: .utf8) else {
    throw ReferenceTableError(file: file, problem: "not UTF-8 text")
  }
  return text
}
