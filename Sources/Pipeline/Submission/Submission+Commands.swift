import ScanCore

/// The command lines of sbatch, and what people see of them.
extension Submission {
  /// Options of sbatch for some elements.
  package func arrayOptions(_ elements: [Int]) -> [String] {
    let limit = record.resources.arrayLimit.map { "%\($0)" } ?? ""
    return record.resources.elementOptions() + [
      "--array=\(Self.ranges(elements))\(limit)", "--job-name=\(record.job.name)",
      "--chdir=\(record.job.folder)",
      "--output=\(logs)/%a.log",
    ]
  }

  /// Options of sbatch for the merge.
  /// - Parameter jobs: that must end well before
  package func mergeOptions(after jobs: [String]) -> [String] {
    record.resources.mergeOptions()
      + (jobs.isEmpty
        ? [] : ["--dependency=afterok:\(jobs.joined(separator: ":"))", "--kill-on-invalid-dep=yes"])
      + [
        "--job-name=\(record.job.name)-merge", "--chdir=\(record.job.folder)", "--output=\(logs)/merge.log",
      ]
  }

  /// sbatch replaces %a and its like.
  private var logs: String { "\(folder.path)/logs".replacing("%", with: "%%") }

  /// All elements, as they are submitted first.
  var submitted: [String] {
    ["sbatch"] + arrayOptions(Array(1...record.job.shards)) + [folder.elementScript]
  }

  /// `1-3,7`
  static func ranges(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers.sorted() {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ",")
  }

  /// The scripts and commands that `submit` would use, for people.
  package func preview() -> String {
    let job = record.job
    let usesSlurm = record.engine == .slurm
    var parts = [
      "# \(folder.elementScript)\n"
        + JobScripts.element(job, record.resources, submitted: usesSlurm ? submitted : nil),
      "# \(folder.mergeScript)\n" + JobScripts.merge(job, record.resources),
    ]
    if usesSlurm {
      parts.append(
        "# submitted with\n\(ShellText.join(submitted))\n"
          + ShellText.join(["sbatch"] + mergeOptions(after: ["ARRAY_JOB"]) + [folder.mergeScript]) + "\n")
    }
    return parts.joined(separator: "\n")
  }
}
