/// What was submitted: the file `submit.json` of a folder of jobs.
package struct SubmissionRecord: Codable, Hashable, Sendable {
  /// One array of elements and the merge that waits for it.
  package struct Submission: Codable, Hashable, Sendable {
    /// Shards, from 1.
    package var elements: [Int]
    /// nil where only the merge was missing.
    package var arrayJob: String?
    package var mergeJob: String?

    enum CodingKeys: String, CodingKey {
      case elements
      case arrayJob = "array_job"
      case mergeJob = "merge_job"
    }
  }

  package enum Engine: String, Codable, Sendable, CaseIterable {
    case slurm, script
  }

  static let currentFormat = 1

  var format: Int
  package var engine: Engine
  package var job: ShardedJob
  package var resources: JobResources
  /// In the order they were made; empty without scheduler.
  package var submissions: [Submission]

  package init(
    engine: Engine, job: ShardedJob, resources: JobResources, submissions: [Submission] = []
  ) {
    format = Self.currentFormat
    self.engine = engine
    self.job = job
    self.resources = resources
    self.submissions = submissions
  }

  /// The job of the array that ran an element last.
  func arrayJob(of element: Int) -> String? {
    submissions.last { $0.elements.contains(element) }?.arrayJob
  }

  var mergeJob: String? { submissions.last?.mergeJob }
}
