import ScanCore

/// How far morphed rates were from redone integrals, where a scan measured it.
package struct MorphingReport: Codable, Hashable, Sendable {
  /// Sampled points, and the largest |difference| of the statistic at them.
  package var points: Int
  package var worstStatistic: Double
  /// Masses whose limit was compared, and its largest relative difference.
  package var masses: Int
  package var worstLimit: Double
  /// Masses of which only one of the two has a limit.
  package var oneSided: Int

  package init(points: Int, worstStatistic: Double, masses: Int, worstLimit: Double, oneSided: Int) {
    self.oneSided = oneSided
    self.points = points
    self.worstStatistic = worstStatistic
    self.masses = masses
    self.worstLimit = worstLimit
  }
}

/// Where a result comes from and what it states: enough to repeat it, and nothing that changes between equal runs.
package struct Provenance: Codable, Hashable, Sendable {
  /// Program version.
  package var version: String
  /// Experiment titles, in the order of the combination.
  package var experiments: [String]
  /// "e", "mu", "tau" or "all"
  package var flavour: String
  /// "observed" (the contour is a limit) or "asimov" (a sensitivity); of several experiments that differ "observed; asimov",
  /// in their order
  package var dataSet: String
  /// "factored" or "pointwise", and "moments" or "quadrature".
  package var job: String
  package var mode: String
  package var backend: BackendIdentity
  /// Hash of the plans at the waist, hex.
  package var planHash: String
  /// SHA-256 of every input file by name, hex.
  package var inputHashes: [String: String]
  /// "poisson" or "gaussian"; of several experiments that differ both, in their order
  package var statistic: String
  /// Between 0 and 1.
  package var confidenceLevel: Double
  /// 1: at fixed m4; 2: region in the plane.
  package var degreesOfFreedom: Int
  /// Delta chi2 of the contour.
  package var level: Double
  package var coupling: CouplingLabel
  /// Largest |statistic - reference| / max(1, |reference|) of the spot check; nil until it has run.
  package var spotCheckWorst: Double?
  package var spotCheckPoints: Int
  /// nil where nothing was morphed.
  package var morphing: MorphingReport?
  /// Interaction and its parameters on one line, and the symbol of the mass axis; nil for the dipole.
  package var model: String?
  package var massSymbol: String?
  /// Names of the pulls that several experiments share; nil for one experiment.
  package var sharedPulls: [String]?

  package init(
    version: String, experiments: [String], flavour: String, dataSet: String, job: String, mode: String,
    backend: BackendIdentity, planHash: String, inputHashes: [String: String], statistic: String,
    confidenceLevel: Double, degreesOfFreedom: Int, level: Double, coupling: CouplingLabel,
    spotCheckWorst: Double? = nil, spotCheckPoints: Int = 0
  ) {
    self.version = version
    self.experiments = experiments
    self.flavour = flavour
    self.dataSet = dataSet
    self.job = job
    self.mode = mode
    self.backend = backend
    self.planHash = planHash
    self.inputHashes = inputHashes
    self.statistic = statistic
    self.confidenceLevel = confidenceLevel
    self.degreesOfFreedom = degreesOfFreedom
    self.level = level
    self.coupling = coupling
    self.spotCheckWorst = spotCheckWorst
    self.spotCheckPoints = spotCheckPoints
  }

  /// "limit" from data, "sensitivity" where anything is an Asimov set.
  package var kind: String { dataSet.contains("asimov") ? "sensitivity" : "limit" }
}

// MARK: - In words

extension Provenance {
  /// Name and value of every entry, for file headers and attributes.
  package var entries: [(name: String, value: String)] {
    var entries = [
      ("version", version), ("experiments", experiments.joined(separator: "; ")), ("flavour", flavour),
      ("data_set", dataSet), ("kind", kind), ("job", job), ("mode", mode), ("backend", backend.backend),
      ("device", backend.device), ("driver", backend.driver), ("precision", backend.precision.rawValue),
      ("plan_hash", planHash), ("statistic", statistic), ("confidence_level", "\(confidenceLevel)"),
      ("degrees_of_freedom", "\(degreesOfFreedom)"), ("level_delta_chi2", "\(level)"),
      ("coupling_convention", coupling.convention), ("coupling_unit", coupling.unit),
      ("lagrangian", coupling.lagrangian), ("spot_check_points", "\(spotCheckPoints)"),
      ("spot_check_worst", spotCheckWorst.map { "\($0)" } ?? "not run"),
    ]
    if let morphing {
      entries += [
        ("morphing_points", "\(morphing.points)"), ("morphing_worst_statistic", "\(morphing.worstStatistic)"),
        ("morphing_masses", "\(morphing.masses)"), ("morphing_worst_limit", "\(morphing.worstLimit)"),
        ("morphing_one_sided", "\(morphing.oneSided)"),
      ]
    }
    if let model { entries.append(("model", model)) }
    if let massSymbol { entries.append(("mass_symbol", massSymbol)) }
    if let sharedPulls {
      entries.append(("shared_pulls", sharedPulls.isEmpty ? "none" : sharedPulls.joined(separator: "; ")))
    }
    for (name, hash) in inputHashes.sorted(by: { $0.key < $1.key }) {
      entries.append(("input_sha256 \(name)", hash))
    }
    return entries.map { (name: $0.0, value: $0.1.onOneLine) }
  }

  /// "90 % C.L."
  package var levelText: String { "\(shortNumber(100 * confidenceLevel)) % C.L." }

  private var statisticText: String {
    let names = [("poisson", "Poisson"), ("gaussian", "Gaussian")].filter { statistic.contains($0.0) }
    return names.map(\.1).joined(separator: " and ")
  }

  /// ", model=vector proton=3.0"; nothing for the dipole.
  private var modelText: String { model.map { ", \($0)" } ?? "" }

  /// Two lines below a plot: what is drawn, and who computed it.
  package var captionLines: [String] {
    let mass = massSymbol ?? "m4"
    let scope = degreesOfFreedom == 1 ? "at fixed \(mass)" : "in the (\(mass), \(coupling.symbol)) plane"
    let what =
      "\(levelText) \(kind) \(scope): Δχ² = \(shortNumber(level)), \(degreesOfFreedom) dof, \(coupling.symbol) ≥ 0, "
      + "\(statisticText) statistic with pulls.  \(coupling.lagrangian)"
    let check = spotCheckWorst.map { ", spot check within \(shortNumber($0))" } ?? ""
    let shared = sharedPulls.map { $0.isEmpty ? "" : ", shared pulls: \($0.joined(separator: ", "))" } ?? ""
    return [what.onOneLine, "upscatter \(version), \(backend)\(check)\(shared)\(modelText)".onOneLine]
  }
}

extension String {
  /// Control characters, which would break a header line, become spaces.
  var onOneLine: String {
    String(
      String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}
