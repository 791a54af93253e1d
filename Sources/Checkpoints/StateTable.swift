import CSQLite
import Foundation
import Hashing
import ScanCore

/// The layout of a state in its SQLite file, and what its errors mean.
final class StateTable {
  /// What is known of the run.
  struct Head {
    var identity: RunIdentity
    var arguments: [String]
    var shard: Shard?
    var total: Int
    var devices: [String]
  }

  /// "UPST" in the header of the file.
  private static let application = 0x5550_5354
  private static let version = 1

  private let path: String
  private let database: Database

  /// Opens and locks; the file may be no state.
  init(opening path: String, create: Bool) throws(StateError) {
    self.path = path
    do throws(DatabaseFailure) {
      database = try Database(path, create: create)
      try database.run("PRAGMA locking_mode = EXCLUSIVE")
      try database.run("PRAGMA page_size = 16384")
      try database.run("PRAGMA journal_mode = TRUNCATE")
      try database.run("PRAGMA synchronous = FULL")
      try database.run("PRAGMA cache_size = -32768")  // KiB: what fast runs finish between two commits
      try database.run("BEGIN EXCLUSIVE")  // in this locking mode the lock stays
      try database.run("ROLLBACK")
    } catch {
      throw Self.error(path, error)
    }
    // between opening and locking, another run may have come to its end and removed the file
    guard FileManager.default.fileExists(atPath: path), !database.hasMoved() else {
      throw StateError(
        .inUse, "\(path): another run that worked on the same output has just ended. Start again.")
    }
  }

  convenience init(creating path: String, _ head: Head) throws(StateError) {
    do { try self.init(opening: path, create: true) } catch {
      if error.kind == .cannotWrite { Self.unlinkAll(path) }
      throw error
    }
    do { try begin(head) } catch {
      remove()
      throw error
    }
  }

  // MARK: - Head

  /// Empties the file and writes what is known of a run.
  func begin(_ head: Head) throws(StateError) {
    try guarded { () throws(DatabaseFailure) in
      try database.together { () throws(DatabaseFailure) in
        for table in ["head", "tile", "numbers"] { try database.run("DROP TABLE IF EXISTS \(table)") }
        try database.run("PRAGMA application_id = \(Self.application)")
        try database.run("PRAGMA user_version = \(Self.version)")
        try database.run("CREATE TABLE head (position INTEGER PRIMARY KEY, name TEXT, value TEXT)")
        try database.run(
          "CREATE TABLE tile (stage TEXT, first INTEGER, last INTEGER, checksum TEXT, PRIMARY KEY (stage, first))"
        )
        try database.run(
          "CREATE TABLE numbers (stage TEXT, first INTEGER, name TEXT, value BLOB, PRIMARY KEY (stage, first, name))"
        )
        try write(head)
      }
    }
  }

  private func write(_ head: Head) throws(DatabaseFailure) {
    var entries = [
      ("kind", head.identity.kind), ("total", "\(head.total)"), ("shard", head.shard?.description ?? ""),
    ]
    entries += head.identity.settings.map { ("setting " + $0.name, $0.value) }
    entries += head.arguments.map { ("argument", $0) }
    entries += head.devices.map { ("device", $0) }
    try database.run("DELETE FROM head")
    for (name, value) in entries + [("checksum", Self.checksum(entries))] {
      try database.run("INSERT INTO head (name, value) VALUES (?, ?)", [.text(name), .text(value)])
    }
  }

  /// nil for a file that holds nothing: a run that was killed before it had begun.
  func head() throws(StateError) -> Head? {
    var application = 0
    var version = 0
    var tables = 0
    var entries: [(String, String)] = []
    try guarded { () throws(DatabaseFailure) in
      try database.run("PRAGMA application_id") { application = $0.integer(0) }
      try database.run("PRAGMA user_version") { version = $0.integer(0) }
      try database.run("SELECT count(*) FROM sqlite_schema") { tables = $0.integer(0) }
    }
    if application == 0 && tables == 0 { return nil }
    guard application == Self.application else { throw Self.foreign(path) }
    guard version == Self.version else {
      throw StateError(
        .different,
        "\(path) was written by another version of upscatter (layout \(version), here \(Self.version)). Go on with that version, or throw "
          + "it away with --restart.")
    }
    try guarded { () throws(DatabaseFailure) in
      try database.run("SELECT name, value FROM head ORDER BY position") {
        entries.append(($0.text(0), $0.text(1)))
      }
    }
    let sealed = entries.popLast()
    guard sealed?.0 == "checksum", sealed?.1 == Self.checksum(entries) else {
      throw damaged("its list of settings does not fit its checksum")
    }
    return head(entries)
  }

