import CHDF5
import Contours
import Foundation
import Testing

@testable import Reporting

@Suite(.serialized) struct ResultFileTests {
  @Test("a result read back is the result written, bit for bit", arguments: [true, false])
  func roundTrip(storePulls: Bool) throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let path = try result.write("a.h5", rowsAtOnce: 4, storePulls: storePulls)
    let read = try ResultFile.read(path)
    let closing = try result.closing()
    #expect(read.provenance == SyntheticResult.provenance)
    #expect(read.m4 == result.m4)
    #expect(read.d == result.d)
    #expect(read.minimum == closing.minimum)
    #expect(read.limit == closing.limit)
    #expect(read.limit.contains(nil))
    #expect(read.contours == closing.contours)
    #expect(read.summary == closing.summary)
    #expect(read.pullNames == (storePulls ? result.pullNames : []))
    var rows: [[Double]] = []
    try ResultFile.forEachRow(path) { _, values in rows.append(values) }
    #expect(rows == result.m4.indices.map(result.delta))
  }

  @Test("every pull is a grid of its own")
  func pulls() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let path = try result.write("a.h5", rowsAtOnce: 5)
    for (index, name) in result.pullNames.enumerated() {
      let expected = result.m4.indices.flatMap { row in
        stride(from: index, to: 2 * result.d.count, by: 2).map { result.pulls(row)[$0] }
      }
      #expect(try ResultFile.pull(name, of: path) == expected)
    }
    #expect(throws: ReportError.self) { try ResultFile.pull("absent", of: path) }
  }

  @Test("two runs, cut into different rows and seconds apart, give the same bytes")
  func sameBytes() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let first = try Data(contentsOf: URL(fileURLWithPath: result.write("a.h5", rowsAtOnce: 1)))
    Thread.sleep(forTimeInterval: 1.1)
    let second = try Data(contentsOf: URL(fileURLWithPath: result.write("b.h5", rowsAtOnce: 6)))
    #expect(first == second)
    #expect(Double(first.count) <= ResultFile.size(m4Count: 13, dCount: 17, pullCount: 2))
    #expect(Double(first.count) > 8 * 13 * 17 * 3)
  }

  @Test("the excluded region of the grid closes along its edges")
  func regions() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let regions = try ResultFile.excludedRegions(try result.write("a.h5"))
    #expect(regions.count == 1)
    #expect(regions[0].isClosed)
    #expect(regions[0].points.contains { $0.d == result.d[result.d.count - 1] })
  }

  @Test("an unfinished result leaves nothing behind and an older one untouched")
  func unfinished() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    try result.write("a.h5")
    let old = try Data(contentsOf: URL(fileURLWithPath: result.path("a.h5")))
    do {
      let writer = try result.writer("a.h5")
      try writer.append(rows: 0..<1, statistic: result.delta(0), pulls: result.pulls(0))
      #expect(result.files == ["a.h5", "a.h5.partial"])
      #expect(throws: ReportError.self) { try writer.finish(try result.closing()) }
    }
    #expect(result.files == ["a.h5"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: result.path("a.h5"))) == old)
  }

  @Test("rows out of order, of the wrong shape or not finite are refused")
  func badRows() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let writer = try result.writer("a.h5")
    let row = result.delta(0)
    let pulls = result.pulls(0)
    #expect(throws: ReportError.self) { try writer.append(rows: 1..<2, statistic: row, pulls: pulls) }
    #expect(throws: ReportError.self) { try writer.append(rows: 0..<1, statistic: [1], pulls: pulls) }
    #expect(throws: ReportError.self) { try writer.append(rows: 0..<1, statistic: row, pulls: []) }
    #expect(throws: ReportError.self) { try writer.append(rows: 0..<99, statistic: row, pulls: pulls) }
    var bad = row
    bad[3] = .nan
    let error = #expect(throws: ReportError.self) {
      try writer.append(rows: 0..<1, statistic: bad, pulls: pulls)
    }
    #expect(error?.message.contains("nan") == true)
  }

  @Test("a grid that does not fit is refused before anything is written, with sizes and cures")
  func tooLarge() throws {
    let size = ResultFile.size(m4Count: 100_000, dCount: 100_000, pullCount: 4)
    #expect(size > 4e11)
    let error = #expect(throws: ReportError.self) {
      try DiskSpace.require(bytes: size, available: 7.9e10, at: "out/result.h5")
    }
    #expect(error?.kind == .cannotWrite)
    for part in ["out/result.h5", "400 GB", "79 GB", "--m4", "--out"] {
      #expect(error?.message.contains(part) == true, "\(part)")
    }
    let result = try SyntheticResult()
    defer { result.remove() }
    // 2^34 x 2^14 points are more than any disk; the axes alone stay small
    let axis = [Double](repeating: 1, count: 1 << 23)
    #expect(throws: ReportError.self) {
      try ResultFileWriter(
        path: result.path("a.h5"), m4: axis, d: axis, coupling: .d, pullNames: ["a", "b"],
        storePulls: true)
    }
    #expect(result.files.isEmpty)
  }

  @Test("a directory that does not exist is an error that names it")
  func missingDirectory() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let error = #expect(throws: ReportError.self) { try result.writer("no/such/a.h5") }
    #expect(error?.message.contains("no/such") == true)
    #expect(error?.message.contains("does not exist") == true)
  }

  @Test("missing, foreign, truncated and alien HDF5 files are told apart")
  func unreadable() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let path = try result.write("a.h5")
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: result.path("half.h5")))
    try Data("m4,d\n1,2\n".utf8).write(to: URL(fileURLWithPath: result.path("table.csv")))
    for name in ["alien.h5", "sealed.h5"] { #expect(try HDF5.createFile(result.path(name)).close()) }
    try ResultSeal.write(result.path("sealed.h5"), grids: [])
    for (name, phrase) in [
      ("absent.h5", "does not exist"), ("table.csv", "does not begin like a result"),
      ("half.h5", "truncated"), ("alien.h5", "does not begin like a result"), ("sealed.h5", "format"),
    ] {
      let error = #expect(throws: ReportError.self) { try ResultFile.read(result.path(name)) }
      #expect(error?.kind == .cannotRead)
      #expect(error?.message.contains(phrase) == true, "\(name): \(error?.message ?? "")")
      #expect(error?.message.contains(name) == true)
    }
  }

  @Test(
    "damage to any byte is noticed: in the frame before HDF5 reads the file, in a grid by who reads the grid")
  func damaged() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let original = try result.write("a.h5")
    let whole = try Data(contentsOf: URL(fileURLWithPath: original))
    let grids = try ResultSeal(original).grids
    #expect(grids.count == 3 && grids.allSatisfy { $0.length == 8 * 13 * 17 })
    var inGrids = 0
    var state: UInt64 = 20_260_101
    for round in 0..<200 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let sealed = ResultSeal.size
      let position = sealed + Int(state >> 33) % (whole.count - sealed)
      var bytes = whole
      bytes[position] ^= UInt8(1 << (round % 8))
      let path = result.path("damaged.h5")
      try bytes.write(to: URL(fileURLWithPath: path))
      let isInGrid = grids.contains { ($0.offset..<$0.offset + $0.length).contains(position) }
      if isInGrid { inGrids += 1 }
      let error = #expect(throws: ReportError.self, "byte \(position), round \(round)") {
        let contents = try ResultFile.read(path)
        #expect(isInGrid, "byte \(position) of the frame")
        try ResultFile.forEachRow(path) { _, _ in }
        for name in contents.pullNames { _ = try ResultFile.pull(name, of: path) }
      }
      #expect(error?.message.contains("damaged") == true, "byte \(position), round \(round)")
    }
    #expect((20..<180).contains(inGrids))
  }

  @Test("numbers that no scan writes are damage, also to what draws rows as they come")
  func notFinite() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let path = try result.write("a.h5")
    let delta = try #require(try ResultSeal(path).grids.first)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes.replaceSubrange(delta.offset + 80..<delta.offset + 88, with: [UInt8](repeating: 0xff, count: 8))
    try bytes.write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: ReportError.self) { try ResultFile.excludedRegions(path) }
    #expect(error?.message.contains("damaged") == true && error?.message.contains("a.h5") == true)
  }

  @Test("a result of an older version is refused by name")
  func olderSeal() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let path = try result.write("a.h5")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes.replaceSubrange(0..<32, with: Data("upscatter result, sealed\nchecksum ".utf8.prefix(32)))
    try bytes.write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: ReportError.self) { try ResultFile.read(path) }
    #expect(error?.message.contains("another version") == true)
  }

  @Test("opening a large result reads little of it")
  func lazy() throws {
    let result = try SyntheticResult(masses: 600, couplings: 700)
    defer { result.remove() }
    let path = try result.write("a.h5", rowsAtOnce: 50)
    let before = try Self.bytesRead()
    _ = try ResultFile.read(path)
    let opening = try Self.bytesRead() - before
    try ResultFile.forEachRow(path) { _, _ in }
    let scanning = try Self.bytesRead() - before - opening
    #expect(opening < 300_000, "\(opening) bytes")
    #expect(scanning > 8 * 600 * 700)
  }

  /// Bytes this process has read from files so far.
  private static func bytesRead() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/io", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("rchar: ") })
    return try #require(Int(line.dropFirst(7)))
  }
}
