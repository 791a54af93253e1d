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

  var coupling: CouplingConvention { couplingOption ?? (model == "magnetic-moment" ? .mu : .d) }

  /// Model and parameters as they were given.
  var modelText: String {
    (["--model \(model)"] + parameters.map { "--parameter \($0)" }).joined(separator: " ")
  }

  /// What the coupling acts on, in words: "mu", "all", or the pair of a non-standard interaction.
  func flavour(_ interaction: (any Interaction)?, on experiment: ExperimentSpec) throws -> String {
    if let pair = interaction as? NonStandardInteraction {
      return pair.isDiagonal ? pair.families.0 : "\(pair.families.0)-\(pair.families.1)"
    }
    return try
      (actingFlavour()
      ?? InteractionCatalogue.named(model).defaultFlavour(of: experiment.source.components)).rawValue
  }

  private func actingFlavour() throws(RequestError) -> ActingFlavour? {
    guard let flavourOption else { return nil }
    guard let flavour = ActingFlavour(rawValue: flavourOption) else {
      throw RequestError(
        "--flavor \(flavourOption): unknown flavour. "
          + "\(Spelling.suggestion(for: flavourOption, among: Completion.flavourNames))Choose e, mu, tau or all."
      )
    }
    return flavour
  }

  /// The interaction of `--model` with the neutrinos of an experiment; nil for the dipole.
  func interaction(for experiment: ExperimentSpec) throws -> (any Interaction)? {
    let flavour = try actingFlavour()
    let made: (any Interaction)?
    do throws(InteractionError) {
      made = try InteractionCatalogue.named(model).make(
        flavour: flavour, parameters: parameters, source: experiment.source.components)
    } catch {
      throw RequestError(error.message)
    }
    if let made, let couplingOption, !made.coupling.isDipoleMoment {
      throw RequestError(
        "--coupling \(couplingOption.rawValue): conventions of the dipole mean nothing for --model \(model), whose "
          + "\(made.coupling.symbol) is in the unit \(made.coupling.unit). Leave --coupling out.")
    }
    return made
  }

  /// How couplings are read and written.
  func scale(_ interaction: (any Interaction)?, sign: Double = 1) -> CouplingScale {
    interaction.map { CouplingScale($0, convention: coupling, sign: sign) } ?? CouplingScale(coupling)
  }

  func settings(
    for experiment: ExperimentSpec, interaction: (any Interaction)? = nil
  ) throws -> AnalysisSettings {
    guard tolerance > 0, tolerance <= 0.01 else {
      throw RequestError(
        "--tolerance \(tolerance): must lie between 0 (excluded) and 0.01; the default is 1e-9.")
    }
    let dataSet = data ?? (experiment.kind == .measurement ? .observed : .asimov)
    let own: StatisticKind =
      switch experiment.systematics.statistic {
      case .poisson: .poisson
      case .gaussian: .gaussian
      }
    var settings = AnalysisSettings(
      flavour: try flavour(interaction, on: experiment), mode: mode, dataSet: dataSet,
      statistic: statistic ?? own,
      tolerance: tolerance)
    if let interaction {
      settings.model = interaction.name
      settings.parameters = Dictionary(
        interaction.settings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }
    return settings
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
    guard confidenceLevel >= 0.01, confidenceLevel <= 0.9999 else {
      throw RequestError("--cl \(confidenceLevel): must lie between 0.01 and 0.9999; 0.9 is 90 %.")
    }
    guard degreesOfFreedom == 1 || degreesOfFreedom == 2 else {
      throw RequestError(
        "--dof \(degreesOfFreedom): must be 1 (limit at fixed m4) or 2 (region in the plane).")
    }
    return try ConfidenceLevel(level: confidenceLevel, degreesOfFreedom: degreesOfFreedom)
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
