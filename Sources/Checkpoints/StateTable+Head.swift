import CSQLite
import Foundation
import Hashing
import ScanCore

/// What is known of the run, in the file of its state.
extension StateTable {
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

  private static func checksum(_ entries: [(String, String)]) -> String {
    var sum = Checksum()
    for (name, value) in entries { sum.add(Data("\(name)\u{0}\(value)\u{0}".utf8)) }
    return String(sum.value, radix: 16)
  }
}
