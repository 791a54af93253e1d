import Foundation
import Pipeline
import Statistics

extension DiscriminationReport {
  func printText() {
    print("# \(experiments.joined(separator: " + ")): signal of \(truth_identity): \(truth.text)")
    print("# \(truth_coupling_symbol) [\(truth_coupling_unit)]: \(truth_coupling_definition)")
    for pair in against { pair.printText(truth: truth.text, truthModel: truth_model, toys: toys_of_each) }
    print(
      "\nsqrt: square root of Delta chi2. normal: Z if T were normal; -: it is not, as the other model fits this one's best fit too well."
    )
    if toys_of_each > 0 {
      print(
        "p: toys of the other model that look at least as much like this one as its median toy; Z of p, one-sided."
      )
    }
  }
}

extension DiscriminationReport.Pair {
  fileprivate func printText(truth: String, truthModel: String, toys: Int) {
    print("\nagainst \(model) (\(identity)), \(coupling_symbol): \(coupling_definition)")
    print("  best fit to the signal    \(best_fit.text)")
    print("  \(truthModel) fitted to that    \(reverse_fit.text)")
    print(
      column("  where this is true", 30) + column("Delta chi2", 14) + column("sqrt", 10)
        + column("normal", 10) + (toys > 0 ? column("toys: p", 22) + "Z" : ""))
    for (name, row) in [(truthModel, truth_true), (model, other_true)] {
      let power = row.toys.map { column($0.pText, 22) + $0.significanceText }
      print(
        column("  \(name)", 30) + column(number(row.delta_chi2), 14)
          + column(number(row.asimov_sqrt_delta), 10)
          + column(row.asimov_normal.map(number) ?? "-", 10) + (power ?? ""))
    }
    print("  " + conclusion(truth: truth, truthModel: truthModel))
    printToys(truthModel)
  }

  /// One sentence: by how much the other model is excluded if the signal is true.
  private func conclusion(truth: String, truthModel: String) -> String {
    let start = "If \(truthModel) is true at \(truth),"
    guard let power = truth_true.toys else {
      return
        "\(start) the Asimov set excludes \(model) by sqrt(Delta chi2) = \(number(truth_true.asimov_sqrt_delta)) standard deviations."
    }
    guard power.significance ?? power.significanceLimit ?? -1 > 0 else {
      return "\(start) the median of its toys does not exclude \(model) (p = \(power.pText))."
    }
    return
      "\(start) the median of its toys excludes \(model) with p \(power.pValueLimit == nil ? "= " : "")\(power.pText), "
      + "Z \(power.significance == nil ? "" : "= ")\(power.significanceText)."
  }

  private func printToys(_ truthModel: String) {
    guard let toys = self.toys else { return }
    for (name, masses, loss, finer) in [
      (truthModel, toys.masses_of_truth, toys.mass_axis_loss_of_truth, toys.finer_masses_of_truth),
      (model, toys.masses_of_other, toys.mass_axis_loss_of_other, toys.finer_masses_of_other),
    ] {
      guard let masses, let first = masses.first, let last = masses.last, masses.count > 1 else { continue }
      print(
        "  toys are fitted by \(name) at \(masses.count) masses from \(number(first)) to \(number(last)) MeV, at any coupling; masses between them "
          + "would fit by chi2 \(number(loss)) better at most")
      guard loss > HypothesisFit.acceptedLoss else { continue }
      print(
        "  WARNING: that shifts T of \(name) by up to as much. Give \(name) finer masses"
          + (finer.map { ", as masses=\($0)" } ?? " (masses=A:B:N)"))
    }
    for (name, power, width) in [
      (truthModel, truth_true.toys, -truth_true.delta_chi2), (model, other_true.toys, other_true.delta_chi2),
    ] {
      guard let power else { continue }
      print(
        "  T of toys of \(name): median \(number(power.quantiles[2])), mean \(number(power.mean)) +- \(number(power.standardDeviation)); "
          + "from the Asimov set \(number(width)) +- \(number(2 * abs(width).squareRoot()))")
    }
    if toys.at_end_of_strengths > 0 {
      print(
        "  WARNING: in \(toys.at_end_of_strengths) fits the best strength is the last one sampled, so that chi2 may be lower beyond it. Give a "
          + "signal closer to what the models can fit, or masses= where they fit")
    }
    if toys.unconverged > 0 { print("  WARNING: \(toys.unconverged) fits did not converge") }
  }
}

extension SeparationPower {
  /// "0.011 +- 0.002"; "< 0.0023 (90 %)" where no toy lies beyond.
  fileprivate var pText: String {
    pValueLimit.map { "< \(number($0)) (90 %)" } ?? "\(number(pValue)) +- \(number(pValueError))"
  }

  fileprivate var significanceText: String {
    significance.map(number) ?? significanceLimit.map { "> \(number($0)) (90 %)" }
      ?? "none: every toy lies beyond"
  }
}

private func number(_ value: Double) -> String { String(format: "%.4g", value) }
