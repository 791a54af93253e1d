internal import Experiments
internal import Pipeline
internal import Rates
internal import SIMDBackend
internal import ScanCore

/// Experiments, one or several in one likelihood, with every choice that moves a result.
///
/// An analysis is a value: it can be kept, copied and used by several threads at once. Each computation plans its
/// integrals for the masses it is asked for and returns the numbers that the command `upscatter` prints, to the last bit.
public struct Analysis: Sendable {
  /// Every choice of an analysis; nil leaves it to the experiment and the model.
  public struct Settings: Hashable, Sendable {
    /// What makes the signal.
    public var model: Model
    /// The neutrinos the coupling acts on; nil: mu, or the flavour of a source without muon neutrinos; all for mediators and
    /// transition moments.
    public var flavour: Flavour?
    /// nil: ``DataSet/observed`` for measurements, ``DataSet/asimov`` for projections.
    public var data: DataSet?
    /// nil: what the experiment says.
    public var statistic: Statistic?
    /// The convention of every coupling that goes in or comes out [UPS-1]; nil: ``Coupling/d``, or ``Coupling/mu`` for the
    /// model `magnetic-moment`. Must be nil for models whose coupling is no dipole moment.
    public var coupling: Coupling?
    /// Confidence level of limits and contours, from 0.01 to 0.9999.
    public var confidenceLevel: Double
    /// Pulls that several experiments have in common.
    public var sharedPulls: SharedPulls
    /// Relative accuracy that expected events must reach, above 0 and up to 0.01.
    public var tolerance: Double

    /// The settings of the command line where nothing is chosen: the dipole portal, 90 % C.L.
    public init(
      model: Model = .dipole, flavour: Flavour? = nil, data: DataSet? = nil, statistic: Statistic? = nil,
      coupling: Coupling? = nil, confidenceLevel: Double = 0.9, sharedPulls: SharedPulls = .none,
      tolerance: Double = 1e-9
    ) {
      self.model = model
      self.flavour = flavour
      self.data = data
      self.statistic = statistic
      self.coupling = coupling
      self.confidenceLevel = confidenceLevel
      self.sharedPulls = sharedPulls
      self.tolerance = tolerance
    }

    var choices: AnalysisChoices {
      AnalysisChoices(
        model: model.name, parameters: model.texts, flavour: flavour?.rawValue, data: data?.kind,
        statistic: statistic?.kind, tolerance: tolerance, coupling: coupling?.convention)
    }
  }

  /// The experiments, in the order they were given.
  public let experiments: [Experiment]
  /// The choices, as they were given.
  public let settings: Settings
  /// What may surprise: pulls that experiments name alike and do not share, a GPU that was taken or refused. One sentence each.
  public let remarks: [String]

  let selection: ExperimentSelection
  let scale: CouplingScale
  let backend: any Backend
  /// Judges the quadrature, whatever backend computes.
  let planningBackend: any Backend

  /// Binds experiments to their settings and makes the backend ready.
  ///
  /// - Parameters:
  ///   - experiments: at least one; several make one likelihood [UPS-45]
  ///   - settings: every choice
  ///   - backend: who computes
  /// - Throws: ``UpscatterError`` of kind `usage` for settings that make no sense for these experiments, of kind
  ///   `unavailable` for a backend that is not here
  public init(
    _ experiments: [Experiment], settings: Settings = Settings(), backend: ComputeBackend = .automatic
  ) throws(UpscatterError) {
    guard !experiments.isEmpty else {
      throw UpscatterError(
        .usage, "An analysis needs at least one experiment. Give one of the catalogue or a file.")
    }
    self.experiments = experiments
    self.settings = settings
    (selection, remarks, scale, self.backend, planningBackend) = try translatingErrors {
      _ = try AnalysisChoices.level(settings.confidenceLevel, degreesOfFreedom: 1)
      let choices = settings.choices
      var remarks: [String] = []
      let selection = try ExperimentSelection(experiments.map(\.spec), choices) {
        members throws(RequestError) in
        if settings.sharedPulls == .none {
          remarks += Self.unshared(members)
          return []
        }
        return try Shareable.names(settings.sharedPulls.text, among: members)
      }
      remarks += selection.warnings
      let (made, remark) = try backend.make()
      if let remark { remarks.append(remark) }
      return (
        selection, remarks, choices.scale(selection.interaction), made,
        try CPUBackend(workers: backend.workers)
      )
    }
  }

