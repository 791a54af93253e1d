import Experiments
import Planning
import Rates
import ScanCore
import Statistics
import Units

/// Flavour, data set, statistic: what a person chooses of an analysis; nil leaves it to the experiment and the model.
///
/// Messages name choices by the options of the command line.
package struct AnalysisChoices: Hashable, Sendable {
  /// Word of `--model`.
  package var model: String
  /// name=value, several with commas
  package var parameters: [String]
  /// "e", "mu", "tau" or "all"
  package var flavour: String?
  package var data: DataSet?
  package var statistic: StatisticKind?
  package var mode: IntegralMode
  /// Relative accuracy of expected events.
  package var tolerance: Double
  package var coupling: CouplingConvention?

  package init(
    model: String = "dipole", parameters: [String] = [], flavour: String? = nil, data: DataSet? = nil,
    statistic: StatisticKind? = nil, mode: IntegralMode = .moments, tolerance: Double = 1e-9,
    coupling: CouplingConvention? = nil
  ) {
    self.model = model
    self.parameters = parameters
    self.flavour = flavour
    self.data = data
    self.statistic = statistic
    self.mode = mode
    self.tolerance = tolerance
    self.coupling = coupling
  }

  /// How dipole moments are read and written.
  package var convention: CouplingConvention { coupling ?? (model == "magnetic-moment" ? .mu : .d) }

  /// What the coupling acts on, in words: "mu", "all", or the pair of a non-standard interaction.
  package func flavour(_ interaction: (any Interaction)?, on experiment: ExperimentSpec) throws -> String {
    if let pair = interaction as? NonStandardInteraction {
      return pair.isDiagonal ? pair.families.0 : "\(pair.families.0)-\(pair.families.1)"
    }
    return try
      (actingFlavour()
      ?? InteractionCatalogue.named(model).defaultFlavour(of: experiment.source.components)).rawValue
  }

  private func actingFlavour() throws(RequestError) -> ActingFlavour? {
    guard let flavour else { return nil }
    guard let acting = ActingFlavour(rawValue: flavour) else {
      let names = ActingFlavour.allCases.map(\.rawValue)
      throw RequestError(
        "--flavor \(flavour): unknown flavour. \(Spelling.suggestion(for: flavour, among: names))Choose e, mu, tau or all."
      )
    }
    return acting
  }

  /// The interaction of the model with the neutrinos of an experiment; nil for the dipole.
  package func interaction(for experiment: ExperimentSpec) throws -> (any Interaction)? {
    let flavour = try actingFlavour()
    let made: (any Interaction)?
    do throws(InteractionError) {
      made = try InteractionCatalogue.named(model).make(
        flavour: flavour, parameters: parameters, source: experiment.source.components)
    } catch {
      throw RequestError(error.message)
    }
    if let made, let coupling, !made.coupling.isDipoleMoment {
      throw RequestError(
        "--coupling \(coupling.rawValue): conventions of the dipole mean nothing for --model \(model), whose "
          + "\(made.coupling.symbol) is in the unit \(made.coupling.unit). Leave --coupling out.")
    }
    return made
  }

  /// How couplings are read and written.
  package func scale(_ interaction: (any Interaction)?, sign: Double = 1) -> CouplingScale {
    interaction.map { CouplingScale($0, convention: convention, sign: sign) } ?? CouplingScale(convention)
  }

  package func settings(
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

extension AnalysisChoices {
  /// A confidence level in the range that is offered.
  package static func level(_ level: Double, degreesOfFreedom: Int) throws -> ConfidenceLevel {
    guard level >= 0.01, level <= 0.9999 else {
      throw RequestError("--cl \(level): must lie between 0.01 and 0.9999; 0.9 is 90 %.")
    }
    guard degreesOfFreedom == 1 || degreesOfFreedom == 2 else {
      throw RequestError(
        "--dof \(degreesOfFreedom): must be 1 (limit at fixed m4) or 2 (region in the plane).")
    }
    return try ConfidenceLevel(level: level, degreesOfFreedom: degreesOfFreedom)
  }
}
