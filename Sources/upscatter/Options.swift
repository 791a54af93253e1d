import ArgumentParser
import Backends
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

/// `--backend`, `--device`, `--precision`, `--workers`: who computes.
struct BackendOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "auto, reference, simd or opencl; scan also takes simd,opencl.",
      discussion:
        "auto takes the GPUs that pass a quick self-check, else simd, and says so where there is a GPU. A backend named "
        + "here that cannot run is an error, never a silent fallback."))
  var backend: BackendList = [.auto]

  @Option(
    help: ArgumentHelp(
      "OpenCL device: index or part of the name as shown by `upscatter devices`, or cpu / gpu.",
      discussion:
        "scan shares its work among several: a list such as 0,1, every device that gpu, cpu or a name fits, or all."
    ))
  var device: String?

  @Option(
    help: "double, mixed (32-bit integrands, 64-bit sums) or single; simd and reference compute in double.")
  var precision: Precision = .double

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Worker threads of the simd backend.", discussion: "Default: one per usable core."))
  var workers: Int?

  /// The one backend of a command that computes on one device; says why it was chosen where that may surprise.
  func make() throws -> any Backend {
    try requireWorkers()
    guard backend.choices.count == 1 else {
      throw RequestError(
        "--backend \(backend): this command computes on one device, only scan shares its work. Name one backend."
      )
    }
    if let device, try devices().count > 1 || device.lowercased() == "all" {
      throw RequestError(
        "--device \(device): this command computes on one device, only scan shares its work. Name one device."
      )
    }
    let (made, reason) = try BackendCatalogue.make(
      choice: backend.choices[0], device: device, precision: precision, workers: workers)
    say([reason])
    return made
  }

  /// A GPU that is taken or refused is news; a backend asked for, or the CPU where there is no GPU, is not.
  private func say(_ reasons: [BackendReason]) {
    for reason in reasons where !reason.isExpected { note("\(reason)") }
  }

  /// All backends that shall share a scan; says why they were chosen where that may surprise.
  func makeSeveral() throws -> [any Backend] {
    try requireWorkers()
    let (backends, reasons) = try BackendCatalogue.makeSeveral(
      choices: backend.choices, devices: try devices(), precision: precision, workers: workers)
    do { try ScanDriver.requireSameBits(backends.map(\.identity)) } catch {
      throw RequestError("\(error)")
    }
    say(reasons)
    return backends
  }

  private func devices() throws(RequestError) -> [String] {
    guard let device else { return [] }
    let names = device.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    guard names.count == 1 || names.allSatisfy({ !$0.isEmpty }) else {
      throw RequestError(
        "--device \(device): a name between commas is empty. Write a list like 0,1 or gpu,cpu.")
    }
    return names
  }

  private func requireWorkers() throws(RequestError) {
    if let workers, !(1...4096).contains(workers) {
      throw RequestError(
        "--workers \(workers): must lie between 1 and 4096. Leave it out to take one per usable core.")
    }
  }
}

/// One backend, or several that share a scan: "simd,opencl".
struct BackendList: ExpressibleByArgument, ExpressibleByArrayLiteral, CustomStringConvertible {
  let choices: [BackendChoice]

  init(arrayLiteral elements: BackendChoice...) { choices = elements }

  /// nil for an unknown or repeated name, and for auto in company.
  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    choices = names.compactMap { BackendChoice(rawValue: $0.trimmingCharacters(in: .whitespaces)) }
    guard choices.count == names.count, Set(choices).count == choices.count else { return nil }
    if choices.count > 1 && choices.contains(.auto) { return nil }
  }

  var description: String { choices.map(\.rawValue).joined(separator: ",") }
  var defaultValueDescription: String { description }
  static var allValueStrings: [String] { BackendChoice.allCases.map(\.rawValue) + ["simd,opencl"] }
}

extension Precision: ExpressibleByArgument {}
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
      discussion: "docs/physics/interactions.md says what each scans and which parameters it has."))
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
        + "transition."))
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
      throw RequestError("--flavor \(flavourOption): unknown flavour; choose e, mu, tau or all.")
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
}

/// Throws if `path` does not end like a picture, before anything is computed for it.
func requirePlotName(_ path: String, option: String) throws(RequestError) {
  do { _ = try PlotFormat(path: path) } catch { throw RequestError("\(option) \(error)") }
}
