import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Planning
import Rates
import Reporting
import ScanCore
import Scanning
import Statistics
import Units

extension IntegralMode: ExpressibleByArgument {}
extension DataSet: ExpressibleByArgument {}
extension StatisticKind: ExpressibleByArgument {}
extension ScanJob: ExpressibleByArgument {}
extension CouplingConvention: ExpressibleByArgument {}

/// Flavour, data set, statistic: what moves a limit.
struct AnalysisOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Interaction: dipole, magnetic-moment, transition, weak-dipole, charge-radius, anapole, millicharge, vector, vector-b-l, scalar, "
        + "tensor or nsi.",
      discussion: "docs/physics/interactions.md says what each scans and which parameters it has."),
    completion: Completion.models)
  var model = "dipole"

  @Option(
    name: .customLong("parameter"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "What the model needs beside its coupling, name=value; may be repeated, or several with commas.",
      discussion: "For example --model weak-dipole --parameter mixing=0.01,phase=1.57."))
  var parameters: [String] = []

  @Option(
    name: [.customLong("flavor"), .customLong("flavour")],
    help: ArgumentHelp(
      "Neutrino flavour the coupling acts on: e, mu, tau or all.",
      discussion:
        "Default: mu, or the flavour of a source without muon neutrinos; all for vector, vector-b-l, scalar, tensor and "
        + "transition."), completion: Completion.flavours)
  var flavourOption: String?

  @Option(
    help: ArgumentHelp(
      "observed counts give a limit, asimov (the prediction itself) a sensitivity.",
      discussion: "Default: observed for measurements, asimov for projections."))
  var data: DataSet?

  @Option(
    help: ArgumentHelp(
      "poisson or gaussian (arXiv:2008.02759, backgrounds in the covariance), in place of the experiment's own.",
      discussion: "Default: systematics.statistic of the experiment."))
  var statistic: StatisticKind?

  @Option(help: "Inner integral: moments (closed form) or quadrature (both integrals numerically).")
  var mode: IntegralMode = .moments

  @Option(
    parsing: .unconditional,
    help: "Relative accuracy of expected events; a scan that misses it writes no result.")
  var tolerance = 1e-9

  @Option(
    name: .customLong("coupling"),
    help: ArgumentHelp(
      "d (GeV^-1, L = (d/2) N sigma F nu), d-no-half (GeV^-1, L = d N sigma F nu) or mu (Bohr magnetons).",
      discussion:
        "The convention of every dipole moment read from the command line and written to outputs. Default: d; mu for "
        + "magnetic-moment."))
  var couplingOption: CouplingConvention?

  /// The same apart from the command line.
  var choices: AnalysisChoices {
    AnalysisChoices(
      model: model, parameters: parameters, flavour: flavourOption, data: data, statistic: statistic,
      mode: mode,
      tolerance: tolerance, coupling: couplingOption)
  }

  var coupling: CouplingConvention { choices.convention }

  /// Model and parameters as they were given.
  var modelText: String {
    (["--model \(model)"] + parameters.map { "--parameter \($0)" }).joined(separator: " ")
  }

  func flavour(_ interaction: (any Interaction)?, on experiment: ExperimentSpec) throws -> String {
    try choices.flavour(interaction, on: experiment)
  }

  func interaction(for experiment: ExperimentSpec) throws -> (any Interaction)? {
    try choices.interaction(for: experiment)
  }

  func scale(_ interaction: (any Interaction)?, sign: Double = 1) -> CouplingScale {
    choices.scale(interaction, sign: sign)
  }

  func settings(
    for experiment: ExperimentSpec, interaction: (any Interaction)? = nil
  ) throws -> AnalysisSettings {
    try choices.settings(for: experiment, interaction: interaction)
  }
}

/// Confidence level and degrees of freedom.
struct LevelOptions: ParsableArguments {
  @Option(
    name: .customLong("cl"), parsing: .unconditional, help: "Confidence level, between 0.01 and 0.9999.")
  var confidenceLevel = 0.9

  @Option(
    name: .customLong("dof"),
    help:
      "1: limit at fixed m4 (minimum over d at that mass); 2: region in the plane (minimum over the plane).")
  var degreesOfFreedom = 1

  func level() throws -> ConfidenceLevel {
    try AnalysisChoices.level(confidenceLevel, degreesOfFreedom: degreesOfFreedom)
  }

  /// The level of a command that works at a fixed mass.
  func oneDegree(of command: String) throws -> ConfidenceLevel {
    let level = try level()
    guard level.degreesOfFreedom == 1 else {
      throw RequestError(
        "--dof 2: \(command) works at a fixed mass, which has one degree of freedom. Leave --dof out; `upscatter scan --dof 2` has "
          + "regions of the plane.")
    }
    return level
  }
}

/// Throws if `path` does not end like a picture, before anything is computed for it.
func requirePlotName(_ path: String, option: String) throws(RequestError) {
  do { _ = try PlotFormat(path: path) } catch { throw RequestError("\(option) \(error)") }
}
