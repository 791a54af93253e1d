import Experiments
import Pipeline
import Rates
import SIMDBackend
import ScanCore

/// Joint likelihoods of catalogue entries.
enum JointFixtures {
  struct Case {
    var joint: JointAnalysis
    /// MeV
    var masses: [Double]
    var templates: [Double]

    var plan: JointPlan { joint.plan }
  }

  static let masses = [0.1, 0.5, 1, 2, 4, 7, 10, 14, 20, 28, 36, 44]

  static func make(
    _ names: [String], flavour: String = "mu", masses: [Double] = masses, shared: Set<String> = []
  ) throws -> Case {
    let backend = try CPUBackend(workers: 1)
    let analyses = try names.map { name in
      let spec = try Catalogue.load(name)
      let model = try RateModel(spec)
      let gaussian = spec.systematics.statistic == .gaussian
      return try Analysis(
        model: model,
        settings: AnalysisSettings(
          flavour: flavour, dataSet: spec.kind == .measurement ? .observed : .asimov,
          statistic: gaussian ? .gaussian : .poisson),
        masses: masses, backend: backend, planningBackend: backend)
    }
    let joint = try JointAnalysis(analyses, shared: shared)
    return Case(
      joint: joint, masses: masses, templates: try joint.templates(masses: masses, on: backend))
  }
}
