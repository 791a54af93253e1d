import Foundation
import ScanCore
import Testing

@testable import Checkpoints

/// A folder of its own, removed at the end.
final class StateFolder {
  let url: URL
  var path: String { url.appendingPathComponent("x.state").path }

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("state-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }
}

@Suite("State of a run")
struct RunStateTests {
  static let identity = RunIdentity(
    kind: "scan", settings: [.init("m4 axis", "5 values"), .init("confidence level", "0.9")])

  static func open(_ path: String, _ opening: RunState.Opening = .begin, cl: String = "0.9") throws
    -> RunState
  {
    var identity = identity
    identity.settings[1].value = cl
    return try RunState.open(
      path, identity: identity, arguments: ["scan", "it's", "--cl", cl], shard: Shard("2/2"), total: 11,
      opening: opening)
  }

  static func tile(_ range: Range<Int>, _ seed: Double) -> StoredTile {
    StoredTile(
      range: range,
      arrays: [
        "statistic": range.map { Double($0) * seed }, "none": [],
        "odd": [-0.0, .infinity, .nan, .leastNonzeroMagnitude],
      ])
  }

  private static func kind(_ body: () throws -> Void) -> StateError.Kind? {
    do { try body() } catch { return (error as? StateError)?.kind }
    return nil
  }

  @Test("What was saved is there after the process that saved it, to the bit")
  func reopening() throws {
    let folder = try StateFolder()
    var state: RunState? = try Self.open(folder.path)
    try state?.add(device: "one")
    try state?.save(Self.tile(5..<8, .pi), as: "grid")
    try state?.save(Self.tile(8..<11, 0.1), as: "grid")
    try state?.save(Self.tile(5..<11, 2), as: "minima")
    state = nil
    let again = try Self.open(folder.path, .resume)
    #expect(try again.finished("grid") == [5..<8, 8..<11])
    #expect(try again.finished("toys") == [])
    let tile = try again.tile("grid", from: 5)
    let expected = Self.tile(5..<8, .pi)
    #expect(tile.range == expected.range && tile.arrays.keys == expected.arrays.keys)
    for (name, values) in expected.arrays {
      #expect(tile.arrays[name]?.map(\.bitPattern) == values.map(\.bitPattern))
    }
    #expect(again.devices == ["one"])
    #expect(again.range == 5..<11)
    #expect(again.command == #"upscatter scan 'it'\''s' --cl 0.9"#)
    again.discard()
    #expect(folder.names == [])
  }

  @Test(
    "An interrupted run is neither overwritten nor mixed with another; one without pieces is in nobody's way")
  func openings() throws {
    let folder = try StateFolder()
    try Self.open(folder.path).close()
    #expect(folder.names == [])
    try Self.open(folder.path).save(Self.tile(5..<6, 1), as: "grid")
    #expect(Self.kind { _ = try Self.open(folder.path) } == .exists)
    let different = #expect(throws: StateError.self) { _ = try Self.open(folder.path, .resume, cl: "0.95") }
    #expect(different?.kind == .different)
    #expect(different?.message.contains("confidence level: 0.9 there, 0.95 in this command") == true)
    #expect(try Self.open(folder.path, .resume).finished("grid") == [5..<6])
    #expect(try Self.open(folder.path, .restart, cl: "0.95").finished("grid") == [])
    #expect(folder.names == [])
  }

  @Test("Two runs never work on one state, nor does one take it away from the other")
  func locking() throws {
    let folder = try StateFolder()
    let state = try Self.open(folder.path)
    try state.save(Self.tile(5..<6, 1), as: "grid")
    for opening in [RunState.Opening.begin, .resume, .restart] {
      #expect(Self.kind { _ = try Self.open(folder.path, opening) } == .inUse)
    }
    #expect(Self.kind { _ = try RunState.open(folder.path) } == .inUse)
    #expect(try state.finished("grid") == [5..<6])
  }

  /// By another process: closing a file would give back the locks of this one.
  private static func copy(_ folder: StateFolder, to copy: StateFolder) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "rm -f \"$2\"/*; cp \"$1\"/* \"$2\"", "sh", folder.url.path, copy.url.path]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test("A piece is on the disk soon after it was saved, though the run goes on")
  func durability() throws {
    let (folder, copy) = (try StateFolder(), try StateFolder())
    let state = try Self.open(folder.path)
    try state.save(Self.tile(5..<8, .pi), as: "grid")
    // what a machine that stops now would leave; at last so on a disk that is slow
    var found: [[Double]?] = []
    for _ in 0..<60 where found.isEmpty {
      Thread.sleep(forTimeInterval: 0.5)
      try Self.copy(folder, to: copy)
      found = try Self.readAll(copy.path).map { $0.arrays["statistic"] }
    }
    #expect(found == [Self.tile(5..<8, .pi).arrays["statistic"]])
    #expect(try state.finished("grid") == [5..<8])
  }

  @Test("A state that was only looked at stays, whatever it holds")
  func onlyRead() throws {
    let folder = try StateFolder()
    let state = try Self.open(folder.path)
    try state.flush()
    let copy = try StateFolder()
    try Self.copy(folder, to: copy)
    state.close()
    #expect(!state.isKept && !FileManager.default.fileExists(atPath: folder.path))
    let (before, names) = (FileManager.default.contents(atPath: copy.path), copy.names)
    let read = try RunState.open(copy.path)
    let another = try RunState.open(copy.path)
    #expect(Self.kind { _ = try Self.open(copy.path, .resume) } == .inUse)
    read.close()
    another.close()
    #expect(FileManager.default.contents(atPath: copy.path) == before)
    #expect(copy.names == names)
  }

