import Foundation
import Reporting

/// The folder of a submission: scripts, logs, what each element did last, and the record.
package struct JobFolder: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var elementScript: String { path + "/array.sh" }
  package var mergeScript: String { path + "/merge.sh" }
  package var recordPath: String { path + "/submit.json" }

  /// Makes the folder with its scripts, or leaves nothing.
  /// - Parameter submitted: the command that submits the elements; nil without scheduler
  func make(_ record: SubmissionRecord, submitted: [String]?) throws {
    guard mkdir(path, 0o755) == 0 else {
      if errno == EEXIST {
        throw SubmissionError(
          .cannotWrite,
          "\(path): this folder of an earlier submission is there. `upscatter submit --status` with it says how its elements are, "
            + "--resubmit runs failed ones again; remove it, or choose another --output, to begin anew.")
      }
      throw SubmissionError(
        .cannotWrite,
        "\(path) cannot be made (\(String(cString: strerror(errno)))). Choose another --output.")
    }
    do {
      for name in ["logs", "elements"] where mkdir("\(path)/\(name)", 0o755) != 0 {
        throw SubmissionError(
          .cannotWrite, "\(path)/\(name) cannot be made (\(String(cString: strerror(errno)))).")
      }
      try AtomicFile.write(
        JobScripts.element(record.job, record.resources, submitted: submitted), to: elementScript)
      try AtomicFile.write(JobScripts.merge(record.job, record.resources), to: mergeScript)
      try save(record)
    } catch {
      remove()
      throw error
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  func save(_ record: SubmissionRecord) throws(ReportError) {
    try AtomicFile.write(try JSONText.encode(record, name: "the record of a submission"), to: recordPath)
  }

  /// The record, checked.
  package func load() throws(SubmissionError) -> SubmissionRecord {
    guard let data = FileManager.default.contents(atPath: recordPath) else {
      throw SubmissionError(
        .badFolder,
        "\(path): no folder of jobs, as it holds no submit.json that can be read. Name the folder that `upscatter submit` made, "
          + "OUTPUT.jobs.")
    }
    let record: SubmissionRecord
    do { record = try JSONDecoder().decode(SubmissionRecord.self, from: data) } catch {
      throw SubmissionError(
        .badFolder,
        "\(recordPath): not a record of `upscatter submit` of this version, or damaged. Remove the folder and submit again; "
          + "shards that are done are kept in their states.")
    }
    guard record.format == SubmissionRecord.currentFormat, (1...100_000).contains(record.job.shards) else {
      throw SubmissionError(
        .badFolder,
        "\(recordPath): written by another version of upscatter (format \(record.format), this one knows "
          + "\(SubmissionRecord.currentFormat)). Use that version, or remove the folder and submit again.")
    }
    return record
  }

  /// The last word of an element, or of `merge`; nil if it never began.
  /// - Parameter job: that runs it now: words of earlier jobs do not count, those of a run by hand do
  func mark(_ element: String, job: String?) -> String? {
    guard let data = FileManager.default.contents(atPath: "\(path)/elements/\(element)") else { return nil }
    let words = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      .split(separator: " ", maxSplits: 1).map(String.init)
    guard words.count == 2, words[0] == job || words[0] == "hand" else { return nil }
    return words[1]
  }
}
