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
    var lines = ["# Validation", ""] + introduction
    lines += ["## Limits of the catalogue", ""] + overview.flatMap(picture)
    for entry in entries { lines += section(entry) }
    if !statements.isEmpty {
      lines += ["## Between entries", ""] + statements.flatMap(statement)
    }
    if !benchmarks.isEmpty {
      lines += ["## Spectra at four points", ""] + benchmarks.flatMap(spectra)
    }
    return lines.joined(separator: "\n")
  }

  private var introduction: [String] {
    let summary = ValidationSummary(rows: entries.flatMap(\.rows), statements: statements)
    func row(_ what: String, _ comparison: ValidationCheck.Comparison, _ meaning: String) -> String {
      let count = summary.count(comparison)
      return "| \(what) | \(count.total) | \(count.failed) | \(meaning) |"
    }
    return [
      "Written by `upscatter validate --output docs/validation`. Limits are at 90 % C.L., one degree of freedom. The ratio is "
        + "ours over the other number; \"passes within\" is the largest relative difference that passes, set by hand for each "
        + "check.", "", "| checks | number | failed | what agreement says |", "|---|---|---|---|",
      row(
        "published results", .result,
        "a limit, moment or total that this program calculates is that of the publication"),
      row("inputs read back", .input, "the numbers of a publication were put into the entry without a slip"),
      row(
        "checks among our own", .consistency,
        "two calculations of ours, or one and a scaling law, are consistent; no publication is involved"),
      "| statements | \(statements.count) | \(statements.count { !$0.passed }) | what publications say between experiments "
        + "holds for ours |", "", summary.closeness, "",
    ]
  }

  private func spectra(_ benchmark: BenchmarkSpectra) -> [String] {
    let bins = zip(benchmark.edges, benchmark.edges.dropFirst()).map { String(format: "%g-%g", $0, $1) }
    func row(_ name: String, _ events: [Double]) -> String {
      "| \(name) | " + events.map(ValidationTable.number).joined(separator: " | ") + " |"
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
    if entry.rows.isEmpty { lines += ["This entry has no check of its own.", ""] }
    lines += ValidationTable(entry: entry.name, rows: entry.rows).lines
    return lines + entry.figures.flatMap(picture)
  }

  private func statement(_ row: StatementRow) -> [String] {
    let masses = row.statement.masses.map { String(format: "%g MeV", $0) }
    var lines = [
      "**\(row.passed ? "Holds" : "Does not hold")**: \(row.statement.claim) [\(row.statement.source)]. Limits on d of "
        + "flavour \(row.statement.flavour) in 1/GeV:", "",
      "| entry | " + masses.joined(separator: " | ") + " |",
      "|---|" + masses.map { _ in "---|" }.joined(),
    ]
    for limits in row.limits {
      let values = limits.couplings.map { $0.map { String(format: "%.3e", $0) } ?? "none" }
      lines.append("| `\(limits.experiment)` | " + values.joined(separator: " | ") + " |")
    }
    if let fraction = row.slopeFraction, case .kink = row.statement.relation {
      lines += ["", String(format: "The slope of ln d falls to %.2f of what it was.", fraction)]
    }
    return lines + [""] + (row.statement.remark.map { ["\($0).", ""] } ?? [])
  }

  private func picture(_ figure: Figure) -> [String] {
    ["![\(figure.caption)](\(figure.file))", "", "*\(figure.caption)*", ""]
  }
}