  /// An analysis of one experiment.
  ///
  /// - Parameters:
  ///   - nameOrPath: as in ``Experiment/init(_:)``
  ///   - settings: every choice
  ///   - backend: who computes
  /// - Throws: ``UpscatterError``
  public init(
    of nameOrPath: String, settings: Settings = Settings(), backend: ComputeBackend = .automatic
  ) throws(UpscatterError) {
    try self.init([Experiment(nameOrPath)], settings: settings, backend: backend)
  }

  private static func unshared(_ members: [Shareable]) -> [String] {
    Shareable.common(members.map { ($0.name, $0.parts) }).map {
      "\($0.experiments.joined(separator: ", ")) name the pull \($0.pull) alike, which they do not share."
    }
  }

  // MARK: - Conventions

  /// The symbol of the coupling: "d", "mu_nu", or that of the model.
  public var couplingSymbol: String { scale.symbol }

  /// The unit of every coupling that goes in or comes out: "GeV^-1", "mu_B", or that of the model.
  public var couplingUnit: String { scale.unit }

  /// The Lagrangian or formula that defines the coupling, in plain text.
  public var couplingDefinition: String { scale.definition }

  /// The symbol of the mass that is scanned: "m4", "m_V" and the like; nil for models without one.
  public var massSymbol: String? { scale.mass?.symbol }

  /// Who computes: backend, device, driver and precision.
  public var computedBy: String { "\(backend.identity)" }

  /// Returns the masses that the command takes where none are named, in MeV, ascending: up to the heaviest the sources can
  /// produce [UPS-2], logarithmic; 0.1 to 1000 for mediators; `[0]` for models without a mass.
  ///
  /// - Parameter count: how many, from 2 to 1048576
  /// - Throws: ``UpscatterError`` of kind `usage` for a count out of range
  public func defaultMasses(count: Int) throws(UpscatterError) -> [Double] {
    guard let mass = scale.mass else { return [0] }
    return try translatingErrors {
      let range = DefaultAxes.masses(selection.models, mass: mass)
      return try AxisSyntax.parse("\(range):\(count)", name: "masses", unit: "MeV").values
    }
  }

  // MARK: - Planning

  func subject(masses: [Double]) throws -> ScanSubject {
    try selection.subject(masses: masses, backend: backend, planningBackend: planningBackend)
  }

  /// Throws unless `values` make an axis: finite, ascending, above 0 (or from 0 on).
  static func requireAxis(_ values: [Double], _ name: String, unit: String, zeroAllowed: Bool) throws {
    guard !values.isEmpty, values.count <= AxisSyntax.maximumPoints else {
      throw UpscatterError(
        .usage, "\(name): \(values.count) values; give between 1 and \(AxisSyntax.maximumPoints), in \(unit)."
      )
    }
    for (index, value) in values.enumerated() {
      guard value.isFinite, value > 0 || (zeroAllowed && value == 0), value <= 1e100 else {
        throw UpscatterError(
          .usage,
          "\(name): value \(index + 1) of \(values.count) is \(value) \(unit); must be finite, "
            + "\(zeroAllowed ? "0 or greater" : "greater than 0"), and at most 1e100.")
      }
      guard index == 0 || value > values[index - 1] else {
        throw UpscatterError(
          .usage,
          "\(name): value \(index + 1) of \(values.count), \(value) \(unit), follows \(values[index - 1]); values must ascend. "
            + "Give them in ascending order, each once.")
      }
    }
  }

  func requireMasses(_ masses: [Double], zeroAllowed: Bool) throws {
    if scale.mass == nil {
      guard masses == [0] else {
        throw UpscatterError(
          .usage, "masses: model \(settings.model.name) has no mass. Give the one value 0 in its place.")
      }
      return
    }
    try Self.requireAxis(masses, "masses", unit: "MeV", zeroAllowed: zeroAllowed)
  }
}
