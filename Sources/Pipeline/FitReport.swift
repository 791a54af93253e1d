import Reporting
import ScanCore
import Statistics

/// The JSON of a fit: of all experiments together, and of each alone where that was asked for.
package struct FitReport: Encodable, Sendable {
  package struct BestFit: Encodable, Sendable {
    /// null where no signal fits better than none.
    @WrittenNull package var m4: Double?
    package var d: Double
    package var statistic: Double
    package var bins: Int
    package var statistic_without_signal: Double
    package var delta_without_signal: Double
    package var has_minimum: Bool
    /// "low" or "high" where the best mass is an end of the axis.
    package var at_mass_end: AxisEnd?
    package var pulls: [Pull]
  }

  package struct Pull: Encodable, Sendable {
    package var name: String
    /// eta: relative change, or widths for shapes.
    package var value: Double
    @WrittenNull package var error: Double?
    package var width: Double
  }

  package struct Truth: Encodable, Sendable {
    package var m4: Double
    package var d: Double
    /// chi2 of the truth minus the minimum.
    package var delta: Double
  }

  package struct Interval: Encodable, Sendable {
    package var low: Double
    package var high: Double
    /// The level is not reached before that end of the axis.
    package var open_below: Bool
    package var open_above: Bool
  }

  package struct Region: Encodable, Sendable {
    package var confidence_level: Double
    package var delta_chi2: Double?
    package var closes: Bool
    /// Why it does not close.
    package var opening: String?
    package var bounded_m4: [Bool]
    package var bounded_d: [Bool]
    package var includes_no_signal: Bool?
    package var pieces: Int
    package var grid_points: Int
    /// One degree of freedom; for a posterior central credible intervals.
    package var interval_delta_chi2: Double?
    package var m4: [Interval]
    package var d: [Interval]
    package var file: String?
  }

  package struct Posterior: Encodable, Sendable {
    package var prior_m4 = "flat in log m4 over the axis"
    package var prior_d: String
    package var prior_pulls = "Gaussian, as in the fit"
    package var seed: UInt64
    package var m4_range: [Double]
    package var d_range: [Double]
    package var converged: Bool
    package var walkers: Int
    package var steps: Int
    @WrittenNull package var autocorrelation_time: Double?
    package var effective_samples: Double
    @WrittenNull package var scale_reduction: Double?
    package var acceptance: Double
    package var interpolated_masses: Int
    package var interpolation_error: Double
    package var regions: [Region]
  }

  package struct Fit: Encodable, Sendable {
    package var experiments: [String]
    package var best_fit: BestFit
    package var truth: Truth?
    package var regions: [Region]
    package var posterior: Posterior?
    package var notes: [String]
  }

  package var fit: Fit
  package var alone: [Fit]?
  package var m4_unit = "MeV"
  package var d_unit: String
  package var m4_points: Int
  package var d_points: Int
  package var estimated_quadrature_error: Double
  package var provenance: FitProvenance
  package var files: [String]
}

// MARK: - From an outcome

extension FitReport.Fit {
  init(
    _ outcome: FitOutcome, _ request: FitRequest, files: (FitLevel) -> String?,
    posteriorFiles: (PosteriorLevel) -> String?
  ) {
    let scale = request.scale
    let best = outcome.best
    let plan = outcome.plane.model.plan
    experiments = outcome.experiments
    best_fit = FitReport.BestFit(
      m4: best.mass, d: scale.fromInternal(best.coupling), statistic: best.statistic, bins: plan.binCount,
      statistic_without_signal: outcome.plane.withoutSignal.statistic,
      delta_without_signal: best.deltaWithoutSignal, has_minimum: best.mass != nil, at_mass_end: best.edge,
      pulls: plan.pulls.indices.map {
        FitReport.Pull(
          name: plan.pulls[$0].name, value: best.pulls[$0], error: outcome.pullErrors[$0],
          width: plan.pulls[$0].width)
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
