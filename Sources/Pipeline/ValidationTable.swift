import Experiments
import Foundation

/// The checks of one entry as Markdown: a table for each sort of check, with its remarks directly below.
struct ValidationTable {
  let entry: String
  let rows: [ValidationRow]

  /// Remarks of the rows in their order, each once: "a", "b", ... in all tables of the entry.
  private var remarks: [String] {
    var seen: [String] = []
    for comparison in ValidationCheck.Comparison.allCases {
      for case let remark? in rows.filter({ $0.compares == comparison }).map(\.remark)
      where !seen.contains(remark) { seen.append(remark) }
    }
    return seen
  }

  var lines: [String] { ValidationCheck.Comparison.allCases.flatMap(table) }

  private func table(_ comparison: ValidationCheck.Comparison) -> [String] {
    let chosen = rows.filter { $0.compares == comparison }
    guard !chosen.isEmpty else { return [] }
    let shown = chosen.compactMap(\.remark)
    let notes = remarks.enumerated().filter { shown.contains($1) }
      .flatMap { ["<sup>\(Self.mark($0))</sup> \($1).", ""] }
    let (title, other) = Self.heads(comparison)
    return [
      "\(title):", "", "| quantity | ours | \(other) | ratio | passes within | source |",
      "|---|---|---|---|---|---|",
    ] + chosen.map(line) + [""] + notes
  }

  private func line(_ row: ValidationRow) -> String {
    let variant = row.experiment == entry ? "" : " (`\(row.experiment)`)"
    let error = row.uncertainty.map { " ± " + Self.number($0) } ?? ""
    let unit = row.unit.isEmpty ? "" : ", in \(row.unit)"
    let mark = row.remark.flatMap(remarks.firstIndex).map { " <sup>\(Self.mark($0))</sup>" } ?? ""
    return
      "| \(row.passed ? "" : "**failed:** ")\(row.quantity)\(unit)\(variant)\(mark) | \(Self.number(row.ours)) "
      + "| \(Self.number(row.published))\(error) | \(String(format: "%.3f", row.ratio)) "
      + "| \(String(format: "%g %%", 100 * row.within)) | \(row.source) |"
  }

  private static func heads(_ comparison: ValidationCheck.Comparison) -> (title: String, other: String) {
    switch comparison {
    case .result: ("Calculated here, against published results", "published")
    case .input: ("Put into the entry and read back", "put in")
    case .consistency: ("Against other calculations of ours and scaling laws", "expected")
    }
  }

  /// "a", ..., "z", then "27", "28", ...
  static func mark(_ index: Int) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    return index < letters.count ? String(letters[index]) : "\(index + 1)"
  }

  static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
