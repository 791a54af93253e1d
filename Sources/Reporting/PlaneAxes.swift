import Contours
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

  func script(_ layout: PlotLayout) -> [String] {
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
      layout.horizontalTitle("'\(massLabel)  [MeV]'"),
      layout.verticalTitle("'\(name)\(unit == "1" ? "" : "  [\(unit)]")'"),
      "set mxtics 10",
      "set mytics 10",
    ] + LogarithmicTics.commands("x", m4Range, powers: false)
      + LogarithmicTics.commands("y", dRange, powers: true) + [
        layout.grid()
      ]
  }

  /// Where a point of the plane lies in a frame.
  func place(_ point: ContourPoint, in frame: PlotBox) -> PlotPoint {
    func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
      log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    }
    return PlotPoint(
      x: frame.left + frame.width * share(point.m4, m4Range),
      y: frame.bottom + frame.height * share(point.d, dRange))
  }

  /// The point of the plane at a place of a frame.
  func point(_ place: PlotPoint, in frame: PlotBox) -> ContourPoint {
    func value(_ share: Double, _ range: ClosedRange<Double>) -> Double {
      range.lowerBound * pow(range.upperBound / range.lowerBound, share)
    }
    return ContourPoint(
      m4: value((place.x - frame.left) / frame.width, m4Range),
      d: value((place.y - frame.bottom) / frame.height, dRange))
  }

  /// Label of the mass axis; nil stands for the heavy neutrino.
  package static func massLabel(_ symbol: String?) -> String {
    symbol.map(subscripted) ?? "{/:Italic m}_4"
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
