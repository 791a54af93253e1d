import Foundation

/// What one job asks of the scheduler.
package struct JobResources: Codable, Hashable, Sendable {
  package var partition: String?
  package var account: String?
  /// Time limit as Slurm writes it: `2:00:00`.
  package var time: String?
  /// Memory per job as Slurm writes it: `8G`.
  package var memory: String?
  package var cpus: Int?
  /// GPUs of one element.
  package var gpus: Int?
  /// GPUs of the merge.
  package var mergeGPUs: Int?
  /// Elements that run at the same time at most.
  package var arrayLimit: Int?
  /// Where the merge job runs, if not in `partition`.
  package var mergePartition: String?
  /// Seconds before the time limit at which an element stops and goes back to the queue.
  package var margin: Int
  /// How often an element may go back to the queue.
  package var restarts: Int
  /// Options of sbatch as they are.
  package var options: [String]
  /// Shell lines before the program starts, such as `module load opencl`.
  package var setup: [String]

  package init(
    partition: String? = nil, account: String? = nil, time: String? = nil, memory: String? = nil,
    cpus: Int? = nil, gpus: Int? = nil, arrayLimit: Int? = nil, mergePartition: String? = nil,
    margin: Int = 60, restarts: Int = 20, options: [String] = [], setup: [String] = []
  ) {
    self.partition = partition
    self.account = account
    self.time = time
    self.memory = memory
    self.cpus = cpus
    self.gpus = gpus
    self.arrayLimit = arrayLimit
    self.mergePartition = mergePartition
    self.margin = margin
    self.restarts = restarts
    self.options = options
    self.setup = setup
  }

  enum CodingKeys: String, CodingKey {
    case partition, account, time, memory, cpus, gpus, margin, restarts, options, setup
    case mergeGPUs = "merge_gpus"
    case arrayLimit = "array_limit"
    case mergePartition = "merge_partition"
  }

  /// Options of sbatch that elements and merge share.
  private func common(partition: String?) -> [String] {
    var words: [String] = []
    if let partition { words.append("--partition=\(partition)") }
    if let account { words.append("--account=\(account)") }
    if let time { words.append("--time=\(time)") }
    if let memory { words.append("--mem=\(memory)") }
    return words + ["--ntasks=1", "--cpus-per-task=\(cpus ?? 1)"]
  }

  /// Options of sbatch for the elements: a warning to the script before the time limit, and the right to run again.
  func elementOptions() -> [String] {
    common(partition: partition) + (gpus.map { ["--gpus-per-task=\($0)"] } ?? [])
      + ["--signal=B:TERM@\(margin)", "--requeue", "--open-mode=append"] + options
  }

  /// Options of sbatch for the merge.
  func mergeOptions() -> [String] {
    common(partition: mergePartition ?? partition) + (mergeGPUs.map { ["--gpus-per-task=\($0)"] } ?? [])
      + ["--requeue", "--open-mode=append"] + options
  }

  // MARK: - Requirements

  /// Throws for what Slurm would refuse or misread.
  package func validate() throws(RequestError) {
    for (option, value) in [
      ("--partition", partition), ("--account", account), ("--merge-partition", mergePartition),
    ] {
      guard let value else { continue }
      guard !value.isEmpty, !value.contains(where: { $0.isWhitespace || $0 == "\0" }) else {
        throw RequestError("\(option) \"\(value)\": a name has no spaces. `sinfo` lists partitions.")
      }
    }
    try Self.require("--cpus", cpus, 1...4096)
    try Self.require("--gpus", gpus, 1...64)
    try Self.require("--array-limit", arrayLimit, 1...100_000)
    try Self.require("--margin", margin, 1...86_400)
    try Self.require("--restarts", restarts, 0...10_000)
    if let memory, memory.wholeMatch(of: /[1-9][0-9]*[KMGTkmgt]?/) == nil {
      throw RequestError(
        "--memory \"\(memory)\": give a whole number with K, M, G or T, as in 8G (without a letter Slurm takes MB)."
      )
    }
    guard let time else { return }
    guard let seconds = Self.seconds(time), seconds > 0 else {
      throw RequestError(
        "--time \"\(time)\": write minutes, hours:minutes:seconds or days-hours:minutes:seconds, as in 2:00:00."
      )
    }
    if seconds <= margin {
      throw RequestError(
        "--time \(time): is \(seconds) s, and elements stop --margin \(margin) s before it, so none would run. Give more "
          + "time, or a smaller margin.")
    }
  }

  private static func require(_ option: String, _ value: Int?, _ range: ClosedRange<Int>) throws(RequestError)
  {
    guard let value, !range.contains(value) else { return }
    throw RequestError(
      "\(option) \(value): must lie between \(range.lowerBound) and \(range.upperBound).")
  }

  /// A time limit of Slurm in seconds (`sbatch --time`): M, M:S, H:M:S, D-H, D-H:M or D-H:M:S; nil for anything else.
  static func seconds(_ text: String) -> Int? {
    let days = text.split(separator: "-", omittingEmptySubsequences: false)
    guard days.count <= 2, let last = days.last else { return nil }
    let fields = last.split(separator: ":", omittingEmptySubsequences: false).map { field in
      field.count <= 6 && field.allSatisfy { ("0"..."9").contains($0) } ? Int(field) : nil
    }
    let values = fields.compactMap(\.self)
    guard values.count == fields.count else { return nil }
    if days.count == 2 {
      guard days[0].count <= 4, days[0].allSatisfy({ ("0"..."9").contains($0) }), let count = Int(days[0]),
        values.count <= 3
      else { return nil }
      return zip(values, [3600, 60, 1]).reduce(86_400 * count) { $0 + $1.0 * $1.1 }
    }
    switch values.count {
    case 1: return 60 * values[0]
    case 2: return 60 * values[0] + values[1]
    case 3: return 3600 * values[0] + 60 * values[1] + values[2]
    default: return nil
    }
  }
}
