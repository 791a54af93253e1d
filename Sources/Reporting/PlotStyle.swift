import Foundation

/// File formats of a plot, chosen by the extension of its name.
package enum PlotFormat: String, CaseIterable, Sendable {
  case svg, png, pdf

  package init(path: String) throws(ReportError) {
    let suffix = (path as NSString).pathExtension.lowercased()
    guard let format = Self(rawValue: suffix) else {
      let fault =
        suffix.isEmpty
        ? "the name has no extension, which would choose the format"
        : "the extension .\(suffix) does not name a plot format"
      throw ReportError(.badContent, "\(path): \(fault). End the name in .svg, .png or .pdf.")
    }
    self = format
  }
}

/// Marks along a curve whose colour was used before; dashes are left to what they mean.
enum PlotMarks {
  private static let filledShapes = [7, 5, 9, 13, 11]  // circle, square, triangles, diamond
  private static let openShapes = [6, 4, 8, 12, 10]
  private static let marksPerCurve = 10

  /// Solid for limits, dashed for sensitivities and what is expected.
  static func dash(isSensitivity: Bool) -> String { "dashtype \(isSensitivity ? "(9,6)" : "1")" }

  /// How gnuplot shall draw a curve of `points` points when the colours are used for the `round`-th time, from 0.
  static func filled(round: Int, points: Int, size: Double) -> String {
    style(filledShapes, round: round, points: points, size: size)
  }

  static func open(round: Int, points: Int, size: Double) -> String {
    style(openShapes, round: round, points: points, size: size)
  }

  private static func style(_ shapes: [Int], round: Int, points: Int, size: Double) -> String {
    guard round > 0 else { return "with lines" }
    let interval = max(1, points / marksPerCurve)
    return
      "with linespoints pointtype \(shapes[(round - 1) % shapes.count]) pointinterval \(interval) pointsize \(size)"
  }
}

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
