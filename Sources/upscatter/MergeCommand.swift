import ArgumentParser
import Checkpoints
import Foundation
import Pipeline
import ReferenceBackend
import SIMDBackend
import ScanCore
import Scanning

/// A command whose run can be divided into shards.
protocol MergeableCommand: ParsableCommand {
  /// Writes what the run would have written in one process.
  /// - Parameter output: in place of the one that the shards were computed for
  func merge(_ shards: ShardSet, output: String?, json: Bool) throws
  /// What its shards hold.
  static var stages: [RunStage] { get }
}

/// Joins the shards of one run.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Joins the shards of a scan or of toys: the files of the single run, to the byte.",
    discussion: """
      Example: upscatter merge out/csi.shard-*.state

      Reads the command from the shards, checks that they belong together and that the experiment files are still the same, \
      and writes what one run without --shard writes. Shards may come in any order; one that is there twice must be the same \
      twice; one that is missing or not complete is named. Run it in the folder in which the shards were started, or where \
      the same experiment files are. The shards stay.
      """)

  @Argument(help: "The .state files of all shards.", completion: Completion.states)
  var states: [String]
  @Option(name: [.short, .long], help: "Path of the outputs without extension. Default: that of the shards.")
  var output: String?
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      let opened = try states.map { try RunState.open($0) }
      defer { opened.forEach { $0.close() } }
      guard let first = opened.first else { return }
      let command = try command(of: first)
      let shards = try ShardSet(opened, stages: type(of: command).stages)
      for line in shards.notes { note("note: \(line)") }
      if let output { try requireFileName(output, example: "merged") }
      try command.merge(shards, output: output, json: json)
    }
  }

  /// The command that computed a shard, parsed again.
  private func command(of state: RunState) throws -> any MergeableCommand {
    let parsed: ParsableCommand
    do { parsed = try Console.keeping { try Upscatter.parseAsRoot(state.arguments) } } catch {
      throw StateError(
        .different,
        "\(state.path): its command, `\(state.command)`, is not understood by this version: \(Upscatter.message(for: error))"
      )
    }
    guard let command = parsed as? any MergeableCommand else {
      throw StateError(.damaged, "\(state.path): its command, `\(state.command)`, has no shards.")
    }
    return command
  }
}

extension BackendOptions {
  /// Who plans, computes what planning needs, and stands for the devices of the shards.
  func merging(_ shards: ShardSet) throws -> (planning: CPUBackend, backend: any Backend, crew: RunCrew) {
    let planning = try CPUBackend(workers: workers)
    let backend = try makeForMerge() ?? planning
    let crew = try RunCrew(
      devices: [], earlier: shards.crews(), spare: backend, reference: ReferenceBackend())
    return (planning, backend, crew)
  }
}

extension ShardSet {
  /// Devices that computed them, one list per process, in the order of the shards.
  func crews() throws -> [[BackendIdentity]] { try states.flatMap { try $0.crews() } }

  /// Throws unless the shards are of a run with this identity.
  func require(_ identity: RunIdentity) throws(StateError) {
    guard let first = states.first,
      let difference = first.identity.difference(from: identity, "in the shards", "now")
    else { return }
    throw StateError(
      .different,
      "The shards do not fit what their command, `\(first.command)`, means now (\(difference)). Run merge where the experiment files are "
        + "those of the shards, with the same version of upscatter.")
  }
}

// MARK: - What a shard prints

/// A finished shard, as JSON.
struct ShardOutcome: Encodable {
  var state: String
  var shard: String
  /// "masses" or "points", and which of them, the last one not included.
  var unit: String
  var first: Int
  var last: Int
  var total: Int
  var devices: [DeviceShareEntry]

  init(_ state: RunState, _ unit: String, _ shares: [DeviceShare]) {
    self.state = state.path
    shard = state.shard?.description ?? ""
    self.unit = unit
    (first, last, total) = (state.range.lowerBound, state.range.upperBound, state.total)
    devices = shares.map(DeviceShareEntry.init)
  }
}

/// What one device did, as JSON.
struct DeviceShareEntry: Encodable {
  var device: BackendIdentity
  var rows: Int
  var points_per_second: Double?
  var dropped: String?

  init(_ share: DeviceShare) {
    device = share.identity
    rows = share.rows
    points_per_second = share.pointsPerSecond
    dropped = share.dropped
  }
}

func printShard(_ state: RunState, _ shares: [DeviceShare]) {
  if shares.count > 1 { shares.forEach(printShare) }
  let name = state.shard.map { "shard \($0)" } ?? "run"
  print("\(name): \(state.range.count) of \(state.total) are in \(state.path)")
  print("join all shards with `upscatter merge`")
}

/// Who did how much at what rate; differs from run to run.
func printShare(_ share: DeviceShare) {
  let rate = share.pointsPerSecond.map { String(format: "%.2e points/s", $0) } ?? ""
  print("  " + column("\(share.rows) rows", 14) + column(rate, 20) + "\(share.identity)")
  if let reason = share.dropped { print("    dropped: \(reason)") }
}
