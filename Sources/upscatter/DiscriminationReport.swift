import Experiments
import Foundation
import Pipeline
import Planning
import ScanCore
import Statistics

/// What `discriminate` prints.
struct DiscriminationReport: Encodable {
  struct Point: Encodable {
    var mass: Double?
    var coupling: Double
    var pulls: [String: Double]?
    /// what the spacing of the masses may cost data whose best mass lies between two of them, chi2
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
    /// Masses at which toys are fitted, MeV, at any coupling; left out for a model without a mass.
    var masses_of_truth: [Double]?
    var masses_of_other: [Double]?
    var rows_of_truth: Int
    var rows_of_other: Int
    /// What the spacing of these masses may cost a toy, chi2, and axes that would cost little.
    var mass_axis_loss_of_truth: Double
    var mass_axis_loss_of_other: Double
    var finer_masses_of_truth: String?
    var finer_masses_of_other: String?
  }

  /// Of one experiment; the data are Asimov sets and toys of these, whatever the experiment observed.
  struct Settings: Encodable {
    var flavour: String
    var mode: IntegralMode
    var data_set = DataSet.asimov
    var statistic: StatisticKind
    var tolerance: Double

    init(_ settings: AnalysisSettings) {
      flavour = settings.flavour
      mode = settings.mode
      statistic = settings.statistic
      tolerance = settings.tolerance
    }
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
          unconverged: $0.unconverged,
          masses_of_truth: truth.scale.mass == nil ? nil : $0.masses[0],
          masses_of_other: other.scale.mass == nil ? nil : $0.masses[1], rows_of_truth: $0.rows[0],
          rows_of_other: $0.rows[1], mass_axis_loss_of_truth: $0.massAxisLoss[0],
          mass_axis_loss_of_other: $0.massAxisLoss[1], finer_masses_of_truth: $0.finerMasses[0],
          finer_masses_of_other: $0.finerMasses[1])
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
  var settings: [Settings]
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
    self.settings = truth.hypothesis.joint.members.map { Settings($0.settings) }
    self.backend = backend.identity
  }
}
