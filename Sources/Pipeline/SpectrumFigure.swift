import Reporting

/// The figure of a spectrum: stacked ingredients over energy and, where there is a time axis, over arrival times.
package enum SpectrumFigure {
  /// - Parameters:
  ///   - signal: name of the ingredient that is the signal
  ///   - caption: lines below; the first is what the signal is, and the figure adds that nothing was fitted
  package static func plot(
    _ spectrum: Spectrum, signal: String, title: String, caption: [String]
  ) -> SpectrumPlot {
    let shown = spectrum.stackable(signal: signal)
    // bins of a response matrix have no energy
    let axis = ["bin": "analysis bin", "PE": "photoelectrons"][shown.energyUnit] ?? "energy"
    var panels = [
      panel(axis, shown.energyUnit, shown.energyEdges, shown, signal) { shown.energyProjection($0) }
    ]
    if shown.timeEdges.count > 1 {
      panels.append(
        panel("arrival time", "µs", shown.timeEdges, shown, signal) { shown.timeProjection($0) })
    }
    let fit = "Before the fit: all pulls at zero" + (shown.observed == nil ? "." : ", data as they are.")
    var lines = caption
    if lines.isEmpty { lines = [fit] } else { lines[0] = "\(fit)  \(lines[0])" }
    return SpectrumPlot(
      title: title, panels: panels, caption: lines,
      isLogarithmic: panels.contains { $0.spread > mostSpread && $0.lowest == 0 })
  }

  /// From this ratio of the highest bin to the middle one, most bins are too low to be seen on a linear axis.
  private static let mostSpread = 30.0

  private static func panel(
    _ axis: String, _ unit: String, _ edges: [Double], _ spectrum: Spectrum, _ signal: String,
    _ project: ([Double]) -> [Double]
  ) -> SpectrumPlot.Panel {
    SpectrumPlot.Panel(
      content: spectrum.content, axis: axis, unit: unit, edges: edges,
      components: spectrum.ingredients.map {
        SpectrumPlot.Component(
          name: $0.name, events: project($0.events),
          role: $0.name.hasSuffix(signal)
            ? .signal : $0.name == "standard-model" ? .standardModel : .background)
      }, observed: spectrum.observed.map(project),
      errors: spectrum.uncertainties.map { project($0.map { $0 * $0 }).map { $0.squareRoot() } })
  }
}
