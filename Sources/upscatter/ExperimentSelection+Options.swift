import Experiments
import Pipeline
import Planning
import Rates
import ScanCore

extension ExperimentSelection {
  /// - Parameters:
  ///   - data: in place of that of the options
  ///   - check: refuses what a command cannot do with an interaction
  init(
    _ names: [String], _ options: AnalysisOptions, _ sharing: SharingOptions, data: DataSet? = nil,
    check: ((any Interaction)?) throws(RequestError) -> Void = { _ in }
  ) throws {
    try self.init(
      try names.map { try Catalogue.load($0) }, options.choices, data: data, check: check
    ) { experiments throws(RequestError) in
      try sharing.names(among: experiments)
    }
    warnings.forEach(note)
  }
}
