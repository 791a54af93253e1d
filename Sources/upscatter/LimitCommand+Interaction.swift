import Experiments
import Foundation
import Pipeline
import Rates
import ScanCore

/// What `limit` prints for a model other than the dipole, under the names and units of that model.
extension LimitCommand {
  private struct Report: Encodable {
    struct Row: Encodable {
      var mass: Double?
      @WrittenNull var limit: Double?
      /// The other end of the interval of the limit; nil where it starts at zero.
      @WrittenNull var lower_limit: Double?
      var best_fit: Double
      var minimum_statistic: Double
      var delta_without_signal: Double
      /// Couplings below the level; an end that is not reached is null.
      var allowed: [[Double?]]?
      var note: String?
      var decay: [DecayAtLimit.Result]?
    }
    var model: String
    var model_title: String
    var limit: [Row]
    var mass_symbol: String?
    var mass_unit = "MeV"
    var coupling_symbol: String
    var coupling_unit: String
    var coupling_definition: String
  }

  func printInteraction(
    _ rows: [LimitJob.Row], _ interaction: any Interaction, _ subject: ScanSubject,
    _ conditions: LimitConditions, _ decay: DecayAtLimit?
  ) throws {
    let scale = analysisOptions.scale(interaction)
    let entries = rows.map { entry($0, interaction, scale, decay) }
    if json {
      return try printJSON(
        LimitReport(
          result: Report(
            model: interaction.identity, model_title: interaction.title, limit: entries,
            mass_symbol: interaction.mass?.symbol, coupling_symbol: scale.symbol, coupling_unit: scale.unit,
            coupling_definition: scale.definition),
          conditions: conditions))
    }
    print(
      "# \(subject.title), \(interaction.title), flavour \(subject.flavour): "
        + "\(String(format: "%g", 100 * levelOptions.confidenceLevel)) % C.L. \(conditions.kind), 1 dof, "
        + subject.statistic)
    printShared(subject)
    print("# \(interaction.identity)")
    print("# \(scale.symbol) [\(scale.unit)]: \(scale.definition)")
    let limits = entries.map(limitText)
    let width = max(34, limits.map(\.count).max() ?? 0) + 2
    print(
      column("# \(interaction.mass.map { "\($0.symbol) [MeV]" } ?? "")", 16)
        + column("\(scale.symbol) [\(scale.unit)]", width) + "best fit")
    for (entry, limit) in zip(entries, limits) { printRow(entry, limit: column(limit, width)) }
  }

  private func entry(
    _ row: LimitJob.Row, _ interaction: any Interaction, _ scale: CouplingScale, _ decay: DecayAtLimit?
  ) -> Report.Row {
    let end = { (value: Double) -> Double? in value.isFinite ? scale.fromInternal(value) : nil }
    return Report.Row(
      mass: interaction.mass == nil ? nil : row.m4, limit: row.coupling.map(scale.fromInternal),
      lower_limit: row.lowerCoupling.map(scale.fromInternal),
      best_fit: scale.fromInternal(row.bestCoupling), minimum_statistic: row.minimumStatistic,
      delta_without_signal: row.deltaWithoutSignal,
      allowed: row.allowed?.map { [end($0.lowerBound), end($0.upperBound)] }, note: row.note,
      decay: decay?.results(m4: row.m4, coupling: row.coupling))
  }

  /// The limit, or the intervals that are allowed.
  private func limitText(_ row: Report.Row) -> String {
    let number = { (value: Double?) in value.map { String(format: "%.6e", $0) } ?? "none" }
    if let allowed = row.allowed, allowed.count > 1 || row.lower_limit != nil {
      return allowed.map { "\(number($0[0])) ... \(number($0[1]))" }.joined(separator: ", ")
    }
    return (row.lower_limit.map { number($0) + " ... " } ?? "") + number(row.limit)
  }

  private func printRow(_ row: Report.Row, limit: String) {
    print(
      column(row.mass.map { String(format: "%.6g", $0) } ?? "", 16) + limit
        + String(format: "%.3e", row.best_fit) + (row.note.map { "   # \($0)" } ?? ""))
    row.decay?.forEach { print("#   \($0.text)") }
  }

  // MARK: - Profile

  func printProfile(
    _ profile: CouplingProfile, _ interaction: any Interaction, _ subject: ScanSubject
  ) throws {
    let scale = analysisOptions.scale(interaction)
    if json {
      struct Report: Encodable {
        var experiment: String
        var members: [ExperimentSettings]?
        var model: String
        var coupling_symbol: String
        var coupling_unit: String
        var couplings: [Double]
        var mass_symbol: String?
        var profile: [CouplingProfile.Row]
        var settings: AnalysisSettings?
      }
      return try printJSON(
        Report(
          experiment: subject.name, members: ExperimentSettings.several(subject), model: interaction.identity,
          coupling_symbol: scale.symbol,
          coupling_unit: scale.unit, couplings: profile.couplings.map(scale.fromInternal),
          mass_symbol: interaction.mass?.symbol, profile: profile.rows, settings: subject.commonSettings))
    }
    print("# \(subject.title), \(interaction.identity), flavour \(subject.flavour): Delta chi2")
    printShared(subject)
    let mass = interaction.mass.map { column("# \($0.symbol) [MeV]", 16) } ?? "# "
    print(mass + column("\(scale.symbol) [\(scale.unit)]", 22) + "Delta chi2")
    for row in profile.rows {
      for (coupling, delta) in zip(profile.couplings, row.delta) {
        print(
          (interaction.mass == nil ? "  " : column(String(format: "%.6g", row.mass), 16))
            + column(String(format: "%.6e", scale.fromInternal(coupling)), 22) + String(format: "%.6f", delta)
        )
      }
    }
  }
}