  @Test("A truncated state is named, and --restart gets rid of it")
  func truncation() throws {
    let folder = try StateFolder()
    try Self.open(folder.path).save(Self.tile(5..<8, 1), as: "grid")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path))
    for length in [bytes.count - 1, bytes.count / 2, 5000, 100] {
      try bytes.prefix(length).write(to: URL(fileURLWithPath: folder.path))
      let error = #expect(throws: StateError.self) { try Self.readAll(folder.path) }
      #expect(error?.kind == .damaged, "\(length) bytes")
      #expect(error?.message.contains(folder.path) == true)
      #expect(try Self.open(folder.path, .restart).finished("grid") == [])
    }
  }

  private static func readAll(_ path: String) throws -> [StoredTile] {
    let state = try open(path, .resume)
    return try state.finished("grid").map { try state.tile("grid", from: $0.lowerBound) }
  }

  @Test("A flipped bit is noticed or changes nothing that is read, and never traps")
  func flips() throws {
    let folder = try StateFolder()
    try Self.open(folder.path).save(Self.tile(5..<8, .pi), as: "grid")
    let sound = try Self.readAll(folder.path).map { $0.arrays["statistic"] }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path))
    var generator = SeededGenerator(seed: 17)
    var noticed = 0
    for _ in 0..<2000 {
      var altered = bytes
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      altered[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try altered.write(to: URL(fileURLWithPath: folder.path))
      try? FileManager.default.removeItem(atPath: folder.path + "-journal")
      do {
        let read = try Self.readAll(folder.path).map { $0.arrays["statistic"] }
        #expect(read == sound || read == [], "byte \(place)")
      } catch {
        #expect(error is StateError, "byte \(place): \(error)")
        noticed += 1
      }
    }
    #expect(noticed > 0)
  }

  @Test("A state of another version is named, and --restart gets rid of it")
  func otherVersion() throws {
    let folder = try StateFolder()
    try Self.open(folder.path).save(Self.tile(5..<8, 1), as: "grid")
    let database = try Database(folder.path, create: false)
    try database.run("PRAGMA user_version = 2")
    database.close()
    #expect(Self.kind { _ = try Self.open(folder.path, .resume) } == .different)
    #expect(try Self.open(folder.path, .restart).finished("grid") == [])
  }

  @Test("What to do with a state that is found is no part of the command that is kept")
  func words() throws {
    let folder = try StateFolder()
    let state = try RunState.open(
      folder.path, identity: Self.identity, arguments: ["scan", "x", "--restart"], total: 3,
      opening: .restart)
    #expect(state.command == "upscatter scan x")
  }

  @Test("An altered number, name or place is noticed")
  func alteration() throws {
    for change in [
      "UPDATE numbers SET value = zeroblob(24) WHERE name = 'statistic'",
      "UPDATE numbers SET name = 'other' WHERE name = 'odd'",
      "DELETE FROM numbers WHERE name = 'odd'", "UPDATE tile SET last = 9",
      "UPDATE head SET value = '0.95' WHERE value = '0.9'",
      "DELETE FROM head WHERE name = 'checksum'", "DELETE FROM tile",
    ] {
      let folder = try StateFolder()
      try Self.open(folder.path).save(Self.tile(5..<8, .pi), as: "grid")
      let database = try Database(folder.path, create: false)
      try database.run(change)
      database.close()
      #expect(Self.kind { _ = try Self.readAll(folder.path) } == .damaged, "\(change)")
    }
  }

  @Test(
    "A file that is no state is refused and left alone",
    arguments: [RunState.Opening.begin, .resume, .restart])
  func foreign(opening: RunState.Opening) throws {
    let folder = try StateFolder()
    let text = Data(String(repeating: "somebody's own notes\n", count: 100).utf8)
    try text.write(to: URL(fileURLWithPath: folder.path))
    #expect(Self.kind { _ = try Self.open(folder.path, opening) } == .damaged)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path)) == text)
    try FileManager.default.removeItem(atPath: folder.path)
    let database = try Database(folder.path, create: true)
    try database.run("CREATE TABLE precious (x)")
    database.close()
    #expect(Self.kind { _ = try Self.open(folder.path, opening) } == .damaged)
    #expect(folder.names == ["x.state"])
  }

  @Test("A folder that is missing or may not be written is said at once")
  func folders() throws {
    let error = #expect(throws: StateError.self) { _ = try Self.open("/nonexistent/x.state") }
    #expect(error?.kind == .cannotWrite)
  }
}

@Suite("Shards")
struct ShardTests {
  @Test(
    "All shards together cover every row once, in equal parts", arguments: [(1, 1), (8, 200), (7, 8), (3, 2)])
  func partition(count: Int, total: Int) {
    let ranges = (1...count).compactMap { Shard(index: $0, count: count)?.range(of: total) }
    #expect(ranges.flatMap { Array($0) } == Array(0..<total))
    #expect(ranges.allSatisfy { abs($0.count - total / count) <= 1 })
  }

  @Test(
    "Only i/n with 1 <= i <= n is a shard", arguments: ["0/8", "9/8", "1", "1/0", "a/b", "1/2/3", "-1/4", ""])
  func refusal(text: String) {
    #expect(Shard(text) == nil)
    #expect(Shard("3/8")?.description == "3/8")
  }

  @Test("Gaps are what no piece covers")
  func gaps() {
    #expect((0..<10).gaps(in: []) == [0..<10])
    #expect((0..<10).gaps(in: [0..<10]) == [])
    #expect((2..<10).gaps(in: [0..<3, 5..<6, 9..<20]) == [3..<5, 6..<9])
  }
}
