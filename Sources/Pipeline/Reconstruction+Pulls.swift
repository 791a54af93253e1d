import Foundation
import Reporting

/// The pictures of the pulls of a fit and of the correlations of its parameters.
extension Reconstruction {
  /// What their names end in.
  package static func pullPlotEndings(_ suffix: String) -> [String] {
    ["-pulls.\(suffix)", "-correlation.\(suffix)"]
  }

  /// The endings of those there are: no pulls in a fit without them, and no correlations where there is no covariance.
  func pullPlots(_ outcome: FitOutcome, _ suffix: String) -> [String] {
    let endings = Self.pullPlotEndings(suffix)
    return (outcome.plane.model.plan.pulls.isEmpty ? [] : [endings[0]])
      + ((outcome.covariance?.count ?? 0) > 1 ? [endings[1]] : [])
  }

  func drawPulls(
    _ outcome: FitOutcome, _ provenance: FitProvenance, output: String, suffix: String
  ) throws {
    let endings = Self.pullPlotEndings(suffix)
    if let figure = pullFigure(outcome, provenance) {
      try Gnuplot.render(to: output + endings[0], style: request.style) {
        (format, name) throws(ReportError) in
        try figure.script(format: format, output: name)
      }
    }
    if let figure = correlationFigure(outcome, provenance) {
      try Gnuplot.render(to: output + endings[1], style: request.style) {
        (format, name) throws(ReportError) in
        try figure.script(format: format, output: name)
      }
    }
  }

  private func pullFigure(_ outcome: FitOutcome, _ provenance: FitProvenance) -> PullPlot? {
    let pulls = outcome.plane.model.plan.pulls
    guard !pulls.isEmpty else { return nil }
    let errors = outcome.covariance?.pullErrors
    return PullPlot(
      title: "Pulls at the best fit: \(outcome.experiments.joined(separator: " + "))",
      pulls: pulls.indices.map { index in
        PullPlot.Pull(
          name: pulls[index].name, value: outcome.best.pulls[index] / pulls[index].width,
          error: errors.map { errors in errors[index] / pulls[index].width })
      }, caption: [place(outcome, provenance), provenance.makerText])
  }

  private func correlationFigure(_ outcome: FitOutcome, _ provenance: FitProvenance) -> CorrelationPlot? {
    guard let covariance = outcome.covariance, covariance.count > 1 else { return nil }
    return CorrelationPlot(
      title: "Correlations at the best fit: \(outcome.experiments.joined(separator: " + "))",
      names: covariance.names(mass: provenance.massSymbol ?? "m4", coupling: request.scale.symbol),
      matrix: covariance.correlation, caption: [place(outcome, provenance), provenance.makerText])
  }

  /// "Fitted: observed.  Best fit: m4 = 8.2 MeV, d = 4.1e-07 1/GeV"
  private func place(_ outcome: FitOutcome, _ provenance: FitProvenance) -> String {
    let scale = request.scale
    let point =
      outcome.best.mass.map {
        "\(provenance.massSymbol ?? "m4") = \(NumberWords.short($0)) MeV, \(scale.symbol) = "
          + "\(NumberWords.short(scale.fromInternal(outcome.best.coupling))) \(scale.unit)"
      } ?? "no signal"
    return "Fitted: \(provenance.data).  Best fit: \(point)."
  }
}
