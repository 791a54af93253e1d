import Foundation

/// Distributions of a test statistic as histograms of equal area, with the densities that they stand for.
package struct ToyHistogramPlot: Sendable {
  /// What a sample is compared with.
  package enum Density: Hashable, Sendable {
    /// That of Asimov sets.
    case normal(mean: Double, width: Double)
    /// That of Wilks's theorem, for one or two degrees of freedom, as its share per bin.
    case chiSquare(degreesOfFreedom: Int)

    var entry: String {
      switch self {
      case .normal: "normal, from the Asimov sets"
      case .chiSquare(let degrees): "asymptotic: χ² of \(degrees) dof"
      }
    }
  }

  package struct Sample: Sendable {
    package var label: String
    package var values: [Double]
    /// Drawn beside it; nil for none.
    package var density: Density?

    package init(label: String, values: [Double], density: Density?) {
      self.label = label
      self.values = values
      self.density = density
    }
  }

  /// A value of the statistic as a vertical line.
  package struct Line: Sendable {
    package enum Kind: Sendable { case toys, asymptotic, data }
    package var label: String
    package var value: Double
    package var kind: Kind

    package init(label: String, value: Double, kind: Kind) {
      self.label = label
      self.value = value
      self.kind = kind
    }
  }

  package var title: String
  /// Of the horizontal axis, in gnuplot's enhanced text.
  package var axis: String
  package var samples: [Sample]
  package var lines: [Line]
  /// The statistic cannot be below zero, and its tail is wanted: bins from zero, logarithmic heights.
  package var showsTail: Bool
  package var caption: [String]

  package init(
    title: String, axis: String, samples: [Sample], lines: [Line] = [], showsTail: Bool = false,
    caption: [String]
  ) {
    self.title = title
    self.axis = axis
    self.samples = samples
    self.lines = lines
    self.showsTail = showsTail
    self.caption = caption
  }

  private static let curvePoints = 200
  /// Of an empty bin on a logarithmic axis.
  private static let nothing = 1e-300

  /// A gnuplot script that needs no other file.
  package func script(format: PlotCanvas, output: String) throws(ReportError) -> String {
    for sample in samples { try requireFinite(sample.values, "the toys of \(sample.label)") }
    try requireFinite(self.lines.map(\.value), "the lines in the histogram")
    let bins = try bins()
    let layout = PlotLayout(format, title: title, caption: caption, entries: entries)
    var lines = layout.preamble(output: output) + layout.margins()
    lines += [
      layout.legend, "set xrange [\(bins.range.lowerBound):\(bins.range.upperBound)]", heights(bins),
      layout.verticalTitle("'fraction of toys per unit'"), layout.horizontalTitle("'\(axis)'"),
      layout.grid("ytics"),
    ]
    for (index, sample) in samples.enumerated() {
      let shares = bins.densities(sample.values)
      lines += GnuplotText.block(
        "toys\(index)", bins.outline(showsTail ? shares.map { max($0, Self.nothing) } : shares))
      if let density = sample.density { lines += GnuplotText.block("density\(index)", curve(density, bins)) }
    }
    for (index, line) in self.lines.enumerated() where !isFar(line) {
      lines.append(
        "set arrow \(1000 + index) from \(line.value), graph 0 to \(line.value), graph 1 nohead \(look(line, format)) front"
      )
    }
    lines.append("plot \\")
    lines.append(elements(layout).joined(separator: ", \\\n"))
    lines.append("set output")
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: - Axes

  /// Data far from every toy are named in the legend: on the axis they would leave the toys no room.
  private func isFar(_ line: Line) -> Bool {
    let toys = samples.flatMap(\.values)
    guard line.kind == .data, let low = toys.min(), let high = toys.max() else { return false }
    let reach = 0.5 * (high - low)
    return line.value > high + reach || line.value < low - reach
  }

  private func bins() throws(ReportError) -> HistogramBins {
    let all = samples.flatMap(\.values) + lines.filter { !isFar($0) }.map(\.value)
    guard samples.contains(where: { !$0.values.isEmpty }), let low = all.min(), let high = all.max() else {
      throw ReportError(.badContent, "A histogram of toys needs toys. Ask for some with --toys.")
    }
    let margin = max(0.05 * (high - low), 1e-6)
    let range = (showsTail ? min(low, 0) : low - margin)...(high + margin)
    return HistogramBins(range, samples: samples.map(\.values))
  }

  /// From half of the lowest bar there can be, on a logarithmic axis.
  private func heights(_ bins: HistogramBins) -> String {
    guard showsTail, let most = samples.map(\.values.count).max() else { return "set yrange [0:*]" }
    let top =
      samples.flatMap { sample in
        bins.densities(sample.values) + (sample.density.map { bins.shares(of: $0) } ?? [])
      }.max() ?? 1
    return "set logscale y; set format y '10^{%L}'; set mytics 10; "
      + "set yrange [\(0.5 / (Double(most) * bins.width)):\(3 * top)]"
  }

  private func curve(_ density: Density, _ bins: HistogramBins) -> [[Double]] {
    guard case .normal(let mean, let width) = density else { return bins.outline(bins.shares(of: density)) }
    let (low, high) = (bins.range.lowerBound, bins.range.upperBound)
    return (0...Self.curvePoints).map { index in
      let x = low + (high - low) * Double(index) / Double(Self.curvePoints)
      let z = (x - mean) / width
      return [x, exp(-z * z / 2) / (width * (2 * Double.pi).squareRoot())]
    }
  }

  // MARK: - Elements

  private var entries: [String] {
    samples.flatMap { [$0.label] + ($0.density.map { [$0.entry] } ?? []) }
      + lines.map { $0.label + (isFar($0) ? " (off the axis)" : "") }
  }

  private func asymptoticColour(_ canvas: PlotCanvas) -> String { canvas.palette.results[1] }

  private func look(_ line: Line, _ canvas: PlotCanvas) -> String {
    switch line.kind {
    case .toys:
      "linewidth 2.4 \(PlotMarks.dash(isSensitivity: true)) linecolor rgb '\(canvas.palette.results[0])'"
    case .asymptotic: "linewidth 2.4 dashtype 4 linecolor rgb '\(asymptoticColour(canvas))'"
    case .data: "linewidth 2.4 dashtype 1 linecolor rgb '#222222'"
    }
  }

  private func elements(_ layout: PlotLayout) -> [String] {
    var entries = layout.entries.map(GnuplotText.quoted)[...]
    var elements: [String] = []
    for (index, sample) in samples.enumerated() {
      let colour = layout.canvas.result(index).colour
      elements += [
        "  $toys\(index) using 1:2 with filledcurves \(showsTail ? "y=\(Self.nothing)" : "above y=0") fillcolor rgb '\(colour)' "
          + "fillstyle transparent solid 0.30 noborder title \(entries.popFirst() ?? "''")",
        "  $toys\(index) using 1:2 with lines linewidth 1.6 linecolor rgb '\(colour)' notitle",
      ]
      if let density = sample.density {
        let look: String
        if case .chiSquare = density {
          look = "linewidth 1.8 linecolor rgb '\(asymptoticColour(layout.canvas))'"
        } else {
          look = "linewidth 2.6 linecolor rgb '\(colour)'"
        }
        elements.append("  $density\(index) using 1:2 with lines \(look) title \(entries.popFirst() ?? "''")")
      }
    }
    return elements
      + lines.map { "  NaN with lines \(look($0, layout.canvas)) title \(entries.popFirst() ?? "''")" }
  }
}
