import Foundation

/// Colours and greys of a style. Those of `light` remain distinct for colour-blind readers (M. Okabe and K. Ito, Color Universal
/// Design, 2002), those of `print` on any printer.
struct PlotPalette {
  /// Our results, in order; more than these repeat the colours with `PlotMarks`.
  let results: [String]
  /// Curves of others, in order; more than these repeat the colours with `PlotMarks`.
  let overlays: [String]
  /// Stacked histograms: backgrounds from the bottom, then Standard Model, then signal.
  let backgrounds: [String]
  let standardModel: String
  let signal: String
  /// The lowest of many curves, broad and pale.
  let envelope: String
  /// One and two standard deviations.
  let bands: (inner: String, outer: String)
  /// Opacity of excluded regions.
  let fill: Double

  static let light = PlotPalette(
    results: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#5B3A00", "#222222"],
    overlays: ["#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#7A5C00", "#666666", "#8B1A1A"],
    backgrounds: ["#BBBBBB", "#8C8C8C", "#DDCC77", "#5E5E5E"], standardModel: "#56B4E9", signal: "#D55E00",
    envelope: "#CFCFCF", bands: ("#63C267", "#FFDE59"), fill: 0.20)

  static let print = PlotPalette(
    results: ["#000000", "#6B6B6B", "#A3A3A3"], overlays: ["#3C3C3C", "#7D7D7D"],
    backgrounds: ["#FFFFFF", "#D2D2D2", "#EBEBEB", "#C0C0C0"], standardModel: "#9C9C9C", signal: "#5A5A5A",
    envelope: "#CFCFCF", bands: ("#A8A8A8", "#DADADA"), fill: 0.14)

  /// A colour as text on white: as dark as its hue allows while it can still be recognised.
  static func textColour(_ colour: String) -> String {
    guard let value = Int(colour.dropFirst(), radix: 16) else { return colour }
    let parts = [value >> 16 & 255, value >> 8 & 255, value & 255].map { Int(Double($0) * textDepth) }
    return String(format: "#%02X%02X%02X", parts[0], parts[1], parts[2])
  }

  private static let textDepth = 0.68
}

extension PlotCanvas {
  var palette: PlotPalette { style == .light ? .light : .print }

  /// Colour of our `index`-th result, and how often all colours were used before.
  func result(_ index: Int) -> (colour: String, round: Int) {
    let colours = palette.results
    return (colours[index % colours.count], index / colours.count)
  }

  /// How many curves of others can be told apart.
  var overlayLooks: Int { palette.overlays.count * PlotMarks.openLooks }

  /// The same for curves of others.
  func overlay(_ index: Int) -> (colour: String, round: Int) {
    let colours = palette.overlays
    return (colours[index % colours.count], index / colours.count)
  }
}
