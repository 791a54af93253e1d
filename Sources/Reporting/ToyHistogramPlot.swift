import Foundation

/// Distributions of a test statistic under two hypotheses, as histograms of equal area, with the normal distributions that the
/// Asimov sets stand for.
package struct ToyHistogramPlot: Sendable {
  package struct Sample: Sendable {
    package var label: String
    package var values: [Double]
    /// Of the normal distribution drawn beside it; nil for none.
    package var normal: (mean: Double, width: Double)?

    package init(label: String, values: [Double], normal: (mean: Double, width: Double)?) {
      self.label = label
      self.values = values
      self.normal = normal
    }
  }

  package var title: String
  /// Of the horizontal axis, in gnuplot's enhanced text.
  package var axis: String
  package var samples: [Sample]
  package var caption: [String]

  package init(title: String, axis: String, samples: [Sample], caption: [String]) {
    self.title = title
    self.axis = axis
    self.samples = samples
    self.caption = caption
  }

  private static let curvePoints = 200

  /// A gnuplot script that needs no other file.
  package func script(format: PlotFormat, output: String) throws(ReportError) -> String {
    for sample in samples { try requireFinite(sample.values, "the toys of \(sample.label)") }
    let all = samples.flatMap(\.values)
    guard let low = all.min(), let high = all.max() else {
      throw ReportError(.badContent, "A histogram of toys needs toys. Ask for some with --toys.")
    }
    let margin = max(0.05 * (high - low), 1e-6)
    let range = (low - margin)...(high + margin)
    let bins = binCount(range.upperBound - range.lowerBound)
    let width = (range.upperBound - range.lowerBound) / Double(bins)
    let legend = PlotLegend(entries: entries)
    var lines = GnuplotText.preamble(format: format, output: output)
    lines += GnuplotText.frame(title: title, caption: caption, bottomMargin: 0.205)
    lines += [
      "set lmargin at screen 0.105", "set rmargin at screen \(String(format: "%.4f", legend.left))",
      legend.command, "set xrange [\(range.lowerBound):\(range.upperBound)]", "set yrange [0:*]",
      "set ylabel 'fraction of toys per unit' font ',19' offset -1.2,0",
      GnuplotText.horizontalTitle("'\(axis)'"),
      "set tics font ',16' out nomirror scale 0.9,0.45",
      "set grid ytics linecolor rgb '#E4E4E4' linewidth 0.8 linetype 1",
    ]
    for (index, sample) in samples.enumerated() {
      lines += GnuplotText.block("toys\(index)", outline(sample, range.lowerBound, width, bins))
      if let normal = sample.normal, normal.width > 0 {
        lines += GnuplotText.block("normal\(index)", curve(normal, range))
      }
    }
    lines.append("plot \\")
    lines.append(elements.joined(separator: ", \\\n"))
    lines.append("set output")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Bins as wide as Scott's rule has them for the narrowest sample (Biometrika 66 (1979) 605), 8 to 200 of them.
  private func binCount(_ span: Double) -> Int {
    let widths = samples.filter { $0.values.count > 1 }.map { sample in
      let count = Double(sample.values.count)
      let mean = sample.values.reduce(0, +) / count
      let variance = sample.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
      return 3.49 * variance.squareRoot() / cbrt(count)
    }
    guard let width = widths.min(), width > span / 200 else { return 200 }
    return max(Int((span / width).rounded(.up)), 8)
  }

  /// Steps: two corners per bin, closed at zero.
  private func outline(_ sample: Sample, _ start: Double, _ width: Double, _ bins: Int) -> [[Double]] {
    var counts = [Double](repeating: 0, count: bins)
    for value in sample.values {
      counts[min(max(Int((value - start) / width), 0), bins - 1)] += 1 / (Double(sample.values.count) * width)
    }
    return counts.enumerated().flatMap { bin, count in
      [[start + Double(bin) * width, count], [start + Double(bin + 1) * width, count]]
    }
  }

  private func curve(_ normal: (mean: Double, width: Double), _ range: ClosedRange<Double>) -> [[Double]] {
    (0...Self.curvePoints).map { index in
      let x =
        range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(Self.curvePoints)
      let z = (x - normal.mean) / normal.width
      return [x, exp(-z * z / 2) / (normal.width * (2 * Double.pi).squareRoot())]
    }
  }

  private var entries: [String] {
    samples.flatMap { [$0.label] + ($0.normal == nil ? [] : [Self.normalEntry]) }.map(PlotLegend.shortened)
  }

  private static let normalEntry = "normal, from the Asimov sets"

  private var elements: [String] {
    samples.enumerated().flatMap { index, sample -> [String] in
      let colour = PlotColour.results[index % PlotColour.results.count]
      var elements = [
        "  $toys\(index) using 1:2 with filledcurves above y=0 fillcolor rgb '\(colour)' fillstyle transparent solid 0.30 noborder "
          + "title \(GnuplotText.quoted(PlotLegend.shortened(sample.label)))",
        "  $toys\(index) using 1:2 with lines linewidth 1.6 linecolor rgb '\(colour)' notitle",
      ]
      if let normal = sample.normal, normal.width > 0 {
        elements.append(
          "  $normal\(index) using 1:2 with lines linewidth 2.6 linecolor rgb '\(colour)' "
            + "title \(GnuplotText.quoted(Self.normalEntry))")
      }
      return elements
    }
  }
}
