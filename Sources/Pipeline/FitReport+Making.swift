import Reporting
import ScanCore

extension FitReport.Fit {
  init(
    _ outcome: FitOutcome, _ request: FitRequest, files: (FitLevel) -> String?,
    posteriorFiles: (PosteriorLevel) -> String?
  ) {
    let scale = request.scale
    let best = outcome.best
    let plan = outcome.plane.model.plan
    let errors = outcome.covariance?.pullErrors
    experiments = outcome.experiments
    best_fit = FitReport.BestFit(
      m4: best.mass, d: scale.fromInternal(best.coupling), statistic: best.statistic, bins: plan.binCount,
      statistic_without_signal: outcome.plane.withoutSignal.statistic,
      delta_without_signal: best.deltaWithoutSignal, has_minimum: best.mass != nil, at_mass_end: best.edge,
      pulls: plan.pulls.indices.map {
        FitReport.Pull(
          name: plan.pulls[$0].name, value: best.pulls[$0], error: errors?[$0],
          width: plan.pulls[$0].width)
      },
      correlation: outcome.covariance.map {
        FitReport.Correlation(
          parameters: $0.names(mass: scale.mass?.symbol ?? "m4", coupling: scale.symbol),
          matrix: $0.correlation)
      })
    truth = request.truth.flatMap { truth in
      outcome.truthDelta.map {
        FitReport.Truth(m4: truth.mass, d: scale.fromInternal(truth.coupling), delta: $0)
      }
    }
    regions = outcome.levels.map { FitReport.Region($0, scale, file: files($0)) }
    posterior = outcome.posterior.flatMap { sampled in
      request.posterior.map { FitReport.Posterior(sampled, $0, outcome, scale, files: posteriorFiles) }
    }
    notes = outcome.notes
  }
}

extension FitReport.Region {
  fileprivate init(_ region: FitRegion) {
    self.init(
      confidence_level: region.confidenceLevel, delta_chi2: nil, closes: region.closes,
      opening: region.opening, bounded_m4: [region.boundedBelowInMass, region.boundedAboveInMass],
      bounded_d: [region.boundedBelowInCoupling, region.boundedAboveInCoupling],
      includes_no_signal: region.includesNoSignal, pieces: region.pieces, grid_points: region.gridPoints,
      interval_delta_chi2: nil, m4: [], d: [], file: nil)
  }

  init(_ level: FitLevel, _ scale: CouplingScale, file: String?) {
    self.init(level.region)
    delta_chi2 = level.region.threshold
    interval_delta_chi2 = level.intervalThreshold
    m4 = level.masses.map { FitReport.Interval($0) { $0 } }
    d = level.couplings.map { FitReport.Interval($0, scale.fromInternal) }
    self.file = file
  }

  init(_ level: PosteriorLevel, _ scale: CouplingScale, file: String?) {
    self.init(level.region)
    m4 = [FitReport.Interval(level.mass) { $0 }]
    d = [FitReport.Interval(level.coupling, scale.fromInternal)]
    self.file = file
  }
}

extension FitReport.Interval {
  init(_ interval: ProfileInterval, _ unit: (Double) -> Double) {
    self.init(
      low: unit(interval.low), high: unit(interval.high), open_below: interval.openBelow,
      open_above: interval.openAbove)
  }

  init(_ range: ClosedRange<Double>, _ unit: (Double) -> Double) {
    self.init(low: unit(range.lowerBound), high: unit(range.upperBound), open_below: false, open_above: false)
  }
}

extension FitReport.Posterior {
  init(
    _ posterior: FitPosterior, _ request: PosteriorRequest, _ outcome: FitOutcome, _ scale: CouplingScale,
    files: (PosteriorLevel) -> String?
  ) {
    let diagnosis = posterior.diagnosis
    self.init(
      prior_d: request.prior == .linear ? "flat in d over the axis" : "flat in log d over the axis",
      seed: request.seed, m4_range: [posterior.masses.lowerBound, posterior.masses.upperBound],
      d_range: [posterior.couplings.lowerBound, posterior.couplings.upperBound].map(scale.fromInternal),
      converged: diagnosis.isConverged, walkers: diagnosis.walkers, steps: diagnosis.steps,
      autocorrelation_time: diagnosis.autocorrelationTime, effective_samples: diagnosis.effectiveSamples,
      scale_reduction: diagnosis.scaleReduction, acceptance: diagnosis.acceptance,
      interpolated_masses: posterior.nodes, interpolation_error: posterior.templateError,
      regions: outcome.posteriorLevels.map { FitReport.Region($0, scale, file: files($0)) })
  }
}
