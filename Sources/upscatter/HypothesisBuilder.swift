import Experiments
import Foundation
import Pipeline
import Rates
import ScanCore

/// A hypothesis with what outputs say of it.
struct BoundHypothesis {
  var hypothesis: Hypothesis
  var scale: CouplingScale
  var identity: String
  /// Of the injected signal: MeV, and in internal units; zero for a model that is fitted.
  var mass = 0.0
  var coupling = 0.0

  var label: String { hypothesis.label }
  var pointText: String { text(mass: mass, coupling: coupling) }

  /// "m4 = 10 MeV, d = 5e-07 GeV^-1"
  func text(mass: Double, coupling: Double) -> String {
    (scale.mass.map { "\($0.symbol) = \(String(format: "%.5g", mass)) MeV, " } ?? "")
      + "\(scale.symbol) = \(String(format: "%.5g", scale.fromInternal(coupling)))\(scale.unit == "1" ? "" : " \(scale.unit)")"
  }
}

/// Makes hypotheses of the models of a request, in the same experiments.
struct HypothesisBuilder {
  let specs: [ExperimentSpec]
  let models: [RateModel]
  let shared: Set<String>
  let backend: any Backend
  let planning: any Backend

  init(
    specs: [ExperimentSpec], shared: Set<String>, backend: any Backend, planning: any Backend
  ) throws {
    self.specs = specs
    models = try specs.map { try RateModel($0) }
    self.shared = shared
    self.backend = backend
    self.planning = planning
  }

  func truth(_ option: HypothesisOption) throws -> BoundHypothesis {
    let interaction = try option.interaction(for: specs[0])
    let mass = try option.trueMass(interaction)
    var bound = try bind(option, required: mass)
    bound.mass = mass
    bound.coupling = try option.trueCoupling(interaction)
    guard try bound.hypothesis.hasSignal(mass: mass, coupling: bound.coupling) else {
      throw RequestError(
        "--truth \(option.text): no neutrino of this source can make a signal in any bin, so that there is nothing to tell apart. "
          + "Choose a smaller mass, a coupling other than 0 or another flavour.")
    }
    return bound
  }

  func fitted(_ option: HypothesisOption) throws -> BoundHypothesis {
    try option.refuseCoupling()
    return try bind(option, required: nil)
  }

  private func bind(_ option: HypothesisOption, required: Double?) throws -> BoundHypothesis {
    let interaction = try option.interaction(for: specs[0])
    let masses = try option.fittedMasses(
      interaction, range: range(interaction?.mass ?? .heavyNeutrino), required: required)
    // the neutrinos of a source decide what a model may have
    let interactions = try specs.map { try option.interaction(for: $0) }
    let settings = try zip(specs, interactions).map {
      try option.analysis.settings(for: $0, interaction: $1)
    }
    try ExperimentSelection.requireOneFlavour(
      specs, settings, option: "flavor=... in \"\(option.text)\"")
    let analyses = try specs.indices.map {
      try Analysis(
        model: models[$0], settings: settings[$0], masses: masses, backend: backend,
        planningBackend: planning, interaction: interactions[$0])
    }
    return BoundHypothesis(
      hypothesis: try Hypothesis(
        label: option.label, joint: JointAnalysis(analyses, shared: shared, standardModelInBase: true),
        masses: masses, addsMasses: option.masses == nil && masses.count > 1, backend: backend),
      scale: option.analysis.scale(interaction),
      identity: interaction?.identity ?? "model=dipole flavour=\(analyses[0].settings.flavour)")
  }

  /// From the lightest default mass of any experiment to the heaviest, as "from:to".
  private func range(_ mass: ScannedMass) -> String {
    let ends = models.map {
      DefaultAxes.masses($0, mass: mass).split(separator: ":").compactMap { Double($0) }
    }
    let low = ends.compactMap(\.first).min() ?? 0.1
    let high = ends.compactMap(\.last).max() ?? 50
    return "\(low):\(high)"
  }
}
