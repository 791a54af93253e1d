import ScanCore
import Statistics

/// The plans of a scan loaded on a backend: evaluates tiles and the minima of rows, whatever the job and the pulls.
package struct LoadedScan: LoadedPointwise {
  private enum Evaluator {
    /// Templates once per mass, then the profile.
    case factored(any LoadedRates, any LoadedProfile)
    /// The fused job; minima from templates all the same, as couplings factor.
    case pointwise(any LoadedPointwise, any LoadedRates, any LoadedProfile)
    /// Non-linear pulls; rates for the scale of the search.
    case pulled(PulledProfiler, any LoadedRates)
    /// Templates from plans of their own per mass; with or without interference.
    case templates(any TemplateSource, any Backend, any LoadedProfile)
    case interfering(any TemplateSource, any Backend, InterferingProfiler)
  }
  private let plan: ScanPlan
  private let evaluator: Evaluator

  package init(_ plan: ScanPlan, on backend: any Backend) throws(BackendError) {
    self.plan = plan
    if let source = plan.templates {
      let profile = try plan.loadProfile(on: backend)
      let variances = plan.searchVariances
      if let profiler = InterferingProfiler(variances: variances, profile: profile, source: source) {
        evaluator = .interfering(source, backend, profiler)
      } else {
        evaluator = .templates(source, backend, profile)
      }
      return
    }
    let rates = try backend.load(plan.rates)
    if let pulled = plan.pulled {
      evaluator = .pulled(
        try PulledProfiler(pulled, on: backend, morphed: plan.job == .factored), rates)
    } else if plan.job == .pointwise {
      evaluator = .pointwise(
        try backend.load(plan.rates, plan.likelihood), rates, try backend.load(plan.likelihood))
    } else {
      evaluator = .factored(rates, try backend.load(plan.likelihood))
    }
  }

  /// Statistic (nothing subtracted) and pulls of a tile.
  package func evaluate(_ tile: Tile) throws(BackendError) -> ProfileResult {
    switch evaluator {
    case .factored(let rates, let profile):
      try profile.evaluate(tile, templates: templates(rates, tile.masses))
    case .pointwise(let pointwise, _, _): try pointwise.evaluate(tile)
    case .pulled(let profiler, _): try profiler.evaluate(tile)
    case .templates(let source, let backend, let profile):
      try profile.evaluate(tile, templates: source.quadratic(masses: tile.masses, on: backend))
    case .interfering(let source, let backend, let profiler):
      try profiler.evaluate(tile, templates: source.templates(masses: tile.masses, on: backend))
    }
  }

  /// The minimum over d >= 0 at each mass (MeV).
  package func minima(masses: [Double]) throws(BackendError) -> [RowMinimum] {
    switch evaluator {
    case .factored(let rates, let profile), .pointwise(_, let rates, let profile):
      try RowMinimumFinder(plan: plan.likelihood, profile: profile)
        .minima(masses: masses, templates: templates(rates, masses))
    case .pulled(let profiler, let rates):
      try RowMinimumFinder(plan: plan.likelihood, pointwise: profiler)
        .minima(masses: masses, templates: templates(rates, masses))
    case .templates(let source, let backend, let profile):
      try RowMinimumFinder(variances: plan.searchVariances, profile: profile)
        .minima(masses: masses, templates: source.quadratic(masses: masses, on: backend))
    case .interfering(let source, let backend, let profiler):
      try InterferenceSearch(profiler: profiler, isSigned: source.isSigned)
        .minima(masses: masses, templates: source.templates(masses: masses, on: backend))
    }
  }

  /// Folded signal templates of some masses, every theta at zero.
  private func templates(_ rates: any LoadedRates, _ masses: [Double]) throws(BackendError) -> [Double] {
    let values = try rates.evaluate(masses: masses)
    let stride = plan.rates.valuesPerMass
    return masses.indices.flatMap { plan.likelihood.fold.fold(values[$0 * stride..<($0 + 1) * stride]) }
  }
}

extension ScanPlan {
  /// Gaussian widths of the pulls, in the order of the results.
  package var pullWidths: [Double] {
    joint?.plan.pullWidths ?? pulled?.pullWidths ?? likelihood.pullWidths
  }

  /// Of every bin, about that of its count without signal.
  var searchVariances: [Double] {
    joint?.variances ?? likelihood.searchVariances(interferingWith: templates?.standardModel)
  }

  func loadProfile(on backend: any Backend) throws(BackendError) -> any LoadedProfile {
    guard let joint else { return try backend.load(likelihood) }
    return try joint.load(on: backend)
  }

  /// What a backend must agree with: the job of the scan with nothing kept from point to point.
  package func loadPointwise(on backend: any Backend) throws(BackendError) -> any LoadedPointwise {
    if templates != nil { return try LoadedScan(self, on: backend) }
    guard let pulled else { return try backend.load(rates, likelihood) }
    return try PulledProfiler(pulled, on: backend, morphed: job == .factored)
  }
}
