import Foundation

/// The logarithmic axes of a (m4, d) plane.
package struct PlaneAxes: Sendable {
  /// MeV, positive.
  package var m4Range: ClosedRange<Double>
  /// In the unit of `coupling`, positive.
  package var dRange: ClosedRange<Double>
  package var coupling: CouplingLabel
  /// "e", "mu", "tau": index of the coupling on its axis; anything else leaves it bare.
  package var flavour: String
  /// Label of the mass axis in gnuplot's enhanced text.
  package var massLabel: String

  package init(
    m4Range: ClosedRange<Double>, dRange: ClosedRange<Double>, coupling: CouplingLabel, flavour: String,
    massLabel: String
  ) {
    self.m4Range = m4Range
    self.dRange = dRange
    self.coupling = coupling
    self.flavour = flavour
    self.massLabel = massLabel
  }

  var script: [String] {
    let unit = ["1/GeV": "GeV^{-1}", "mu_B": "μ_B"][coupling.unit] ?? coupling.unit
    let index = ["e": "e", "mu": "μ", "tau": "τ"][flavour]
    let symbol = ["mu": "μ", "d": "{/:Italic d}"][coupling.symbol]
    let name = (symbol ?? Self.subscripted(coupling.symbol)) + (index.map { "_{\($0)}" } ?? "")
    return [
      "set logscale xy",
      "set xrange [\(m4Range.lowerBound):\(m4Range.upperBound)]",
      "set yrange [\(dRange.lowerBound):\(dRange.upperBound)]",
      "set format x \(m4Range.lowerBound < 0.005 || m4Range.upperBound > 5e4 ? "'10^{%L}'" : "'%g'")",
      "set format y '10^{%L}'",
      GnuplotText.horizontalTitle("'\(massLabel)  [MeV]'"),
      "set ylabel '\(name)\(unit == "1" ? "" : "  [\(unit)]")' font ',19' offset -1.2,0",
      "set tics font ',16' out nomirror scale 0.9,0.45",
      "set mxtics 10",
      "set mytics 10",
      "set grid xtics ytics linecolor rgb '#E4E4E4' linewidth 0.8 linetype 1",
    ]
  }

  /// "m_V" as gnuplot writes a symbol with an index.
  static func subscripted(_ symbol: String) -> String {
    let parts = symbol.split(separator: "_", maxSplits: 1)
    return "{/:Italic \(parts[0])}" + (parts.count == 2 ? "_{\(parts[1])}" : "")
  }

  func check() throws(ReportError) {
    guard m4Range.lowerBound > 0, dRange.lowerBound > 0, m4Range.lowerBound < m4Range.upperBound,
      dRange.lowerBound < dRange.upperBound, m4Range.upperBound.isFinite, dRange.upperBound.isFinite
    else {
      throw ReportError(
        .badContent,
        "The plot ranges are m4 \(m4Range) MeV and \(coupling.symbol) \(dRange) \(coupling.unit); logarithmic axes need "
          + "0 < low < high. Give other ranges, or scan more than one mass and coupling.")
    }
  }
}
