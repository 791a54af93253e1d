import Experiments
import Foundation

/// How many checks there were of each sort, how many failed, and how close the published results came.
package struct ValidationSummary: Sendable {
  package struct Count: Sendable, Codable {
    package var total: Int
    package var failed: Int
  }
  let rows: [ValidationRow]
  let statements: [StatementRow]

  package init(rows: [ValidationRow], statements: [StatementRow]) {
    self.rows = rows
    self.statements = statements
  }

  package var passed: Bool { rows.allSatisfy(\.passed) && statements.allSatisfy(\.passed) }

  package func count(_ comparison: ValidationCheck.Comparison) -> Count {
    let chosen = rows.filter { $0.compares == comparison }
    return Count(total: chosen.count, failed: chosen.count { !$0.passed })
  }

  /// "validated: 30 published results, 21 inputs read back, 5 checks among our own, 4 statements". Sorts without a check are
  /// left out, and failures are named.
  package var line: String {
    let sorts = ValidationCheck.Comparison.allCases.map {
      (count($0), Self.words($0, count: count($0).total))
    }
    let claims = Count(total: statements.count, failed: statements.count { !$0.passed })
    let parts = (sorts + [(claims, claims.total == 1 ? "statement" : "statements")]).filter { $0.0.total > 0 }
      .map { count, words in
        "\(count.total) \(words)" + (count.failed > 0 ? " (\(count.failed) failed)" : "")
      }
    let verdict = passed ? "validated" : "NOT validated"
    return parts.isEmpty ? "\(verdict): nothing to check" : "\(verdict): " + parts.joined(separator: ", ")
  }

  /// "Of 3 published results 1 is within 10 % of ours, 1 more within 25 %; further off: `darwin` (ratio 1.36)."
  package var closeness: String {
    let results = rows.filter { $0.compares == .result }
    let near = results.count { abs($0.ratio - 1) <= 0.1 }
    let far = results.filter { abs($0.ratio - 1) > 0.25 }
      .map { "`\($0.experiment)` (ratio \(String(format: "%.2f", $0.ratio)))" }
    return "Of \(results.count) published results \(near) \(near == 1 ? "is" : "are") within 10 % of ours, "
      + "\(results.count - near - far.count) more within 25 %"
      + (far.isEmpty ? "." : "; further off: " + far.joined(separator: ", ") + ".")
  }

  static func words(_ comparison: ValidationCheck.Comparison, count: Int) -> String {
    switch comparison {
    case .result: count == 1 ? "published result" : "published results"
    case .input: count == 1 ? "input read back" : "inputs read back"
    case .consistency: count == 1 ? "check among our own" : "checks among our own"
    }
  }
}