  private func head(_ entries: [(String, String)]) -> Head {
    func values(_ name: String) -> [String] { entries.filter { $0.0 == name }.map(\.1) }
    let settings = entries.filter { $0.0.hasPrefix("setting ") }
      .map { RunIdentity.Setting(String($0.0.dropFirst("setting ".count)), $0.1) }
    return Head(
      identity: RunIdentity(kind: values("kind").first ?? "", settings: settings),
      arguments: values("argument"),
      shard: values("shard").first.flatMap { Shard($0) },
      total: values("total").first.flatMap { Int($0) } ?? 0,
      devices: values("device"))
  }

  func add(device: String) throws(StateError) {
    guard var head = try head() else { throw damaged("its list of settings is gone") }
    head.devices.append(device)
    try guarded { () throws(DatabaseFailure) in
      try database.together { () throws(DatabaseFailure) in try write(head) }
    }
  }

  // MARK: - Tiles

  func isEmpty() throws(StateError) -> Bool {
    var count = 0
    try guarded { () throws(DatabaseFailure) in
      try database.run("SELECT count(*) FROM tile") { count = $0.integer(0) }
    }
    return count == 0
  }

  func stages() throws(StateError) -> [(name: String, done: Int)] {
    var stages: [(String, Int)] = []
    try guarded { () throws(DatabaseFailure) in
      try database.run("SELECT stage, sum(last - first) FROM tile GROUP BY stage ORDER BY min(rowid)") {
        stages.append(($0.text(0), $0.integer(1)))
      }
    }
    return stages
  }

