import Contours
import Foundation

/// A number per point of the (m4, d) plane in colour, on logarithmic axes: pale at its expected value, red below, blue above; points
/// without a number are grey. On prints from black for the lowest to white, and hatched without a number.
package struct MapPlot: Sendable {
  package var title: String
  /// MeV, ascending
  package var masses: [Double]
  package var couplings: [Double]
  /// masses x couplings
  package var values: [Double]
  package var valueTitle: String
  /// The value in the middle of the colours, and how the scale names it.
  package var centre: (value: Double, name: String)
  package var coupling: CouplingLabel
  /// As in `PlaneAxes`.
  package var flavour: String
  package var massLabel: String
  package var caption: [String]

  package init(
    title: String, masses: [Double], couplings: [Double], values: [Double], valueTitle: String,
    centre: (value: Double, name: String), coupling: CouplingLabel, flavour: String, massLabel: String,
    caption: [String]
  ) {
    self.title = title
    self.masses = masses
    self.couplings = couplings
    self.values = values
    self.valueTitle = valueTitle
    self.centre = centre
    self.coupling = coupling
    self.flavour = flavour
    self.massLabel = massLabel
    self.caption = caption
  }

  /// A gnuplot script that needs no other file.
  package func script(format: PlotCanvas, output: String) throws(ReportError) -> String {
    let layout = PlotLayout(format, title: title, caption: caption, entries: [], hasScale: true)
    var lines = layout.preamble(output: output) + layout.margins()
    let (m4, d) = (Self.cells(masses), Self.cells(couplings))
    let axes = PlaneAxes(
      m4Range: Self.span(m4), dRange: Self.span(d), coupling: coupling, flavour: flavour, massLabel: massLabel
    )
    try axes.check()
    lines += axes.script(layout) + colours(layout.canvas)
    for (name, isKnown) in [("cells", true), ("unknown", false)] {
      lines.append("$\(name) << EOD")
      for (row, mass) in masses.enumerated() {
        for (column, value) in couplings.enumerated() {
          let number = values[row * couplings.count + column]
          guard number.isFinite == isKnown else { continue }
          let edges = [m4[row], d[column]].map { "\($0.lowerBound) \($0.upperBound)" }.joined(separator: " ")
          lines.append("\(mass) \(value) \(edges)\(isKnown ? " \(number)" : "")")
        }
      }
      lines.append("EOD")
    }
    let boxes = "with boxxyerror fillstyle solid noborder linecolor"
    var parts: [String] = []
    if values.contains(where: \.isFinite) {
      parts.append("$cells using \(Self.columns(axes)):7 \(boxes) palette")
    }
    if !values.allSatisfy(\.isFinite) {
      let isPrint = format.style == .print
      parts.append(
        "$unknown using \(Self.columns(axes)) with boxxyerror fillstyle "
          + (isPrint
            ? "pattern 1 noborder linecolor rgb '#000000'" : "solid noborder linecolor rgb '\(Self.unknown)'")
      )
    }
    lines += ["plot \(parts.joined(separator: ", "))", "set output"]
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: - Colours

  private static let unknown = "#9E9E9E"
  static let pale = [247.0, 247, 247]
  static let red = [178.0, 24, 43]
  static let blue = [33.0, 102, 172]

  /// Equal distances from the centre are equally strong, and the scale ends where the values do.
  private func colours(_ canvas: PlotCanvas) -> [String] {
    let known = values.filter(\.isFinite)
    let low = min(known.min() ?? centre.value, centre.value)
    let high = max(known.max() ?? centre.value, centre.value)
    let width = max(centre.value - low, high - centre.value, 1e-3)
    let start = low < centre.value ? low : centre.value - width / 10
    let end = high > centre.value ? high : centre.value + width / 10
    func colour(_ value: Double, _ strong: [Double]) -> String {
      let share = min(abs(value - centre.value) / width, 1)
      return "'#"
        + zip(Self.pale, strong).map { String(format: "%02X", Int(($0 + share * ($1 - $0)).rounded())) }
        .joined()
        + "'"
    }
    let tics = [start, (start + centre.value) / 2, (centre.value + end) / 2, end]
      .filter { abs($0 - centre.value) > 0.06 * (end - start) }
      .map { "'\(String(format: "%.3g", $0))' \($0)" }
    let palette =
      canvas.style == .print
      ? "(\(start) '#202020', \(end) '#FFFFFF')"
      : "(\(start) \(colour(start, Self.red)), \(centre.value) \(colour(centre.value, Self.red)), \(end) \(colour(end, Self.blue)))"
    return [
      "set palette defined \(palette)",
      "set cbrange [\(start):\(end)]",
      "set cbtics (\((tics + ["'\(centre.name)' \(centre.value)"]).joined(separator: ", "))) \(canvas.font(.legend))",
      "set cblabel '\(valueTitle)' \(canvas.font(.tics)) offset 0.4,0", "unset key",
    ]
  }

  // MARK: - Cells

  /// Columns of `boxxyerror`. Cells reach into the next ones, which are drawn later, by a thousandth of the axis: boxes that only touch
  /// show pale seams between them.
  static func columns(_ axes: PlaneAxes) -> String {
    func overlap(_ range: ClosedRange<Double>) -> Double { pow(range.upperBound / range.lowerBound, 0.001) }
    return "1:2:3:($4*\(overlap(axes.m4Range))):5:($6*\(overlap(axes.dRange)))"
  }

  /// Widest half of a cell, as a fraction of the axis in the logarithm: a few points are bars, not the plane.
  private static let widestHalf = 1.0 / 24
  /// Axes of so many points have cells that touch.
  private static let fewest = 8

  /// Cells end half way between points in the logarithm.
  static func cells(_ axis: [Double]) -> [ClosedRange<Double>] {
    let x = axis.map { log($0) }
    guard let first = x.first, let last = x.last, last > first else {
      return axis.map { $0 / 1.04...$0 * 1.04 }
    }
    let widest = x.count < fewest ? widestHalf * (last - first) : .infinity
    return x.indices.map { index in
      let before = index > 0 ? (x[index] - x[index - 1]) / 2 : nil
      let after = index < x.count - 1 ? (x[index + 1] - x[index]) / 2 : nil
      let (low, high) = (before ?? after ?? 0, after ?? before ?? 0)
      return exp(x[index] - min(low, widest))...exp(x[index] + min(high, widest))
    }
  }

  /// What the cells cover; a third to three times a single point.
  static func span(_ cells: [ClosedRange<Double>]) -> ClosedRange<Double> {
    guard let first = cells.first, let last = cells.last else { return 1...10 }
    return cells.count > 1
      ? first.lowerBound...last.upperBound : first.lowerBound / 3...first.upperBound * 3
  }
}
