import Experiments
import Foundation
import Planning
import Rates
import ScanCore

/// The experiments of a request, one or several, and the interaction in each of them.
package struct ExperimentSelection: Sendable {
  package let specs: [ExperimentSpec]
  package let models: [RateModel]
  private let interactions: [(any Interaction)?]
  package let settings: [AnalysisSettings]
  /// Names of pulls that several experiments have in common.
  package let shared: Set<String>
  /// Data that count twice, one sentence each.
  package let warnings: [String]

  /// - Parameters:
  ///   - data: in place of that of the choices
  ///   - check: refuses what a request cannot do with an interaction
  ///   - sharing: names of the pulls that the experiments have in common
  package init(
    _ specs: [ExperimentSpec], _ choices: AnalysisChoices, data: DataSet? = nil,
    check: ((any Interaction)?) throws(RequestError) -> Void = { _ in },
    sharing: ([Shareable]) throws(RequestError) -> Set<String>
  ) throws {
    self.specs = specs
    interactions = try specs.map { try choices.interaction(for: $0) }
    if let first = interactions.first { try check(first) }
    settings = try zip(specs, interactions).map {
      var settings = try choices.settings(for: $0, interaction: $1)
      if let data { settings.dataSet = data }
      return settings
    }
    models = try specs.map { try RateModel($0) }
    try Self.requireOneFlavour(specs, settings)
    try Self.requireDifferentData(specs, settings)
    warnings = Self.overlaps(specs, settings)
    shared = try sharing(zip(specs, settings).map { Shareable($0, $1) })
  }

  /// Of the whole selection, in outputs.
  package var name: String { specs.map(\.name).joined(separator: "+") }
  /// Of the experiments, in names of files.
  package var fileName: String {
    specs.map { $0.name.replacingOccurrences(of: ":", with: "-") }.joined(separator: "-")
  }
  package var interaction: (any Interaction)? { interactions.first.flatMap { $0 } }
  package var flavour: String { settings.first?.flavour ?? "" }

  /// Pulls in a result at most.
  package var mostPulls: Int {
    zip(specs, settings).reduce(0) {
      $0 + ($1.1.statistic == .gaussian ? 1 : $1.0.systematics.pullCount)
    }
  }

  /// Plans every experiment.
  package func subject(
    masses: [Double], backend: any Backend, planningBackend: any Backend
  ) throws -> ScanSubject {
    let analyses = try analyses(masses: masses, backend: backend, planningBackend: planningBackend)
    if analyses.count == 1 { return ScanSubject(specs[0], analyses[0]) }
    return ScanSubject(specs, try JointAnalysis(analyses, shared: shared))
  }

  /// The experiments planned each on its own.
  package func analyses(
    masses: [Double], backend: any Backend, planningBackend: any Backend
  ) throws -> [Analysis] {
    try specs.indices.map { index in
      do {
        return try Analysis(
          model: models[index], settings: settings[index], masses: masses, backend: backend,
          planningBackend: planningBackend, interaction: interactions[index])
      } catch let error as PlanningError where specs.count > 1 {
        throw PlanningError("\(specs[index].name): \(error.message)")
      }
    }
  }

  // MARK: - Requirements

  /// - Parameter option: that names the flavour
  package static func requireOneFlavour(
    _ specs: [ExperimentSpec], _ settings: [AnalysisSettings], option: String = "--flavor"
  ) throws(RequestError) {
    guard Set(settings.map(\.flavour)).count > 1 else { return }
    let defaults = zip(specs, settings).map { "\($0.name): \($1.flavour)" }.joined(separator: ", ")
    throw RequestError(
      "\(option) is needed: without it these experiments take different ones (\(defaults)), and one fit has one coupling. Name a "
        + "flavour that the sources of all have.")
  }

  /// The same events must not count twice.
  package static func requireDifferentData(
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
      }
    }
  }

  /// One sentence on every data set that another one holds as a part of it.
  package static func overlaps(_ specs: [ExperimentSpec], _ settings: [AnalysisSettings]) -> [String] {
    let measured = zip(specs, settings).filter { $0.1.dataSet == .observed }.map(\.0)
    return measured.flatMap { whole in
      measured.filter { whole.includesDataOf.contains($0.entry) }.map {
        "WARNING: the data of \(whole.name) include those of \($0.name), whose events count twice here and make limits too strong."
      }
    }
  }
}
