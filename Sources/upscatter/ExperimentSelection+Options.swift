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
    for name in names { try ExperimentWarning.slips(in: name).forEach { note("\($0)") } }
    warnings.forEach(note)
  }

  /// The axis of `--m4`, or `points` masses that the sources can make.
  func masses(_ text: String?, points: Int) throws -> Axis {
    let mass = interaction?.mass ?? .heavyNeutrino
    return try AxisSyntax.parse(
      text ?? DefaultAxes.masses(models, mass: mass) + ":\(points)", name: "--m4", unit: "MeV")
  }
}
