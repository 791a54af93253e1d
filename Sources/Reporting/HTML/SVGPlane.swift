import Contours
import Foundation

/// The picture of an `ExclusionPlot` in a page: the same curves, colours and window as in its file.
struct SVGPlane {
  var plot: ExclusionPlot
  var massSymbol: String?

  var frame: SVGFrame {
    SVGFrame(
      m4: plot.m4Range, d: plot.dRange, coupling: plot.coupling, flavour: plot.flavour, massSymbol: massSymbol
    )
  }

  /// - Parameter results: numbers of the results the pointer reads
  func figure(id: String, label: String, results: [Int]) throws(ReportError) -> String {
    try plot.checkContent()
    let frame = frame
    let regions = plot.series.enumerated().map { index, series in
      let path = series.isSensitivity ? "" : series.regions.map(frame.line).joined()
      return path.isEmpty ? "" : "<path class=\"region \(ReportPalette.fill(index))\" d=\"\(path)\"/>"
    }
    let lines = plot.series.enumerated().map { index, series in
      "<path class=\"\(classes(index))\" d=\"\(series.contours.map(frame.line).joined())\"/>"
    }
    return frame.svg(
      id: id, label: label, under: regions.joined(),
      over: overlays(frame).joined(separator: "\n") + "\n" + lines.joined(separator: "\n"),
      hover: (results, "\(id)-readout"))
  }

  /// Ours first, then published curves inside the window.
  var legend: String {
    let ours = plot.series.enumerated().map { index, series in
      let none = series.contours.isEmpty ? ": no contour on this grid" : ""
      let fill =
        series.isSensitivity
        ? ""
        : "<rect class=\"region \(ReportPalette.fill(index))\" x=\"1\" y=\"0\" width=\"32\" height=\"7\"/>"
      var entry = HTMLLegend.line(classes(index), series.label + none)
      entry.sample = fill + entry.sample
      return entry
    }
    let others = shown.enumerated().map { place, overlay in
      let index = overlay.look ?? place
      let mark = SVGMarks.path(
        round: index / PlotPalette.light.overlays.count, points: [SVGPath.Point(x: 17, y: 7)],
        classes: classes(of: index))
      let source = overlay.reference.isEmpty ? "" : " [\(overlay.reference)]"
      return HTMLLegend.line(
        classes(of: index) + (overlay.style == .projection ? " projection" : ""), overlay.label + source,
        mark: mark)
    }
    return HTMLLegend.list(ours + others)
  }

  private func overlays(_ frame: SVGFrame) -> [String] {
    shown.enumerated().map { place, overlay in
      let index = overlay.look ?? place
      let points = overlay.polyline.map(frame.point)
      let inside = zip(overlay.polyline, points).filter { plot.isInWindow($0.0) }.map(\.1)
      let style = classes(of: index) + (overlay.style == .projection ? " projection" : "")
      let marks = SVGMarks.path(
        round: index / PlotPalette.light.overlays.count, points: inside, classes: classes(of: index))
      let title = "<title>\(HTMLText.escaped(overlay.label))</title>"
      return
        "<g>\(title)<path class=\"\(style)\" d=\"\(SVGPath.line(points, isClosed: false))\"/>\(marks)</g>"
    }
  }

  private var shown: [OverlayCurve] { plot.overlaysInWindow }

  private func classes(_ index: Int) -> String {
    "result \(ReportPalette.series(index))" + (plot.series[index].isSensitivity ? " sensitivity" : "")
  }

  private func classes(of overlay: Int) -> String { "published \(ReportPalette.overlay(overlay))" }
}
