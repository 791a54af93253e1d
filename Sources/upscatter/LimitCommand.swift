import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Rates
import SIMDBackend
import ScanCore
import Statistics
import Units

/// Only the limit d(m4), by root finding.
struct LimitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limit",
    abstract: "The limit on the coupling at each mass, by root finding: seconds on a laptop.",
    discussion: """
      Example: upscatter limit coherent-csi-2021 --flavor mu --m4 1,10,30
      With --json: an object with a list `limit` of {"m4": MeV, "d": value or null, ...}, the settings and all units.
      """)

  @Argument(help: "Catalogue name or path of an experiment file.")
  var experiment: String
  @Option(
    parsing: .unconditional,
    help: "Masses in MeV, 0 allowed: a list 5,10,20 or from:to:points (logarithmic; append :lin).")
  var m4 = "0.1:52:40"
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var levelOptions: LevelOptions
  @OptionGroup var backendOptions: BackendOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      let level = try levelOptions.level()
      guard level.degreesOfFreedom == 1 else {
        throw RequestError(
          "limit works at fixed m4, which has one degree of freedom; for a region in the plane use "
            + "`upscatter scan --dof 2`.")
      }
      let spec = try Catalogue.load(experiment)
      let settings = try analysisOptions.settings(for: spec)
      let axis = try AxisSyntax.parse(m4, name: "--m4", unit: "MeV", zeroAllowed: true)
      let (backend, reason) = try backendOptions.make()
      note(reason)
      let analysis = try Analysis(
        model: RateModel(spec), settings: settings, masses: axis.values, backend: backend,
        planningBackend: CPUBackend(workers: backendOptions.workers))
      for warning in analysis.warnings { note(warning) }
      if let remark = analysis.covarianceNote { note("note: " + remark) }
      let rows = try LimitJob(analysis: analysis, backend: backend)
        .run(masses: axis.values, threshold: level.threshold)
      try json ? printJSON(report(rows, spec, analysis, backend)) : printTable(rows, spec, settings)
    }
  }

  private struct Report: Encodable {
    struct Row: Encodable {
      var m4: Double
      var d: Double?
      var best_fit_d: Double
      var minimum_statistic: Double
      var delta_without_signal: Double
      var note: String?

      /// Writes null rather than leaving `d` out.
      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(m4, forKey: .m4)
        try container.encode(d, forKey: .d)
        try container.encode(best_fit_d, forKey: .best_fit_d)
        try container.encode(minimum_statistic, forKey: .minimum_statistic)
        try container.encode(delta_without_signal, forKey: .delta_without_signal)
        try container.encodeIfPresent(note, forKey: .note)
      }

      private enum CodingKeys: String, CodingKey {
        case m4, d, best_fit_d, minimum_statistic, delta_without_signal, note
      }
    }
    var experiment: String
    var kind: String
    var limit: [Row]
    var m4_unit = "MeV"
    var coupling_convention: String
    var coupling_lagrangian: String
    var d_unit: String
    var confidence_level: Double
    var degrees_of_freedom = 1
    var settings: AnalysisSettings
    var backend: BackendIdentity
    var estimated_quadrature_error: Double
    var version = toolVersion
  }

  private func report(
    _ rows: [LimitJob.Row], _ spec: ExperimentSpec, _ analysis: Analysis, _ backend: any Backend
  ) -> Report {
    let settings = analysis.settings
    let convention = analysisOptions.coupling
    return Report(
      experiment: spec.name, kind: settings.dataSet == .observed ? "limit" : "sensitivity",
      limit: rows.map {
        Report.Row(
          m4: $0.m4, d: $0.coupling.map(convention.fromInternal),
          best_fit_d: convention.fromInternal($0.bestCoupling),
          minimum_statistic: $0.minimumStatistic, delta_without_signal: $0.deltaWithoutSignal, note: $0.note)
      },
      coupling_convention: convention.rawValue, coupling_lagrangian: convention.lagrangian,
      d_unit: convention.unit,
      confidence_level: levelOptions.confidenceLevel, settings: settings, backend: backend.identity,
      estimated_quadrature_error: analysis.estimatedError)
  }

  private func printTable(_ rows: [LimitJob.Row], _ spec: ExperimentSpec, _ settings: AnalysisSettings) {
    let convention = analysisOptions.coupling
    let word = settings.dataSet == .observed ? "limit" : "sensitivity"
    print(
      "# \(spec.title), dipole coupling of flavour \(settings.flavour): \(String(format: "%g", 100 * levelOptions.confidenceLevel)) % C.L. \(word), "
        + "1 dof, \(settings.statistic.rawValue)")
    print("# coupling \(convention.rawValue): \(convention.lagrangian)")
    print(column("# m4 [MeV]", 16) + column("\(convention.symbol) [\(convention.unit)]", 22) + "best fit")
    for row in rows {
      let limit = row.coupling.map { String(format: "%.6e", convention.fromInternal($0)) } ?? "none"
      print(
        column(String(format: "%.6g", row.m4), 16) + column(limit, 22)
          + String(format: "%.3e", convention.fromInternal(row.bestCoupling))
          + (row.note.map { "   # \($0)" } ?? ""))
    }
  }
}
