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
      format, title: title, caption: caption, entries: panels[0].legendEntries,
      rows: format.style == .print ? panels.count : 1)
    var lines = layout.preamble(output: output)
    for (index, panel) in panels.enumerated() { lines += panel.dataBlocks(index) }
    lines += ["set mytics 2", "set errorbars 0.6", layout.grid("ytics"), "set multiplot", layout.legend]
    for index in panels.indices { lines += draw(index, layout) }
    lines += ["unset multiplot", "set output"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Share of a panel's height that the residuals take.
  private static let residualShare = 0.27

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
      box.left = width * Double(index) + 109
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
    let widest = isLogarithmic ? "1000" : String(format: "%g", pow(10, log10(panel.largest).rounded(.down)))
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
      horizontal, "unset logscale y", "set format x '%g'", "set format y '%g'",
      "set yrange [\(-reach):\(reach)]", Self.tics(reach, height: below.height, letters: layout.canvas.size(.tics)),
      layout.verticalTitle("'residual'", beside: below, clearOf: widest),
      "plot $residuals\(index) using 1:(-1):(1) with filledcurves fillcolor rgb '#DDDDDD' fillstyle solid 0.7 noborder "
        + "notitle, 0 with lines linewidth 1.4 linecolor rgb '#222222' notitle, "
        + "$residuals\(index) using 2:3:(1) with yerrorbars pointtype 7 pointsize 0.7 linewidth 1.6 linecolor rgb '#000000' "
        + "notitle",
    ]
    return lines
  }

  /// One or two tics to either side, clear of those of the axis above.
  private static func tics(_ reach: Double, height: Double, letters: Double) -> String {
    let room = reach * (1 - 2.3 * letters / height)
    let step = [1.0, 2, 3, 5].first { room / $0 < 3 } ?? 5
    let last = (room / step).rounded(.down) * step
    return "set ytics \(-last), \(step), \(last)"
  }
}

// MARK: - Panels

extension SpectrumPlot.Panel {
  private static let sumEntry = "Sum"
  private var observedEntry: String {
    errors == nil ? "Observed (±√n), residuals (n − µ)/√µ" : "Observed (±σ), residuals (n − µ)/σ"
  }
  var legendEntries: [String] {
    components.reversed().map(\.name) + [Self.sumEntry]
      + (observed == nil ? [] : [observedEntry])
  }

  var binCount: Int { edges.count - 1 }
  private func width(_ bin: Int) -> Double { edges[bin + 1] - edges[bin] }

  /// Events below layer `layer` in a bin, per unit of the axis.
  private func level(_ layer: Int, _ bin: Int) -> Double {
    components[..<layer].reduce(0) { $0 + $1.events[bin] } / width(bin)
  }

  /// Data and their error bars per unit of the axis; empty without data.
  private var points: [(value: Double, error: Double)] {
    guard let observed else { return [] }
    return (0..<binCount).map {
      (observed[$0] / width($0), (errors?[$0] ?? observed[$0].squareRoot()) / width($0))
    }
  }

  var largest: Double {
    let stack = (0..<binCount).map { level(components.count, $0) }
    return max((stack + points.map { $0.value + $0.error }).max() ?? 0, 1e-12)
  }

  /// Data minus the sum in units of their error: of the sum's own fluctuation for counts. nil where that is zero.
  var residuals: [Double?] {
    guard let observed else { return [] }
    return (0..<binCount).map { bin in
      let sum = components.reduce(0) { $0 + $1.events[bin] }
      let error = errors?[bin] ?? sum.squareRoot()
      return error > 0 ? (observed[bin] - sum) / error : nil
    }
  }

  /// End of the axis of the residuals; what lies beyond ten is not worth the room, and leaves the picture.
  var residualReach: Double {
    let largest = residuals.compactMap { $0.map(abs) }.max() ?? 0
    return min(max(1.15 * (largest + 1), 3.5), 12)
  }

  /// Lowest end of an error bar below zero, or zero: counts have none there.
  var lowest: Double {
    errors == nil ? 0 : min(0, points.map { $0.value - $0.error }.min() ?? 0)
  }

  /// Smallest positive height, for the floor of a logarithmic axis.
  var smallest: Double {
    let heights = (0..<binCount).flatMap { bin in
      [level(1, bin), level(components.count, bin)]
    }
    return max(heights.filter { $0 > 0 }.min() ?? largest / 1e3, largest / 1e6)
  }

