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
      Several experiments in one fit: upscatter limit coherent-csi-2021 coherent-lar-2020 --share sns-flux
      CLs with bands and a picture: upscatter limit coherent-csi-2021 --method cls --bands --output out/cls
      """)

  @Argument(
    help: "Catalogue names or paths of experiment files; several make one fit.",
    completion: Completion.experiments)
  var experiments: [String]
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
  @OptionGroup var methodOptions: LimitMethodOptions
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var sharingOptions: SharingOptions
  @OptionGroup var levelOptions: LevelOptions
  @OptionGroup var backendOptions: BackendOptions
  @OptionGroup var look: PlotStyleOption
  @OptionGroup var explainOptions: ExplainOptions
  @OptionGroup var consoleOptions: ConsoleOptions
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
      let selection = try ExperimentSelection(
        experiments, analysisOptions, sharingOptions, check: methodOptions.check)
      let interaction = selection.interaction
      let axis = try masses(interaction, selection.models)
      let decay = try decayRequest(interaction)
      let couplings = try profileAxis(interaction)
      let limits = try methodOptions.request(level, masses: axis, profile: profile)
      let backend = try backendOptions.make()
      var bar = ProgressBar(label: selection.name)
      defer { bar.finish() }
      bar.begin("planning the integrals")
      let subject = try selection.subject(
        masses: axis.values, backend: backend,
        planningBackend: CPUBackend(workers: backendOptions.workers))
      bar.finish()
      if explainOptions.explain {
        return try printExplanation(
          explanation(limits, subject, backend, masses: axis, level: level), json: json)
      }
      for warning in subject.warnings { note(warning) }
      for remark in subject.covarianceNotes { note("note: " + remark) }
      if let limits { return try runMethod(limits, subject, backend, masses: axis.values, decay, &bar) }
      let job = subject.limitJob(on: backend)
      if let interaction, let couplings {
        return try printProfile(
          job.profile(masses: axis.values, couplings: couplings), interaction, subject)
      }
      let rows = try run(
        job, slowly: subject.hasShapePulls, masses: axis.values, threshold: level.threshold, &bar)
      bar.finish()
      if let warning = subject.fitWarning(minimumStatistic: rows.map(\.minimumStatistic).min()) {
        note(warning)
      }
      let conditions = LimitConditions(
        subject, backend, confidenceLevel: levelOptions.confidenceLevel)
      if let interaction {
        return try printInteraction(rows, interaction, subject, conditions, decay)
      }
      try json
        ? printJSON(LimitReport(result: dipoleReport(rows, decay), conditions: conditions))
        : printDipole(rows, subject, decay)
    }
  }

  /// Masses do not depend on each other; where each takes long, they go a few at a time to show how far the work is.
  private func run(
    _ job: LimitJob, slowly: Bool, masses: [Double], threshold: Double, _ bar: inout ProgressBar
  ) throws -> [LimitJob.Row] {
    bar.begin("limits", total: masses.count, unit: "masses")
    if !slowly { return try job.run(masses: masses, threshold: threshold) }
    var rows: [LimitJob.Row] = []
    while rows.count < masses.count {
      let some = masses[rows.count..<min(rows.count + Self.massesAtATime, masses.count)]
      rows += try job.run(masses: Array(some), threshold: threshold)
      bar.update(rows.count)
    }
    return rows
  }

  private static let massesAtATime = 4

  private func masses(_ interaction: (any Interaction)?, _ models: [RateModel]) throws -> Axis {
    if let interaction, interaction.mass == nil {
      if let m4 {
        throw RequestError("--m4 \(m4): --model \(interaction.name) has no mass. Leave --m4 out.")
      }
      return Axis(values: [0], unit: "MeV", spacing: .list)
    }
    let range = DefaultAxes.masses(models, mass: interaction?.mass ?? .heavyNeutrino)
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
}
