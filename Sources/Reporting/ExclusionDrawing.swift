import Contours
import Foundation

/// What an exclusion plot draws on a canvas: shading, published curves with marks on their excluded side, our lines, names beside both.
struct ExclusionDrawing {
  let plot: ExclusionPlot
  let canvas: PlotCanvas
  let layout: PlotLayout
  /// Published curves with a point in the window.
  let shown: [OverlayCurve]
  let labels: [LabelPlacement.Label]
  private let marks: [[(PlotPoint, PlotPoint)]]

  init(_ plot: ExclusionPlot, on canvas: PlotCanvas) {
    self.plot = plot
    self.canvas = canvas
    let shown = plot.overlays.filter(plot.isVisible)
    self.shown = shown
    // a printed picture names published curves beside them and in its caption; the legend takes those that find no place
    var listed = canvas.style == .light ? shown : shown.filter { $0.name == nil }
    var (layout, marks, labels) = Self.arrange(plot, canvas, shown, listed: listed)
    if canvas.style == .print {
      let named = Set(labels.map(\.curve))
      let nameless = shown.indices.filter {
        shown[$0].name != nil && !named.contains(plot.series.count + $0)
      }
      if !nameless.isEmpty {
        listed += nameless.map { shown[$0] }
        (layout, marks, labels) = Self.arrange(plot, canvas, shown, listed: listed)
      }
    }
    self.layout = layout
    self.marks = marks
    self.labels = labels
    self.listed = Set(listed)
  }

  private let listed: Set<OverlayCurve>

  /// - Parameter listed: published curves in the legend
  private static func arrange(
    _ plot: ExclusionPlot, _ canvas: PlotCanvas, _ shown: [OverlayCurve], listed: [OverlayCurve]
  ) -> (PlotLayout, [[(PlotPoint, PlotPoint)]], [LabelPlacement.Label]) {
    let named = shown.filter { $0.name != nil }
    let isShaded = plot.series.contains { !$0.isSensitivity && !$0.regions.isEmpty }
    var sources = isShaded ? "Shaded: excluded." : ""
    if shown.contains(where: { $0.excluded != nil }) {
      sources += "  Short marks: excluded side of published curves."
    }
    let unlisted = named.filter { !listed.contains($0) }
    if canvas.style == .print, !unlisted.isEmpty {
      sources += "  Published: \(unlisted.map(title).joined(separator: "; "))."
    }
    let layout = PlotLayout(
      canvas, title: plot.title, caption: plot.caption + (sources.isEmpty ? [] : [sources.trimmingCharacters(in: .whitespaces)]),
      entries: plot.series.map(title) + listed.map(title))
    let frame = layout.area
    let place = { (points: [ContourPoint]) in points.map { plot.axes.place($0, in: frame) } }
    let small = canvas.style == .light ? 6.0 : 9
    let marks = shown.map { curve in
      curve.excluded.map {
        ExcludedSide(side: $0, line: place(curve.polyline), frame: frame, length: small, spacing: 4 * small)
          .marks
      } ?? []
    }
    let ours = plot.series.map { series in series.contours.map { place($0.polyline) } }
    let theirs = shown.map { [place($0.polyline)] }
    let labels = LabelPlacement(
      frame: frame,
      curves: ours + zip(theirs, marks).map { line, marks in line + marks.map { [$0.0, $0.1] } },
      spines: ours + theirs, size: canvas.size(.label)
    ).place(requests(plot, shown))
    return (layout, marks, labels)
  }

  /// Ours first: they have the first choice among equals.
  private static func requests(_ plot: ExclusionPlot, _ shown: [OverlayCurve]) -> [LabelPlacement.Request] {
    let names = plot.series.map { short($0.label) }
    let ours = plot.series.indices.filter { !plot.series[$0].contours.isEmpty }.map { index in
      let isUnique = names.count { $0 == names[index] } == 1
      return LabelPlacement.Request(
        curve: index, text: isUnique ? names[index] : cut(plot.series[index].label))
    }
    return ours
      + shown.indices.compactMap { index in
        shown[index].name.map { LabelPlacement.Request(curve: plot.series.count + index, text: $0) }
      }
  }

  /// "COHERENT CsI[Na] 2021" of "COHERENT CsI[Na] 2021, 90 % C.L."
  private static func short(_ label: String) -> String {
    cut(label.firstRange(of: ", ").map { String(label[..<$0.lowerBound]) } ?? label)
  }

  private static let longest = 36
  private static func cut(_ text: String) -> String { GnuplotText.cut(text, to: longest) }

  // MARK: - Titles

  /// Legend entry, listed even when nothing is excluded.
  private static func title(_ series: ExclusionPlot.Series) -> String {
    series.contours.isEmpty ? "\(series.label): no contour on this grid" : series.label
  }

  private static func title(_ overlay: OverlayCurve) -> String {
    overlay.reference.isEmpty ? overlay.label : "\(overlay.label) [\(overlay.reference)]"
  }

  // MARK: - Script

  var script: [String] {
    textLines + dataBlocks + ["plot \\", elements.joined(separator: ", \\\n")]
  }

