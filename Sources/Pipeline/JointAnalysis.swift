import Planning
import ScanCore
import Scanning
import Statistics

/// One experiment or several in one likelihood, ready for a backend [UPS-36].
package struct JointAnalysis: Sendable {
  package private(set) var members: [Analysis]
  package let plan: JointPlan
  /// Normalisations of signals that the plan holds in parts, as some of these are shared.
  package let sums: [SignalSum]
  /// What the experiments observed, or their Asimov set: one data set.
  package let data: JointData
  /// Names of pulls that several members have in common.
  package let shared: Set<String>

  /// - Parameters:
  ///   - members: of the same interaction; at least one
  ///   - shared: names of pulls that several members have in common
  ///   - standardModelInBase: true: signals of interactions that interfere are u L + u^2 Q; false: they hold the Standard Model too,
  ///     as scans take them [UPS-35]
  package init(
    _ members: [Analysis], shared: Set<String> = [], standardModelInBase: Bool = false
  ) throws {
    guard !members.isEmpty else { throw PlanningError("A joint likelihood needs at least one experiment.") }
    self.members = members
    self.shared = shared
    var names: [String] = []
    let planner = JointPlanner(
      try members.map { analysis in
        names.append(analysis.model.name)
        let count = names.count { $0 == analysis.model.name }
        return try analysis.jointMember(
          name: count == 1 ? analysis.model.name : "\(analysis.model.name) (\(count))",
          standardModelInBase: standardModelInBase)
      }, shared: shared)
    (plan, sums) = try planner.planWithSums()
    data = JointData(observed: planner.observed)
  }

  /// Coupling at q = 1: for a dipole in GeV^-1, convention A; q goes with its square.
  package var referenceCoupling: Double { source.coupling(ofStrength: 1) }

  /// Makes the signal of all members.
  package var source: any TemplateSource { JointTemplates(members: members) }

  /// Plan and data as a scan takes them.
  package var likelihood: JointLikelihood {
    JointLikelihood(
      plan: plan, sums: sums, data: data,
      variances: members.flatMap {
        $0.likelihood.searchVariances(interferingWith: $0.interaction?.standardModel)
      })
  }

  /// Signal events at q = 1, masses x bins, of a dipole or another interaction that only adds events.
  package func templates(masses: [Double], on backend: any Backend) throws -> [Double] {
    let source = source
    guard source.standardModel == nil else {
      throw PlanningError(
        "\(members[0].model.name): the signal of this interaction is not a strength times a template, as it interferes with the "
          + "Standard Model.")
    }
    return try source.quadratic(masses: masses, on: backend)
  }

  /// The observation that hypothesis predicts on average: mu at the given factors.
  package func asimov(signal: ArraySlice<Double>, strength: Double, factors: [Double]) -> [Double] {
    plan.expectation(factors: factors, signal: signal, strength: strength)
  }

  /// The same for the branch of negative couplings.
  package func negativeBranch() -> JointAnalysis {
    var branch = self
    branch.members = members.map { $0.negativeBranch() }
    return branch
  }
}

extension Analysis {
  /// Throws where a pull acts non-linearly on the signal.
  func jointMember(name: String, standardModelInBase: Bool) throws -> JointMember {
    if let pulled, pulled.rateParameterCount > 0 {
      throw PlanningError(
        "Experiment \(model.name): its pull \"\(model.shapePulls?.names.first ?? "")\" acts non-linearly, which toys and fits of "
          + "several experiments do not take. Use the entry or variant without `systematics.shape`.")
    }
    let likelihood = standardModelInBase ? withStandardModelInBase : likelihood
    let linear = pullNames.prefix(likelihood.pullCount)
    let shapes = zip(pullNames.dropFirst(linear.count), pulled?.backgroundShapes ?? [])
    return JointMember(
      name: name, likelihood: likelihood, pullNames: Array(linear),
      signalParts: model.systematics.signalParts.map { ($0.name, $0.width) },
      freePulls: model.systematics.freeBackgrounds,
      shapes: shapes.map { (name: $0, change: $1) })
  }

  /// The likelihood with the whole Standard Model in its base, whatever makes the signal: an interaction that interferes then is a
  /// signal u L + u^2 Q of either sign [UPS-50].
  private var withStandardModelInBase: LikelihoodPlan {
    guard let interaction, interaction.interferes else { return likelihood }
    var plan = likelihood
    let standardModel = interaction.mixed(standardModelEvents)
    for bin in plan.base.indices { plan.base[bin] += (1 - LikelihoodPlan.baseShare) * standardModel[bin] }
    if model.systematics.signalWidth != nil { plan.pullTemplates[0] = standardModel }
    return plan
  }
}

extension InteractionModel {
  var interferes: Bool { standardModel != nil }
}
