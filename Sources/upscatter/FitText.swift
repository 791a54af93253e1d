import Foundation
import Pipeline
import ScanCore

/// What `fit` prints for people.
struct FitText {
  let lines: [String]

  init(_ report: FitReport, _ scale: CouplingScale) {
    var lines = [
      "# fit of \(report.provenance.data)",
      "# coupling \(report.provenance.coupling.convention): \(report.provenance.coupling.lagrangian)",
    ]
    for fit in [report.fit] + (report.alone ?? []) { lines += Self.lines(fit, scale) }
    lines += report.files.map { "wrote \($0)" }
    self.lines = lines
  }

  private static func lines(_ fit: FitReport.Fit, _ scale: CouplingScale) -> [String] {
    let best = fit.best_fit
    var lines = ["", fit.experiments.joined(separator: " + ")]
    if let m4 = best.m4 {
      lines.append(
        "  best fit      m4 = \(number(m4)) MeV, \(scale.symbol) = \(number(best.d)) \(scale.unit), chi2 \(number(best.statistic)) "
          + "for \(best.bins) bins, \(number(best.delta_without_signal)) below no signal")
    } else {
      lines.append("  best fit      no signal, chi2 \(number(best.statistic)) for \(best.bins) bins")
    }
    for pull in best.pulls {
      let error = pull.error.map { " +- " + number($0) } ?? ""
      lines.append(
        "  pull          \(pull.name): \(number(pull.value))\(error) (constrained to \(number(pull.width)))")
    }
    if let truth = fit.truth { lines.append("  truth         Delta chi2 \(number(truth.delta))") }
    for region in fit.regions { lines += self.lines(region, "C.L.", scale) }
    if let posterior = fit.posterior {
      lines.append(
        "  posterior     \(posterior.prior_m4), \(posterior.prior_d); \(Int(posterior.effective_samples)) independent samples, "
          + (posterior.converged ? "converged" : "NOT converged"))
      for region in posterior.regions { lines += self.lines(region, "cred.", scale) }
    }
    return lines + fit.notes.map { "  note: \($0)" }
  }

  private static func lines(_ region: FitReport.Region, _ word: String, _ scale: CouplingScale) -> [String] {
    let percent = String(format: "%g", 100 * region.confidence_level)
    let pieces = region.pieces > 1 ? ", in \(region.pieces) pieces" : ""
    return [
      "  \(percent) % \(word)  region "
        + (region.closes ? "closes" : "does not close: \(region.opening ?? "")") + pieces,
      "                m4 \(intervals(region.m4)) MeV;  \(scale.symbol) \(intervals(region.d)) \(scale.unit)",
    ]
  }

  private static func intervals(_ list: [FitReport.Interval]) -> String {
    list.isEmpty
      ? "undetermined"
      : list.map {
        "[\($0.open_below ? "below " : "")\(number($0.low)), \($0.open_above ? "above " : "")\(number($0.high))]"
      }.joined(separator: " or ")
  }

  private static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
