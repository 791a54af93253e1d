import CSQLite
import Foundation
import Hashing
import ScanCore

/// The layout of a state in its SQLite file, and what its errors mean.
final class StateTable {
  let path: String
  let database: Database

  /// What a state is opened for.
  enum Use { case create, change, read }

  private let use: Use

  /// Opens and locks, against writers alone where it is only read; the file may be no state.
  init(opening path: String, to use: Use) throws(StateError) {
    self.path = path
    self.use = use
    do throws(DatabaseFailure) {
      database = try Database(path, create: use == .create)
      try database.run("PRAGMA locking_mode = EXCLUSIVE")  // a lock stays until the end
      if use == .read {
        try database.run("SELECT count(*) FROM sqlite_schema")
      } else {
        try database.run("PRAGMA page_size = 16384")
        try database.run("PRAGMA journal_mode = TRUNCATE")
        try database.run("PRAGMA synchronous = FULL")
        try database.run("PRAGMA cache_size = -32768")  // KiB: what fast runs finish between two commits
        try database.run("BEGIN EXCLUSIVE")
        try database.run("ROLLBACK")
      }
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
    do { try self.init(opening: path, to: .create) } catch {
      if error.kind == .cannotWrite { Self.unlinkAll(path) }
      throw error
    }
    do { try begin(head) } catch {
      remove()
      throw error
    }
  }

  // MARK: - Tiles

  func isEmpty() throws(StateError) -> Bool {
    var (tiles, numbers) = (0, 0)
    try guarded { () throws(DatabaseFailure) in
      try database.run("SELECT count(*) FROM tile") { tiles = $0.integer(0) }
      if tiles == 0 { try database.run("SELECT count(*) FROM numbers") { numbers = $0.integer(0) } }
    }
    if numbers > 0 { throw damaged("its list of pieces is gone") }
    return tiles == 0
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

  /// Returns whether the file holds pieces, or may: what cannot be read or taken back now is there for who opens it next.
  /// What was not committed is lost.
  /// - Parameter removesEmpty: takes away a file without any
  func close(removesEmpty: Bool) -> Bool {
    do {
      try database.rollback()
      let holds = try head() != nil && !isEmpty()
      if !holds && removesEmpty {
        remove()
        return false
      }
      if use != .read { try database.run("PRAGMA journal_mode = DELETE") }  // leaves one file, not two
      database.close()
      return holds
    } catch {
      database.close()  // the journal stays, and takes back for who opens it next
      return true
    }
  }

  /// The file goes while it is still locked: nobody else can have begun with it.
  func remove() {
    Self.unlinkAll(path)
    database.close()
  }

  /// Removes a state, whatever is in it, unless somebody works on it or it is none.
  static func discard(_ path: String) throws(StateError) {
    do throws(StateError) {
      let table = try StateTable(opening: path, to: .change)
      _ = try table.head()
      table.remove()
    } catch {
      // also that of another version
      guard error.kind == .damaged || error.kind == .different, looksLikeState(path) else { throw error }
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

  func guarded(_ body: () throws(DatabaseFailure) -> Void) throws(StateError) {
    do throws(DatabaseFailure) { try body() } catch { throw Self.error(path, error) }
  }

  func damaged(_ what: String) -> StateError { Self.damaged(path, what) }

  private static func damaged(_ path: String, _ what: String) -> StateError {
    StateError(
      .damaged,
      "\(path) is truncated or was altered: \(what). Nothing of it is used. Put a sound copy in its place, or begin anew with --restart."
    )
  }

  static func foreign(_ path: String) -> StateError {
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
