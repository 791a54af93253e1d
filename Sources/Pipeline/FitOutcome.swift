import Contours
import ScanCore
import Statistics

/// A finished fit of one experiment or of a combination [UPS-47].
struct FitOutcome {
  /// Names of the experiments.
  var experiments: [String]
  var plane: FitPlane
  var best: BestFit
  /// Delta chi2, masses x couplings.
  var delta: [Double]
  /// Delta chi2 of the profiles along the axes.
  var massProfile: [Double]
  var couplingProfile: [Double]
  /// nil where the likelihood is flat in some direction.
  var covariance: FitCovariance?
  /// Delta chi2 of the injected signal; nil without one.
  var truthDelta: Double?
  var levels: [FitLevel]
  var posterior: FitPosterior?
  var posteriorLevels: [PosteriorLevel]
  var posteriorDensity: SampledDensity?
  var notes: [String]
}

/// What a fit says at one confidence level.
struct FitLevel {
  var region: FitRegion
  /// Lines around the region.
  var contours: [Contour]
  /// Outlines to fill.
  var outlines: [Contour]
  /// One degree of freedom.
  var intervalThreshold: Double
  var masses: [ProfileInterval]
  var couplings: [ProfileInterval]
}

/// What a posterior says at one credible level.
struct PosteriorLevel {
  var region: FitRegion
  var contours: [Contour]
  var mass: ClosedRange<Double>
  var coupling: ClosedRange<Double>
}