  /// Names beside curves, and lines to those further off.
  private var textLines: [String] {
    labels.enumerated().flatMap { index, label -> [String] in
      let colour =
        canvas.style == .print ? "#000000" : PlotPalette.textColour(colour(ofCurve: label.curve))
      let centre = label.box.centre
      var lines = [
        "set label \(1000 + index) \(GnuplotText.quoted(label.text)) noenhanced at \(layout.screen(centre.x, centre.y)) "
          + "center \(canvas.font(.label)) textcolor rgb '\(colour)' front"
      ]
      if let leader = label.leader {
        let (from, to) = (leader.start, leader.end)
        lines.append(
          "set arrow \(1000 + index) from \(layout.screen(from.x, from.y)) to \(layout.screen(to.x, to.y)) nohead "
            + "linewidth 0.8 linecolor rgb '\(colour)' front")
      }
      return lines
    }
  }

  private func colour(ofCurve curve: Int) -> String {
    curve < plot.series.count
      ? canvas.result(curve).colour : look(of: curve - plot.series.count).colour
  }

  private func look(of overlay: Int) -> (colour: String, round: Int) {
    canvas.overlay(shown[overlay].look ?? overlay)
  }

  private var dataBlocks: [String] {
    var lines: [String] = []
    for (index, series) in plot.series.enumerated() {
      for (piece, polygon) in polygons(series).enumerated() {
        lines += GnuplotText.block("region\(index)_\(piece)", polygon.map { [$0.m4, $0.d] })
      }
      for (piece, contour) in series.contours.enumerated() {
        lines += GnuplotText.block("contour\(index)_\(piece)", contour.polyline.map { [$0.m4, $0.d] })
      }
    }
    for (index, overlay) in shown.enumerated() {
      lines += GnuplotText.block("overlay\(index)", overlay.polyline.map { [$0.m4, $0.d] })
      let ends = marks[index].map { mark in
        [mark.0, mark.1].map { plot.axes.point($0, in: layout.area) }.flatMap { [$0.m4, $0.d] }
      }
      if !ends.isEmpty {
        // an empty line between marks
        lines.append("$marks\(index) << EOD")
        lines += ends.flatMap { ["\($0[0]) \($0[1])", "\($0[2]) \($0[3])", ""] }
        lines.append("EOD")
      }
    }
    return lines
  }

  /// Shading first, then published curves, then our lines on top.
  private var elements: [String] {
    var elements: [String] = []
    for (index, series) in plot.series.enumerated() {
      for piece in polygons(series).indices {
        elements.append(
          "  $region\(index)_\(piece) using 1:2 with filledcurves closed fillcolor rgb '\(canvas.result(index).colour)' "
            + "fillstyle transparent solid \(canvas.palette.fill) noborder notitle")
      }
    }
    elements += plot.series.enumerated().map { keyElement($1, index: $0) }
    elements += shown.indices.flatMap(overlayElements)
    for (index, series) in plot.series.enumerated() {
      for piece in series.contours.indices {
        let count = series.contours[piece].polyline.count
        elements.append(
          "  $contour\(index)_\(piece) using 1:2 \(style(series, index, points: count)) notitle")
      }
    }
    return elements
  }

  private func keyElement(_ series: ExclusionPlot.Series, index: Int) -> String {
    "  NaN \(style(series, index, points: 1)) title "
      + GnuplotText.quoted(layout.shortened(Self.title(series)))
  }

  private func overlayElements(_ index: Int) -> [String] {
    let overlay = shown[index]
    let title =
      listed.contains(overlay)
      ? "title \(GnuplotText.quoted(layout.shortened(Self.title(overlay))))" : "notitle"
    if overlay.style == .envelope {
      return [
        "  $overlay\(index) using 1:2 with lines linewidth 6 linecolor rgb '\(canvas.palette.envelope)' \(title)"
      ]
    }
    let (colour, round) = look(of: index)
    let dash = overlay.style == .projection ? "dashtype 3 " : ""
    let points = PlotMarks.open(round: round, points: overlay.points.count(where: plot.isInWindow), size: 0.7)
    var elements = [
      "  $overlay\(index) using 1:2 \(points) linewidth 1.4 \(dash)linecolor rgb '\(colour)' \(title)"
    ]
    if !marks[index].isEmpty {
      elements.append(
        "  $marks\(index) using 1:2 with lines linewidth 1 linecolor rgb '\(colour)' notitle")
    }
    return elements
  }

  /// Solid for limits and dashed for sensitivities, whatever the index: colours that come again carry marks.
  private func style(_ series: ExclusionPlot.Series, _ index: Int, points: Int) -> String {
    let (colour, round) = canvas.result(index)
    let marks = PlotMarks.filled(round: round, points: points, size: 1.1)
    let width = plot.series.count > 6 ? "2.2" : "3.2"
    return "\(marks) linewidth \(width) \(PlotMarks.dash(isSensitivity: series.isSensitivity)) linecolor rgb '\(colour)'"
  }

  private func polygons(_ series: ExclusionPlot.Series) -> [[ContourPoint]] {
    series.isSensitivity ? [] : RegionPolygon.polygons(series.regions)
  }
}
