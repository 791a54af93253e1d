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
  package func script(format: PlotFormat, output: String) throws(ReportError) -> String {
    guard !panels.isEmpty else { throw ReportError(.badContent, "A spectrum plot needs at least one panel.") }
    for panel in panels { try panel.check() }
    var lines = GnuplotText.preamble(format: format, output: output)
    for (index, panel) in panels.enumerated() { lines += panel.dataBlocks(index) }
    lines += GnuplotText.frame(title: title, caption: caption, bottomMargin: 0.205)
    lines += Self.look
    if isLogarithmic { lines.append("set logscale y; set mytics 10") }
    if panels.count > 1 { lines.append("set multiplot") }
    let legend = PlotLegend(entries: panels[0].legendEntries)
    lines.append(legend.command)
    for index in panels.indices { lines += draw(index, within: legend.left) }
    if panels.count > 1 { lines.append("unset multiplot") }
    lines.append("set output")
    return lines.joined(separator: "\n") + "\n"
  }

  private static let look = [
    "set tics font ',16' out nomirror scale 0.9,0.45",
    "set mytics 2",
    "set errorbars 0.6",
    "set grid ytics linecolor rgb '#E4E4E4' linewidth 0.8 linetype 1",
  ]

  /// Panels share the width left of the legend; title, caption and legend belong to the first.
  private func draw(_ index: Int, within room: Double) -> [String] {
    let panel = panels[index]
    let width = room / Double(panels.count)
    let left = width * Double(index) + 0.085
    let right = width * Double(index + 1) - 0.005
    var lines = [
      "set lmargin at screen \(String(format: "%.4f", left))",
      "set rmargin at screen \(String(format: "%.4f", right))",
      "set xrange [\(panel.edges[0]):\(panel.edges[panel.edges.count - 1])]",
      "set yrange [\(isLogarithmic ? panel.smallest / 3 : 1.08 * panel.lowest):\(panel.largest * (isLogarithmic ? 2 : 1.08))]",
      "set format y \(isLogarithmic ? "'10^{%L}'" : "'%g'")",
      GnuplotText.horizontalTitle(
        GnuplotText.quoted(panel.axis + (panel.unit == "bin" ? "" : "  [\(panel.unit)]")),
        options: "noenhanced"),
      "set ylabel \(GnuplotText.quoted("\(panel.content) / \(panel.unit)")) noenhanced font ',19' offset -0.5,0",
      "plot \\",
    ]
    lines.append(
      panel.elements(index, withLegend: index == 0, floor: isLogarithmic).joined(separator: ", \\\n"))
    if index == 0, panels.count > 1 {
      lines.append("unset key")
      lines += (0..<caption.count + 1).map { "unset label \(900 + $0)" }
    }
    return lines
  }
}

// MARK: - Panels

extension SpectrumPlot.Panel {
  private static let sumEntry = "Sum"
  private var observedEntry: String { errors == nil ? "Observed (±√n)" : "Observed (±σ)" }
  var legendEntries: [String] {
    components.map { PlotLegend.shortened($0.name) } + [Self.sumEntry]
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
    return lines + GnuplotText.block("observed\(index)", rows)
  }

  /// Fills from the top layer down (so that the legend reads like the stack), the outline of the sum, the data.
  func elements(_ index: Int, withLegend: Bool, floor: Bool) -> [String] {
    func title(_ name: String) -> String { withLegend ? "title \(GnuplotText.quoted(name))" : "notitle" }
    var elements: [String] = []
    for layer in components.indices.reversed() {
      let lower = floor ? "($2 > 0 ? $2 : \(smallest / 3))" : "2"
      elements.append(
        "  $panel\(index)_\(layer) using 1:\(lower):3 with filledcurves fillcolor rgb '\(colour(layer))' "
          + "fillstyle solid 0.9 noborder \(title(PlotLegend.shortened(components[layer].name)))")
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

  private func colour(_ layer: Int) -> String {
    switch components[layer].role {
    case .standardModel: return PlotColour.standardModel
    case .signal: return PlotColour.signal
    case .background:
      let order = components[..<layer].count { $0.role == .background }
      return PlotColour.backgrounds[order % PlotColour.backgrounds.count]
    }
  }
}
