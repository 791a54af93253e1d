import Planning
import ScanCore

/// One experiment or several in one likelihood, ready for a backend [UPS-36].
package struct JointAnalysis: Sendable {
  package let members: [Analysis]
  package let plan: JointPlan
  /// What the experiments observed, or their Asimov set: one data set.
  package let data: JointData

  /// - Parameters:
  ///   - members: of the same interaction; at least one
  ///   - shared: names of pulls that several members have in common
  package init(_ members: [Analysis], shared: Set<String> = []) throws {
    self.members = members
    var names: [String] = []
    let planner = JointPlanner(
      try members.map { analysis in
        names.append(analysis.model.name)
        let count = names.count { $0 == analysis.model.name }
        return try analysis.jointMember(
          name: count == 1 ? analysis.model.name : "\(analysis.model.name) (\(count))")
      }, shared: shared)
    plan = try planner.plan()
    data = JointData(observed: planner.observed)
  }

  /// Coupling at q = 1, GeV^-1 in convention A; q goes with its square.
  package var referenceCoupling: Double { members.first?.signalPlan.referenceCoupling ?? 1 }

  /// Signal events at q = 1, masses x bins, of a dipole or another interaction that only adds events.
  package func templates(masses: [Double], on backend: any Backend) throws -> [Double] {
    let parts = try members.map { try $0.templates(masses: masses, on: backend, at: referenceCoupling) }
    return masses.indices.flatMap { row in
      zip(members, parts).flatMap { member, part in
        let bins = member.likelihood.binCount
        return part[row * bins..<(row + 1) * bins]
      }
    }
  }

  /// The observation that hypothesis predicts on average: mu at the given factors.
  package func asimov(signal: ArraySlice<Double>, strength: Double, factors: [Double]) -> [Double] {
    plan.expectation(factors: factors, signal: signal, strength: strength)
  }
}

extension Analysis {
  /// Throws where a pull acts non-linearly on the signal.
  func jointMember(name: String) throws -> JointMember {
    if let pulled, pulled.rateParameterCount > 0 {
      throw PlanningError(
        "Experiment \(model.name): its pull \"\(model.shapePulls?.names.first ?? "")\" acts non-linearly, which toys and fits of "
          + "several experiments do not take. Use the entry or variant without `systematics.shape`.")
    }
    let likelihood = jointLikelihood
    let linear = pullNames.prefix(likelihood.pullCount)
    let shapes = zip(pullNames.dropFirst(linear.count), pulled?.backgroundShapes ?? [])
    return JointMember(
      name: name, likelihood: likelihood, pullNames: Array(linear),
      freePulls: model.systematics.freeBackgrounds,
      shapes: shapes.map { (name: $0, change: $1) })
  }

  /// The likelihood with the whole Standard Model in its base, whatever makes the signal: an interaction that interferes then is a
  /// signal u L + u^2 Q of either sign [UPS-50].
  private var jointLikelihood: LikelihoodPlan {
    guard let interaction, interaction.interferes else { return likelihood }
    var plan = likelihood
    let standardModel = interaction.mixed(standardModelEvents)
    for bin in plan.base.indices { plan.base[bin] += (1 - LikelihoodPlan.baseShare) * standardModel[bin] }
    if model.systematics.signalWidth != nil { plan.pullTemplates[0] = standardModel }
    return plan
  }

  /// Signal events at `reference`, masses x bins.
  func templates(masses: [Double], on backend: any Backend, at reference: Double) throws -> [Double] {
    if let interaction {
      guard !interaction.interferes else {
        throw PlanningError(
          "\(model.name): the signal of this interaction is not a strength times a template, as it interferes with the "
            + "Standard Model.")
      }
      return try interaction.quadratic(masses: masses, on: backend)
    }
    let values = try backend.load(signalPlan).evaluate(masses: masses)
    let stride = signalPlan.valuesPerMass
    let scale = reference / signalPlan.referenceCoupling
    return masses.indices.flatMap { row in
      likelihood.fold.fold(values[row * stride..<(row + 1) * stride]).map { $0 * scale * scale }
    }
  }
}

extension InteractionModel {
  var interferes: Bool { standardModel != nil }
}
