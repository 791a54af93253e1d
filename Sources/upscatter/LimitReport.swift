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
  var settings: AnalysisSettings
  var backend: BackendIdentity
  var estimated_quadrature_error: Double
  var version = toolVersion

  init(_ spec: ExperimentSpec, _ analysis: Analysis, _ backend: any Backend, confidenceLevel: Double) {
    experiment = spec.name
    kind = analysis.settings.dataSet == .observed ? "limit" : "sensitivity"
    confidence_level = confidenceLevel
    settings = analysis.settings
    self.backend = backend.identity
    estimated_quadrature_error = analysis.estimatedError
  }
}
