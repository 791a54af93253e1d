internal import Pipeline
internal import ScanCore

/// The limit on the coupling at one mass [UPS-14].
public struct Limit: Hashable, Sendable {
  /// Mass in MeV: m4 for dipoles, that of the mediator for mediators, 0 for models without a mass.
  public let mass: Double
  /// The limit: the upper end of the allowed interval nearest to zero, in the unit of the analysis. nil where the experiment sees
  /// no signal or the level is never reached.
  public let coupling: Double?
  /// The lower end of that interval; nil where it begins at zero (for a coupling of either sign: is not reached).
  public let lowerCoupling: Double?
  /// The best fit; 0 where no signal is preferred. In the unit of the analysis.
  public let bestFit: Double
  /// The test statistic at the best fit: χ² or Poisson deviance, with the pulls.
  public let minimumStatistic: Double
  /// The statistic without signal minus that of the best fit; 0 where no signal is preferred.
  public let deltaWithoutSignal: Double
  /// For couplings that interfere with the Standard Model: every interval below the level, ascending; an end that is not reached
  /// is infinite. nil for other couplings.
  public let allowed: [ClosedRange<Double>]?
  /// Why there is no limit, or what else is to be known of it.
  public let note: String?
}

/// The limits of an analysis, one per mass, with what holds for all of them.
public struct Limits: Hashable, Sendable {
  /// One per mass, in the order of the masses.
  public let rows: [Limit]
  /// What to know before trusting them, one sentence each: a fit that is bad everywhere, pulls inside the covariance.
  public let notes: [String]
  /// Estimated relative error of the integrals.
  public let quadratureError: Double
}

extension Analysis {
  /// Returns the limit on the coupling at each mass, by root finding: Δχ² against the best fit at the same mass, one degree of
  /// freedom, at ``Settings/confidenceLevel`` [UPS-14].
  ///
  /// The numbers are those of `upscatter limit`.
  ///
  /// - Parameter masses: MeV, ascending, 0 allowed (massless limit); `[0]` for models without a mass
  /// - Throws: ``UpscatterError`` of kind `usage` for masses out of domain, `checkFailed` for a fit that does not converge
  public func limits(masses: [Double]) throws(UpscatterError) -> Limits {
    try translatingErrors {
      try requireMasses(masses, zeroAllowed: true)
      let level = try AnalysisChoices.level(settings.confidenceLevel, degreesOfFreedom: 1)
      let subject = try subject(masses: masses)
      let rows = try subject.limitJob(on: backend).run(masses: masses, threshold: level.threshold)
      let warning = subject.fitWarning(minimumStatistic: rows.map(\.minimumStatistic).min())
      return Limits(
        rows: rows.map(limit),
        notes: subject.warnings + subject.covarianceNotes + [warning].compactMap(\.self),
        quadratureError: subject.estimatedError)
    }
  }

  private func limit(_ row: LimitJob.Row) -> Limit {
    Limit(
      mass: row.m4, coupling: row.coupling.map(scale.fromInternal),
      lowerCoupling: row.lowerCoupling.map(scale.fromInternal), bestFit: scale.fromInternal(row.bestCoupling),
      minimumStatistic: row.minimumStatistic, deltaWithoutSignal: row.deltaWithoutSignal,
      allowed: row.allowed?.map { scale.fromInternal($0.lowerBound)...scale.fromInternal($0.upperBound) },
      note: row.note)
  }
}
