internal import Contours
internal import Pipeline
internal import ScanCore

/// The test statistic over the plane of mass and coupling, with pulls and contours [UPS-14].
public struct Grid: Hashable, Sendable {
  /// What the statistic is reduced by, and how high its level lies.
  public enum DegreesOfFreedom: Int, Hashable, Sendable, CaseIterable {
    /// Limits at fixed mass: Δχ² against the best fit at the same mass.
    case one = 1
    /// A region in the plane: Δχ² against the best fit in the plane.
    case two = 2
  }

  /// A point of the plane.
  public struct Point: Hashable, Sendable {
    /// MeV
    public let mass: Double
    /// In the unit of the analysis.
    public let coupling: Double
  }

  /// One connected piece of the level set.
  public struct Contour: Hashable, Sendable {
    /// In order along the piece; the start of a closed one is not repeated at its end.
    public let points: [Point]
    /// Open pieces end at the edges of the grid.
    public let isClosed: Bool
  }

  /// A nuisance parameter.
  public struct Pull: Hashable, Sendable {
    /// Its name in the experiment file; with that of the experiment where several have one of their own.
    public let name: String
    /// True: values are in units of the width, as for pulls of shapes; false: they are relative changes of what the pull scales.
    public let isInWidths: Bool
  }

  /// MeV, ascending.
  public let masses: [Double]
  /// In the unit of the analysis, ascending.
  public let couplings: [Double]
  /// Δχ², masses x couplings, couplings contiguous.
  public let delta: [Double]
  /// The nuisance parameters of ``pullValues``.
  public let pulls: [Pull]
  /// Their best values, masses x couplings x pulls, pulls contiguous; empty where they were not asked for.
  public let pullValues: [Double]
  /// The smallest statistic over couplings at each mass, found off the grid too.
  public let minimumStatistic: [Double]
  /// The limit at each mass by interpolation on the grid; nil where there is none on the axis. Empty for two degrees of freedom.
  public let limit: [Double?]
  /// The level set, by interpolation on the grid.
  public let contours: [Contour]
  /// The height of the level.
  public let level: Double
  /// The largest difference to the reference backend, |a - b| / max(1, |b|), on a sample of the points, integrals redone.
  public let spotCheck: Double
  /// What to know before trusting the numbers, one sentence each.
  public let notes: [String]

  /// Returns Δχ² at one point of the grid; nil for indices out of range.
  ///
  /// - Parameters:
  ///   - mass: index into ``masses``
  ///   - coupling: index into ``couplings``
  public subscript(mass mass: Int, coupling coupling: Int) -> Double? {
    masses.indices.contains(mass) && couplings.indices.contains(coupling)
      ? delta[mass * couplings.count + coupling] : nil
  }
}

extension Analysis {
  /// The most numbers a grid may hold, Δχ² and pulls together: 2 GiB. Larger ones are for `upscatter scan`, which streams them.
  public static let largestGrid = 1 << 28

  /// Returns the nuisance parameters of the analysis, in the order of the pulls of a grid [UPS-12] [UPS-20].
  ///
  /// - Throws: ``UpscatterError``, as ``grid(masses:couplings:degreesOfFreedom:storesPulls:)`` does
  public func pulls() throws(UpscatterError) -> [Grid.Pull] {
    try translatingErrors {
      let masses = try defaultMasses(count: 2)
      return pulls(try subject(masses: [masses[0]]))
    }
  }

  /// Returns Δχ² over the plane of mass and coupling with its contours, profiled over all pulls [UPS-12] [UPS-14].
  ///
  /// The numbers are those of `upscatter scan` with factored integrals; as there, a sample of the points is computed again on the
  /// reference backend, and a backend that disagrees is an error.
  ///
  /// - Parameters:
  ///   - masses: MeV, ascending, above 0
  ///   - couplings: in the unit of the analysis, ascending, above 0 (the positive branch of signed couplings)
  ///   - degreesOfFreedom: what the statistic counts from
  ///   - storesPulls: keep the best pulls of every point
  /// - Throws: ``UpscatterError`` of kind `usage` for axes out of domain, masses that the source cannot make, a model without a mass and more than
  ///   ``largestGrid`` numbers; `checkFailed` for a grid that does not pass its spot check
  public func grid(
    masses: [Double], couplings: [Double], degreesOfFreedom: Grid.DegreesOfFreedom = .one,
    storesPulls: Bool = false
  ) throws(UpscatterError) -> Grid {
    try translatingErrors {
      guard scale.mass != nil else {
        throw UpscatterError(
          .usage,
          "grid: model \(settings.model.name) has no mass to scan. limits(masses: [0]) gives its limit.")
      }
      try requireMasses(masses, zeroAllowed: false)
      try DefaultAxes.requireReachable(
        masses, by: selection.models, mass: scale.mass ?? .heavyNeutrino, name: "masses")
      try Self.requireAxis(couplings, "couplings", unit: couplingUnit, zeroAllowed: false)
      try requireRoom(points: masses.count * couplings.count, storesPulls: storesPulls)
      let level = try AnalysisChoices.level(
        settings.confidenceLevel, degreesOfFreedom: degreesOfFreedom.rawValue)
      let subject = try subject(masses: masses)
      var notes = subject.warnings + subject.covarianceNotes
      let result = try GridJob(subject, devices: [backend]).run(
        masses: masses, couplings: couplings, scale: scale, level: level, storePulls: storesPulls
      ) { notes.append($0) }
      if let warning = subject.fitWarning(minimumStatistic: result.summary.globalMinimum) {
        notes.append(warning)
      }
      return Grid(
        masses: masses, couplings: couplings, delta: result.statistic, pulls: pulls(subject),
        pullValues: result.pulls, minimumStatistic: result.summary.minimumStatistic, limit: result.limit,
        contours: result.contours.map { contour in
          Grid.Contour(
            points: contour.points.map { Grid.Point(mass: $0.m4, coupling: $0.d) }, isClosed: contour.isClosed
          )
        }, level: level.threshold, spotCheck: result.summary.spotCheck.worstDifference, notes: notes)
    }
  }

  private func pulls(_ subject: ScanSubject) -> [Grid.Pull] {
    subject.pullNames.enumerated().map {
      Grid.Pull(name: $0.element, isInWidths: subject.shapePulls.contains($0.offset))
    }
  }

  /// Axes have at most 2^20 values each, so their product does not overflow.
  private func requireRoom(points: Int, storesPulls: Bool) throws {
    let numbers = points * (1 + (storesPulls ? selection.mostPulls : 0))
    guard numbers <= Self.largestGrid else {
      throw UpscatterError(
        .usage,
        "grid: \(numbers) numbers are more than the \(Self.largestGrid) that a grid in memory may hold. Take fewer points or leave "
          + "the pulls out, or run `upscatter scan`, which streams to a file.")
    }
  }
}
