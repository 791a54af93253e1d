import Foundation

/// Pulls at one point in units of their prior widths, with their errors after the fit.
package struct PullPlot: Sendable {
  package struct Pull: Sendable {
    package var name: String
    /// In prior standard deviations.
    package var value: Double
    /// After the fit, in the same unit; nil where it is not known.
    package var error: Double?

    package init(name: String, value: Double, error: Double?) {
      self.name = name
      self.value = value
      self.error = error
    }
  }

  package var title: String
  package var pulls: [Pull]
  package var caption: [String]

  package init(title: String, pulls: [Pull], caption: [String]) {
    self.title = title
    self.pulls = pulls
    self.caption = caption
  }

  private static let longestName = 34

  /// Two digits with a sign, none for nothing.
  private static func text(_ value: Double) -> String {
    abs(value) < 0.005 ? "0.00" : String(format: "%+.2f", value).replacingOccurrences(of: "-", with: "−")
  }

  /// A gnuplot script that needs no other file.
  package func script(format: PlotCanvas, output: String) throws(ReportError) -> String {
    guard !pulls.isEmpty else { throw ReportError(.badContent, "A plot of pulls needs a pull.") }
    try requireFinite(pulls.flatMap { [$0.value, $0.error ?? 0] }, "the pulls")
    let names = pulls.map { GnuplotText.cut($0.name, to: Self.longestName) }
    let values = pulls.map { pull in
      Self.text(pull.value) + (pull.error.map { String(format: " ± %.2f", $0) } ?? "")
    }
    let size = SideText.size(names, lines: 430, on: format)
    let margin = 40 + SideText.width(names, size: size)
    let layout = PlotLayout(
      format, title: title,
      caption: ["Bars: error after the fit; grey: one prior standard deviation."] + caption, entries: [],
      leftMargin: margin, rightMargin: 48 + SideText.width(values, size: size))
    let reach = max(pulls.map { abs($0.value) + ($0.error ?? 0) }.max() ?? 0, 1.3) * 1.1
    let count = pulls.count
    // the first pull on top
    let tics = names.enumerated().map { "\(GnuplotText.enhanced($1)) \(count - $0)" }
    let place = "font ',\(Int(size))' noenhanced textcolor rgb '#000000'"
    var lines = layout.preamble(output: output) + layout.margins()
    lines += [
      "unset key", "set xrange [\(-reach):\(reach)]", "set yrange [0.4:\(Double(count) + 0.6)]",
      "set ytics (\(tics.joined(separator: ", "))) font ',\(Int(size))' scale 0",
      layout.horizontalTitle("'pull  [prior σ]'"), layout.grid("xtics"),
      "set object 1 rectangle from -1, graph 0 to 1, graph 1 behind fillcolor rgb '#E8E8E8' fillstyle solid noborder",
      "set arrow 1 from 0, graph 0 to 0, graph 1 nohead linewidth 1.2 linecolor rgb '#666666'",
    ]
    for index in pulls.indices {
      lines.append(
        "set label \(100 + index) \(GnuplotText.quoted(values[index])) "
          + "at graph 1, first \(count - index) left offset 1,0 \(place)")
    }
    lines += GnuplotText.block(
      "pulls", pulls.enumerated().map { [$1.value, Double(count - $0), $1.error ?? 0] })
    lines += [
      "plot $pulls using 1:2:3 with xerrorbars pointtype 7 pointsize 1.1 linewidth 2.4 linecolor rgb '\(format.palette.results[0])'",
      "set output",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}
