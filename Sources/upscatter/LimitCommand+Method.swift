import Foundation
import Pipeline
import ScanCore
import Statistics

/// `limit` with a method, bands, discovery or files.
extension LimitCommand {
  func runMethod(
    _ limits: LimitRequest, _ subject: ScanSubject, _ backend: any Backend, masses: [Double],
    _ decay: DecayAtLimit?, _ bar: inout ProgressBar
  ) throws {
    var progress = bar
    let job = StrengthLimits(subject, backend: backend, request: limits.request) { progress.begin($0) }
    let result = try job.run(masses: masses)
    progress.finish()
    bar = progress
    if let warning = subject.fitWarning(minimumStatistic: result.rows.map(\.fit.minimumStatistic).min()) {
      note(warning)
    }
    let scale = analysisOptions.scale(subject.interaction)
    if !limits.plots.isEmpty, !result.isDrawable {
      note("note: no picture: there is no limit at any mass above 0, or only one such mass")
    }
    let plots = result.isDrawable ? limits.plots : []
    let files = limits.output.map { StrengthLimits.files($0, plots: plots) } ?? []
    let report = LimitReport(
      result: MethodReport(result, limits.request, scale, model: subject.interaction, decay, files: files),
      conditions: LimitConditions(subject, backend, confidenceLevel: levelOptions.confidenceLevel))
    if let output = limits.output {
      try job.write(
        result, to: output, plots: plots, style: look.style, summary: try jsonText(report) + "\n",
        scale: scale,
        version: toolVersion)
    }
    if json { return try printJSON(report) }
    printMethod(result, job, subject, scale, decay)
    for file in files { print("wrote \(file)") }
  }

  // MARK: - Text

  private func printMethod(
    _ result: StrengthLimitResult, _ job: StrengthLimits, _ subject: ScanSubject, _ scale: CouplingScale,
    _ decay: DecayAtLimit?
  ) {
    let what =
      subject.interaction.map { "\($0.title), flavour \(subject.flavour)" }
      ?? "dipole coupling of flavour \(subject.flavour)"
    print(
      "# \(subject.title), \(what): \(NumberWords.short(100 * levelOptions.confidenceLevel)) % C.L. \(subject.kind), 1 dof, "
        + subject.statistic)
    printShared(subject)
    if let interaction = subject.interaction { print("# \(interaction.identity)") }
    print("# \(scale.symbol) [\(scale.unit)]: \(scale.definition)")
    print("# \(job.methodText)")
    for line in result.notes { print("# \(line)") }
    let table = MethodTable(methodOptions, scale)
    print(table.head)
    for row in result.rows {
      print(table.line(row))
      decay?.results(m4: row.m4, coupling: row.coupling).forEach { print("#   \($0.text)") }
    }
    if let best = result.best { print("# \(table.best(best))") }
  }
}

/// Columns of the text.
private struct MethodTable {
  private let options: LimitMethodOptions
  private let scale: CouplingScale
  private var limitWidth: Int { options.toys == nil ? 16 : 36 }

  init(_ options: LimitMethodOptions, _ scale: CouplingScale) {
    (self.options, self.scale) = (options, scale)
  }

  var head: String {
    var text = column("# \(scale.mass.map { "\($0.symbol) [MeV]" } ?? "")", 14)
    if options.method == .likelihood { text += column("lower end", 16) }
    text += column("\(scale.symbol) [\(scale.unit)]", limitWidth)
    if options.bands {
      for name in ["-2 sigma", "-1 sigma", "median", "+1 sigma", "+2 sigma"] { text += column(name, 12) }
    }
    text += column("best fit", 12)
    if options.discovery { text += column("q0", 10) + column("Z", 8) + column("p", 11) }
    if options.discovery, options.toys != nil { text += column("p of toys", 24) }
    return text.trimmingSpaces
  }

  func line(_ row: StrengthLimitRow) -> String {
    var text = column(scale.mass == nil ? "" : format("%.6g", row.m4), 14)
    if options.method == .likelihood { text += column(row.lowerCoupling.map { number($0) } ?? "0", 16) }
    let error = row.range.map { range in
      " (\(number(range.lowerBound, "%.3e")) - \(number(range.upperBound, "%.3e")))"
    }
    text += column(
      (row.coupling.map { number($0, options.toys == nil ? "%.6e" : "%.3e") } ?? "none") + (error ?? ""),
      limitWidth)
    if options.bands {
      for index in 0..<5 {
        text += column(row.expected.isEmpty ? "none" : number(row.expected[index], "%.3e"), 12)
      }
    }
    text += column(number(row.fit.bestCoupling, "%.3e"), 12)
    if options.discovery { text += discovery(row.discovery) }
    return text.trimmingSpaces + (row.notes.isEmpty ? "" : "   # \(row.notes.joined(separator: "; "))")
  }

  private func discovery(_ found: StrengthDiscovery?) -> String {
    guard let found else { return column("none", 29) + (options.toys == nil ? "" : column("none", 24)) }
    return column(format("%.3f", found.statistic), 10) + column(format("%.2f", found.significance), 8)
      + column(format("%.3g", found.pValue), 11) + (options.toys == nil ? "" : column(share(found.toys), 24))
  }

  func best(_ found: StrengthDiscovery) -> String {
    guard found.statistic > 0 else { return "no signal is preferred at any mass" }
    let place = scale.mass.map { "\($0.symbol) = \(NumberWords.short(found.m4)) MeV, " } ?? ""
    let local =
      "best fit over all masses: \(place)\(scale.symbol) = \(number(found.coupling, "%.3e")) \(scale.unit): q0 = \(format("%.3f", found.statistic)), "
      + "local significance \(format("%.2f", found.significance)), local p = \(format("%.3g", found.pValue))"
    guard options.toys != nil else { return local }
    let sigma = found.toySignificance.map { ", \(format("%.2f", $0)) standard deviations" } ?? ""
    return "\(local); global p from toys \(found.problem ?? share(found.toys) + sigma)"
  }

  private func share(_ p: PValue?) -> String {
    guard let p else { return "not stated" }
    return "\(format("%.3g", p.value)) (\(format("%.2g", p.lower)) - \(format("%.2g", p.upper)))"
  }

  private func number(_ value: Double, _ text: String = "%.6e") -> String {
    value.isFinite ? format(text, scale.fromInternal(value)) : "none"
  }

  private func format(_ text: String, _ value: Double) -> String { String(format: text, value) }
}

extension String {
  fileprivate var trimmingSpaces: String {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
