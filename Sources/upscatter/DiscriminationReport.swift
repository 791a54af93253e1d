import Experiments
import Foundation
import Pipeline
import ScanCore
import Statistics

/// What `discriminate` prints.
struct DiscriminationReport: Encodable {
  struct Point: Encodable {
    var mass: Double?
    var coupling: Double
    var pulls: [String: Double]?
    /// chi2 on the masses of the fit above that between them
    var mass_axis_loss: Double?
    /// the best mass is an end of the axis
    var at_axis_end: Bool?
    var text: String

    enum CodingKeys: String, CodingKey { case mass, coupling, pulls, mass_axis_loss, at_axis_end }

    init(_ bound: BoundHypothesis, mass: Double, coupling: Double) {
      self.mass = bound.scale.mass == nil ? nil : mass
      self.coupling = bound.scale.fromInternal(coupling)
      text = bound.text(mass: mass, coupling: coupling)
    }

    init(_ bound: BoundHypothesis, _ fit: HypothesisFit) {
      self.init(
        bound, mass: fit.mass, coupling: bound.hypothesis.coupling(ofStrength: fit.strength))
      pulls = Dictionary(
        zip(bound.hypothesis.joint.plan.pulls.map(\.name), fit.pulls), uniquingKeysWith: { $1 })
      mass_axis_loss = fit.massAxisLoss
      at_axis_end = fit.isAtAxisEnd
      if fit.isAtAxisEnd { text += " (an end of its masses)" }
    }
  }

  /// One direction: how well the other model is excluded where this one is true.
  struct Separation: Encodable {
    var delta_chi2: Double
    var asimov_sqrt_delta: Double
    @WrittenNull var asimov_normal: Double?
    var toys: SeparationPower?
  }

  struct Toys: Encodable {
    var statistic = "T = chi2_min(truth model) - chi2_min(other model)"
    var quantile_levels = SeparationPower.levels
    var of_truth: [Double]
    var of_other: [Double]
    var at_end_of_strengths: Int
    var unconverged: Int
    var rows_of_truth: Int
    var rows_of_other: Int
  }

  struct Pair: Encodable {
    var model: String
    var identity: String
    var best_fit: Point
    /// Of the model of the truth to the best fit of the other.
    var reverse_fit: Point
    var truth_true: Separation
    var other_true: Separation
    var toys: Toys?
    var events_truth: [Double]
    var events_best_fit: [Double]
    var mass_symbol: String?
    var coupling_symbol: String
    var coupling_unit: String
    var coupling_definition: String

    init(_ outcome: Discrimination.Outcome, truth: BoundHypothesis, other: BoundHypothesis) {
      model = other.label
      identity = other.identity
      best_fit = Point(other, outcome.otherFit)
      reverse_fit = Point(truth, outcome.reverseFit)
      let shortcuts = [
        AsimovSeparation(own: outcome.delta, other: outcome.reverseDelta),
        AsimovSeparation(own: outcome.reverseDelta, other: outcome.delta),
      ]
      truth_true = Separation(
        delta_chi2: outcome.delta, asimov_sqrt_delta: shortcuts[0].squareRoot,
        asimov_normal: shortcuts[0].normal, toys: outcome.toys?.truthTrue)
      other_true = Separation(
        delta_chi2: outcome.reverseDelta, asimov_sqrt_delta: shortcuts[1].squareRoot,
        asimov_normal: shortcuts[1].normal, toys: outcome.toys?.otherTrue)
      toys = outcome.toys.map {
        Toys(
          of_truth: $0.underTruth, of_other: $0.underOther, at_end_of_strengths: $0.atEnd,
          unconverged: $0.unconverged, rows_of_truth: $0.rows[0], rows_of_other: $0.rows[1])
      }
      events_truth = outcome.truthEvents
      events_best_fit = outcome.otherEvents
      mass_symbol = other.scale.mass?.symbol
      coupling_symbol = other.scale.symbol
      coupling_unit = other.scale.unit
      coupling_definition = other.scale.definition
    }
  }

