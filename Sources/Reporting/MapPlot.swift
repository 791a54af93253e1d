import Contours
import Foundation

/// A number per point of the (m4, d) plane in colour, on logarithmic axes; points without a number stay white.
package struct MapPlot: Sendable {
  package var title: String
  /// MeV, ascending
  package var masses: [Double]
  package var couplings: [Double]
  /// masses x couplings
  package var values: [Double]
  package var valueTitle: String
  package var coupling: CouplingLabel
  package var caption: [String]

  package init(
    title: String, masses: [Double], couplings: [Double], values: [Double], valueTitle: String,
    coupling: CouplingLabel, caption: [String]
  ) {
    self.title = title
    self.masses = masses
    self.couplings = couplings
    self.values = values
    self.valueTitle = valueTitle
    self.coupling = coupling
    self.caption = caption
  }

  /// A gnuplot script that needs no other file.
  package func script(format: PlotFormat, output: String) -> String {
    var lines = GnuplotText.preamble(format: format, output: output)
    lines += GnuplotText.frame(title: title, caption: caption, bottomMargin: 0.205)
    let (m4, d) = (Self.edges(masses), Self.edges(couplings))
    let unit = ["1/GeV": "GeV^{-1}", "mu_B": "μ_B"][coupling.unit] ?? coupling.unit
    lines += [
      "set lmargin at screen 0.105", "set rmargin at screen 0.84", "set logscale xy",
      "set xrange [\(m4[0]):\(m4[m4.count - 1])]", "set yrange [\(d[0]):\(d[d.count - 1])]",
      "set format y '10^{%L}'", GnuplotText.horizontalTitle("'{/:Italic m}_4  [MeV]'"),
      "set ylabel '\(ExclusionPlot.subscripted(coupling.symbol))\(unit == "1" ? "" : "  [\(unit)]")' font ',19' offset -1.2,0",
      "set tics font ',16' out nomirror scale 0.9,0.45",
      // viridis, whose brightness rises evenly
      "set palette defined (0 '#440154', 1 '#3B528B', 2 '#21918C', 3 '#5EC962', 4 '#FDE725')",
      "set cblabel '\(valueTitle)' font ',16' offset 1.2,0", "unset key",
    ]
    lines.append("$cells << EOD")
    for (row, mass) in masses.enumerated() {
      for (column, value) in couplings.enumerated() {
        let number = values[row * couplings.count + column]
        guard number.isFinite else { continue }
        lines.append("\(mass) \(value) \(m4[row]) \(m4[row + 1]) \(d[column]) \(d[column + 1]) \(number)")
      }
    }
    lines += [
      "EOD", "plot $cells using 1:2:3:4:5:6:7 with boxxyerror fillstyle solid noborder linecolor palette",
    ]
    lines.append("set output")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Where the cells of an axis meet: half way between points in the logarithm.
  private static func edges(_ axis: [Double]) -> [Double] {
    guard let first = axis.first, let last = axis.last, axis.count > 1 else {
      return axis.flatMap { [$0 / 1.1, $0 * 1.1] }
    }
    let inner = zip(axis, axis.dropFirst()).map { ($0 * $1).squareRoot() }
    return [first * first / inner[0]] + inner + [last * last / inner[inner.count - 1]]
  }
}
