import Contours
import Foundation

/// The empty picture of a plane: border, tics, names of the axes, and what a pointer needs to find values.
struct SVGFrame {
  static let width = 960.0
  static let (left, right, top, bottom) = (96.0, 940.0, 14.0, 62.0)

  var x: SVGAxis
  var y: SVGAxis
  /// SVG markup
  var xTitle: String
  var yTitle: String
  var height: Double

  /// A plane of masses and couplings on logarithmic axes.
  init(
    m4 m4Range: ClosedRange<Double>, d dRange: ClosedRange<Double>, coupling: CouplingLabel, flavour: String,
    massSymbol: String?
  ) {
    height = 540
    let powers = m4Range.lowerBound < 0.005 || m4Range.upperBound > 5e4
    x = SVGAxis(
      range: m4Range, isLogarithmic: true, start: Self.left, end: Self.right, usesPowers: powers)
    y = SVGAxis(
      range: dRange, isLogarithmic: true, start: height - Self.bottom, end: Self.top, usesPowers: true)
    xTitle = MarkedSymbol(massSymbol ?? "m4").svg + " [MeV]"
    let unit = coupling.unit == "1" ? "" : " [\(UnitText.svg(coupling.unit))]"
    yTitle = MarkedSymbol(coupling.symbol, flavour: flavour).svg + unit
  }

  /// Curves over the mass.
  init(
    m4 m4Range: ClosedRange<Double>, linear range: ClosedRange<Double>, massSymbol: String?, yTitle: String
  ) {
    height = 380
    let powers = m4Range.lowerBound < 0.005 || m4Range.upperBound > 5e4
    x = SVGAxis(
      range: m4Range, isLogarithmic: true, start: Self.left, end: Self.right, usesPowers: powers)
    y = SVGAxis(range: range, isLogarithmic: false, start: height - Self.bottom, end: Self.top)
    xTitle = MarkedSymbol(massSymbol ?? "m4").svg + " [MeV]"
    self.yTitle = yTitle
  }

  func point(_ point: ContourPoint) -> SVGPath.Point {
    SVGPath.Point(x: x.position(point.m4), y: y.position(point.d))
  }

  func line(_ contour: Contour) -> String {
    SVGPath.line(contour.points.map(point), isClosed: contour.isClosed)
  }

  // MARK: - Markup

  /// The whole picture.
  /// - Parameters:
  ///   - label: what it shows, for those who do not see it
  ///   - under: below the grid lines
  ///   - over: above them, clipped to the axes
  ///   - hover: numbers of the results whose values the pointer reads, and the element that shows them; nil for none
  func svg(
    id: String, label: String, under: String = "", over: String,
    hover: (results: [Int], readout: String)? = nil
  ) -> String {
    let number = SVGPath.number
    let area =
      "x=\"\(number(x.start))\" y=\"\(number(y.end))\" width=\"\(number(x.end - x.start))\" "
      + "height=\"\(number(y.start - y.end))\""
    var attributes = "class=\"plane\" id=\"\(id)\" viewBox=\"0 0 \(number(Self.width)) \(number(height))\" "
    attributes += "role=\"img\" aria-label=\"\(HTMLText.escaped(label))\""
    if let hover {
      attributes += " tabindex=\"0\" data-readout=\"\(hover.readout)\" data-results=\"\(hover.results)\""
      attributes += " data-frame=\"\([x.start, x.end, y.start, y.end])\""
      let ranges = [x.range.lowerBound, x.range.upperBound, y.range.lowerBound, y.range.upperBound]
      attributes += " data-range=\"\(ranges)\""
    }
    var lines = ["<svg \(attributes)>"]
    lines.append("<clipPath id=\"\(id)-area\"><rect \(area)/></clipPath>")
    lines.append("<rect class=\"paper\" \(area)/>")
    if !under.isEmpty { lines.append("<g clip-path=\"url(#\(id)-area)\">\(under)</g>") }
    lines += axes
    lines.append("<g clip-path=\"url(#\(id)-area)\">\(over)</g>")
    lines.append("<rect class=\"border\" \(area)/>")
    if hover != nil {
      lines.append("<g class=\"cursor\" visibility=\"hidden\"><path d=\"\"/><circle r=\"5\"/></g>")
    }
    return "<div class=\"picture\">" + lines.joined(separator: "\n") + "\n</svg></div>"
  }

  private var axes: [String] {
    let number = SVGPath.number
    var (grid, tics, labels) = ("", "", [String]())
    for tic in x.tics {
      let at = number(x.position(tic.value))
      tics += "M\(at) \(number(y.start))v\(tic.label == nil ? 4 : 8)"
      guard let label = tic.label else { continue }
      grid += "M\(at) \(number(y.start))V\(number(y.end))"
      labels.append("<text x=\"\(at)\" y=\"\(number(y.start + 25))\" text-anchor=\"middle\">\(label)</text>")
    }
    for tic in y.tics {
      let at = number(y.position(tic.value))
      tics += "M\(number(x.start)) \(at)h\(tic.label == nil ? -4 : -8)"
      guard let label = tic.label else { continue }
      grid += "M\(number(x.start)) \(at)H\(number(x.end))"
      let place = "x=\"\(number(x.start - 12))\" y=\"\(number(y.position(tic.value) + 5))\""
      labels.append("<text \(place) text-anchor=\"end\">\(label)</text>")
    }
    let middle = (number((x.start + x.end) / 2), number((y.start + y.end) / 2))
    return [
      "<path class=\"grid\" d=\"\(grid)\"/><path class=\"tics\" d=\"\(tics)\"/>",
      "<g class=\"tic-labels\">\(labels.joined())</g>",
      "<text class=\"axis-title\" x=\"\(middle.0)\" y=\"\(number(height - 12))\" text-anchor=\"middle\">\(xTitle)</text>",
      "<text class=\"axis-title\" transform=\"translate(26 \(middle.1)) rotate(-90)\" text-anchor=\"middle\">\(yTitle)</text>",
    ]
  }
}
