import Foundation

/// The colours of a report, for light and for dark screens; those of the plots where the paper is white.
enum ReportPalette {
  /// Of white paper to what stands out as well from black.
  private static let lightened = [
    "#0072B2": "#5DB2EA", "#D55E00": "#F28C3B", "#009E73": "#33C79B", "#7A5C00": "#C7A53C",
    "#5B3A00": "#B98A4B",
    "#222222": "#E2E2E2", "#666666": "#A8A8A8", "#8B1A1A": "#E57373",
  ]

  /// `--s0` ... of our results, `--o0` ... of published curves.
  static func variables(dark: Bool) -> String {
    let families = [("s", PlotPalette.light.results), ("o", PlotPalette.light.overlays)]
    return families.flatMap { prefix, colours in
      colours.enumerated().map { "--\(prefix)\($0): \(dark ? lightened[$1] ?? $1 : $1);" }
    }.joined(separator: " ")
  }

  /// Classes `s0` ... draw lines, `f0` ... fill, `o0` ... draw published curves.
  static var classes: String {
    PlotPalette.light.results.indices.map {
      ".s\($0) { stroke: var(--s\($0)); } .f\($0) { fill: var(--s\($0)); }"
    }.joined(separator: "\n") + "\n"
      + PlotPalette.light.overlays.indices.map { ".o\($0) { stroke: var(--o\($0)); }" }.joined(
        separator: "\n")
  }

  static func series(_ index: Int) -> String { "s\(index % PlotPalette.light.results.count)" }
  static func fill(_ index: Int) -> String { "f\(index % PlotPalette.light.results.count)" }
  static func overlay(_ index: Int) -> String { "o\(index % PlotPalette.light.overlays.count)" }

  /// Knots of viridis (S. van der Walt and N. Smith, matplotlib 1.5, CC0), equally far apart: dark to pale, evenly for every eye.
  private static let viridis: [[Double]] = [
    [68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137],
    [53, 183, 121],
    [109, 205, 89], [180, 222, 44], [253, 231, 37],
  ]
  /// Red, pale, blue: below, at and above a middle.
  private static let diverging: [[Double]] = [[178, 24, 43], [247, 247, 247], [33, 102, 172]]

  /// - Parameter share: 0 dark to 1 pale
  static func sequential(_ share: Double) -> String { colour(viridis, share) }

  /// - Parameter share: 0 red, 0.5 pale, 1 blue
  static func diverging(_ share: Double) -> String { colour(diverging, share) }

  private static func colour(_ knots: [[Double]], _ share: Double) -> String {
    let x = min(max(share, 0), 1) * Double(knots.count - 1)
    let low = min(Int(x), knots.count - 2)
    let parts = zip(knots[low], knots[low + 1]).map { a, b in
      String(format: "%02x", Int((a + (b - a) * (x - Double(low))).rounded()))
    }
    return "#" + parts.joined()
  }
}
