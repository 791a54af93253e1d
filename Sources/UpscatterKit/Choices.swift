internal import Planning
internal import Rates
internal import ScanCore

/// The neutrinos a coupling acts on.
public enum Flavour: String, Hashable, Sendable, CaseIterable {
  /// electron neutrinos and antineutrinos
  case e
  /// muon neutrinos and antineutrinos
  case mu
  /// tau neutrinos and antineutrinos
  case tau
  /// every neutrino of the source
  case all
}

/// What the prediction is compared with.
public enum DataSet: String, Hashable, Sendable, CaseIterable {
  /// The counts of the experiment: results are limits.
  case observed
  /// The Standard Model with backgrounds, exactly: results are median sensitivities.
  case asimov

  var kind: Planning.DataSet { self == .observed ? .observed : .asimov }
}

/// How data and prediction are compared.
public enum Statistic: String, Hashable, Sendable, CaseIterable {
  /// Likelihood ratio of Poisson counts with pulls, minimised over the pulls [UPS-12].
  case poisson
  /// χ² with one pull of the signal and backgrounds in the covariance [UPS-13] [UPS-25] (arXiv:2008.02759).
  case gaussian

  var kind: StatisticKind { self == .poisson ? .poisson : .gaussian }
}

/// What makes the signal: the dipole portal, or another interaction with its parameters [UPS-31].
///
/// docs/physics/interactions.md lists every interaction, what it scans, its parameters and sources.
public struct Model: Hashable, Sendable {
  /// Name of the interaction: "dipole", "magnetic-moment", "vector" and so on.
  public let name: String
  /// What the interaction needs beside its coupling: name and value, `["mixing": "0.01"]`.
  public let parameters: [String: String]

  /// An interaction by its name. Names and parameters are checked where an ``Analysis`` is made of it.
  ///
  /// - Parameters:
  ///   - name: one of ``names``
  ///   - parameters: name and value
  public init(_ name: String, parameters: [String: String] = [:]) {
    self.name = name
    self.parameters = parameters
  }

  /// The neutrino dipole portal ν → N with a heavy neutrino N of mass m4 [UPS-3] [UPS-4] [UPS-6].
  public static let dipole = Model("dipole")

  /// Returns the names of all interactions.
  public static var names: [String] { InteractionCatalogue.allCases.map(\.rawValue) }

  /// name=value, in the order of the names
  var texts: [String] { parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } }
}

/// Which pulls several experiments have in common [UPS-45] [UPS-46].
public enum SharedPulls: Hashable, Sendable {
  /// Every experiment keeps its own.
  case none
  /// Every part of the signal normalisation that several experiments name alike (`systematics.signal.parts`).
  case all
  /// Pulls or parts of the signal normalisation of these names.
  case named([String])

  var text: String {
    switch self {
    case .none: "none"
    case .all: "all"
    case .named(let names): names.joined(separator: ",")
    }
  }
}
