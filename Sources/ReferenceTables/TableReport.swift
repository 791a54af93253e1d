/// Verdict on one quantity of one reference table.
package struct TableReport: Codable, Sendable {
  /// File name inside the folder.
  package var file: String
  package var quantity: String
  /// Rows (or values) compared.
  package var rows: Int
  /// Relative deviation of the worst row: the one that uses most of its tolerance.
  package var worstDeviation: Double
  /// The worst row, in words.
  package var worstCase: String
  package var tolerance: Double
  /// The tolerance of the worst row where it has one of its own, as next to a threshold.
  package var worstTolerance: Double
  /// Unreadable rows, unknown processes, values that must be exactly 0 and are not: each makes the report fail.
  package var problems: [String]
  package var passed: Bool

  package init(
    file: String, quantity: String, rows: Int, worstDeviation: Double, worstCase: String, tolerance: Double,
    worstTolerance: Double, problems: [String], passed: Bool
  ) {
    self.file = file
    self.quantity = quantity
    self.rows = rows
    self.worstDeviation = worstDeviation
    self.worstCase = worstCase
    self.tolerance = tolerance
    self.worstTolerance = worstTolerance
    self.problems = problems
    self.passed = passed
  }
}

/// Collects deviations and problems of one quantity and gives the verdict.
package struct TableComparison: Sendable {
  package let file: String
  package let quantity: String
  package let tolerance: Double
  private var rows = 0
  private var worstDeviation = 0.0
  private var worstCase = ""
  private var worstTolerance: Double?
  /// Deviation in units of the tolerance of its row; decides.
  private var worstRatio = 0.0
  private var problems: [String] = []

  package init(file: String, quantity: String, tolerance: Double) {
    self.file = file
    self.quantity = quantity
    self.tolerance = tolerance
  }

  /// Compares a value with its reference: |value - reference| relative to the larger of both; a reference of 0 must be
  /// met exactly. `tolerance` replaces the one of the table for ill-conditioned rows.
  package mutating func add(
    _ value: Double, reference: Double, tolerance rowTolerance: Double? = nil,
    _ label: @autoclosure () -> String
  ) {
    rows += 1
    if value == reference { return }
    let deviation = abs(value - reference) / max(abs(value), abs(reference))
    guard deviation.isFinite, reference != 0 else {
      problems.append("\(label()): found \(value), expected \(reference)")
      return
    }
    let ratio = deviation / (rowTolerance ?? tolerance)
    if ratio > worstRatio {
      worstRatio = ratio
      worstDeviation = deviation
      worstTolerance = rowTolerance
      worstCase = "\(label()): found \(value), expected \(reference)"
    }
  }

  /// Records something that makes the table fail whatever the numbers are.
  package mutating func fail(_ problem: String) { problems.append(problem) }

  /// The verdict: at least one row, no problem, every deviation within tolerance.
  package var report: TableReport {
    TableReport(
      file: file, quantity: quantity, rows: rows, worstDeviation: worstDeviation, worstCase: worstCase,
      tolerance: tolerance, worstTolerance: worstTolerance ?? tolerance,
      problems: rows == 0 ? problems + ["no row was compared"] : problems,
      passed: rows > 0 && problems.isEmpty && worstRatio <= 1)
  }
}
