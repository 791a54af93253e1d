import Foundation
import Pipeline
import ScanCore

/// A benchmark run as text, beside a stored one where given.
struct BenchmarkTable {
  let report: BenchmarkReport
  let stored: BenchmarkReport?

  init(_ report: BenchmarkReport, comparedWith stored: BenchmarkReport?) {
    self.report = report
    self.stored = stored
  }

  func write() {
    let repeats = report.rows.map(\.repeats).max() ?? 0
    print(
      "experiment \(report.experiment); points per second, median of \(repeats) runs with the slowest and the fastest"
    )
    for (index, identity) in backends.enumerated() {
      if index > 0 { print("") }
      print("\(identity)\(peak(of: identity))")
      print(
        "  " + column("job", 30) + column("points/s", 10) + column("slowest", 10) + column("fastest", 10)
          + column("integrals/s", 12) + column("of peak", 9) + column("error", 9)
          + (stored == nil ? "" : "x stored"))
      for row in report.rows where row.identity == identity { print("  " + line(row)) }
    }
    for cold in report.coldStarts {
      print(
        "cold start, \(cold.backend): \(cold.points) points from process start to the files in "
          + String(
            format: "%.3f s (%.3f to %.3f s, %d runs)", cold.medianSeconds, cold.fastestSeconds,
            cold.slowestSeconds, cold.repeats))
    }
    for reason in report.leftOut { print("left out: \(reason)") }
    if let stored {
      print(
        "stored run: upscatter \(stored.version), \(stored.rows.first?.identity.device ?? "no device") and others, "
          + "experiment \(stored.experiment)")
      if !report.rows.contains(where: { stored.counterpart(of: $0, experiment: report.experiment) != nil }) {
        print(
          "nothing in the stored run is like these rows: only rows of the same experiment, job, number of points, backend "
            + "and precision are compared")
      }
    }
  }

  private var backends: [BackendIdentity] {
    var seen: [BackendIdentity] = []
    for row in report.rows where !seen.contains(row.identity) { seen.append(row.identity) }
    return seen
  }

  private func peak(of identity: BackendIdentity) -> String {
    guard let peak = report.peaks.first(where: { $0.identity == identity })?.peak else { return "" }
    return String(
      format: "; peak %.0f GFLOP/s, %.0f GB/s", peak.operationsPerSecond / 1e9, peak.bytesPerSecond / 1e9)
  }

  private func line(_ row: BenchmarkRow) -> String {
    let points = Double(row.points)
    let name = row.job == .pointwise ? "pointwise, \(row.mode.rawValue)" : row.job.rawValue
    var text =
      column(name, 30) + column(String(format: "%.3g", row.pointsPerSecond), 10)
      + column(String(format: "%.3g", points / row.slowestSeconds), 10)
      + column(String(format: "%.3g", row.bestPointsPerSecond), 10)
      + column(row.integralsPerSecond > 0 ? String(format: "%.3g", row.integralsPerSecond) : "-", 12)
      + column(row.fractionOfPeak.map { String(format: "%.0f %%", 100 * $0) } ?? "-", 9)
      + column(String(format: "%.1e", row.verifiedError), 9)
    if let stored {
      let other = stored.counterpart(of: row, experiment: report.experiment)
      text += other.map { String(format: "%.2f", row.pointsPerSecond / $0.pointsPerSecond) } ?? "-"
    }
    return text
  }
}

/// Reads a run written with `benchmark --json`.
enum StoredBenchmark {
  static func read(_ path: String) throws -> BenchmarkReport {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RequestError(
        "--compare \(path): cannot be read. Name a file written with `upscatter benchmark --json > FILE`.")
    }
    do {
      let report = try JSONDecoder().decode(BenchmarkReport.self, from: data)
      guard report.schema == BenchmarkReport.currentSchema else {
        throw RequestError(
          "--compare \(path): schema \(report.schema), this program reads \(BenchmarkReport.currentSchema). Run the stored "
            + "benchmark again with this version.")
      }
      return report
    } catch let error as DecodingError {
      throw RequestError(
        "--compare \(path): not the output of `upscatter benchmark --json` (\(error.summary)). Write it again."
      )
    }
  }
}

extension DecodingError {
  /// Where the text departs from what was expected, in one phrase.
  fileprivate var summary: String {
    switch self {
    case .keyNotFound(let key, _): "no \"\(key.stringValue)\""
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "unexpected value at " + (context.codingPath.isEmpty ? "the top" : "")
        + context.codingPath.map(\.stringValue).joined(separator: ".")
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "no JSON" : "unexpected value at " + context.codingPath.map(\.stringValue).joined(separator: ".")
    @unknown default: "unreadable"
    }
  }
}
