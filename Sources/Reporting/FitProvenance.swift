import ScanCore

/// Where a fit comes from: enough to repeat it, and nothing that changes between equal runs.
package struct FitProvenance: Codable, Hashable, Sendable {
  package var version: String
  /// Titles, in the order of the combination.
  package var experiments: [String]
  /// Pulls that they have in common.
  package var sharedPulls: [String]
  /// "e", "mu", "tau" or "all"
  package var flavour: String
  /// What was fitted, in words.
  package var data: String
  /// "poisson" or "gaussian", per experiment.
  package var statistics: [String]
  package var mode: String
  package var backend: BackendIdentity
  /// Hash of the plans at the waist, hex.
  package var planHash: String
  /// SHA-256 of every input file by name, hex.
  package var inputHashes: [String: String]
  package var coupling: CouplingLabel
  /// Interaction and its parameters on one line, and the symbol of the mass axis; nil for the dipole.
  package var model: String?
  package var massSymbol: String?

  package init(
    version: String, experiments: [String], sharedPulls: [String], flavour: String, data: String,
    statistics: [String], mode: String, backend: BackendIdentity, planHash: String,
    inputHashes: [String: String], coupling: CouplingLabel, model: String?, massSymbol: String?
  ) {
    self.version = version
    self.experiments = experiments
    self.sharedPulls = sharedPulls
    self.flavour = flavour
    self.data = data
    self.statistics = statistics
    self.mode = mode
    self.backend = backend
    self.planHash = planHash
    self.inputHashes = inputHashes
    self.coupling = coupling
    self.model = model
    self.massSymbol = massSymbol
  }

  /// Name and value of every entry, for file headers and attributes.
  package var entries: [(name: String, value: String)] {
    var entries = [
      ("version", version), ("experiments", experiments.joined(separator: "; ")),
      ("shared_pulls", sharedPulls.isEmpty ? "none" : sharedPulls.joined(separator: "; ")),
      ("flavour", flavour), ("data", data), ("statistic", statistics.joined(separator: "; ")), ("mode", mode),
      ("backend", backend.backend), ("device", backend.device), ("driver", backend.driver),
      ("precision", backend.precision.rawValue), ("plan_hash", planHash),
      ("coupling_convention", coupling.convention), ("coupling_unit", coupling.unit),
      ("lagrangian", coupling.lagrangian),
    ]
    if let model { entries.append(("model", model)) }
    if let massSymbol { entries.append(("mass_symbol", massSymbol)) }
    for (name, hash) in inputHashes.sorted(by: { $0.key < $1.key }) {
      entries.append(("input_sha256 \(name)", hash))
    }
    return entries.map { (name: $0.0, value: $0.1.onOneLine) }
  }

  /// Last line below a plot: who computed it, and parameters of the interaction.
  package var makerText: String {
    "upscatter \(version), \(backend)\(model.map { ", \($0)" } ?? "")".onOneLine
  }
}
