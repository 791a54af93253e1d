import Foundation

/// Correlation coefficients of the parameters of a fit as a square of colours and numbers.
package struct CorrelationPlot: Sendable {
  package var title: String
  package var names: [String]
  /// Rows of coefficients between -1 and 1, as many as names.
  package var matrix: [[Double]]
  package var caption: [String]

  package init(title: String, names: [String], matrix: [[Double]], caption: [String]) {
    self.title = title
    self.names = names
    self.matrix = matrix
    self.caption = caption
  }

  private static let longestName = 34
  /// More parameters than these have no room for numbers.
  private static let mostNumbers = 16

  /// A gnuplot script that needs no other file.
  package func script(format: PlotCanvas, output: String) throws(ReportError) -> String {
    let count = names.count
    guard count > 1, matrix.count == count, matrix.allSatisfy({ $0.count == count }) else {
      throw ReportError(
        .badContent,
        "A correlation matrix needs two or more parameters and as many rows and columns; there are \(count) names and rows of "
          + "\(matrix.map(\.count)) numbers.")
    }
    try requireFinite(matrix.flatMap { $0 }, "the correlations")
    let labels = names.enumerated().map { index, name in
      "\(GnuplotText.cut(name, to: Self.longestName))  \(index + 1)"
    }
    let size = SideText.size(labels, lines: 400, on: format)
    let layout = PlotLayout(
      format, title: title, caption: caption, entries: [], hasScale: true, isSquare: true,
      leftMargin: 40 + SideText.width(labels, size: size))
    let side = layout.area.width
    let font = "font ',\(Int(size))'"
    let rows = labels.enumerated().map { "\(GnuplotText.enhanced($1)) \(count - $0)" }
    let columns = names.indices.map { "'\($0 + 1)' \($0 + 1)" }
    var lines = layout.preamble(output: output) + layout.margins()
    lines += [
      "unset key", "set xrange [0.5:\(Double(count) + 0.5)]", "set yrange [0.5:\(Double(count) + 0.5)]",
      "set xtics (\(columns.joined(separator: ", "))) \(font) scale 0",
      "set ytics (\(rows.joined(separator: ", "))) \(font) scale 0", palette(format), "set cbrange [-1:1]",
      "set cbtics 0.5 \(format.font(.legend))",
      "set cblabel 'correlation' \(format.font(.tics)) offset 0.4,0",
    ]
    lines += GnuplotText.block(
      "cells",
      names.indices.flatMap { i in
        names.indices.map { j in [Double(j + 1), Double(count - i), matrix[i][j]] }
      })
    if count <= Self.mostNumbers { lines += numbers(size: min(0.27 * side / Double(count), size)) }
    lines += [
      "plot $cells using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):3 with boxxyerror fillstyle solid noborder linecolor palette",
      "set output",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// White letters where the colour is deep.
  private func numbers(size: Double) -> [String] {
    names.indices.flatMap { i in
      names.indices.map { j in
        let value = matrix[i][j]
        return
          "set label \(1000 + i * names.count + j) '\(Self.text(value))' at \(j + 1),\(names.count - i) center "
          + "font ',\(Int(size))' textcolor rgb '\(abs(value) > 0.6 ? "#FFFFFF" : "#000000")' front"
      }
    }
  }

  /// "0.12", "−0.90", "0" for less than half of the last digit.
  private static func text(_ value: Double) -> String {
    if abs(value) < 0.005 { return "0" }
    return String(format: "%.2f", value).replacingOccurrences(of: "-", with: "−")
  }

  /// Red below zero, blue above; on prints one grey for both where numbers tell the sign, else from black to white.
  private func palette(_ canvas: PlotCanvas) -> String {
    func colour(_ parts: [Double]) -> String {
      "'#" + parts.map { String(format: "%02X", Int($0)) }.joined() + "'"
    }
    guard canvas.style == .light else {
      if names.count > Self.mostNumbers { return "set palette defined (-1 '#202020', 1 '#FFFFFF')" }
      return "set palette defined (-1 '#303030', 0 '#FFFFFF', 1 '#303030')"
    }
    return
      "set palette defined (-1 \(colour(MapPlot.red)), 0 \(colour(MapPlot.pale)), 1 \(colour(MapPlot.blue)))"
  }
}
