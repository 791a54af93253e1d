import ScanCore

/// How the test statistic of a grid point is computed.
package enum ScanJob: String, Codable, Sendable, CaseIterable {
  /// Integrals once per mass, scaled with d^2; exact for couplings that factor. Non-linear pulls interpolate between
  /// integrals at -1, 0 and 1 width (`MorphedRates`).
  case factored
  /// Integrals redone at every point, and at every trial of non-linear pulls.
  case pointwise
}

/// What a scan computes: the grid, the job and the plans. How it is cut into tiles never changes the result.
package struct ScanPlan: Sendable {
  package var rates: RatePlan
  package var likelihood: LikelihoodPlan
  /// The likelihood with non-linear pulls, which then replaces `likelihood`; nil without them.
  package var pulled: PulledLikelihoodPlan?
  /// Heavy-neutrino masses, MeV.
  package var masses: [Double]
  /// Couplings d in GeV^-1, convention A.
  package var couplings: [Double]
  package var job: ScanJob
  /// 1: statistic minus its minimum at the same mass; 2: minus the minimum over the plane.
  package var degreesOfFreedom: Int

  package init(
    rates: RatePlan, likelihood: LikelihoodPlan, pulled: PulledLikelihoodPlan? = nil, masses: [Double],
    couplings: [Double], job: ScanJob, degreesOfFreedom: Int
  ) {
    self.pulled = pulled
    self.rates = rates
    self.likelihood = likelihood
    self.masses = masses
    self.couplings = couplings
    self.job = job
    self.degreesOfFreedom = degreesOfFreedom
  }

  package var pointCount: Int { masses.count * couplings.count }

  /// q = (d / reference)^2 per coupling.
  package var couplingSquares: [Double] {
    couplings.map { ($0 / rates.referenceCoupling) * ($0 / rates.referenceCoupling) }
  }
}

/// One stretch of finished rows.
package struct ScanRows: Sendable {
  package var range: Range<Int>
  /// Delta chi2, rows x couplings.
  package var statistic: [Double]
  /// rows x couplings x pulls
  package var pulls: [Double]
}

/// What a scan reports when it is done.
package struct ScanSummary: Codable, Hashable, Sendable {
  /// Minimum of the statistic over d >= 0 per mass, and where it is (GeV^-1).
  package var minimumStatistic: [Double]
  package var minimumCoupling: [Double]
  /// Subtracted from the statistic: the row's own minimum (1 dof) or the smallest of all (2 dof).
  package var globalMinimum: Double
  /// Points whose pulls left +-3 widths.
  package var extremePulls: Int
  package var spotCheck: SpotCheck
}

/// A seeded sample of points evaluated again by the reference backend, integrals included.
package struct SpotCheck: Codable, Hashable, Sendable {
  package var points: Int
  package var seed: UInt64
  /// Largest |statistic - reference| / max(1, |reference|), and where.
  package var worstDifference: Double
  package var worstMass: Double
  package var worstCoupling: Double
  package var tolerance: Double
  package var passed: Bool { worstDifference <= tolerance }
}

/// A scan that could not keep its promise.
package struct ScanError: Error, CustomStringConvertible {
  package var message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}
