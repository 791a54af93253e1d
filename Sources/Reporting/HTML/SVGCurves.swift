import Contours
import Foundation

/// Values over the mass, a curve each; gaps where there is none.
struct SVGCurves {
  struct Curve {
    var label: String
    /// Per mass.
    var values: [Double?]
  }

  var m4: [Double]
  var curves: [Curve]
  /// SVG markup
  var yTitle: String
  var massSymbol: String?

  /// nil if there is nothing to draw: fewer than two masses, or no value.
  func figure(id: String, label: String) -> String? {
    let values = curves.flatMap(\.values).compactMap(\.self)
    guard let first = m4.first, let last = m4.last, first < last, let low = values.min(),
      let high = values.max()
    else { return nil }
    let margin = max((high - low) * 0.08, 1e-6)
    let frame = SVGFrame(
      m4: first...last, linear: min(low, 0) - margin...max(high, 0) + margin, massSymbol: massSymbol,
      yTitle: yTitle)
    let zero = SVGPath.number(frame.y.position(0))
    let axis =
      "<path class=\"zero\" d=\"M\(SVGPath.number(frame.x.start)) \(zero)H\(SVGPath.number(frame.x.end))\"/>"
    let lines = curves.enumerated().map { index, curve in
      let path = pieces(curve.values, frame).map { SVGPath.line($0, isClosed: false) }.joined()
      let marks = SVGMarks.path(
        round: index / PlotPalette.light.results.count, points: pieces(curve.values, frame).flatMap(\.self),
        classes: classes(index))
      return "<g><path class=\"\(classes(index))\" d=\"\(path)\"/>\(marks)</g>"
    }
    return frame.svg(id: id, label: label, under: axis, over: lines.joined(separator: "\n"))
  }

  var legend: String {
    HTMLLegend.list(
      curves.enumerated().map { index, curve in
        HTMLLegend.line(
          classes(index), curve.label,
          mark: SVGMarks.path(
            round: index / PlotPalette.light.results.count, points: [SVGPath.Point(x: 17, y: 7)],
            classes: classes(index)))
      })
  }

  private func classes(_ index: Int) -> String { "curve \(ReportPalette.series(index))" }

  private func pieces(_ values: [Double?], _ frame: SVGFrame) -> [[SVGPath.Point]] {
    var pieces: [[SVGPath.Point]] = [[]]
    for (mass, value) in zip(m4, values) {
      if let value {
        pieces[pieces.count - 1].append(
          SVGPath.Point(x: frame.x.position(mass), y: frame.y.position(value)))
      } else if !(pieces.last ?? []).isEmpty {
        pieces.append([])
      }
    }
    return pieces
  }
}
