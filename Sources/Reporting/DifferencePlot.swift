import Contours
import Foundation

/// Relative differences of two results over the plane on a logarithmic colour scale; where they are equal to the last bit has a colour
/// of its own, and the worst point is marked.
package struct DifferencePlot: Sendable {
  package var title: String
  package var masses: [Double]
  package var couplings: [Double]
  /// masses x couplings, 0 or greater; infinite where only one of the two is a number
  package var values: [Double]
  /// Point and difference; nil where all are equal.
  package var worst: (point: ContourPoint, value: Double)?
  package var coupling: CouplingLabel
  package var flavour: String
  package var massLabel: String
  package var caption: [String]

  package init(
    title: String, masses: [Double], couplings: [Double], values: [Double],
    worst: (point: ContourPoint, value: Double)?, coupling: CouplingLabel, flavour: String, massLabel: String,
    caption: [String]
  ) {
    self.title = title
    self.masses = masses
    self.couplings = couplings
    self.values = values
    self.worst = worst
    self.coupling = coupling
    self.flavour = flavour
    self.massLabel = massLabel
    self.caption = caption
  }

  private static let incomparable = "#C2185B"

  /// A gnuplot script that needs no other file.
  package func script(format: PlotCanvas, output: String) throws(ReportError) -> String {
    let (m4, d) = (MapPlot.cells(masses), MapPlot.cells(couplings))
    let axes = PlaneAxes(
      m4Range: MapPlot.span(m4), dRange: MapPlot.span(d), coupling: coupling, flavour: flavour,
      massLabel: massLabel)
    try axes.check()
    let equal = format.style == .light ? "#CFE3F1" : "#FFFFFF"
    let remark =
      (values.contains(0)
        ? "\(format.style == .light ? "Pale blue" : "White"): equal to the last bit.  " : "")
      + (values.contains(.infinity) ? "Crimson: a number in one of the two only.  " : "")
    let layout = PlotLayout(
      format, title: title, caption: (remark.isEmpty ? [] : [remark]) + caption, entries: [], hasScale: true)
    var lines = layout.preamble(output: output) + layout.margins() + axes.script(layout)
    lines += ["unset key", "unset grid"] + scale(format)
    for (name, holds) in Self.kinds {
      lines.append("$\(name) << EOD")
      for (row, mass) in masses.enumerated() {
        for (column, value) in couplings.enumerated() {
          let number = values[row * couplings.count + column]
          guard holds(number) else { continue }
          let edges = [m4[row], d[column]].map { "\($0.lowerBound) \($0.upperBound)" }.joined(separator: " ")
          lines.append("\(mass) \(value) \(edges)\(name == "cells" ? " \(number)" : "")")
        }
      }
      lines.append("EOD")
    }
    lines += marks(layout, axes)
    let boxes = "with boxxyerror fillstyle solid noborder linecolor"
    let colours = ["cells": "palette", "equal": "rgb '\(equal)'", "apart": "rgb '\(Self.incomparable)'"]
    let parts = Self.kinds.filter { kind in values.contains(where: kind.holds) }.map { name, _ in
      "$\(name) using \(MapPlot.columns(axes))\(name == "cells" ? ":7" : "") \(boxes) \(colours[name] ?? "")"
    }
    lines += ["plot \(parts.joined(separator: ", "))", "set output"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static let kinds: [(name: String, holds: @Sendable (Double) -> Bool)] = [
    ("cells", { $0 > 0 && $0.isFinite }), ("equal", { $0 == 0 }), ("apart", { !$0.isFinite }),
  ]

  /// Whole decades around the differences, dark for large ones.
  private func scale(_ canvas: PlotCanvas) -> [String] {
    let known = values.filter { $0 > 0 && $0.isFinite }
    guard let low = known.min(), let high = known.max() else { return [] }
    let bottom = floor(log10(low))
    let top = max(ceil(log10(high)), bottom + 1)
    let colours =
      canvas.style == .light
      ? ["#FFF7BC", "#FEC44F", "#D95F0E", "#993404", "#401400"] : ["#E6E6E6", "#000000"]
    let palette = colours.enumerated().map { "\($0) '\($1)'" }.joined(separator: ", ")
    return [
      "set palette defined (\(palette))", "set logscale cb",
      "set cbrange [\(pow(10, bottom)):\(pow(10, top))]", "set format cb '10^{%L}'",
      "set cbtics \(canvas.font(.legend))",
      "set cblabel 'relative difference of Δχ²' \(canvas.font(.tics)) offset 0.4,0",
    ]
  }

  /// A ring at the worst point with its difference on the roomier side.
  private func marks(_ layout: PlotLayout, _ axes: PlaneAxes) -> [String] {
    guard let worst else { return [] }
    let place = axes.place(worst.point, in: layout.area)
    let isRight = place.x > layout.area.centre.x
    let x = place.x + (isRight ? -14 : 14)
    let y = min(max(place.y, layout.area.bottom + 16), layout.area.top - 16)
    // black on white, so that it shows on any colour
    let ring = [("#FFFFFF", 6.0), ("#000000", 2.0)].enumerated().map { index, look in
      "set object \(10 + index) circle at \(layout.screen(place.x, place.y)) size screen \(9 / layout.canvas.width) front "
        + "fillstyle empty border linecolor rgb '\(look.0)' linewidth \(look.1)"
    }
    return ring + [
      "set label 1000 '\(String(format: "worst: %.1e", worst.value))' at \(layout.screen(x, y)) \(isRight ? "right" : "left") "
        + "\(layout.canvas.font(.label)) textcolor rgb '#000000' front boxed",
      "set style textbox opaque fillcolor rgb '#FFFFFF' noborder margins 0.6,0.4",
    ]
  }
}
