/// What a picture is drawn on: file format and style. Sizes are in units of its own, 1280 to the width of a light picture and 860 (of
/// 0.1 mm) to that of a printed one, so that all formats look alike.
package struct PlotCanvas: Hashable, Sendable {
  package var format: PlotFormat
  package var style: PlotStyle
  /// Of a light picture, in units.
  var screenWidth = 1280.0

  package init(_ format: PlotFormat, _ style: PlotStyle = .light) {
    self.format = format
    self.style = style
  }

  package static let svg = Self(.svg)
  package static let png = Self(.png)
  package static let pdf = Self(.pdf)

  /// In units.
  var width: Double { style == .light ? screenWidth : 860 }
  private var unitsPerInch: Double { style == .light ? 96 : 254 }
  private var pixelsPerUnit: Double { style == .light ? 1.25 : 600 / unitsPerInch }
  /// Of a line of width 1, in units.
  private var lineWidth: Double { style == .light ? 1.1 : 1.25 }

  /// Size of letters, in units.
  enum Text { case title, axis, tics, legend, caption, label }

  func size(_ text: Text) -> Double {
    switch (text, style) {
    case (.title, .light): 20
    case (.axis, .light): 19
    case (.tics, .light): 16
    case (.legend, .light), (.label, .light): 13
    case (.caption, .light): 12
    case (.title, .print), (.axis, .print): 30
    case (.tics, .print): 26
    case (.legend, .print), (.label, .print): 23
    case (.caption, .print): 21
    }
  }

  func font(_ text: Text) -> String { "font ',\(Int(size(text)))'" }

  /// The gnuplot terminal for a picture of a height in units.
  func terminal(height: Double) -> String {
    let base = Int(size(.legend))
    let look = "background '#ffffff'"
    switch format {
    case .svg:
      return "svg size \(Int(width)),\(Int(height)) dynamic enhanced font 'sans-serif,\(base)' \(look) "
        + "linewidth \(lineWidth)"
    case .png:
      // letters of this terminal are 4/3 pixels per point
      let size = "\(Int(pixelsPerUnit * width)),\(Int(pixelsPerUnit * height))"
      return
        "pngcairo size \(size) enhanced fontscale \(rounded(pixelsPerUnit * 3 / 4)) font 'sans,\(base)' \(look) "
        + "linewidth \(rounded(pixelsPerUnit * lineWidth)) pointscale \(rounded(pixelsPerUnit))"
    case .pdf:
      // letters of this terminal are 4/3 of their size, lines half a point per unit; marks as measured
      let size = "\(rounded(width / unitsPerInch))in,\(rounded(height / unitsPerInch))in"
      let points = 72 / unitsPerInch
      return
        "pdfcairo size \(size) enhanced fontscale \(rounded(points * 3 / 4)) font 'sans,\(base)' \(look) "
        + "linewidth \(rounded(points * lineWidth / 0.5)) pointscale \(rounded(points / 0.8))"
    }
  }

  private func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
