import Experiments
import Pipeline
import ScanCore

/// What `limit --json` prints: the limits, and on the same level what they were computed for.
struct LimitReport<Result: Encodable>: Encodable {
  var result: Result
  var conditions: LimitConditions

  func encode(to encoder: any Encoder) throws {
    try result.encode(to: encoder)
    try conditions.encode(to: encoder)
  }
}

/// What every limit was computed for, whatever the interaction.
struct LimitConditions: Encodable {
  var experiment: String
  /// "limit" from data, or "sensitivity"
  var kind: String
  var confidence_level: Double
  var degrees_of_freedom = 1
  /// nil for several experiments: each has its own
  var settings: AnalysisSettings?
  var members: [ExperimentSettings]?
  var shared_pulls: [String]?
  var backend: BackendIdentity
  var estimated_quadrature_error: Double
  var version = toolVersion

  init(_ subject: ScanSubject, _ backend: any Backend, confidenceLevel: Double) {
    experiment = subject.name
    kind = subject.kind
    confidence_level = confidenceLevel
    settings = subject.commonSettings
    members = ExperimentSettings.several(subject)
    shared_pulls = subject.sharedPulls
    self.backend = backend.identity
    estimated_quadrature_error = subject.estimatedError
  }
}

/// One of several experiments in a fit.
struct ExperimentSettings: Encodable {
  var experiment: String
  var settings: AnalysisSettings

  /// nil for one experiment.
  static func several(_ subject: ScanSubject) -> [ExperimentSettings]? {
    subject.sharedPulls == nil
      ? nil : zip(subject.names, subject.settings).map { ExperimentSettings(experiment: $0, settings: $1) }
  }
}
