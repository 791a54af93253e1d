import Experiments
import Planning
import Rates
import ScanCore
import Verification

/// Plans of a real experiment as verification cases: what a scan would run, at a few points.
package enum ExperimentCases {
  /// Standard Model and dipole plans of `experiment`, in both integral modes.
  package static func cases(
    experiment: String, flavour: String, planningBackend: any Backend
  ) throws -> [VerificationCase] {
    let spec = try Catalogue.load(experiment)
    let model = try RateModel(spec)
    let masses = [0.1, 3, 10, 29, 45, 52.5]
    let couplings = [0.0, 0.3, 1, 3, 30]
    return try IntegralMode.allCases.flatMap { mode -> [VerificationCase] in
      let settings = AnalysisSettings(
        flavour: flavour, mode: mode, dataSet: spec.kind == .measurement ? .observed : .asimov)
      let analysis = try Analysis(
        model: model, settings: settings, masses: masses, backend: planningBackend,
        planningBackend: planningBackend)
      let dipole = VerificationCase(
        name: "\(experiment), \(mode.rawValue)", rates: analysis.signalPlan, likelihood: analysis.likelihood,
        masses: masses, couplingSquares: couplings.map { $0 * $0 })
      let planner = LikelihoodPlanner(model: model)
      var likelihood = analysis.likelihood
      likelihood.fold = planner.fold(
        for: RatePlanner(model: model, process: .standardModel, mode: mode))
      let standardModel = VerificationCase(
        name: "\(experiment), Standard Model, \(mode.rawValue)", rates: analysis.standardModelPlan,
        likelihood: likelihood, masses: [0], couplingSquares: [0, 0.1])
      return [dipole, standardModel]
    }
  }
}
