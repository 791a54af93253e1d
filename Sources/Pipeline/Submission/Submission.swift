import Foundation
import Reporting

/// Submits the shards of a job, says how they are, and submits again what failed.
package struct Submission: Sendable {
  /// How everything is.
  package struct Status: Sendable {
    /// Of shard 1, 2, ...
    package var elements: [ElementState]
    package var merge: ElementState

    /// Shards that have failed.
    package var failed: [Int] { shards { $0.isFailed } }
    package var alive: [Int] { shards { $0.isAlive } }

    /// Shards for which something holds.
    package func shards(_ condition: (ElementState) -> Bool) -> [Int] {
      elements.indices.filter { condition(elements[$0]) }.map { $0 + 1 }
    }
  }

  package private(set) var record: SubmissionRecord
  package let folder: JobFolder
  let slurm: SlurmClient

  package init(_ record: SubmissionRecord, slurm: SlurmClient = SlurmClient()) {
    self.record = record
    self.slurm = slurm
    folder = JobFolder(record.job.jobsPath)
  }

  /// One that was made before.
  package init(folder path: String, slurm: SlurmClient = SlurmClient()) throws(SubmissionError) {
    folder = JobFolder(URL(fileURLWithPath: path).standardizedFileURL.path)
    record = try folder.load()
    self.slurm = slurm
  }

  // MARK: - Submitting

  /// Writes the folder and submits; leaves neither folder nor jobs if something is refused.
  package mutating func submit() throws {
    guard record.engine == .slurm else { return try folder.make(record, submitted: nil) }
    try slurm.requireSubmission()
    guard !folder.path.contains(#"\"#) else {
      throw SubmissionError(
        .cannotWrite,
        "\(folder.path): Slurm does not take logs in a folder with a backslash in its name. Choose another --output."
      )
    }
    try folder.make(record, submitted: submitted)
    do {
      try submit(Array(1...record.job.shards), besides: [])
    } catch {
      folder.remove()
      throw error
    }
  }

  /// What a second submission did.
  package enum Resubmission: Hashable, Sendable {
    /// Nothing has failed.
    case nothing
    /// All elements are done, only the merge had to run again.
    case merge
    /// Elements, and a merge after them.
    case elements([Int])
  }

  /// Submits the elements that failed, with a merge of their own; those that wait, run or are done are left alone.
  package mutating func resubmit() throws -> Resubmission {
    guard record.engine == .slurm else {
      throw SubmissionError(
        .noScheduler,
        "\(folder.path): made with --engine script, so there is no scheduler to submit to. Run array.sh again for the shards "
          + "that --status names, then merge.sh.")
    }
    try slurm.requireSubmission()
    let status = try status()
    let failed = status.failed
    if failed.isEmpty, !status.alive.isEmpty || !status.merge.isFailed { return .nothing }
    // the old merge can no longer run, or would be the second
    if let merge = record.mergeJob, !status.merge.isDone { slurm.cancel(merge) }
    let others = status.alive.compactMap { shard in record.arrayJob(of: shard).map { "\($0)_\(shard)" } }
    try submit(failed, besides: others)
    return failed.isEmpty ? .merge : .elements(failed)
  }

  /// - Parameter others: elements under way that the merge must wait for too
  private mutating func submit(_ elements: [Int], besides others: [String]) throws {
    var array: String?
    if !elements.isEmpty {
      array = try slurm.submit(arrayOptions(elements), script: folder.elementScript)
    }
    do {
      let merge = try slurm.submit(
        mergeOptions(after: others + [array].compactMap(\.self)), script: folder.mergeScript)
      record.submissions.append(.init(elements: elements, arrayJob: array, mergeJob: merge))
      do { try folder.save(record) } catch {
        slurm.cancel(merge)
        throw error
      }
    } catch {
      if let array, !slurm.cancel(array) {
        throw SubmissionError(
          .refused,
          "\(error)\nThe array was submitted as job \(array) and could not be cancelled: run scancel \(array)."
        )
      }
      throw error
    }
  }
}
