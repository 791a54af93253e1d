import Foundation

/// Stacked histograms of expected events with the observed counts: one panel per axis (energy, time).
package struct SpectrumPlot: Sendable {
  /// One layer of the stack, in the order of the array from bottom to top.
  package struct Component: Sendable {
    package enum Role: Sendable { case background, standardModel, signal }
    package var name: String
    /// Events per bin.
    package var events: [Double]
    package var role: Role
    package init(name: String, events: [Double], role: Role) {
      self.name = name
      self.events = events
      self.role = role
    }
  }

  package struct Panel: Sendable {
    /// What is counted: "Events", "Events per day"
    package var content: String
    /// "Photoelectrons", "Arrival time"
    package var axis: String
    /// "PE", "µs"
    package var unit: String
    /// One more than bins, ascending.
    package var edges: [Double]
    package var components: [Component]
    /// Counts per bin; nil for projections. With `errors` they may be negative.
    package var observed: [Double]?
    /// Error bars of `observed`; nil for sqrt(n).
    package var errors: [Double]?
    package init(
      content: String = "Events", axis: String, unit: String, edges: [Double], components: [Component],
      observed: [Double]?, errors: [Double]? = nil
    ) {
      self.content = content
      self.axis = axis
      self.unit = unit
      self.edges = edges
      self.components = components
      self.observed = observed
      self.errors = errors
    }
  }

  package var title: String
  package var panels: [Panel]
  /// Lines below the plot.
  package var caption: [String]
  package var isLogarithmic: Bool

  package init(title: String, panels: [Panel], caption: [String], isLogarithmic: Bool = false) {
    self.title = title
    self.panels = panels
    self.caption = caption
    self.isLogarithmic = isLogarithmic
  }

  /// A gnuplot script that needs no other file.
  package func script(format: PlotCanvas, output: String) throws(ReportError) -> String {
    guard !panels.isEmpty else { throw ReportError(.badContent, "A spectrum plot needs at least one panel.") }
    for panel in panels { try panel.check() }
    let layout = PlotLayout(
      format, title: title, caption: caption + beyond, entries: panels[0].legendEntries,
      rows: format.style == .print ? panels.count : 1,
      leftMargin: format.style == .print
        ? panels.map { max(Self.printLeft, PlotLayout.leftRoom(for: widest($0), format)) }.max() : nil)
    var lines = layout.preamble(output: output)
    for (index, panel) in panels.enumerated() { lines += panel.dataBlocks(index) }
    lines += ["set mytics 2", "set errorbars 0.6", layout.grid("ytics"), "set multiplot", layout.legend]
    for index in panels.indices { lines += draw(index, layout) }
    lines += ["unset multiplot", "set output"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Says what triangles are where there are any.
  private var beyond: [String] {
    let count = panels.reduce(0) { $0 + $1.residualsBeyond }
    return count == 0 ? [] : ["Triangles: \(count) residual\(count == 1 ? "" : "s") beyond the axis."]
  }

  /// Share of a panel's height that the residuals take.
  private static let residualShare = 0.27

  /// Left of panels with numbers of up to four digits.
  private static let lightLeft = 109.0
  private static let printLeft = 152.0

  /// A number as wide as those at the vertical axis.
  private func widest(_ panel: Panel) -> String {
    if isLogarithmic { return "1000" }
    let power = pow(10, log10(panel.largest).rounded(.down))
    // steps of a fifth of the power have a digit more
    return String(format: "%g", panel.largest < 5 * power ? 1.2 * power : power)
  }

  /// Panels share the width of the area, on printed pictures its height.
  private func box(_ index: Int, _ layout: PlotLayout) -> PlotBox {
    let area = layout.area
    var box = area
    if layout.canvas.style == .print {
      let height = (area.height + PlotLayout.rowGap) / Double(panels.count)
      box.top = area.top - height * Double(index)
      box.bottom = box.top - height + PlotLayout.rowGap
    } else {
      let width = area.right / Double(panels.count)
      let left = max(Self.lightLeft, PlotLayout.leftRoom(for: widest(panels[index]), layout.canvas))
      box.left = width * Double(index) + left
      box.right = width * Double(index + 1) - 6
    }
    return box
  }

  /// The stack, and below it the residuals of the data. Title, caption and legend belong to the first panel.
  private func draw(_ index: Int, _ layout: PlotLayout) -> [String] {
    let panel = panels[index]
    let box = self.box(index, layout)
    var stack = box
    if panel.observed != nil { stack.bottom += Self.residualShare * box.height }
    let horizontal = layout.horizontalTitle(
      GnuplotText.quoted(panel.axis + (panel.unit == "bin" ? "" : "  [\(panel.unit)]")),
      options: "noenhanced", bottom: box.bottom)
    let range = "set xrange [\(panel.edges[0]):\(panel.edges[panel.edges.count - 1])]"
    let widest = self.widest(panel)
    let floor = isLogarithmic ? panel.smallest / 3 : 1.08 * panel.lowest
    var lines = layout.margins(stack)
    lines += [
      range, "set yrange [\(floor):\(panel.largest * (isLogarithmic ? 2 : 1.08))]",
      isLogarithmic ? "set logscale y; set mytics 10" : "unset logscale y",
      "set format y \(isLogarithmic ? "'10^{%L}'" : "'%g'")", "set ytics autofreq",
      panel.observed == nil ? "set format x '%g'" : "set format x ''",
      panel.observed == nil ? horizontal : "set label 950 ''",
      layout.verticalTitle(
        GnuplotText.quoted("\(panel.content) / \(panel.unit)"), options: "noenhanced", beside: stack,
        clearOf: widest),
      "plot \\",
      panel.elements(index, layout, withLegend: index == 0, floor: isLogarithmic).joined(
        separator: ", \\\n"),
    ]
    if index == 0 { lines += ["unset key"] + layout.unsetTexts }
    guard panel.observed != nil else { return lines }
    var below = box
    below.top = stack.bottom
    let reach = panel.residualReach
    lines += layout.margins(below)
    lines += [
      horizontal, "unset logscale y; set mytics 2", "set format x '%g'", "set format y '%g'",
      "set yrange [\(-reach):\(reach)]",
      Self.tics(reach, height: below.height, letters: layout.canvas.size(.tics)),
      layout.verticalTitle("'residual'", beside: below, clearOf: widest),
      "plot $residuals\(index) using 1:(-1):(1) with filledcurves fillcolor rgb '#DDDDDD' fillstyle solid 0.7 noborder "
        + "notitle, 0 with lines linewidth 1.4 linecolor rgb '#222222' notitle, "
        + "$residuals\(index) using 2:3:(1) with yerrorbars pointtype 7 pointsize 0.7 linewidth 1.6 linecolor rgb '#000000' "
        + "notitle, $residuals\(index) using 2:($3 > \(reach) ? \(0.88 * reach) : NaN) with points pointtype 9 pointsize 1.1 "
        + "linecolor rgb '#000000' notitle, $residuals\(index) using 2:($3 < \(-reach) ? \(-0.88 * reach) : NaN) with points "
        + "pointtype 11 pointsize 1.1 linecolor rgb '#000000' notitle",
    ]
    return lines
  }

  /// One or two tics to either side, clear of each other and of those of the axis above.
  private static func tics(_ reach: Double, height: Double, letters: Double) -> String {
    let room = reach * (1 - 2.3 * letters / height)
    let letter = reach * 2.3 * letters / height
    let step = (1...6).map(Double.init).first { room / $0 < 3 && $0 >= letter } ?? max(room.rounded(.down), 1)
    let last = (room / step).rounded(.down) * step
    return "set ytics \(-last), \(step), \(last)"
  }
}
