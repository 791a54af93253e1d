import ScanCore

/// What `benchmark` times.
package enum BenchmarkJob: String, Codable, Sendable, CaseIterable {
  /// integrals once per mass, then one minimisation per point
  case factored
  /// the same with one pull, the signal normalisation; backgrounds are fixed
  case factoredOnePull = "factored, 1 pull"
  /// the same with the Gaussian statistic [UPS-13], whose minimum is in closed form
  case factoredGaussian = "factored, 1 pull, Gaussian"
  /// integrals redone at every point
  case pointwise
  /// random data sets, each profiled along the couplings of one mass; a point is one data set at one coupling
  case toys
  /// toys thrown and fitted at the tested point and over all masses; a point is one toy
  case globalFits = "toys, global fit"
}

/// One measured rate, with what makes it worth something: who, which job, and the error verified before timing.
package struct BenchmarkRow: Codable, Sendable {
  package var identity: BackendIdentity
  package var job: BenchmarkJob
  package var mode: IntegralMode
  package var pulls: Int
  package var points: Int
  package var repeats: Int
  package var medianSeconds: Double
  package var fastestSeconds: Double
  package var slowestSeconds: Double
  /// Points per second at the median time.
  package var pointsPerSecond: Double
  package var bestPointsPerSecond: Double
  /// Double integrals (target x flux component x mass) per second at the median time; 0 where none are done.
  package var integralsPerSecond: Double
  /// Newton sweeps over the bins per point; 0 where the backend does not count them.
  package var sweepsPerPoint: Double
  /// Floating-point operations per point of the minimisation alone (`OperationCount`); 0 where sweeps are not counted.
  package var operationsPerPoint: Double
  /// Those operations per second at the fastest run over the measured peak of the device; nil where either is unknown.
  package var fractionOfPeak: Double?
  /// Largest |statistic - reference| / max(1, |reference|) on a sample of the timed grid.
  package var verifiedError: Double
  /// Estimated relative quadrature error of the plan that was timed.
  package var quadratureError: Double
}

/// The measured limits of one device.
package struct BenchmarkPeak: Codable, Sendable {
  package var identity: BackendIdentity
  package var peak: DevicePeak
  package init(identity: BackendIdentity, peak: DevicePeak) {
    self.identity = identity
    self.peak = peak
  }
}

/// A whole scan timed as a user runs it: from process start to the files, no plot.
package struct ColdStart: Codable, Sendable {
  package var backend: String
  package var points: Int
  package var repeats: Int
  package var medianSeconds: Double
  package var fastestSeconds: Double
  package var slowestSeconds: Double
  package init(backend: String, points: Int, seconds: [Double]) {
    let sorted = seconds.sorted()
    self.backend = backend
    self.points = points
    repeats = sorted.count
    medianSeconds = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    fastestSeconds = sorted.first ?? 0
    slowestSeconds = sorted.last ?? 0
  }
}

/// One run of `benchmark`, as its JSON output and as a run to compare with.
package struct BenchmarkReport: Codable, Sendable {
  package static let currentSchema = 2
  package var schema: Int
  package var version: String
  package var experiment: String
  package var peaks: [BenchmarkPeak]
  package var rows: [BenchmarkRow]
  package var coldStarts: [ColdStart]
  /// Backends and devices that could not be timed, with the reason.
  package var leftOut: [String]

  package init(
    version: String, experiment: String, peaks: [BenchmarkPeak], rows: [BenchmarkRow],
    coldStarts: [ColdStart],
    leftOut: [String]
  ) {
    schema = Self.currentSchema
    self.version = version
    self.experiment = experiment
    self.peaks = peaks
    self.rows = rows
    self.coldStarts = coldStarts
    self.leftOut = leftOut
  }

  /// The row of the same job, experiment and size on the same kind of backend: device names may differ, what they say is
  /// for the reader.
  package func counterpart(of row: BenchmarkRow, experiment: String) -> BenchmarkRow? {
    guard experiment == self.experiment else { return nil }
    let candidates = rows.filter {
      $0.points == row.points && $0.pointsPerSecond > 0 && $0.job == row.job && $0.mode == row.mode
        && $0.pulls == row.pulls
        && $0.identity.backend == row.identity.backend && $0.identity.precision == row.identity.precision
    }
    return candidates.first { $0.identity.device == row.identity.device } ?? candidates.first
  }
}
