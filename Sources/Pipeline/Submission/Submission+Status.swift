import Foundation

extension Submission {
  /// How every element is, from what it said last, the queue and the accounts.
  package func status() throws(SubmissionError) -> Status {
    let jobs = record.submissions.flatMap { [$0.arrayJob, $0.mergeJob].compactMap(\.self) }
    guard let queue = slurm.queue(jobs) else {
      throw SubmissionError(
        .noScheduler,
        "\(folder.path): squeue is missing or does not answer, so nobody knows what still runs. Ask on a login node, when "
          + "`squeue` works there.")
    }
    let accounts = slurm.accounts(jobs)
    let elements = (1...record.job.shards).map { shard in
      let job = record.arrayJob(of: shard)
      return state("\(shard)", job, entry: job.map { "\($0)_\(shard)" }, queue, accounts)
    }
    let merge = state("merge", record.mergeJob, entry: record.mergeJob, queue, accounts)
    return Status(elements: lost(elements, merge), merge: merge)
  }

  /// - Parameters:
  ///   - job: that runs it
  ///   - entry: its name in queue and accounts
  private func state(
    _ element: String, _ job: String?, entry: String?, _ queue: [String: SlurmClient.QueueEntry],
    _ accounts: [String: String]
  ) -> ElementState {
    ElementState(
      mark: folder.mark(element, job: job), entry: entry.flatMap { queue[$0] },
      account: entry.flatMap { accounts[$0] },
      submitted: job != nil)
  }

  /// An element that is done but whose state is gone must run again, unless all are merged.
  private func lost(_ elements: [ElementState], _ merge: ElementState) -> [ElementState] {
    if merge.isDone { return elements }
    return elements.enumerated().map { index, state in
      let path = record.job.statePath(of: index + 1)
      return state.isDone && !FileManager.default.fileExists(atPath: path)
        ? .failed("its state \(path) is gone") : state
    }
  }
}
