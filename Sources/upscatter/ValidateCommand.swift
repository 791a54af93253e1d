import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Reporting
import SIMDBackend

/// What the catalogue must reproduce, recomputed.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Recomputes published numbers with the catalogue's entries and prints ours beside them.",
    discussion: """
      Every entry says in its validation.yaml what it must reproduce and how closely; statements that compare several \
      entries come last. Exit code 1 if anything is further off than it may be. --output writes the page that \
      docs/validation/ holds.

      Example: upscatter validate coherent-csi-2021
      """)

  @Argument(
    help: "Catalogue names; default: all entries, and the statements that compare them.",
    completion: Completion.entries)
  var entries: [String] = []
  @Option(
    name: [.short, .long],
    help:
      "Folder for the page README.md and its pictures, with all entries; files of the same names are replaced."
  )
  var output: String?
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  private struct Report: Encodable {
    var checks: [ValidationRow]
    var statements: [StatementRow]
    /// Number of checks by what they compare with, and of those that failed.
    var counts: [String: ValidationSummary.Count]
    var passed: Bool
  }

  func run() throws {
    try reportingErrors {
      try requireWholeCatalogue()
      if let output { try makeFolder(output) }
      let validation = Validation(backend: try CPUBackend())
      let names = entries.isEmpty ? Catalogue.entryNames : entries
      let checks = try names.flatMap { try Catalogue.validationChecks(of: requireEntry($0)) }
      let rows = try checks.map(validation.run)
      let statements =
        entries.isEmpty ? try Catalogue.validationStatements().map { try validation.run($0) } : []
      let summary = ValidationSummary(rows: rows, statements: statements)
      if let output { try writePage(rows, statements, validation, to: output) }
      if json {
        let counts = ValidationCheck.Comparison.allCases.map { ($0.rawValue, summary.count($0)) }
        try printJSON(
          Report(
            checks: rows, statements: statements, counts: Dictionary(uniqueKeysWithValues: counts),
            passed: summary.passed))
      } else {
        printText(rows, statements, summary)
      }
      if !summary.passed { throw Exit.checkFailed }
    }
  }

  private func requireEntry(_ name: String) throws -> String {
    guard Catalogue.entryNames.contains(name) else {
      throw RequestError(
        "The catalogue has no entry \"\(name)\". "
          + Spelling.suggestion(for: name, among: Catalogue.entryNames) + "Entries: "
          + Catalogue.entryNames.joined(separator: ", ")
          + ".")
    }
    return name
  }

  private func requireWholeCatalogue() throws {
    if let output, !entries.isEmpty {
      throw RequestError("--output \(output): the page shows all entries. Leave the names out.")
    }
  }

  // MARK: - Page

  private func makeFolder(_ folder: String) throws(ReportError) {
    guard (try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)) != nil
    else {
      throw ReportError(.cannotWrite, "--output \(folder): the folder cannot be made. Choose another.")
    }
    try requireWritable([folder + "/README.md"])
  }

  private func writePage(
    _ rows: [ValidationRow], _ statements: [StatementRow], _ validation: Validation, to folder: String
  ) throws {
    let figures = ValidationFigures(backend: try CPUBackend(), folder: folder, version: toolVersion)
    let entries = try Catalogue.entryNames.map { name in
      let spec = try Catalogue.load(name)
      return ValidationPage.Entry(
        name: name, title: spec.title, kind: spec.kind,
        rows: rows.filter { $0.experiment == name || $0.experiment.hasPrefix(name + ":") },
        figures: [try figures.spectrum(of: name)])
    }
    let overview = try ["e", "mu", "tau"].flatMap {
      try figures.limits(flavour: $0, entries: Catalogue.entryNames)
    }
    let page = ValidationPage(
      entries: entries, statements: statements, overview: overview,
      benchmarks: try ["ess", "ess10"].map(validation.benchmarks))
    try AtomicFile.write(page.text + "\n", to: folder + "/README.md")
    note("wrote \(folder)/README.md and \(entries.count + overview.count) pictures")
  }

  // MARK: - Text

  private func printText(
    _ rows: [ValidationRow], _ statements: [StatementRow], _ summary: ValidationSummary
  ) {
    for row in rows {
      print("\(row.passed ? "pass" : "FAIL")  \(row.experiment): \(row.quantity)")
      let error = row.uncertainty.map { String(format: " +- %.4g", $0) } ?? ""
      let unit = row.unit.isEmpty ? "" : " \(row.unit)"
      let published = String(format: "%.4g", row.published) + error + unit
      let word =
        [ValidationCheck.Comparison.result: "published", .input: "put in"][row.compares] ?? "expected"
      print(
        String(format: "      ours %.4g", row.ours) + "\(unit), \(word) \(published)"
          + String(format: ", ratio %.4f", row.ratio)
          + String(format: " (within %g %%)", 100 * row.within) + "; \(row.source)")
      if let remark = row.remark { print("      \(remark)") }
    }
    for row in statements {
      print("\(row.passed ? "pass" : "FAIL")  \(row.statement.claim) [\(row.statement.source)]")
      for limits in row.limits {
        let values = zip(row.statement.masses, limits.couplings).map { mass, coupling in
          String(format: "%g MeV: ", mass) + (coupling.map { String(format: "%.3e", $0) } ?? "none")
        }
        print("      " + column(limits.experiment, 28) + values.joined(separator: ", "))
      }
      if let remark = row.statement.remark { print("      \(remark)") }
    }
    print(summary.line)
  }
}
