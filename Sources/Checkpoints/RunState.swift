import Foundation
import ScanCore

/// The finished pieces of a run in a SQLite file beside its output, for as long as the run is not complete.
///
/// A piece is durable a quarter of a second after `save` has returned, or once `flush` has: it is part of a transaction that was
/// synchronised with the disk. The file is locked as long as it is open, so that no two processes work on one output. Every
/// piece has a checksum that covers its place and its numbers.
package final class RunState: TileStore, @unchecked Sendable {
  /// What to do with a state that is there already.
  package enum Opening: Sendable {
    /// Refuse, unless it holds nothing.
    case begin
    /// Go on with it; begin where there is none.
    case resume
    /// Throw it away.
    case restart
  }

  package let path: String
  package let identity: RunIdentity
  /// Words of the command that began the run, without the program's name.
  package let arguments: [String]
  package let shard: Shard?
  /// Rows or points that the run consists of, all shards together.
  package let total: Int
  /// Descriptions of all devices that worked on it, JSON, in the order they came.
  package private(set) var devices: [String]

  /// Synchronising for every piece would cost short runs more than their computation.
  private static let commitInterval = Duration.milliseconds(250)
  private static let queue = DispatchQueue(label: "upscatter.state", qos: .userInitiated)

  private let lock = NSLock()
  private var table: StateTable?
  private var lastCommit = ContinuousClock.now
  private var isCommitAwaited = false
  /// Of the first save or commit that failed: SQLite may have taken back what went before, so that nothing may follow.
  private var failure: StateError?
  /// Whether this process may take the file away where it holds nothing.
  private let isOwn: Bool
  /// Whether there was a file that held nothing.
  package private(set) var wasEmpty = false
  /// Whether pieces were in the file when it was closed.
  package private(set) var isKept = false
  /// Whether the last of them could not be saved.
  package var hasFailed: Bool { lock.withLock { failure != nil } }

  /// Rows or points that this state is for.
  package var range: Range<Int> { shard?.range(of: total) ?? 0..<total }

  private init(_ path: String, _ table: StateTable, _ head: StateTable.Head, isOwn: Bool = true) {
    self.path = path
    self.isOwn = isOwn
    self.table = table
    identity = head.identity
    arguments = head.arguments
    shard = head.shard
    total = head.total
    devices = head.devices
  }

  deinit { close() }

  // MARK: - Opening

  /// The state of a run that is about to compute.
  package static func open(
    _ path: String, identity: RunIdentity, arguments: [String], shard: Shard? = nil, total: Int,
    opening: Opening
  ) throws(StateError) -> RunState {
    // what to do with a state that was found is no part of the run
    let words = arguments.filter { $0 != "--resume" && $0 != "--restart" }
    let head = StateTable.Head(
      identity: identity, arguments: words, shard: shard, total: total, devices: [])
    guard FileManager.default.fileExists(atPath: path) else {
      return RunState(path, try StateTable(creating: path, head), head)
    }
    if opening == .restart {
      try StateTable.discard(path)
      return RunState(path, try StateTable(creating: path, head), head)
    }
    let table = try StateTable(opening: path, to: .create)
    guard let found = try table.head(), try !table.isEmpty() else {
      try table.begin(head)
      let state = RunState(path, table, head)
      state.wasEmpty = true
      return state
    }
    let state = RunState(path, table, found)
    if let difference = found.identity.difference(from: identity, "there", "in this command") {
      throw StateError(
        .different,
        "\(path) holds \(try state.progressText()) of another run (\(difference)). Repeat the command that began it with --resume: "
          + "`\(state.command)`; or throw it away with --restart; or choose another --output.")
    }
    guard opening == .resume else {
      throw StateError(
        .exists,
        "\(path) holds \(try state.progressText()) of this run. Go on with it by --resume, or throw it away by --restart."
      )
    }
    return state
  }

  /// A state as it lies there, to be merged or looked at.
  package static func open(_ path: String) throws(StateError) -> RunState {
    guard FileManager.default.fileExists(atPath: path) else {
      throw StateError(
        .incomplete,
        "\(path) does not exist. Give the .state files that runs with --shard leave; compute one that is missing by its "
          + "--shard (`bash OUTPUT.jobs/array.sh SHARD` after `upscatter submit`).")
    }
    let table = try StateTable(opening: path, to: .read)
    guard let head = try table.head() else {
      throw StateError(
        .incomplete, "\(path) is empty: its run ended before anything was finished. Run it again.")
    }
    return RunState(path, table, head, isOwn: false)
  }

  /// The command that began the run.
  package var command: String { ShellText.join(["upscatter"] + arguments) }

  /// The command that computes another shard of the run.
  func command(shard other: Shard) -> String {
    var words = arguments
    if let place = words.firstIndex(of: "--shard"), place + 1 < words.count {
      words[place + 1] = other.description
    } else if let place = words.firstIndex(where: { $0.hasPrefix("--shard=") }) {
      words[place] = "--shard=\(other)"
    }
    return ShellText.join(["upscatter"] + words)
  }

  /// Takes note of a device that works on the run.
  package func add(device: String) throws(StateError) {
    if devices.contains(device) { return }
    try attempt { table throws(StateError) in try table.add(device: device) }
    devices.append(device)
  }

  // MARK: - Pieces

  package func finished(_ stage: String) throws -> [Range<Int>] {
    try locked { table throws(StateError) in try table.ranges(stage) }
  }

  package func tile(_ stage: String, from first: Int) throws -> StoredTile {
    try locked { table throws(StateError) in try table.tile(stage, from: first) }
  }

  package func save(_ tile: StoredTile, as stage: String) throws {
    try attempt { table throws(StateError) in
      try table.save(tile, as: stage)
      if ContinuousClock.now - lastCommit >= Self.commitInterval {
        try commit(table)
      } else {
        commitSoon()
      }
    }
  }

  /// Makes all pieces durable.
  package func flush() throws(StateError) {
    try attempt { table throws(StateError) in try commit(table) }
  }

  /// Runs `body` unless one has failed before.
  private func attempt(_ body: (StateTable) throws(StateError) -> Void) throws(StateError) {
    try locked { table throws(StateError) in
      if let failure { throw failure }
      do throws(StateError) { try body(table) } catch {
        failure = error
        throw error
      }
    }
  }

  private func commit(_ table: StateTable) throws(StateError) {
    try table.commit()
    lastCommit = .now
  }

  /// Commits though no other piece may follow for long.
  private func commitSoon() {
    if isCommitAwaited { return }
    isCommitAwaited = true
    let delay = Int(Self.commitInterval / .milliseconds(1))
    Self.queue.asyncAfter(deadline: .now() + .milliseconds(delay)) { [weak self] in
      guard let self else { return }
      lock.lock()
      defer { lock.unlock() }
      isCommitAwaited = false
      guard let table else { return }
      do throws(StateError) { try commit(table) } catch { failure = failure ?? error }
    }
  }

  /// "20 of 60 of stage "minima" and ..."
  private func progressText() throws(StateError) -> String {
    let stages = try locked { table throws(StateError) in try table.stages() }
    let done = stages.map { "\($0.done) of \(range.count) of stage \"\($0.name)\"" }
    return done.joined(separator: " and ")
  }

  // MARK: - The end

  /// Gives the lock back; the state of a run that holds nothing is removed.
  package func close() {
    lock.lock()
    defer { lock.unlock() }
    guard let table else { return }
    self.table = nil
    if isOwn, failure == nil {
      do throws(StateError) { try commit(table) } catch { failure = error }
    }
    isKept = table.close(removesEmpty: isOwn)
  }

  /// Removes the state of a run that is complete.
  package func discard() {
    lock.lock()
    defer { lock.unlock() }
    guard let table else { return }
    self.table = nil
    table.remove()
  }

  private func locked<T>(_ body: (StateTable) throws(StateError) -> T) throws(StateError) -> T {
    lock.lock()
    defer { lock.unlock() }
    guard let table else { throw StateError(.cannotWrite, "\(path) is closed already.") }
    return try body(table)
  }
}
