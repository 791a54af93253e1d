import Experiments
import Hashing
import Planning
import Rates
import Reporting
import ScanCore
import Scanning
import Statistics

/// What a scan is of: one experiment, or several in one likelihood [UPS-45].
package struct ScanSubject: Sendable {
  /// At least one; in the order of `analyses`.
  let specs: [ExperimentSpec]
  package let analyses: [Analysis]
  /// nil for one experiment, which has a faster way.
  package let joint: JointAnalysis?

  package init(_ spec: ExperimentSpec, _ analysis: Analysis) {
    specs = [spec]
    analyses = [analysis]
    joint = nil
  }

  /// - Parameter specs: of the members, in their order
  package init(_ specs: [ExperimentSpec], _ joint: JointAnalysis) {
    self.specs = specs
    analyses = joint.members
    self.joint = joint
  }

  /// The joint likelihood, of one experiment too.
  package func jointAnalysis() throws -> JointAnalysis { try joint ?? JointAnalysis(analyses) }

  /// Flavour, integrals and interaction are those of all.
  var first: Analysis { analyses[0] }

  /// What makes the signal; nil for the dipole.
  package var interaction: (any Interaction)? { first.chosen }
  package var title: String { specs.map(\.title).joined(separator: " + ") }
  package var names: [String] { specs.map(\.name) }
  package var name: String { names.joined(separator: "+") }
  package var settings: [AnalysisSettings] { analyses.map(\.settings) }
  /// Of the one experiment; nil for several, which differ in some.
  package var commonSettings: AnalysisSettings? { joint == nil ? first.settings : nil }
  package var hasShapePulls: Bool { joint == nil && first.pulled != nil }
  package var flavour: String { first.settings.flavour }
  /// Names of the pulls that several experiments share; nil for one experiment.
  package var sharedPulls: [String]? { joint?.shared.sorted() }
  /// "limit" from data, "sensitivity" where anything is an Asimov set.
  package var kind: String {
    analyses.allSatisfy { $0.settings.dataSet == .observed } ? "limit" : "sensitivity"
  }

  package func limitJob(on backend: any Backend, profilesShapes: Bool = true) -> LimitJob {
    joint.map { LimitJob(joint: $0, backend: backend) }
      ?? LimitJob(analysis: first, backend: backend, profilesShapes: profilesShapes)
  }

  /// The same for the branch of negative couplings.
  package func negativeBranch() -> ScanSubject {
    guard let joint else { return ScanSubject(specs[0], first.negativeBranch()) }
    return ScanSubject(specs, joint.negativeBranch())
  }

  // MARK: - Pulls

  package var pullNames: [String] { joint?.plan.pulls.map(\.name) ?? first.pullNames }

  /// Numbers of the pulls whose values are theta in widths.
  package var shapePulls: Set<Int> {
    guard let joint else { return Set(first.pullNames.indices.dropFirst(first.likelihood.pullCount)) }
    return Set(joint.plan.pulls.indices.filter { !joint.plan.pulls[$0].isNormalisation })
  }

  // MARK: - What outputs state

  /// One word where all agree, else one per experiment in their order.
  private func common(_ words: [String]) -> String {
    Set(words).count == 1 ? words[0] : words.joined(separator: "; ")
  }

  package var dataSet: String { common(analyses.map(\.settings.dataSet.rawValue)) }
  package var statistic: String { common(analyses.map(\.settings.statistic.rawValue)) }

  /// SHA-256 of every input file; of several experiments under the name of the experiment, library files apart.
  var inputHashes: [String: String] {
    if specs.count == 1 { return specs[0].inputDigests }
    var hashes: [String: String] = [:]
    for spec in specs {
      for (file, hash) in spec.inputDigests {
        hashes[file.hasPrefix("library/") ? file : "\(spec.name)/\(file)"] = hash
      }
    }
    return hashes
  }

  var planHash: String {
    let hashes = analyses.map {
      PlanHash.hex($0.signalPlan, $0.likelihood, pulled: $0.pulled, interaction: $0.interaction)
    }
    guard let joint else { return hashes[0] }
    return PlanHash.hex(joint.plan, joint.data, members: hashes)
  }

  package var estimatedError: Double { analyses.map(\.estimatedError).max() ?? 0 }

  package var warnings: [String] {
    analyses.count == 1
      ? first.warnings
      : zip(specs, analyses).flatMap { spec, own in own.warnings.map { "\(spec.name): \($0)" } }
  }

  /// Which pulls leave no trace in results, one note per experiment.
  package var covarianceNotes: [String] {
    if analyses.count == 1 { return first.covarianceNote.map { [$0] } ?? [] }
    return zip(specs, analyses).compactMap { spec, own in own.covarianceNote.map { "\(spec.name): \($0)" } }
  }

  /// What to know before trusting a limit whose best fit has this statistic. Asimov sets add next to nothing to it.
  package func fitWarning(minimumStatistic: Double?) -> String? {
    if analyses.count == 1 { return first.fitWarning(minimumStatistic: minimumStatistic) }
    let measured = analyses.filter { $0.settings.dataSet == .observed }
    guard let minimumStatistic, !measured.isEmpty else { return nil }
    return FitQuality.warning(
      chiSquare: minimumStatistic, bins: measured.reduce(0) { $0 + $1.likelihood.binCount }
    ).map { "WARNING: " + $0 }
  }
}

extension ScanPlan {
  /// - Parameter joint: several experiments in one fit, in place of `analysis`; nil for one
  init(
    _ analysis: Analysis, joint: JointAnalysis?, masses: [Double], couplings: [Double], job: ScanJob,
    degreesOfFreedom: Int
  ) {
    self.init(
      rates: analysis.signalPlan, likelihood: analysis.likelihood,
      pulled: joint == nil ? analysis.pulled : nil, masses: masses, couplings: couplings, job: job,
      degreesOfFreedom: degreesOfFreedom, templates: joint?.source ?? analysis.interaction)
    self.joint = joint?.likelihood
  }
}
