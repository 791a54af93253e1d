import Foundation
import ScanCore

/// The commands of Slurm on this machine.
package struct SlurmClient: Sendable {
  /// A job, or an element of an array, as Slurm sees it.
  struct QueueEntry: Hashable, Sendable {
    var state: String
    /// Why it waits or how it failed; empty if Slurm says nothing.
    var reason: String
  }

  private let search: [String]

  /// - Parameter path: folders with commands, as in the variable PATH
  package init(path: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") {
    search = path.split(separator: ":").map(String.init)
  }

  private func find(_ tool: String) -> String? {
    search.map { "\($0)/\(tool)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  package func requireSubmission() throws(SubmissionError) {
    guard find("sbatch") == nil else { return }
    throw SubmissionError(
      .noScheduler,
      "sbatch was not found in PATH: jobs are submitted to Slurm from a login node. Run this there, or use --engine script, "
        + "which writes scripts for any scheduler.")
  }

  /// Submits a script; returns the number of its job.
  func submit(_ options: [String], script: String) throws(SubmissionError) -> String {
    try requireSubmission()
    let words = ["--parsable"] + options + [script]
    guard let answer = run("sbatch", words) else {
      throw SubmissionError(.noScheduler, "sbatch could not be started. Check its installation.")
    }
    // "123", or "123;cluster" of several
    let job = answer.output.split(separator: "\n").last?.split(separator: ";").first.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard answer.status == 0, let job, !job.isEmpty, job.allSatisfy({ ("0"..."9").contains($0) }) else {
      let said = [answer.errors, answer.output].filter { !$0.isEmpty }.joined(separator: "\n")
      throw SubmissionError(
        .refused,
        "sbatch refused \((script as NSString).lastPathComponent) (exit status \(answer.status)) and said:\n"
          + "\(said.isEmpty ? "nothing" : said)\nThe command was: \(ShellText.join(["sbatch"] + words))")
    }
    return job
  }

  /// False if Slurm could not be asked.
  @discardableResult
  func cancel(_ job: String) -> Bool { run("scancel", [job])?.status == 0 }

  /// Jobs in the queue or lately ended, by `JOB_ELEMENT` or `JOB`; nil if Slurm does not answer.
  func queue(_ jobs: [String]) -> [String: QueueEntry]? {
    guard !jobs.isEmpty else { return [:] }
    // a single number that Slurm has forgotten is an error, one among several is not: array and merge are two
    let list = jobs.joined(separator: ",")
    guard
      let answer = run(
        "squeue", ["--noheader", "--array", "--states=all", "--jobs=\(list)", "--format=%F|%K|%T|%r"]),
      answer.status == 0
    else { return nil }
    return Self.queue(parsing: answer.output)
  }

  static func queue(parsing text: String) -> [String: QueueEntry] {
    var entries: [String: QueueEntry] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard fields.count == 4 else { continue }
      let key = fields[1] == "N/A" ? fields[0] : "\(fields[0])_\(fields[1])"
      entries[key] = QueueEntry(state: fields[2], reason: fields[3] == "None" ? "" : fields[3])
    }
    return entries
  }

  /// What the accounts say of jobs that the queue has forgotten; empty where a site keeps none.
  func accounts(_ jobs: [String]) -> [String: String] {
    guard !jobs.isEmpty,
      let answer = run(
        "sacct",
        [
          "--noheader", "--allocations", "--parsable2", "--format=JobID,State",
          "--jobs=\(jobs.joined(separator: ","))",
        ]
      ), answer.status == 0
    else { return [:] }
    return Self.accounts(parsing: answer.output)
  }

  static func accounts(parsing text: String) -> [String: String] {
    var states: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "|").map(String.init)
      // "CANCELLED by 1000"
      if fields.count == 2, let state = fields[1].split(separator: " ").first {
        states[fields[0]] = String(state)
      }
    }
    return states
  }

  private struct Answer {
    var status: Int32
    var output: String
    var errors: String
  }

  /// nil if the tool is missing or cannot be started. Errors go to a file: two pipes could block each other.
  private func run(_ tool: String, _ arguments: [String]) -> Answer? {
    guard let path = find(tool) else { return nil }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("upscatter-\(UUID().uuidString)")
    guard FileManager.default.createFile(atPath: file.path, contents: nil),
      let errors = try? FileHandle(forWritingTo: file)
    else { return nil }
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let trim = { (data: Data) in
      String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return Answer(
      status: process.terminationStatus, output: trim(text),
      errors: trim((try? Data(contentsOf: file)) ?? Data()))
  }
}
