import Contours
import Foundation

extension ExclusionDrawing {
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
    canvas.overlay(looks[overlay])
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
    return
      "\(marks) linewidth \(width) \(PlotMarks.dash(isSensitivity: series.isSensitivity)) linecolor rgb '\(colour)'"
  }

  private func polygons(_ series: ExclusionPlot.Series) -> [[ContourPoint]] {
    series.isSensitivity ? [] : RegionPolygon.polygons(series.regions)
  }
}
