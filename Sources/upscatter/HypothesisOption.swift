import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Rates
import ScanCore

/// A model on the command line: `MODEL:name=value,...`, where `m4` or `mass`, `masses`, `d` and `flavor` are of the request and every
/// other name is a parameter of the model.
struct HypothesisOption {
  /// As it was written.
  let text: String
  let model: String
  /// A number for the truth; an axis for a model that is fitted.
  let mass: String?
  let masses: String?
  let coupling: String?
  let analysis: AnalysisOptions
  private let option: String

  /// The name `coupling` was given by: "d", or the symbol of a model.
  private let couplingName: String

  private static let own = ["m4", "mass", "masses", "d", "flavor", "flavour"]
  /// Symbols of couplings, as outputs have them.
  private static let symbols = ["g", "eps", "q_nu", "r2", "a_nu", "lambda", "mu", "mu_nu"]

  /// - Parameters:
  ///   - option: for messages, "--truth"
  ///   - shared: options of the analysis that hold for all models
  init(_ text: String, option: String, shared: [String]) throws {
    self.text = text
    self.option = option
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    model = parts[0]
    var values: [String: String] = [:]
    var parameters: [String] = []
    for part in (parts.count == 2 ? parts[1] : "").split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
        throw RequestError(
          "\(option) \(text): \"\(part)\" is not name=value. The form is MODEL:name=value,..., for example "
            + "dipole:m4=10,d=5e-7 or vector:masses=1:100:20.")
      }
      guard Self.own.contains(sides[0]) || Self.symbols.contains(sides[0]) else {
        parameters.append("--parameter=\(part)")
        continue
      }
      guard values.updateValue(sides[1], forKey: sides[0]) == nil else {
        throw RequestError("\(option) \(text): \"\(sides[0])\" is given twice. Give it once.")
      }
    }
    if values["m4"] != nil, values["mass"] != nil {
      throw RequestError("\(option) \(text): m4 and mass are two names of the same. Give one of them.")
    }
    mass = values["m4"] ?? values["mass"]
    masses = values["masses"]
    let given = (["d"] + Self.symbols).filter { values[$0] != nil }
    if given.count > 1 {
      throw RequestError(
        "\(option) \(text): \(given.joined(separator: " and ")) are couplings. Give one, as d=VALUE.")
    }
    couplingName = given.first ?? "d"
    coupling = values[couplingName]
    let flavour = (values["flavor"] ?? values["flavour"]).map { ["--flavor=\($0)"] } ?? []
    analysis = try AnalysisOptions.parse(["--model=\(model)"] + parameters + flavour + shared)
  }

  /// Without what is not part of a label.
  var label: String {
    model + (analysis.flavourOption.map { " \($0)" } ?? "")
  }

  /// The model on the neutrinos of an experiment; nil for the dipole. Errors name this option.
  func interaction(for experiment: ExperimentSpec) throws -> (any Interaction)? {
    do { return try analysis.interaction(for: experiment) } catch let error as RequestError {
      throw RequestError("\(option) \(text): \(error)")
    }
  }

  // MARK: - Values

  /// The mass of the injected signal, MeV; 0 for models without one.
  func trueMass(_ interaction: (any Interaction)?) throws(RequestError) -> Double {
    if let interaction, interaction.mass == nil {
      try refuseMasses(interaction)
      return 0
    }
    guard let mass, let value = Double(mass), value >= 0, value.isFinite else {
      throw RequestError(
        "\(option) \(text): needs the mass of the signal in MeV, one number of 0 or more, as m4=10"
          + "\(mass.map { "; \($0) is none" } ?? "").")
    }
    return value
  }

  /// In internal units.
  func trueCoupling(_ interaction: (any Interaction)?) throws(RequestError) -> Double {
    let scale = analysis.scale(interaction)
    let isSigned = interaction?.coupling.isSigned == true
    guard couplingName == "d" || couplingName == scale.symbol else {
      throw RequestError(
        "\(option) \(text): the coupling of \(model) is \(scale.symbol), not \(couplingName). Write d=VALUE or \(scale.symbol)=VALUE."
      )
    }
    guard let coupling, let value = Double(coupling), value.isFinite, value >= 0 || isSigned,
      abs(value) <= 1e100
    else {
      throw RequestError(
        "\(option) \(text): needs the coupling of the signal (\(scale.symbol) in \(scale.unit)\(isSigned ? "" : ", 0 or more")), "
          + "as d=5e-7\(coupling.map { "; \($0) is none" } ?? "").")
    }
    return scale.toInternal(value)
  }

  /// Throws for a coupling of a model that is fitted.
  func refuseCoupling() throws(RequestError) {
    guard let coupling else { return }
    throw RequestError(
      "\(option) \(text): \(couplingName)=\(coupling) is unknown here, as the coupling of this model is fitted. Leave it out."
    )
  }

  /// The masses at which the model is fitted, with `required` among them.
  /// - Parameter range: "from:to" where the request has none
  func fittedMasses(
    _ interaction: (any Interaction)?, range: String, required: Double?
  ) throws(RequestError) -> [Double] {
    if let interaction, interaction.mass == nil {
      try refuseMasses(interaction)
      return [0]
    }
    if required == nil, mass != nil, masses != nil {
      throw RequestError("\(option) \(text): give masses=AXIS, or m4=VALUE for one mass, not both.")
    }
    let axis = masses ?? (required == nil ? mass : nil) ?? range + ":\(Self.defaultMasses)"
    let values = try AxisSyntax.parse(axis, name: "\(option) masses", unit: "MeV", zeroAllowed: true).values
    return Set(values + (required.map { [$0] } ?? [])).sorted()
  }

  private static let defaultMasses = 25

  private func refuseMasses(_ interaction: any Interaction) throws(RequestError) {
    guard let given = mass ?? masses else { return }
    throw RequestError("\(option) \(text): --model \(interaction.name) has no mass (\(given)). Leave it out.")
  }
}
