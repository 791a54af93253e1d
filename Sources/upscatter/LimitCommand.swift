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
      Where the data prefer a signal and exclude zero, both ends of the allowed interval are given.
      With --json: an object with a list `limit` of {"m4": MeV, "d": value or null, "d_lower": value or null, ...}, the settings \
      and all units.
      Other interactions: upscatter limit coherent-csi-2021 --model vector --mass 1,10,100
      """)

  @Argument(help: "Catalogue name or path of an experiment file.")
  var experiment: String
  @Option(
    name: [.customLong("m4"), .customLong("mass")], parsing: .unconditional,
    help: ArgumentHelp(
      "Masses in MeV, 0 allowed: a list 5,10,20 or from:to:points (logarithmic; append :lin).",
      discussion:
        "Default: 40 masses up to the heaviest the source can produce; 0.1:1000:40 for mediators. Models without a mass take none."
    ))
  var m4: String?
  @Option(
    parsing: .unconditional,
    help:
      "Models other than the dipole: print Delta chi2 at these couplings instead, a list or from:to:points.")
  var profile: String?
  @Option(parsing: .unconditional, help: .hidden) var d: String?
  @Option(
    name: .customLong("decay-energy"), parsing: .unconditional,
    help: "Total energy of N in MeV: adds its width and decay length N -> nu gamma at the limit.")
  var decayEnergy: Double?
  @Option(
    name: .customLong("decay-path"), parsing: .unconditional,
    help: "Path of N in cm: adds the probability to decay on it (with --decay-energy).")
  var decayPath: Double?
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var levelOptions: LevelOptions
  @OptionGroup var backendOptions: BackendOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      if let d {
        throw RequestError(
          "--d \(d): limit finds the coupling itself. Leave --d out; `upscatter scan` has a grid of couplings, --profile "
            + "those of models other than the dipole.")
      }
      let level = try levelOptions.level()
      guard level.degreesOfFreedom == 1 else {
        throw RequestError(
          "limit works at fixed m4, which has one degree of freedom; for a region in the plane use "
            + "`upscatter scan --dof 2`.")
      }
      let spec = try Catalogue.load(experiment)
      let interaction = try analysisOptions.interaction(for: spec)
      let settings = try analysisOptions.settings(for: spec, interaction: interaction)
      let model = try RateModel(spec)
      let axis = try masses(interaction, model)
      let decay = try decayRequest(interaction)
      let couplings = try profileAxis(interaction)
      let backend = try backendOptions.make()
      var bar = ProgressBar(label: spec.name)
      defer { bar.finish() }
      bar.begin("planning the integrals")
      let analysis = try Analysis(
        model: model, settings: settings, masses: axis.values, backend: backend,
        planningBackend: CPUBackend(workers: backendOptions.workers), interaction: interaction)
      bar.finish()
      for warning in analysis.warnings { note(warning) }
      if let remark = analysis.covarianceNote { note("note: " + remark) }
      let job = LimitJob(analysis: analysis, backend: backend)
      if let interaction, let couplings {
        return try printProfile(
          job.profile(masses: axis.values, couplings: couplings), interaction, analysis, spec)
      }
      let rows = try run(job, analysis, masses: axis.values, threshold: level.threshold, &bar)
      bar.finish()
      if let interaction {
        return try printInteraction(rows, interaction, analysis, spec, backend, decay)
      }
      try json
        ? printJSON(report(rows, spec, analysis, backend, decay)) : printTable(rows, spec, settings, decay)
    }
  }

  /// Masses do not depend on each other; where each takes long, they go a few at a time to show how far the work is.
  private func run(
    _ job: LimitJob, _ analysis: Analysis, masses: [Double], threshold: Double, _ bar: inout ProgressBar
  ) throws -> [LimitJob.Row] {
    bar.begin("limits", total: masses.count, unit: "masses")
    if analysis.pulled == nil { return try job.run(masses: masses, threshold: threshold) }
    var rows: [LimitJob.Row] = []
    while rows.count < masses.count {
      let some = masses[rows.count..<min(rows.count + Self.massesAtATime, masses.count)]
      rows += try job.run(masses: Array(some), threshold: threshold)
      bar.update(rows.count)
    }
    return rows
  }

  private static let massesAtATime = 4

  private func masses(_ interaction: (any Interaction)?, _ model: RateModel) throws -> Axis {
    if let interaction, interaction.mass == nil {
      if let m4 {
        throw RequestError("--m4 \(m4): --model \(interaction.name) has no mass. Leave --m4 out.")
      }
      return Axis(values: [0], unit: "MeV", spacing: .list)
    }
    let range = DefaultAxes.masses(model, mass: interaction?.mass ?? .heavyNeutrino)
    return try AxisSyntax.parse(m4 ?? range + ":40", name: "--m4", unit: "MeV", zeroAllowed: true)
  }

  private func profileAxis(_ interaction: (any Interaction)?) throws -> [Double]? {
    guard let profile else { return nil }
    guard let interaction else {
      throw RequestError(
        "--profile: for --model other than dipole; `upscatter scan` has the grid of the dipole.")
    }
    let scale = analysisOptions.scale(interaction)
    return try AxisSyntax.parse(
      profile, name: "--profile", unit: scale.unit, zeroAllowed: true,
      negativeAllowed: interaction.coupling.isSigned
    ).values.map { scale.toInternal($0) }
  }

  private func decayRequest(_ interaction: (any Interaction)?) throws -> DecayAtLimit? {
    guard let decayEnergy else {
      if let decayPath {
        throw RequestError("--decay-path \(decayPath): needs --decay-energy, the energy of N in MeV.")
      }
      return nil
    }
    guard interaction.map({ $0 is WeakDipole }) ?? true else {
      throw RequestError(
        "--decay-energy: the decay N -> nu gamma is offered for --model dipole and weak-dipole, not for "
          + "\(analysisOptions.model). Leave it out.")
    }
    guard decayEnergy > 0, decayEnergy.isFinite, decayPath.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw RequestError(
        "--decay-energy \(decayEnergy) MeV, --decay-path \(decayPath.map { "\($0)" } ?? "not given") cm: must be positive."
      )
    }
    return DecayAtLimit(energy: decayEnergy, path: decayPath)
  }

  private struct Report: Encodable {
    struct Row: Encodable {
      var m4: Double
      var d: Double?
      var d_lower: Double?
      var best_fit_d: Double
      var minimum_statistic: Double
      var delta_without_signal: Double
      var note: String?
      var decay: [DecayAtLimit.Result]?

      /// Writes null rather than leaving `d` or `d_lower` out.
      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(m4, forKey: .m4)
        try container.encode(d, forKey: .d)
        try container.encode(d_lower, forKey: .d_lower)
        try container.encode(best_fit_d, forKey: .best_fit_d)
        try container.encode(minimum_statistic, forKey: .minimum_statistic)
        try container.encode(delta_without_signal, forKey: .delta_without_signal)
        try container.encodeIfPresent(note, forKey: .note)
        try container.encodeIfPresent(decay, forKey: .decay)
      }

      private enum CodingKeys: String, CodingKey {
        case m4, d, d_lower, best_fit_d, minimum_statistic, delta_without_signal, note, decay
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
    _ rows: [LimitJob.Row], _ spec: ExperimentSpec, _ analysis: Analysis, _ backend: any Backend,
    _ decay: DecayAtLimit?
  ) -> Report {
    let settings = analysis.settings
    let convention = analysisOptions.coupling
    return Report(
      experiment: spec.name, kind: settings.dataSet == .observed ? "limit" : "sensitivity",
      limit: rows.map {
        Report.Row(
          m4: $0.m4, d: $0.coupling.map(convention.fromInternal),
          d_lower: $0.lowerCoupling.map(convention.fromInternal),
          best_fit_d: convention.fromInternal($0.bestCoupling),
          minimum_statistic: $0.minimumStatistic, delta_without_signal: $0.deltaWithoutSignal, note: $0.note,
          decay: decay?.results(m4: $0.m4, coupling: $0.coupling))
      },
      coupling_convention: convention.rawValue, coupling_lagrangian: convention.lagrangian,
      d_unit: convention.unit,
      confidence_level: levelOptions.confidenceLevel, settings: settings, backend: backend.identity,
      estimated_quadrature_error: analysis.estimatedError)
  }

  private func printTable(
    _ rows: [LimitJob.Row], _ spec: ExperimentSpec, _ settings: AnalysisSettings, _ decay: DecayAtLimit?
  ) {
    let convention = analysisOptions.coupling
    let word = settings.dataSet == .observed ? "limit" : "sensitivity"
    print(
      "# \(spec.title), dipole coupling of flavour \(settings.flavour): \(String(format: "%g", 100 * levelOptions.confidenceLevel)) % C.L. \(word), "
        + "1 dof, \(settings.statistic.rawValue)")
    print("# coupling \(convention.rawValue): \(convention.lagrangian)")
    let width = rows.contains { $0.lowerCoupling != nil } ? 34 : 22
    print(column("# m4 [MeV]", 16) + column("\(convention.symbol) [\(convention.unit)]", width) + "best fit")
    for row in rows {
      let number = { (value: Double) in String(format: "%.6e", convention.fromInternal(value)) }
      let limit =
        (row.lowerCoupling.map { number($0) + " ... " } ?? "") + (row.coupling.map(number) ?? "none")
      print(
        column(String(format: "%.6g", row.m4), 16) + column(limit, width)
          + String(format: "%.3e", convention.fromInternal(row.bestCoupling))
          + (row.note.map { "   # \($0)" } ?? ""))
      decay?.results(m4: row.m4, coupling: row.coupling).forEach { print("#   \($0.text)") }
    }
  }
}
