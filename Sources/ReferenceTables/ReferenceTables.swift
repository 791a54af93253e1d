import Foundation
import ScanCore

/// Returns the verdicts on every file of a folder in the format of the reference tables (docs/verification.md).
///
/// A file that no check covers is a failing report, and so is a folder that cannot be listed or is empty: nothing in
/// it passes by being overlooked. Files whose name begins with a dot are not tables.
/// - Parameters:
///   - folder: path of the tables
///   - backend: its minimiser is checked against the statistics table; double precision
package func checkReferenceTables(folder: String, backend: any Backend) -> [TableReport] {
  let files: [String]
  do {
    files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
  } catch {
    return [refused(folder, "the folder cannot be listed: \(error.localizedDescription)")]
  }
  if files.isEmpty { return [refused(folder, "the folder holds no table")] }
  let reports =
    checkFormulaTables(folder: folder) + checkRateTables(folder: folder)
    + checkStatisticsTable(folder: folder, backend: backend) + [checkConfigurations(folder: folder)]
  let covered = Set(reports.map(\.file))
  let overlooked = files.filter { !covered.contains($0) }
  return reports + overlooked.map { refused($0, "no check covers this file") }
}

/// `configs.json` holds no results: it passes if every experiment in it can be read, since the other rate tables are
/// evaluated from it.
private func checkConfigurations(folder: String) -> TableReport {
  let (tables, problems) = RateTables.load(folder: folder)
  let count = tables.configurations.count
  return TableReport(
    file: "configs.json", quantity: "experiments read", rows: count, worstDeviation: 0, worstCase: "",
    tolerance: 0, worstTolerance: 0,
    problems: problems, passed: problems.isEmpty && count > 0)
}

private func refused(_ file: String, _ problem: String) -> TableReport {
  var comparison = TableComparison(file: file, quantity: "whole file", tolerance: 0)
  comparison.fail(problem)
  return comparison.report
}
