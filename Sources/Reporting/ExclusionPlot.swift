import Contours
import Foundation

/// The (m4, d) plane on logarithmic axes: our contours, the excluded region shaded, published curves thin.
package struct ExclusionPlot: Sendable {
  /// One of our results.
  package struct Series: Sendable {
    package var label: String
    package var contours: [Contour]
    /// Outlines to shade (`ResultFile.excludedRegions`); drawn for limits only.
    package var regions: [Contour]
    /// False: a limit from data, solid and shaded; true: a sensitivity, dashed.
    package var isSensitivity: Bool

    package init(label: String, contours: [Contour], regions: [Contour], isSensitivity: Bool) {
      self.label = label
      self.contours = contours
      self.regions = regions
      self.isSensitivity = isSensitivity
    }
  }

  package var title: String
  package var series: [Series]
  package var overlays: [OverlayCurve]
  /// MeV, positive.
  package var m4Range: ClosedRange<Double>
  /// In the unit of `coupling`, positive.
  package var dRange: ClosedRange<Double>
  package var coupling: CouplingLabel
  /// "e", "mu", "tau": index of the coupling on its axis; anything else leaves it bare.
  package var flavour: String
  /// Label of the mass axis in gnuplot's enhanced text.
  package var massLabel = PlaneAxes.massLabel(nil)
  /// Lines below the plot: statistic, level, convention, backend (`Provenance.captionLines`).
  package var caption: [String]

  package init(
    title: String, series: [Series], overlays: [OverlayCurve], m4Range: ClosedRange<Double>,
    dRange: ClosedRange<Double>, coupling: CouplingLabel, flavour: String = "", caption: [String]
  ) {
    self.title = title
    self.series = series
    self.overlays = overlays
    self.m4Range = Self.widened(m4Range)
    self.dRange = Self.widened(dRange)
    self.coupling = coupling
    self.flavour = flavour
    self.caption = caption
  }

  /// A factor of two around a single value, so that a scan of one mass can be drawn.
  private static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    range.lowerBound == range.upperBound && range.lowerBound > 0
      ? range.lowerBound / 2...2 * range.upperBound : range
  }

  /// Overlays without a point in the plotted window: they are neither drawn nor listed, and the caller should say so.
  package var overlaysOutsideWindow: [OverlayCurve] { overlays.filter { !isVisible($0) } }
  package var overlaysInWindow: [OverlayCurve] { overlays.filter(isVisible) }

  /// Whole decades around the contours, one more above so that the shaded region shows, at most the scanned axis.
  package static func couplingRange(of contours: [Contour], within axis: [Double]) -> ClosedRange<Double> {
    let low = axis.first ?? 1e-8
    let high = max(axis.last ?? 1e-4, low * 10)
    let values = contours.flatMap { $0.points.map(\.d) }
    guard let least = values.min(), let greatest = values.max(), least > 0 else { return low...high }
    let bottom = pow(10, floor(log10(least / 1.5)))
    let top = max(pow(10, ceil(log10(greatest * 1.5))), bottom * 10)
    return max(bottom, min(low, least))...min(top, max(high, greatest))
  }

  // MARK: - Script

  /// A gnuplot script that needs no other file.
  package func script(format: PlotFormat, output: String) throws(ReportError) -> String {
    try checkContent()
    let shown = overlays.filter(isVisible)
    var lines = GnuplotText.preamble(format: format, output: output)
    lines += GnuplotText.frame(title: title, caption: caption, bottomMargin: 0.205)
    lines += axes.script + position(PlotLegend(entries: series.map(title) + shown.map(title)))
    lines += dataBlocks(shown)
    lines.append("plot \\")
    lines.append(plotElements(shown).joined(separator: ", \\\n"))
    lines.append("set output")
    return lines.joined(separator: "\n") + "\n"
  }

  private var axes: PlaneAxes {
    PlaneAxes(
      m4Range: m4Range, dRange: dRange, coupling: coupling, flavour: flavour, massLabel: massLabel)
  }

  private func position(_ legend: PlotLegend) -> [String] {
    [
      "set lmargin at screen 0.105", "set rmargin at screen \(String(format: "%.4f", legend.left))",
      legend.command,
    ]
  }

  private func dataBlocks(_ shown: [OverlayCurve]) -> [String] {
    var lines: [String] = []
    for (index, series) in series.enumerated() {
      for (piece, polygon) in polygons(series).enumerated() {
        lines += GnuplotText.block("region\(index)_\(piece)", polygon.map { [$0.m4, $0.d] })
      }
      for (piece, contour) in series.contours.enumerated() {
        lines += GnuplotText.block("contour\(index)_\(piece)", contour.polyline.map { [$0.m4, $0.d] })
      }
    }
    for (index, overlay) in shown.enumerated() {
      lines += GnuplotText.block("overlay\(index)", overlay.polyline.map { [$0.m4, $0.d] })
    }
    return lines
  }

  /// Shading first, then published curves, then our lines on top.
  private func plotElements(_ shown: [OverlayCurve]) -> [String] {
    var elements: [String] = []
    for (index, series) in series.enumerated() {
      let colour = PlotColour.results[index % PlotColour.results.count]
      for piece in polygons(series).indices {
        elements.append(
          "  $region\(index)_\(piece) using 1:2 with filledcurves closed fillcolor rgb '\(colour)' "
            + "fillstyle transparent solid 0.20 noborder notitle")
      }
    }
    elements += series.enumerated().map { keyElement($1, index: $0) }
    elements += shown.enumerated().map { overlayElement($1, index: $0) }
    for (index, series) in series.enumerated() {
      for piece in series.contours.indices {
        let count = series.contours[piece].polyline.count
        elements.append(
          "  $contour\(index)_\(piece) using 1:2 \(style(series, index, points: count)) notitle")
      }
    }
    return elements
  }

  /// Legend entry, listed even when nothing is excluded.
  private func title(_ series: Series) -> String {
    PlotLegend.shortened(series.contours.isEmpty ? "\(series.label): no contour on this grid" : series.label)
  }

  private func title(_ overlay: OverlayCurve) -> String {
    PlotLegend.shortened(
      overlay.reference.isEmpty ? overlay.label : "\(overlay.label) [\(overlay.reference)]")
  }

  private func keyElement(_ series: Series, index: Int) -> String {
    "  NaN \(style(series, index, points: 1)) title \(GnuplotText.quoted(title(series)))"
  }

  private func overlayElement(_ overlay: OverlayCurve, index: Int) -> String {
    if overlay.style == .envelope {
      return "  $overlay\(index) using 1:2 with lines linewidth 6 linecolor rgb '\(PlotColour.envelope)' "
        + "title \(GnuplotText.quoted(title(overlay)))"
    }
    let colour = PlotColour.overlays[index % PlotColour.overlays.count]
    let dash = overlay.style == .projection ? "dashtype 3 " : ""
    let marks = PlotMarks.open(
      round: index / PlotColour.overlays.count, points: overlay.points.count(where: isInWindow), size: 0.7)
    return "  $overlay\(index) using 1:2 \(marks) linewidth 1.4 \(dash)linecolor rgb '\(colour)' "
      + "title \(GnuplotText.quoted(title(overlay)))"
  }

  /// Solid for limits and dashed for sensitivities, whatever the index: colours that come again carry marks.
  private func style(_ series: Series, _ index: Int, points: Int) -> String {
    let colour = PlotColour.results[index % PlotColour.results.count]
    let marks = PlotMarks.filled(
      round: index / PlotColour.results.count, points: points, size: 1.1)
    let width = self.series.count > 6 ? "2.2" : "3.2"
    return "\(marks) linewidth \(width) dashtype \(series.isSensitivity ? 2 : 1) linecolor rgb '\(colour)'"
  }

  // MARK: - Content

  private func polygons(_ series: Series) -> [[ContourPoint]] {
    series.isSensitivity ? [] : RegionPolygon.polygons(series.regions)
  }

  func isVisible(_ overlay: OverlayCurve) -> Bool {
    overlay.points.contains(where: isInWindow)
  }

  func isInWindow(_ point: ContourPoint) -> Bool {
    m4Range.contains(point.m4) && dRange.contains(point.d)
  }

  func checkContent() throws(ReportError) {
    try axes.check()
    for overlay in overlays {
      try requireFinite(overlay.points.flatMap { [$0.m4, $0.d] }, "the curve \(overlay.label)")
    }
    for series in series {
      let points = (series.contours + series.regions).flatMap(\.points)
      try requireFinite(points.flatMap { [$0.m4, $0.d] }, "the contour \(series.label)")
    }
  }
}
