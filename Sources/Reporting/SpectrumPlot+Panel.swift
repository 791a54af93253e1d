import Foundation

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

  /// Highest bin of the stack over the middle one; 1 where that is empty.
  package var spread: Double {
    let heights = (0..<binCount).map { level(components.count, $0) }.sorted()
    let middle = heights[binCount / 2]
    return middle > 0 ? heights[binCount - 1] / middle : 1
  }

  /// Data minus the sum in units of their error: of the sum's own fluctuation for counts. Infinite for counts where none is
  /// expected, nil where there is no error else.
  var residuals: [Double?] {
    guard let observed else { return [] }
    return (0..<binCount).map { bin in
      let sum = components.reduce(0) { $0 + $1.events[bin] }
      let error = errors?[bin] ?? sum.squareRoot()
      if error > 0 { return (observed[bin] - sum) / error }
      return errors != nil || observed[bin] == sum ? nil : .infinity
    }
  }

  /// Residuals beyond the end of their axis.
  var residualsBeyond: Int { residuals.count { abs($0 ?? 0) > residualReach } }

  /// End of the axis of the residuals: those beyond ten become triangles at the edge.
  var residualReach: Double {
    let largest = residuals.compactMap { $0.map(abs) }.max() ?? 0
    return min(max(1.15 * (largest + 1), 3.5), 12)
  }

  /// Lowest end of an error bar below zero, or zero: counts have none there.
  package var lowest: Double {
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
      return [[edges[bin], centre, min(max(value ?? .nan, -1e9), 1e9)], [edges[bin + 1], .nan, .nan]]
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
          + "fillstyle solid \(layout.canvas.style == .print ? "1.0" : "0.9") \(edge) \(title(components[layer].name))"
      )
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
