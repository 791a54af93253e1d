import Experiments
import Foundation
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
  let shared: Set<String>

  /// - Parameters:
  ///   - data: in place of that of the options
  ///   - check: refuses what a command cannot do with an interaction
  init(
    _ names: [String], _ options: AnalysisOptions, _ sharing: SharingOptions, data: DataSet? = nil,
    check: ((any Interaction)?) throws(RequestError) -> Void = { _ in }
  ) throws {
    specs = try names.map { try Catalogue.load($0) }
    interactions = try specs.map { try options.interaction(for: $0) }
    if let first = interactions.first { try check(first) }
    settings = try zip(specs, interactions).map {
      var settings = try options.settings(for: $0, interaction: $1)
      if let data { settings.dataSet = data }
      return settings
    }
    models = try specs.map { try RateModel($0) }
    try Self.requireOneFlavour(specs, settings)
    try Self.requireDifferentData(specs, settings)
    shared = try sharing.names(among: zip(specs, settings).map { Shareable($0, $1) })
  }

  /// Of the whole selection, in outputs.
  var name: String { specs.map(\.name).joined(separator: "+") }
  /// Of the experiments, in names of files.
  var fileName: String {
    specs.map { $0.name.replacingOccurrences(of: ":", with: "-") }.joined(separator: "-")
  }
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

  /// - Parameter option: that names the flavour
  static func requireOneFlavour(
    _ specs: [ExperimentSpec], _ settings: [AnalysisSettings], option: String = "--flavor"
  ) throws(RequestError) {
    guard Set(settings.map(\.flavour)).count > 1 else { return }
    let defaults = zip(specs, settings).map { "\($0.name): \($1.flavour)" }.joined(separator: ", ")
    throw RequestError(
      "\(option) is needed: without it these experiments take different ones (\(defaults)), and one fit has one coupling. Name a "
        + "flavour that the sources of all have.")
  }

  /// The same events must not count twice.
  static func requireDifferentData(
    _ specs: [ExperimentSpec], _ settings: [AnalysisSettings]
  ) throws(RequestError) {
    for (index, first) in specs.enumerated() {
      for other in specs.indices.dropFirst(index + 1) {
        let second = specs[other]
        let measured = [settings[index], settings[other]].filter { $0.dataSet == .observed }.count
        if measured > 0, first.entry == second.entry {
          throw RequestError(
            "\(first.name) and \(second.name) are the same experiment: its data would count twice. Name it once; with --data "
              + "asimov it may stand for two detectors of the kind.")
        }
        guard measured == 2 else { continue }
        if first.channel.hasData(of: second.channel) {
          throw RequestError(
            "\(first.name) and \(second.name) hold the same data, which would count twice. Name one of them; two detectors that "
              + "counted alike belong into one file, masses and counts added up.")
        }
        warnOfOverlap(first, second)
        warnOfOverlap(second, first)
      }
    }
  }

  private static func warnOfOverlap(_ whole: ExperimentSpec, _ part: ExperimentSpec) {
    guard whole.includesDataOf.contains(part.entry) else { return }
    note(
      "WARNING: the data of \(whole.name) include those of \(part.name), whose events count twice here and make limits too strong."
    )
  }
}
