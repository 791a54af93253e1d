import Contours
import Foundation

/// Allowed regions in the (m4, d) plane: nested levels filled, fits of single experiments as lines, truth and best fit marked.
package struct RegionPlot: Sendable {
  /// Regions of one fit at one or several levels.
  package struct Series: Sendable {
    package var label: String
    /// Outlines to fill, from the largest region to the smallest; empty: lines only.
    package var fills: [[Contour]]
    package var lines: [[Contour]]
    package var style: Style

    package enum Style: Sendable { case main, alone, posterior }

    package init(label: String, fills: [[Contour]], lines: [[Contour]], style: Style) {
      self.label = label
      self.fills = fills
      self.lines = lines
      self.style = style
    }
  }

  package struct Mark: Sendable {
    package enum Kind: Sendable { case truth, bestFit }
    package var kind: Kind
    package var label: String
    package var point: ContourPoint

    package init(kind: Kind, label: String, point: ContourPoint) {
      self.kind = kind
      self.label = label
      self.point = point
    }
  }

  package var title: String
  package var series: [Series]
  package var marks: [Mark]
  package var axes: PlaneAxes
  package var caption: [String]

  package init(title: String, series: [Series], marks: [Mark], axes: PlaneAxes, caption: [String]) {
    self.title = title
    self.series = series
    self.marks = marks
    self.axes = axes
    self.caption = caption
  }

  /// A gnuplot script that needs no other file.
  package func script(format: PlotFormat, output: String) throws(ReportError) -> String {
    try axes.check()
    let points = series.flatMap { $0.fills.flatMap { $0 } + $0.lines.flatMap { $0 } }.flatMap(\.points)
    try requireFinite((points + marks.map(\.point)).flatMap { [$0.m4, $0.d] }, "the regions of the plot")
    let legend = PlotLegend(entries: series.map(title) + marks.map { PlotLegend.shortened($0.label) })
    var lines = GnuplotText.preamble(format: format, output: output)
    lines += GnuplotText.frame(title: title, caption: caption, bottomMargin: 0.205)
    lines += axes.script
    lines += [
      "set lmargin at screen 0.105", "set rmargin at screen \(String(format: "%.4f", legend.left))",
      legend.command,
    ]
    lines += blocks
    lines.append("plot \\")
    lines.append(elements.joined(separator: ", \\\n"))
    lines.append("set output")
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: - Elements

  private var blocks: [String] {
    var lines: [String] = []
    for (s, series) in series.enumerated() {
      for (name, sets) in [("fill", series.fills), ("line", series.lines)] {
        for (level, contours) in sets.enumerated() {
          let pieces = name == "fill" ? RegionPolygon.polygons(contours) : contours.map(\.polyline)
          for (piece, points) in pieces.enumerated() {
            lines += GnuplotText.block("\(name)\(s)_\(level)_\(piece)", points.map { [$0.m4, $0.d] })
          }
        }
      }
    }
    for (index, mark) in marks.enumerated() {
      lines += GnuplotText.block("mark\(index)", [[mark.point.m4, mark.point.d]])
    }
    return lines
  }

  private var elements: [String] {
    var elements: [String] = []
    for (s, series) in series.enumerated() {
      for (level, contours) in series.fills.enumerated() {
        for piece in RegionPolygon.polygons(contours).indices {
          elements.append(
            "  $fill\(s)_\(level)_\(piece) using 1:2 with filledcurves closed fillcolor rgb '\(colour(s))' "
              + "fillstyle transparent solid 0.22 noborder notitle")
        }
      }
    }
    for (s, series) in series.enumerated() {
      for (level, contours) in series.lines.enumerated() {
        for piece in contours.indices {
          elements.append("  $line\(s)_\(level)_\(piece) using 1:2 \(line(s)) notitle")
        }
      }
      elements.append("  NaN \(line(s)) title \(GnuplotText.quoted(title(series)))")
    }
    for (index, mark) in marks.enumerated() {
      let (shape, colour) = mark.kind == .truth ? (3, "#000000") : (6, "#8B1A1A")
      elements.append(
        "  $mark\(index) using 1:2 with points pointtype \(shape) pointsize 1.9 linewidth 2.4 linecolor rgb '\(colour)' title "
          + GnuplotText.quoted(PlotLegend.shortened(mark.label)))
    }
    return elements
  }

  private func title(_ series: Series) -> String {
    let isEmpty = series.lines.allSatisfy(\.isEmpty)
    return PlotLegend.shortened(isEmpty ? "\(series.label): no outline here" : series.label)
  }

  /// The main fit is blue, the posterior black, the others take what colours are left.
  private func colour(_ index: Int) -> String {
    switch series[index].style {
    case .main: return PlotColour.results[0]
    case .posterior: return "#222222"
    case .alone:
      let others = Array(PlotColour.results.dropFirst().dropLast())
      let before = series[..<index].count { $0.style == .alone }
      return others[before % others.count]
    }
  }

  private func line(_ index: Int) -> String {
    let (width, dash) =
      switch series[index].style {
      case .main: ("2.4", 1)
      case .alone: ("2.2", 1)
      case .posterior: ("1.8", 2)
      }
    return "with lines linewidth \(width) dashtype \(dash) linecolor rgb '\(colour(index))'"
  }
}
