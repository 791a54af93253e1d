import Experiments
import Foundation

/// The page of docs/validation: for every entry its picture and its numbers beside the published ones, then what holds
/// between entries.
package struct ValidationPage {
  /// Pictures beside the page: file name and what it shows.
  package struct Figure: Sendable {
    package var file: String
    package var caption: String
    package init(file: String, caption: String) {
      self.file = file
      self.caption = caption
    }
  }
  package struct Entry: Sendable {
    package var name: String
    package var title: String
    package var kind: ExperimentSpec.Kind
    package var rows: [ValidationRow]
    package var figures: [Figure]
    package init(
      name: String, title: String, kind: ExperimentSpec.Kind, rows: [ValidationRow], figures: [Figure]
    ) {
      self.name = name
      self.title = title
      self.kind = kind
      self.rows = rows
      self.figures = figures
    }
  }
  let entries: [Entry]
  let statements: [StatementRow]
  let overview: [Figure]
  let benchmarks: [BenchmarkSpectra]

  /// - Parameter overview: pictures of several entries together, at the head of the page
  package init(
    entries: [Entry], statements: [StatementRow], overview: [Figure], benchmarks: [BenchmarkSpectra]
  ) {
    self.entries = entries
    self.statements = statements
    self.overview = overview
    self.benchmarks = benchmarks
  }

  /// Markdown; equal inputs give equal bytes.
  package var text: String {
    let rows = entries.flatMap(\.rows)
    let failed = rows.count { !$0.passed } + statements.count { !$0.passed }
    var lines = [
      "# Validation", "",
      "Written by `upscatter validate --output docs/validation`. Published numbers, our numbers, their ratio, and the "
        + "largest difference that passes; \(rows.count) numbers and \(statements.count) statements, \(failed) of them "
        + "failed. Limits are at 90 % C.L., one degree of freedom.", "",
    ]
    lines += overview.flatMap(picture)
    for entry in entries { lines += section(entry) }
    if !statements.isEmpty {
      lines += ["## Between entries", ""] + statements.flatMap(statement)
    }
    if !benchmarks.isEmpty {
      lines += ["## Spectra at four points", ""] + benchmarks.flatMap(spectra)
    }
    return lines.joined(separator: "\n")
  }

  private func spectra(_ benchmark: BenchmarkSpectra) -> [String] {
    let bins = zip(benchmark.edges, benchmark.edges.dropFirst()).map { String(format: "%g-%g", $0, $1) }
    func row(_ name: String, _ events: [Double]) -> String {
      "| \(name) | " + events.map(Self.number).joined(separator: " | ") + " |"
    }
    return [
      "Events of `\(benchmark.experiment)` per bin in \(benchmark.unit): muon flavour, d = 2.1e-7 GeV^-1 with "
        + "L = (d/2) N sigma F nu, and the Standard Model.", "",
      "| m4 | " + bins.joined(separator: " | ") + " |", "|---|" + bins.map { _ in "---|" }.joined(),
    ] + zip(benchmark.masses, benchmark.dipole).map { row(String(format: "%g MeV", $0), $1) }
      + [row("Standard Model", benchmark.standardModel), ""]
  }

  private func section(_ entry: Entry) -> [String] {
    var lines = ["## \(entry.title)", "", "`\(entry.name)`, \(entry.kind.rawValue).", ""]
    if !entry.rows.isEmpty {
      lines += ["| quantity | ours | published | ratio | within | source |", "|---|---|---|---|---|---|"]
      lines += entry.rows.map { row(entry, $0) } + [""]
      let remarks = entry.rows.compactMap { row in row.remark.map { (row.quantity, $0) } }
      lines += remarks.map { "- \($0): \($1)." } + (remarks.isEmpty ? [] : [""])
    }
    return lines + entry.figures.flatMap(picture)
  }

  private func row(_ entry: Entry, _ row: ValidationRow) -> String {
    let variant = row.experiment == entry.name ? "" : " (`\(row.experiment)`)"
    let error = row.uncertainty.map { " ± " + Self.number($0) } ?? ""
    let unit = row.unit.isEmpty ? "" : " \(row.unit)"
    return
      "| \(row.passed ? "" : "**failed:** ")\(row.quantity)\(variant) | \(Self.number(row.ours))\(unit) "
      + "| \(Self.number(row.published))\(error)\(unit) | \(String(format: "%.3f", row.ratio)) "
      + "| \(String(format: "%g %%", 100 * row.within)) | \(row.source) |"
  }

  private func statement(_ row: StatementRow) -> [String] {
    let masses = row.statement.masses.map { String(format: "%g MeV", $0) }
    var lines = [
      "**\(row.passed ? "Holds" : "Does not hold")**: \(row.statement.claim) [\(row.statement.source)]. Limits on d of "
        + "flavour \(row.statement.flavour) in 1/GeV:", "",
      "| entry | " + masses.joined(separator: " | ") + " |",
      "|---|" + masses.map { _ in "---|" }.joined(),
    ]
    for limits in [row.strongest] + row.others {
      let values = limits.couplings.map { $0.map { String(format: "%.3e", $0) } ?? "none" }
      lines.append("| `\(limits.experiment)` | " + values.joined(separator: " | ") + " |")
    }
    return lines + [""] + (row.statement.remark.map { ["\($0).", ""] } ?? [])
  }

  private func picture(_ figure: Figure) -> [String] { ["![\(figure.caption)](\(figure.file))", ""] }

  private static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
