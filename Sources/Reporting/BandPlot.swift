import Foundation

/// A limit against the mass with what is expected without a signal: median dashed, one and two standard deviations green and yellow.
package struct BandPlot: Sendable {
  package var title: String
  /// MeV, ascending.
  package var masses: [Double]
  /// Per mass; nil where there is no limit.
  package var observed: [Double?]
  /// Per mass at -2, -1, 0, 1, 2 standard deviations, ascending; empty where nothing is stated, infinite where not reached.
  package var expected: [[Double]]
  package var label: String
  /// How the bands were made, in the legend.
  package var source: String
  package var coupling: CouplingLabel
  package var flavour: String
  /// In gnuplot's enhanced text.
  package var massLabel: String
  package var caption: [String]

  package init(
    title: String, masses: [Double], observed: [Double?], expected: [[Double]], label: String, source: String,
    coupling: CouplingLabel, flavour: String, massLabel: String, caption: [String]
  ) {
    self.title = title
    self.masses = masses
    self.observed = observed
    self.expected = expected
    self.label = label
    self.source = source
    self.coupling = coupling
    self.flavour = flavour
    self.massLabel = massLabel
    self.caption = caption
  }

  /// Fewer points than this are marked.
  private static let marked = 30

  /// A gnuplot script that needs no other file.
  package func script(format: PlotCanvas, output: String) throws(ReportError) -> String {
    let axes = try axes()
    try axes.check()
    let hasBands = expected.contains { !$0.isEmpty }
    let layout = PlotLayout(
      format, title: title, caption: caption, entries: [label] + (hasBands ? bandEntries : []))
    var lines = layout.preamble(output: output) + layout.margins() + axes.script(layout) + [layout.legend]
    let bands = runs { expected[$0].count == 5 && expected[$0][0].isFinite }
    let medians = runs { expected[$0].count == 5 && expected[$0][2].isFinite }
    let limits = runs { observed[$0] != nil }
    let top = axes.dRange.upperBound
    for (n, run) in bands.enumerated() {
      lines += GnuplotText.block("band\(n)", run.map { [masses[$0]] + expected[$0].map { min($0, 2 * top) } })
    }
    for (n, run) in medians.enumerated() {
      lines += GnuplotText.block("median\(n)", run.map { [masses[$0], expected[$0][2]] })
    }
    for (n, run) in limits.enumerated() {
      lines += GnuplotText.block("limit\(n)", run.map { [masses[$0], observed[$0] ?? .nan] })
    }
    lines.append("plot \\")
    lines.append(
      elements(bands.count, medians.count, limits.count, layout).joined(separator: ", \\\n"))
    lines += ["set output"]
    return lines.joined(separator: "\n") + "\n"
  }

  private var bandEntries: [String] { ["\(source), median", "68 %", "95 %"] }

  private func elements(_ bands: Int, _ medians: Int, _ limits: Int, _ layout: PlotLayout) -> [String] {
    let (inner, outer) = layout.canvas.palette.bands
    let filled = { (columns: String, colour: String) in
      "\(columns) with filledcurves fillcolor rgb '\(colour)' fillstyle solid 1.0 noborder"
    }
    let dashed = "with lines linewidth 2.2 \(PlotMarks.dash(isSensitivity: true)) linecolor rgb '#000000'"
    let solid =
      (masses.count < Self.marked ? "with linespoints pointtype 7 pointsize 0.7" : "with lines")
      + " linewidth 2.6 linecolor rgb '#000000'"
    var elements = (0..<bands).map { "  $band\($0) " + filled("using 1:2:6", outer) + " notitle" }
    elements += (0..<bands).map { "  $band\($0) " + filled("using 1:3:5", inner) + " notitle" }
    elements += (0..<medians).map { "  $median\($0) using 1:2 \(dashed) notitle" }
    elements += (0..<limits).map { "  $limit\($0) using 1:2 \(solid) notitle" }
    elements.append("  NaN \(solid) title \(GnuplotText.quoted(layout.entries[0]))")
    if layout.entries.count > 1 {
      let entries = layout.entries.dropFirst().map(GnuplotText.quoted)
      elements.append("  NaN \(dashed) title \(entries[0])")
      for (entry, colour) in zip(entries.dropFirst(), [inner, outer]) {
        elements.append(
          "  NaN with boxes fillcolor rgb '\(colour)' fillstyle solid 1.0 noborder title \(entry)")
      }
    }
    return elements
  }

  // MARK: - Ranges

  /// Neighbouring masses for which something holds: lines and bands do not bridge what is not stated.
  private func runs(_ holds: (Int) -> Bool) -> [[Int]] {
    var runs: [[Int]] = []
    var last: Int?
    for index in masses.indices where holds(index) {
      if let last, last == index - 1 { runs[runs.count - 1].append(index) } else { runs.append([index]) }
      last = index
    }
    return runs
  }

  /// Half a decade around what is drawn, and at least a decade.
  private func axes() throws(ReportError) -> PlaneAxes {
    let drawn = (expected.flatMap { $0 } + observed.compactMap(\.self)).filter { $0.isFinite && $0 > 0 }
    guard let low = drawn.min(), let high = drawn.max(), let first = masses.first, let last = masses.last
    else {
      throw ReportError(
        .badContent,
        "There is no limit at any mass, so there is nothing to draw. Choose other masses, or --plot none.")
    }
    let span = max(3 * high / low, 30)
    let middle = (low * high).squareRoot()
    return PlaneAxes(
      m4Range: first...last, dRange: middle / span.squareRoot()...middle * span.squareRoot(),
      coupling: coupling, flavour: flavour, massLabel: massLabel)
  }
}
