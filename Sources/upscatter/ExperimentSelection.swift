import Experiments
import Pipeline
import Planning
import Rates
import ScanCore

/// The experiments of a command, one or several, and the interaction in each of them.
struct ExperimentSelection {
  let specs: [ExperimentSpec]
  let models: [RateModel]
  private let interactions: [(any Interaction)?]
  private let settings: [AnalysisSettings]
  /// Names of pulls that several experiments have in common.
  private let shared: Set<String>

  /// - Parameter check: refuses what a command cannot do with an interaction
  init(
    _ names: [String], _ options: AnalysisOptions, _ sharing: SharingOptions,
    check: ((any Interaction)?) throws(RequestError) -> Void = { _ in }
  ) throws {
    specs = try names.map { try Catalogue.load($0) }
    interactions = try specs.map { try options.interaction(for: $0) }
    if let first = interactions.first { try check(first) }
    settings = try zip(specs, interactions).map {
      try options.settings(for: $0, interaction: $1)
    }
    models = try specs.map { try RateModel($0) }
    try Self.requireOneFlavour(specs, settings)
    try Self.requireDifferentData(specs, settings)
    shared = try sharing.names(among: zip(specs, settings).map { Shareable($0, $1) })
  }

  /// Of the whole selection, in outputs.
  var name: String { specs.map(\.name).joined(separator: "+") }
  var interaction: (any Interaction)? { interactions.first.flatMap { $0 } }
  var flavour: String { settings.first?.flavour ?? "" }

  /// Pulls in a result at most.
  var mostPulls: Int {
    zip(specs, settings).reduce(0) {
      $0 + ($1.1.statistic == .gaussian ? 1 : $1.0.systematics.pullCount)
    }
  }

  /// Plans every experiment.
  func subject(
    masses: [Double], backend: any Backend, planningBackend: any Backend
  ) throws -> ScanSubject {
    let analyses = try specs.indices.map { index in
      do {
        return try Analysis(
          model: models[index], settings: settings[index], masses: masses, backend: backend,
          planningBackend: planningBackend, interaction: interactions[index])
      } catch let error as PlanningError where specs.count > 1 {
        throw PlanningError("\(specs[index].name): \(error.message)")
      }
    }
    if analyses.count == 1 { return ScanSubject(specs[0], analyses[0]) }
    return ScanSubject(specs, try JointAnalysis(analyses, shared: shared))
  }

  // MARK: - Requirements

  private static func requireOneFlavour(
    _ specs: [ExperimentSpec], _ settings: [AnalysisSettings]
  ) throws(RequestError) {
    guard Set(settings.map(\.flavour)).count > 1 else { return }
    let defaults = zip(specs, settings).map { "\($0.name): \($1.flavour)" }.joined(separator: ", ")
    throw RequestError(
      "--flavor is needed: without it these experiments take different ones (\(defaults)), and one fit has one coupling. Name a "
        + "flavour that the sources of all have.")
  }

  /// The same events must not count twice.
  private static func requireDifferentData(
    _ specs: [ExperimentSpec], _ settings: [AnalysisSettings]
  ) throws(RequestError) {
    let entries = specs.map { String($0.name.prefix { $0 != ":" }) }
    for index in specs.indices where settings[index].dataSet == .observed {
      guard let other = entries.indices.first(where: { $0 != index && entries[$0] == entries[index] }) else {
        continue
      }
      throw RequestError(
        "\(specs[min(index, other)].name) and \(specs[max(index, other)].name) are the same experiment: its data would count "
          + "twice. Name it once; with --data asimov it may stand for two detectors of the kind.")
    }
  }
}