  func check() throws(ReportError) {
    let shapes =
      components.map(\.events.count) + (observed.map { [$0.count] } ?? [])
      + (errors.map { [$0.count] } ?? [])
    guard edges.count >= 2, !components.isEmpty, shapes.allSatisfy({ $0 == binCount }) else {
      throw ReportError(
        .badContent,
        "The spectrum panel \(axis) has \(edges.count) edges but layers of \(shapes) bins; each layer needs one value "
          + "per bin, one fewer than edges.")
    }
    try requireFinite(edges, "the edges of \(axis)")
    guard zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw ReportError(.badContent, "The edges of the spectrum panel \(axis) do not ascend: \(edges).")
    }
    for component in components { try requireNonNegative(component.events, component.name) }
    guard let errors else { return try requireNonNegative(observed ?? [], "the observed counts") }
    try requireFinite(observed ?? [], "the observed values (\(axis))")
    try requireNonNegative(errors, "the errors")
  }

  private func requireNonNegative(_ values: [Double], _ name: String) throws(ReportError) {
    try requireFinite(values, "\(name) (\(axis))")
    guard let bad = values.firstIndex(where: { $0 < 0 }) else { return }
    throw ReportError(
      .badContent,
      "\(name) (\(axis)) has \(values[bad]) events in bin \(bad + 1); a stack needs values of 0 or more.")
  }

  func dataBlocks(_ index: Int) -> [String] {
    var lines: [String] = []
    for layer in components.indices {
      let rows = (0..<binCount).flatMap { bin -> [[Double]] in
        let heights = [level(layer, bin), level(layer + 1, bin)]
        return [[edges[bin]] + heights, [edges[bin + 1]] + heights]
      }
      lines += GnuplotText.block("panel\(index)_\(layer)", rows)
    }
    guard observed != nil else { return lines }
    let rows = points.enumerated().map { bin, point in
      [(edges[bin] + edges[bin + 1]) / 2, point.value, point.error]
    }
    // edges for the shade, centres for the points
    let differences = residuals.enumerated().flatMap { bin, value -> [[Double]] in
      let centre = (edges[bin] + edges[bin + 1]) / 2
      return [[edges[bin], centre, value ?? .nan], [edges[bin + 1], .nan, .nan]]
    }
    return lines + GnuplotText.block("observed\(index)", rows)
      + GnuplotText.block("residuals\(index)", differences)
  }

  /// Fills from the top layer down (so that the legend reads like the stack), the outline of the sum, the data.
  func elements(_ index: Int, _ layout: PlotLayout, withLegend: Bool, floor: Bool) -> [String] {
    func title(_ name: String) -> String {
      withLegend ? "title \(GnuplotText.quoted(layout.shortened(name)))" : "notitle"
    }
    let palette = layout.canvas.palette
    var elements: [String] = []
    for layer in components.indices.reversed() {
      let lower = floor ? "($2 > 0 ? $2 : \(smallest / 3))" : "2"
      let edge = layout.canvas.style == .print ? "border linecolor rgb '#000000'" : "noborder"
      elements.append(
        "  $panel\(index)_\(layer) using 1:\(lower):3 with filledcurves fillcolor rgb '\(colour(layer, palette))' "
          + "fillstyle solid \(layout.canvas.style == .print ? "1.0" : "0.9") \(edge) \(title(components[layer].name))")
    }
    if layout.canvas.style == .print {
      elements += components.indices.map {
        "  $panel\(index)_\($0) using 1:3 with lines linewidth 0.6 linecolor rgb '#000000' notitle"
      }
    }
    let top = components.count - 1
    elements.append(
      "  $panel\(index)_\(top) using 1:3 with lines linewidth 2 linecolor rgb '#222222' \(title(Self.sumEntry))"
    )
    if observed != nil {
      elements.append(
        "  $observed\(index) using 1:2:3 with yerrorbars pointtype 7 pointsize 0.8 linewidth 1.8 "
          + "linecolor rgb '#000000' \(title(observedEntry))")
    }
    return elements
  }

  private func colour(_ layer: Int, _ palette: PlotPalette) -> String {
    switch components[layer].role {
    case .standardModel: return palette.standardModel
    case .signal: return palette.signal
    case .background:
      let order = components[..<layer].count { $0.role == .background }
      return palette.backgrounds[order % palette.backgrounds.count]
    }
  }
}