  func ranges(_ stage: String) throws(StateError) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var isSound = true
    try guarded { () throws(DatabaseFailure) in
      try database.run("SELECT first, last FROM tile WHERE stage = ? ORDER BY first", [.text(stage)]) {
        let (first, last) = ($0.integer(0), $0.integer(1))
        guard first < last, first >= ranges.last?.upperBound ?? 0 else {
          isSound = false
          return
        }
        ranges.append(first..<last)
      }
    }
    guard isSound else { throw damaged("pieces of stage \"\(stage)\" overlap") }
    return ranges
  }

  func tile(_ stage: String, from first: Int) throws(StateError) -> StoredTile {
    var last: Int?
    var checksum = ""
    var arrays: [String: [Double]] = [:]
    try guarded { () throws(DatabaseFailure) in
      let place: [Database.Value] = [.text(stage), .integer(first)]
      try database.run("SELECT last, checksum FROM tile WHERE stage = ? AND first = ?", place) {
        (last, checksum) = ($0.integer(0), $0.text(1))
      }
      try database.run("SELECT name, value FROM numbers WHERE stage = ? AND first = ?", place) {
        arrays[$0.text(0)] = $0.numbers(1)
      }
    }
    guard let last, last > first else { throw damaged("stage \"\(stage)\" has no piece at \(first)") }
    let tile = StoredTile(range: first..<last, arrays: arrays)
    guard checksum == Self.checksum(tile, stage) else {
      throw damaged("\(first)..<\(last) of stage \"\(stage)\" does not fit its checksum")
    }
    return tile
  }

  func save(_ tile: StoredTile, as stage: String) throws(StateError) {
    try guarded { () throws(DatabaseFailure) in
      try database.together { () throws(DatabaseFailure) in
        let (first, last) = (tile.range.lowerBound, tile.range.upperBound)
        try database.run(
          "INSERT INTO tile VALUES (?, ?, ?, ?)",
          [.text(stage), .integer(first), .integer(last), .text(Self.checksum(tile, stage))])
        for (name, numbers) in tile.arrays.sorted(by: { $0.key < $1.key }) {
          try database.run(
            "INSERT INTO numbers VALUES (?, ?, ?, ?)",
            [.text(stage), .integer(first), .text(name), .numbers(numbers)])
        }
      }
    }
  }

  /// Makes everything durable.
  func commit() throws(StateError) { try guarded { () throws(DatabaseFailure) in try database.commit() } }

  // MARK: - The end

  /// Returns whether the file holds pieces.
  /// - Parameter removesEmpty: takes away a file without any
  func close(removesEmpty: Bool) -> Bool {
    try? database.commit()
    let holds = (try? head()) != nil && (try? isEmpty()) == false
    if !holds && removesEmpty {
      remove()
    } else {
      try? database.run("PRAGMA journal_mode = DELETE")  // leaves one file, not two
      database.close()
    }
    return holds
  }

  /// The file goes while it is still locked: nobody else can have begun with it.
  func remove() {
    Self.unlinkAll(path)
    database.close()
  }

  /// Removes a state, whatever is in it, unless somebody works on it or it is none.
  static func discard(_ path: String) throws(StateError) {
    do throws(StateError) {
      let table = try StateTable(opening: path, create: false)
      _ = try table.head()
      table.remove()
    } catch {
      guard error.kind == .damaged, looksLikeState(path) else { throw error }
      unlinkAll(path)
    }
  }

  private static func unlinkAll(_ path: String) {
    unlink(path)
    unlink(path + "-journal")
  }

  /// SQLite's header with our mark, whatever follows.
  private static func looksLikeState(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    guard let head = try? file.read(upToCount: 72), head.count == 72 else { return false }
    return head.starts(with: Array("SQLite format 3\0".utf8)) && Array(head[68..<72]) == Array("UPST".utf8)
  }

  // MARK: - Checksums

  private static func checksum(_ entries: [(String, String)]) -> String {
    var sum = Checksum()
    for (name, value) in entries { sum.add(Data("\(name)\u{0}\(value)\u{0}".utf8)) }
    return String(sum.value, radix: 16)
  }

  private static func checksum(_ tile: StoredTile, _ stage: String) -> String {
    var sum = Checksum()
    sum.add(Data("\(stage) \(tile.range.lowerBound) \(tile.range.upperBound)".utf8))
    for (name, numbers) in tile.arrays.sorted(by: { $0.key < $1.key }) {
      sum.add(Data("\(name) \(numbers.count)".utf8))
      sum.add(numbers)
    }
    return String(sum.value, radix: 16)
  }

  // MARK: - Errors

  private func guarded(_ body: () throws(DatabaseFailure) -> Void) throws(StateError) {
    do throws(DatabaseFailure) { try body() } catch { throw Self.error(path, error) }
  }

  private func damaged(_ what: String) -> StateError { Self.damaged(path, what) }

  private static func damaged(_ path: String, _ what: String) -> StateError {
    StateError(
      .damaged,
      "\(path) is truncated or was altered: \(what). Nothing of it is used. Put a sound copy in its place, or begin anew with --restart."
    )
  }

  private static func foreign(_ path: String) -> StateError {
    StateError(
      .damaged,
      "\(path) is no state of a run of upscatter and is left alone. Name a .state file that a run left; where this "
        + "one stands in the way of a run, move it away."
    )
  }

  private static func error(_ path: String, _ failure: DatabaseFailure) -> StateError {
    switch failure.code {
    case SQLITE_BUSY, SQLITE_LOCKED:
      StateError(
        .inUse,
        "\(path) is locked: another run works on the same output, and goes on. Wait for it, or choose another --output."
      )
    case SQLITE_CORRUPT: damaged(path, failure.text)
    case SQLITE_NOTADB: foreign(path)
    case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM:
      StateError(
        .cannotWrite,
        "\(path) cannot be written (\(failure.text)). What was finished before is kept. Check the folder, its permissions, the "
          + "free space and limits on the size of files (ulimit -f), and go on with --resume.")
    default:
      StateError(.cannotWrite, "\(path) cannot be used: \(failure.text) (SQLite error \(failure.code)).")
    }
  }
}
