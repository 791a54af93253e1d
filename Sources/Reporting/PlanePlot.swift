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
  package func script(format: PlotFormat, output: String) throws(ReportError) -> String {
    for one in series {
      try requireFinite(one.contours.flatMap { $0.points.flatMap { [$0.m4, $0.d] } }, one.label)
    }
    guard xRange.lowerBound < xRange.upperBound, yRange.lowerBound < yRange.upperBound else {
      throw ReportError(
        .badContent, "The plane \(xRange) x \(yRange) is empty. Give more than one value per axis.")
    }
    let legend = PlotLegend(entries: series.map(title))
    var lines = GnuplotText.preamble(format: format, output: output)
    lines += GnuplotText.frame(title: title, caption: caption, bottomMargin: 0.205)
    lines += [
      "set lmargin at screen 0.125", "set rmargin at screen \(String(format: "%.4f", legend.left))",
      legend.command,
      "set xrange [\(xRange.lowerBound):\(xRange.upperBound)]",
      "set yrange [\(yRange.lowerBound):\(yRange.upperBound)]",
      "set format x '%g'", "set format y '%g'",
      GnuplotText.horizontalTitle("'\(xLabel)'"),
      "set ylabel '\(yLabel)' font ',19' offset -2,0",
      "set tics font ',16' out nomirror scale 0.9,0.45",
      "set grid xtics ytics linecolor rgb '#E4E4E4' linewidth 0.8 linetype 1",
    ]
    for (index, one) in series.enumerated() {
      for (piece, contour) in one.contours.enumerated() {
        lines += GnuplotText.block("contour\(index)_\(piece)", contour.polyline.map { [$0.m4, $0.d] })
      }
    }
    lines.append("plot \\")
    lines.append(elements.joined(separator: ", \\\n"))
    lines.append("set output")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Listed even when nothing is excluded.
  private func title(_ series: Series) -> String {
    PlotLegend.shortened(series.contours.isEmpty ? "\(series.label): no contour on these axes" : series.label)
  }

  private var elements: [String] {
    let styles = series.indices.map { index in
      "with lines linewidth 3.2 dashtype \(series[index].isSensitivity ? 2 : 1) "
        + "linecolor rgb '\(PlotColour.results[index % PlotColour.results.count])'"
    }
    return series.indices.map { "  NaN \(styles[$0]) title \(GnuplotText.quoted(title(series[$0])))" }
      + series.indices.flatMap { index in
        series[index].contours.indices.map {
          "  $contour\(index)_\($0) using 1:2 \(styles[index]) notitle"
        }
      }
  }
}
