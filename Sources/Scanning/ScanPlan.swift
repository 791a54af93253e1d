import ScanCore
import Statistics

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

  /// Makes the signal where one rate plan does not hold for all masses; `rates` is then not evaluated.
  package var templates: (any TemplateSource)?
  /// Several experiments in one likelihood, which then replaces `likelihood`; with `templates` over all their bins.
  package var joint: JointLikelihood?

  package init(
    rates: RatePlan, likelihood: LikelihoodPlan, pulled: PulledLikelihoodPlan? = nil, masses: [Double],
    couplings: [Double], job: ScanJob, degreesOfFreedom: Int, templates: (any TemplateSource)? = nil
  ) {
    self.templates = templates
    self.pulled = pulled
    self.rates = rates
    self.likelihood = likelihood
    self.masses = masses
    self.couplings = couplings
    self.job = job
    self.degreesOfFreedom = degreesOfFreedom
  }

  package var pointCount: Int { masses.count * couplings.count }

  /// q = (d / reference)^2 per coupling, or what the source of templates labels points with.
  package var couplingSquares: [Double] {
    if let templates { return couplings.map { templates.strength(of: $0) } }
    return couplings.map { ($0 / rates.referenceCoupling) * ($0 / rates.referenceCoupling) }
  }
}

/// Several experiments in one fit, and what they observed: one data set [UPS-45].
package struct JointLikelihood: Sendable {
  package var plan: JointPlan
  /// Normalisations of signals that are split into parts.
  package var sums: [SignalSum]
  package var data: JointData
  /// per bin, about those of the counts without signal: the scale of a search for minima
  package var variances: [Double]

  package init(plan: JointPlan, sums: [SignalSum], data: JointData, variances: [Double]) {
    self.plan = plan
    self.sums = sums
    self.data = data
    self.variances = variances
  }

  package func load(on backend: any Backend) throws(BackendError) -> any LoadedProfile {
    try JointProfile(plan, sums: sums, data: data, on: backend)
  }
}

extension ScanPlan {
  /// The coupling of a value of `couplingSquares`.
  package func coupling(of strength: Double) -> Double {
    templates?.coupling(ofStrength: strength) ?? rates.referenceCoupling * strength.squareRoot()
  }
}

/// A scan that could not keep its promise.
package struct ScanError: Error, CustomStringConvertible {
  package var message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}