  var experiments: [String]
  var truth: Point
  var truth_model: String
  var truth_identity: String
  var truth_coupling_symbol: String
  var truth_coupling_unit: String
  var truth_coupling_definition: String
  var against: [Pair]
  var toys_of_each: Int
  var seed: UInt64
  var mass_unit = "MeV"
  var pulls_unit = "relative change of a normalisation, widths of a shape"
  var events_unit = "expected counts per bin of the likelihood, experiments one after the other"
  var settings: [AnalysisSettings]
  var backend: BackendIdentity
  var version = toolVersion

  init(
    _ specs: [ExperimentSpec], truth: BoundHypothesis, pairs: [Pair], settings: DiscriminationSettings,
    _ backend: any Backend
  ) {
    experiments = specs.map(\.name)
    self.truth = Point(truth, mass: truth.mass, coupling: truth.coupling)
    truth_model = truth.label
    truth_identity = truth.identity
    truth_coupling_symbol = truth.scale.symbol
    truth_coupling_unit = truth.scale.unit
    truth_coupling_definition = truth.scale.definition
    against = pairs
    toys_of_each = settings.toys
    seed = settings.seed
    self.settings = truth.hypothesis.joint.members.map(\.settings)
    self.backend = backend.identity
  }

  // MARK: - Text

  func printText() {
    print("# \(experiments.joined(separator: " + ")): signal of \(truth_identity): \(truth.text)")
    print("# \(truth_coupling_symbol) [\(truth_coupling_unit)]: \(truth_coupling_definition)")
    for pair in against { pair.printText(truthModel: truth_model, toys: toys_of_each) }
  }
}

extension DiscriminationReport.Pair {
  fileprivate func printText(truthModel: String, toys: Int) {
    let number = { (value: Double) in String(format: "%.4g", value) }
    print("\nagainst \(model) (\(identity)), \(coupling_symbol): \(coupling_definition)")
    print("  best fit to the signal    \(best_fit.text)")
    if let loss = best_fit.mass_axis_loss, loss > 1e-3 {
      print("    its masses cost chi2 \(number(loss)) in toys, against the best mass between them")
    }
    print("  \(truthModel) fitted to that    \(reverse_fit.text)")
    print(
      column("  where this is true", 30) + column("Delta chi2", 14) + column("sqrt", 10)
        + column("normal", 10) + (toys > 0 ? column("toys: p", 22) + "Z" : ""))
    for (name, row) in [(truthModel, truth_true), (model, other_true)] {
      let power = row.toys.map { toys in
        column("\(number(toys.pValue)) +- \(number(toys.pValueError))", 22)
          + (toys.significance.map(number) ?? toys.significanceLimit.map { "> \(number($0)) (90 %)" }
            ?? "none: every toy lies beyond")
      }
      print(
        column("  \(name)", 30) + column(number(row.delta_chi2), 14)
          + column(number(row.asimov_sqrt_delta), 10)
          + column(row.asimov_normal.map(number) ?? "-", 10) + (power ?? ""))
    }
    guard let toys = self.toys else { return }
    for (name, power, width) in [
      (truthModel, truth_true.toys, -truth_true.delta_chi2), (model, other_true.toys, other_true.delta_chi2),
    ] {
      guard let power else { continue }
      print(
        "  T of toys of \(name): median \(number(power.quantiles[2])), mean \(number(power.mean)) +- \(number(power.standardDeviation)); "
          + "from the Asimov set \(number(width)) +- \(number(2 * abs(width).squareRoot()))")
    }
    if toys.at_end_of_strengths > 0 {
      print("  note: in \(toys.at_end_of_strengths) fits the best strength is the last one sampled")
    }
    if toys.unconverged > 0 { print("  WARNING: \(toys.unconverged) fits did not converge") }
  }
}
