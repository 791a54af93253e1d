import Foundation
import Pipeline
import ScanCore

/// What `submit` says.
struct SubmissionText {
  private let submission: Submission
  private let folder: String

  init(_ submission: Submission) {
    self.submission = submission
    folder = submission.folder.path
  }

  private struct Report: Encodable {
    struct Element: Encodable {
      var shard: Int
      var state: String
      var detail: String
    }
    var folder: String
    var engine: SubmissionRecord.Engine
    var submissions: [SubmissionRecord.Submission]
    var elements: [Element]?
    var merge: Element?
    var resubmitted: [Int]?
  }

  private var report: Report {
    Report(folder: folder, engine: submission.record.engine, submissions: submission.record.submissions)
  }

  /// After a first submission.
  func tellSubmitted(json: Bool) throws {
    if json { return try printJSON(report) }
    let shards = submission.record.job.shards
    if submission.record.submissions.isEmpty {
      print("wrote \(folder): array.sh for shards 1 to \(shards), merge.sh for when they have all ended well")
      print("run them by hand, or under a scheduler as docs/clusters.md shows:")
      let scripts = [submission.folder.elementScript, submission.folder.mergeScript].map(ShellText.quote)
      print("  for shard in $(seq \(shards)); do bash \(scripts[0]) $shard; done && bash \(scripts[1])")
    } else {
      printJobs()
      print("wrote \(folder): scripts, logs, submit.json")
      print("  upscatter submit --status \(ShellText.quote(folder))")
    }
  }

  /// After a second submission.
  func tell(_ outcome: Submission.Resubmission, json: Bool) throws {
    var elements: [Int] = []
    if case .elements(let failed) = outcome { elements = failed }
    if json {
      var report = report
      report.resubmitted = elements
      return try printJSON(report)
    }
    if outcome == .nothing { return print("nothing has failed, nothing was submitted") }
    if !elements.isEmpty {
      print("submitted again: shard \(elements.map(String.init).joined(separator: ", "))")
    }
    printJobs()
  }

  private func printJobs() {
    guard let last = submission.record.submissions.last else { return }
    if let array = last.arrayJob { print("array: job \(array), \(last.elements.count) elements") }
    if let merge = last.mergeJob { print("merge: job \(merge), when they have all ended well") }
  }

  func tell(_ status: Submission.Status, json: Bool) throws {
    if json {
      var report = report
      report.elements = status.elements.enumerated().map {
        .init(shard: $0 + 1, state: $1.name, detail: $1.detail)
      }
      report.merge = .init(shard: 0, state: status.merge.name, detail: status.merge.detail)
      return try printJSON(report)
    }
    for (index, state) in status.elements.enumerated() {
      print(column("shard \(index + 1)", 12) + column(state.name, 12) + state.detail)
    }
    print(column("merge", 12) + column(status.merge.name, 12) + status.merge.detail)
    let done = status.shards { $0.isDone }.count
    print("\(done) of \(status.elements.count) shards done")
    if !status.failed.isEmpty || status.merge.isFailed {
      print(
        "logs: \(folder)/logs; run again what failed: upscatter submit --resubmit \(ShellText.quote(folder))")
    }
  }
}
