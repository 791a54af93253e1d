import Foundation

/// Text and numbers in the syntax of gnuplot.
enum GnuplotText {
  /// A single-quoted string; quotes are doubled and control characters become spaces.
  static func quoted(_ text: String) -> String {
    "'" + text.onOneLine.replacingOccurrences(of: "'", with: "''") + "'"
  }

  /// Units with raised powers, for text without mark-up.
  static func pretty(_ text: String) -> String { text.replacingOccurrences(of: "GeV^-1", with: "GeV⁻¹") }

  /// Text of so many letters at most, with an ellipsis where some are missing.
  static func cut(_ text: String, to length: Int) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }

  /// A single-quoted string for enhanced text: every mark-up character stands for itself, except that the Lorentz
  /// indices of a Lagrangian are raised and lowered.
  static func enhanced(_ text: String) -> String {
    let escaped = pretty(text).reduce(into: "") { result, character in
      if "\\^_{}@&~".contains(character) { result.append("\\") }
      result.append(character)
    }
    let raised = escaped.replacingOccurrences(of: "\\^μν", with: "^{μν}")
    return quoted(raised.replacingOccurrences(of: "\\_μν", with: "_{μν}"))
  }

  /// A named data block.
  static func block(_ name: String, _ rows: [[Double]]) -> [String] {
    ["$\(name) << EOD"] + rows.map { $0.map { "\($0)" }.joined(separator: " ") } + ["EOD"]
  }
}
