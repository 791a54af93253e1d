import Planning
import ScanCore
import Statistics

/// A model that may explain the data: an interaction in one experiment or several, with the masses it is fitted at.
package struct Hypothesis: Sendable {
  /// As it was asked for: "vector", "dipole mu"
  package let label: String
  package let joint: JointAnalysis
  /// MeV, ascending; one value for models without a mass.
  package let masses: [Double]
  /// Whether fits may add masses between these, so that toys lose little by their spacing.
  let addsMasses: Bool
  let backend: any Backend

  /// - Parameters:
  ///   - joint: all members with the same interaction
  ///   - addsMasses: fits may add masses between these
  ///   - backend: evaluates the rates
  package init(
    label: String, joint: JointAnalysis, masses: [Double], addsMasses: Bool = false, backend: any Backend
  ) throws(RequestError) {
    guard !masses.isEmpty else { throw RequestError("\(label): no masses to fit it at. Give at least one.") }
    self.label = label
    self.joint = joint
    self.masses = masses
    self.addsMasses = addsMasses
    self.backend = backend
  }

  private var interaction: InteractionModel? { joint.members.first?.interaction }
  /// The signal is u L + u^2 Q.
  package var interferes: Bool { interaction?.interferes ?? false }
  var isSigned: Bool { interaction?.isSigned ?? false }

  /// The number a signal is labelled with [UPS-31]: u where it interferes, q = u^2 where not.
  package func strength(ofCoupling coupling: Double) -> Double {
    if let interaction { return interaction.strength(of: coupling) }
    return (coupling / joint.referenceCoupling) * (coupling / joint.referenceCoupling)
  }

  /// In internal units.
  package func coupling(ofStrength strength: Double) -> Double {
    if let interaction { return interaction.coupling(ofStrength: strength) }
    return joint.referenceCoupling * strength.squareRoot()
  }

  /// Whether a signal changes the events of any bin.
  package func hasSignal(mass: Double, coupling: Double) throws -> Bool {
    let signal = try signal(mass: mass)
    let none = try signal.events(strength: 0)
    return try zip(signal.events(strength: strength(ofCoupling: coupling)), none).contains { $0 != $1 }
  }

  /// The signal of one mass in the bins of the joint likelihood.
  func signal(mass: Double) throws -> HypothesisSignal {
    guard interferes else {
      return HypothesisSignal(
        mass: mass, parts: [], additive: try joint.templates(masses: [mass], on: backend))
    }
    return HypothesisSignal(
      mass: mass,
      parts: try joint.members.compactMap { member in
        guard let bound = member.interaction, let standardModel = bound.standardModel else { return nil }
        return HypothesisSignal.Part(
          template: try bound.templates(masses: [mass], on: backend)[0], standardModel: standardModel,
          whitening: bound.whitening)
      }, additive: nil)
  }
}

/// Events of a model at one mass.
struct HypothesisSignal: Sendable {
  /// An experiment of a model that interferes.
  struct Part: Sendable {
    /// in the bins of the experiment
    var template: SignalTemplate
    var standardModel: [Double]
    var whitening: CovarianceWhitening?

    func mixed(_ events: [Double]) -> [Double] { whitening?.apply(events) ?? events }
  }
  /// MeV
  let mass: Double
  let parts: [Part]
  /// Events at q = 1 of a model that only adds events; nil for one that interferes.
  let additive: [Double]?

  /// What the signal of this strength adds to the Standard Model per bin of the likelihood; negative where interference takes
  /// events away [UPS-50].
  func events(strength: Double) throws(BackendError) -> [Double] {
    if let additive { return additive.map { strength * $0 } }
    var events: [Double] = []
    for part in parts {
      let total = try part.template.total(
        strength: strength, standardModel: part.standardModel, mass: mass)
      let kept = 1 - LikelihoodPlan.baseShare
      events += part.mixed(zip(total, part.standardModel).map { $0 - kept * $1 })
    }
    return events
  }

  /// nil without signal, or for a model that only adds events.
  func metric(observed: [Double], variance: [Double]) -> StrengthMetric? {
    StrengthMetric(
      linear: parts.flatMap { $0.mixed($0.template.linear) },
      quadratic: parts.flatMap { $0.mixed($0.template.quadratic) }, observed: observed, variance: variance)
  }
}
