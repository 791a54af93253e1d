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
    /// At the best fit, from the covariance that the errors of the pulls are from; absent where there is none.
    package var correlation: Correlation?
  }

  package struct Correlation: Encodable, Sendable {
    /// Pulls in the order of the likelihood, then the coupling and the mass where a signal is preferred.
    package var parameters: [String]
    package var matrix: [[Double]]
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
