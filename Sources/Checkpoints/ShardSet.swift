import Hashing
import ScanCore

/// All shards of one run, as one store of its pieces.
package final class ShardSet: TileStore {
  /// In the order of their shards, each once.
  package let states: [RunState]
  /// Sentences about what was left out.
  package let notes: [String]

  /// - Parameters:
  ///   - states: in any order
  ///   - stages: that must be complete, with arrays that do not depend on how a run was cut into pieces
  /// - Throws: where shards do not belong together, where one is missing or incomplete, and where two that should be the same
  ///   differ
  package init(_ states: [RunState], stages: [RunStage]) throws {
    var notes: [String] = []
    var kept: [Int: RunState] = [:]
    guard let first = states.first else {
      throw StateError(.incomplete, "No shard was named. Give the .state files that runs with --shard leave.")
    }
    for state in states {
      guard let shard = state.shard, let count = first.shard?.count else {
        let whole = state.shard == nil ? state : first
        throw StateError(
          .different,
          "\(whole.path) is the state of a whole run that was interrupted, not of a shard. Go on with it: `\(whole.command) --resume`."
        )
      }
      if let difference = first.identity.difference(
        from: state.identity, "in \(first.path)", "in \(state.path)")
      {
        throw StateError(
          .different, "These shards are of different runs: \(difference). Merge shards of one run only.")
      }
      guard shard.count == count, state.total == first.total else {
        throw StateError(
          .different,
          "\(first.path) is one of \(count) shards and \(state.path) one of \(shard.count): parts of different divisions do not make a "
            + "whole. Merge shards of one division only.")
      }
      guard let other = kept[shard.index] else {
        kept[shard.index] = state
        continue
      }
      try Self.requireSame(other, state, stages: stages)
      notes.append("\(state.path) is the same as \(other.path), shard \(shard), and was left out")
    }
    try Self.requireAll(kept, count: first.shard?.count ?? 0, like: first)
    self.states = kept.sorted { $0.key < $1.key }.map(\.value)
    self.notes = notes
    for state in self.states { try Self.requireComplete(state, stages: stages) }
  }

  // MARK: - Requirements

  private static func requireAll(_ kept: [Int: RunState], count: Int, like first: RunState) throws(StateError)
  {
    let missing = (1...max(1, count)).filter { kept[$0] == nil }
    guard let index = missing.first, let one = Shard(index: index, count: count) else { return }
    let (lack, cure) =
      missing.count == 1
      ? ("Shard \(index) of \(count) is missing", "its state, or compute it")
      : ("Shards \(list(missing)) of \(count) are missing", "their states, or compute them; the first by")
    throw StateError(.incomplete, "\(lack). Name \(cure): `\(first.command(shard: one))`.")
  }

  /// "2, 3, 7"
  private static func list(_ numbers: [Int]) -> String { numbers.map { "\($0)" }.joined(separator: ", ") }

  private static func requireComplete(_ state: RunState, stages: [RunStage]) throws {
    for stage in stages {
      let gaps = state.range.gaps(in: try state.finished(stage.name))
      guard !gaps.isEmpty else { continue }
      let left = gaps.reduce(0) { $0 + $1.count }
      throw StateError(
        .incomplete,
        "\(state.path) is not complete: \(left) of \(state.range.count) of stage \"\(stage.name)\" are left to compute. Go on with it: "
          + "`\(state.command)` with --resume.")
    }
  }

  /// Two states of one shard may be cut differently, but their numbers must be the same.
  private static func requireSame(_ one: RunState, _ other: RunState, stages: [RunStage]) throws {
    for stage in stages {
      let (a, b) = (try values(one, stage), try values(other, stage))
      guard a == b else {
        throw StateError(
          .different,
          "\(one.path) and \(other.path) are both shard \(one.shard?.description ?? "") and differ in stage \"\(stage.name)\". One of them is of a "
            + "device that computes wrongly, or not complete: find out which (`upscatter verify` on both nodes), and merge without it."
        )
      }
    }
  }

  /// Checksum per array, over all pieces in their order.
  private static func values(_ state: RunState, _ stage: RunStage) throws -> [String: UInt64] {
    var sums: [String: Checksum] = [:]
    for range in try state.finished(stage.name) {
      let tile = try state.tile(stage.name, from: range.lowerBound)
      for name in stage.arrays { sums[name, default: Checksum()].add(tile.arrays[name] ?? []) }
    }
    return sums.mapValues(\.value)
  }

  // MARK: - Pieces

  package func finished(_ stage: String) throws -> [Range<Int>] {
    try states.flatMap { try $0.finished(stage) }
  }

  package func tile(_ stage: String, from first: Int) throws -> StoredTile {
    guard let state = states.first(where: { $0.range.contains(first) }) else {
      throw StateError(.incomplete, "No shard holds \(first) of stage \"\(stage)\".")
    }
    return try state.tile(stage, from: first)
  }

  package func save(_ tile: StoredTile, as stage: String) throws {
    throw StateError(.incomplete, "\(tile.range) of stage \"\(stage)\" is in none of the shards.")
  }
}
