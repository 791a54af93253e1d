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
  package func script(format: PlotCanvas, output: String) throws(ReportError) -> String {
    try axes.check()
    let points = series.flatMap { $0.fills.flatMap { $0 } + $0.lines.flatMap { $0 } }.flatMap(\.points)
    try requireFinite((points + marks.map(\.point)).flatMap { [$0.m4, $0.d] }, "the regions of the plot")
    let layout = PlotLayout(
      format, title: title, caption: caption, entries: series.map(title) + marks.map(\.label))
    var lines = layout.preamble(output: output) + layout.margins() + axes.script(layout) + [layout.legend]
    lines += blocks
    lines.append("plot \\")
    lines.append(elements(layout).joined(separator: ", \\\n"))
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

  private func elements(_ layout: PlotLayout) -> [String] {
    let canvas = layout.canvas
    var elements: [String] = []
    for (s, series) in series.enumerated() {
      for (level, contours) in series.fills.enumerated() {
        for piece in RegionPolygon.polygons(contours).indices {
          elements.append(
            "  $fill\(s)_\(level)_\(piece) using 1:2 with filledcurves closed fillcolor rgb '\(colour(s, canvas))' "
              + "fillstyle transparent solid 0.22 noborder notitle")
        }
      }
    }
    for (s, series) in series.enumerated() {
      for (level, contours) in series.lines.enumerated() {
        for piece in contours.indices {
          elements.append("  $line\(s)_\(level)_\(piece) using 1:2 \(line(s, canvas)) notitle")
        }
      }
      elements.append("  NaN \(line(s, canvas)) title \(GnuplotText.quoted(layout.entries[s]))")
    }
    for (index, mark) in marks.enumerated() {
      // the ring of the best fit leaves the star of the truth in its middle free
      let (shape, size, colour) =
        mark.kind == .truth ? (3, 1.1, "#000000") : (6, 2.3, canvas.style == .light ? "#8B1A1A" : "#000000")
      elements.append(
        "  $mark\(index) using 1:2 with points pointtype \(shape) pointsize \(size) linewidth 1.8 linecolor rgb '\(colour)' title "
          + GnuplotText.quoted(layout.entries[series.count + index]))
    }
    return elements
  }

  private func title(_ series: Series) -> String {
    let isEmpty = series.lines.allSatisfy(\.isEmpty)
    return isEmpty ? "\(series.label): no outline here" : series.label
  }

  /// The main fit is blue, the posterior black, the others take what colours are left.
  private func colour(_ index: Int, _ canvas: PlotCanvas) -> String {
    let results = canvas.palette.results
    switch series[index].style {
    case .main: return results[0]
    case .posterior: return "#222222"
    case .alone:
      let others = canvas.style == .light ? Array(results.dropFirst().dropLast()) : Array(results.dropFirst())
      let before = series[..<index].count { $0.style == .alone }
      return others[before % others.count]
    }
  }

  private func line(_ index: Int, _ canvas: PlotCanvas) -> String {
    let (width, isDashed) =
      switch series[index].style {
      case .main: ("2.4", false)
      case .alone: ("2.2", false)
      case .posterior: ("1.8", true)
      }
    return
      "with lines linewidth \(width) \(PlotMarks.dash(isSensitivity: isDashed)) linecolor rgb '\(colour(index, canvas))'"
  }
}
