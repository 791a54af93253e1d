import Experiments
import Foundation
import Pipeline
import ScanCore

/// What `limit` prints for the dipole.
extension LimitCommand {
  struct DipoleReport: Encodable {
    struct Row: Encodable {
      var m4: Double
      @WrittenNull var d: Double?
      @WrittenNull var d_lower: Double?
      var best_fit_d: Double
      var minimum_statistic: Double
      var delta_without_signal: Double
      var note: String?
      var decay: [DecayAtLimit.Result]?
    }
    var limit: [Row]
    var m4_unit = "MeV"
    var coupling_convention: String
    var coupling_lagrangian: String
    var d_unit: String
  }

  func dipoleReport(_ rows: [LimitJob.Row], _ decay: DecayAtLimit?) -> DipoleReport {
    let convention = analysisOptions.coupling
    return DipoleReport(
      limit: rows.map {
        DipoleReport.Row(
          m4: $0.m4, d: $0.coupling.map(convention.fromInternal),
          d_lower: $0.lowerCoupling.map(convention.fromInternal),
          best_fit_d: convention.fromInternal($0.bestCoupling),
          minimum_statistic: $0.minimumStatistic, delta_without_signal: $0.deltaWithoutSignal, note: $0.note,
          decay: decay?.results(m4: $0.m4, coupling: $0.coupling))
      },
      coupling_convention: convention.rawValue, coupling_lagrangian: convention.lagrangian,
      d_unit: convention.unit)
  }

  func printDipole(
    _ rows: [LimitJob.Row], _ subject: ScanSubject, _ decay: DecayAtLimit?
  ) {
    let convention = analysisOptions.coupling
    print(
      "# \(subject.title), dipole coupling of flavour \(subject.flavour): \(String(format: "%g", 100 * levelOptions.confidenceLevel)) % C.L. \(subject.kind), "
        + "1 dof, \(subject.statistic)")
    printShared(subject)
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
  /// Says what several experiments have in common.
  func printShared(_ subject: ScanSubject) {
    guard let shared = subject.sharedPulls else { return }
    let pulls = shared.isEmpty ? "none" : shared.joined(separator: ", ")
    print("# \(subject.names.count) experiments in one fit, data: \(subject.dataSet); shared pulls: \(pulls)")
  }
}
