import Experiments
import Rates

/// Something in an experiment file that can be meant but as a rule is a slip.
package struct ExperimentWarning: Codable, Hashable, Sendable, CustomStringConvertible {
  /// "file:line:column"
  package var place: String
  /// One or two sentences: what, with its value, and the cure.
  package var message: String

  /// What is as a rule a slip in a file of one's own, as far as it shows without computing events; none for entries of the catalogue.
  package static func slips(in nameOrPath: String) throws -> [ExperimentWarning] {
    if Catalogue.isEntry(nameOrPath) { return [] }
    let (spec, places) = try Catalogue.inspect(nameOrPath)
    let judge = ExperimentJudge(spec: spec, model: try RateModel(spec), places: places, censuses: [])
    return judge.slips(ExperimentSummary.fluxes(spec))
  }

  package var description: String { "\(place): warning: \(message)" }
}
