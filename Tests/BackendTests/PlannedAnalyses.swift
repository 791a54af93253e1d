import Experiments
import Planning
import SIMDBackend
import ScanCore
import Synchronization

@testable import Pipeline
@testable import Rates

/// Analyses of catalogue entries that tests share: most of what a small fit costs is planning its integrals.
enum PlannedAnalyses {
  private static let made = Mutex<[String: Analysis]>([:])

  /// - Parameter data: nil takes the data of measurements, the Asimov sets of projections
  static func of(
    _ name: String, model: String = "dipole", masses: [Double], data: DataSet? = nil
  ) throws -> Analysis {
    try made.withLock { made in
      let key = "\(name) \(model) \(masses) \(data?.rawValue ?? "")"
      if let known = made[key] { return known }
      let backend = try CPUBackend()
      let spec = try Catalogue.load(name)
      let interaction = try InteractionCatalogue.named(model)
        .make(flavour: .mu, parameters: [], source: spec.source.components)
      let own: DataSet = spec.kind == .measurement ? .observed : .asimov
      let analysis = try Analysis(
        model: RateModel(spec),
        settings: AnalysisSettings(
          flavour: "mu", dataSet: data ?? own,
          statistic: spec.systematics.statistic == .gaussian ? .gaussian : .poisson), masses: masses,
        backend: backend, planningBackend: backend, interaction: interaction)
      made[key] = analysis
      return analysis
    }
  }
}
