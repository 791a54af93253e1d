import Contours
import Foundation

/// The (m4, d) plane on logarithmic axes: our contours, the excluded region shaded, published curves thin.
package struct ExclusionPlot: Sendable {
  /// One of our results.
  package struct Series: Sendable {
    package var label: String
    /// Written beside the curve; nil for the label up to its first comma.
    package var name: String?
    package var contours: [Contour]
    /// Outlines to shade (`ResultFile.excludedRegions`); drawn for limits only.
    package var regions: [Contour]
    /// False: a limit from data, solid and shaded; true: a sensitivity, dashed.
    package var isSensitivity: Bool

    package init(
      label: String, name: String? = nil, contours: [Contour], regions: [Contour], isSensitivity: Bool
    ) {
      self.label = label
      self.name = name
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
  package func script(format: PlotCanvas, output: String) throws(ReportError) -> String {
    try checkContent()
    let drawing = ExclusionDrawing(self, on: format)
    let layout = drawing.layout
    var lines = layout.preamble(output: output) + layout.margins() + axes.script(layout)
    lines.append(layout.legend)
    lines += drawing.script
    lines.append("set output")
    return lines.joined(separator: "\n") + "\n"
  }

  var axes: PlaneAxes {
    PlaneAxes(
      m4Range: m4Range, dRange: dRange, coupling: coupling, flavour: flavour, massLabel: massLabel)
  }

  // MARK: - Content

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
