import Contours
import Foundation

/// Contours of several results in the plane of two parameters, on linear axes.
package struct PlanePlot: Sendable {
  package struct Series: Sendable {
    package var label: String
    package var contours: [Contour]
    /// Dashed: a sensitivity.
    package var isSensitivity: Bool

    package init(label: String, contours: [Contour], isSensitivity: Bool) {
      self.label = label
      self.contours = contours
      self.isSensitivity = isSensitivity
    }
  }

  package var title: String
  /// In gnuplot's enhanced text, units included.
  package var xLabel: String
  package var yLabel: String
  package var xRange: ClosedRange<Double>
  package var yRange: ClosedRange<Double>
  package var series: [Series]
  package var caption: [String]

  package init(
    title: String, xLabel: String, yLabel: String, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>,
    series: [Series], caption: [String]
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xRange = xRange
    self.yRange = yRange
    self.series = series
    self.caption = caption
  }

  /// A gnuplot script that needs no other file.
  package func script(format: PlotCanvas, output: String) throws(ReportError) -> String {
    for one in series {
      try requireFinite(one.contours.flatMap { $0.points.flatMap { [$0.m4, $0.d] } }, one.label)
    }
    guard xRange.lowerBound < xRange.upperBound, yRange.lowerBound < yRange.upperBound else {
      throw ReportError(
        .badContent, "The plane \(xRange) x \(yRange) is empty. Give more than one value per axis.")
    }
    let layout = PlotLayout(format, title: title, caption: caption, entries: series.map(title))
    let steps = format.style == .light ? 8.0 : 7
    let (x, y) = (ScaledTics(xRange, steps: steps), ScaledTics(yRange, steps: steps))
    var lines = layout.preamble(output: output) + layout.margins()
    lines += [
      layout.legend,
      "set xrange [\(xRange.lowerBound):\(xRange.upperBound)]",
      "set yrange [\(yRange.lowerBound):\(yRange.upperBound)]",
      x.command("x"), y.command("y"),
      layout.horizontalTitle("'\(x.title(xLabel))'"),
      layout.verticalTitle(
        "'\(y.title(yLabel))'", beside: layout.area, clearOf: y.widest(size: format.size(.tics))),
      layout.grid(),
    ]
    for (index, one) in series.enumerated() {
      for (piece, contour) in one.contours.enumerated() {
        lines += GnuplotText.block("contour\(index)_\(piece)", contour.polyline.map { [$0.m4, $0.d] })
      }
    }
    lines.append("plot \\")
    lines.append(elements(layout).joined(separator: ", \\\n"))
    lines.append("set output")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Listed even when nothing is excluded.
  private func title(_ series: Series) -> String {
    series.contours.isEmpty ? "\(series.label): no contour on these axes" : series.label
  }

  private func elements(_ layout: PlotLayout) -> [String] {
    let styles = series.indices.map { index in
      let (colour, round) = layout.canvas.result(index)
      let count = series[index].contours.map(\.polyline.count).max() ?? 1
      return PlotMarks.filled(round: round, points: count, size: 1.1)
        + " linewidth 3.2 \(PlotMarks.dash(isSensitivity: series[index].isSensitivity)) linecolor rgb '\(colour)'"
    }
    return series.indices.map {
      "  NaN \(styles[$0]) title \(GnuplotText.quoted(layout.entries[$0]))"
    }
      + series.indices.flatMap { index in
        series[index].contours.indices.map {
          "  $contour\(index)_\($0) using 1:2 \(styles[index]) notitle"
        }
      }
  }
}
