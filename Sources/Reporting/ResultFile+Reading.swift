import CHDF5
import Contours
import Foundation
import Hashing

extension ResultFile {
  /// Everything in a result file except its grids, which are not looked at: as fast for a large scan as for a small.
  package static func read(_ path: String) throws(ReportError) -> ResultContents {
    _ = try ResultSeal(path)
    return try translating(path) { () throws(HDF5Failure) in
      let file = try HDF5.openFile(path)
      try checkFormat(file.id)
      return try contents(file.id)
    }
  }

  /// What a whole file of this program says it holds: "upscatter result" (a scan), "upscatter plane", "upscatter fit" or "upscatter toys".
  package static func kind(of path: String) throws(ReportError) -> String {
    _ = try ResultSeal(path)
    return try translating(path) { () throws(HDF5Failure) in
      let file = try HDF5.openFile(path)
      return try HDF5.text("format", of: file.id)
    }
  }

  package static func isScan(kind: String) -> Bool { kind == format }

  /// Whether it is a plane of `upscatter moments`.
  package static func isPlane(kind: String) -> Bool { kind == PlaneResult.format }

  /// Kinds of results that a report can be about.
  package enum ReportKind: Sendable { case scan, toys, fit }

  /// Throws for results of other commands.
  package static func reportKind(of path: String) throws(ReportError) -> ReportKind {
    switch try kind(of: path) {
    case format: return .scan
    case ToysContents.format: return .toys
    case FitContents.format: return .fit
    case let other:
      throw ReportError(
        .cannotRead,
        "\(path) is \(isPlane(kind: other) ? "a plane of `upscatter moments`" : "a result of the kind \"\(other)\""), and a report is "
          + "about results of `upscatter scan`, `upscatter toys` and `upscatter fit`. Name one of those; `upscatter plot` draws planes."
      )
    }
  }

  /// Hands over /delta, or a pull, row by row: index and value per coupling. Damage to the grid is an error after the last row.
  package static func forEachRow(
    _ path: String, pull: String? = nil, _ body: (Int, [Double]) throws -> Void
  ) throws {
    let seal = try ResultSeal(path)
    let name = pull.map(linkPath) ?? "delta"
    let stream = try translating(path) { () throws(HDF5Failure) in try RowStream.open(path, name) }
    var checksum = Checksum()
    for row in 0..<stream.rows {
      let values = try translating(path) { () throws(HDF5Failure) in try stream.row(row) }
      // no scan writes such: whoever takes the rows need not wait for the checksum to say so
      guard values.allSatisfy(\.isFinite) else { throw ResultSeal.damaged(path) }
      checksum.add(values)
      try body(row, values)
    }
    let offset = try translating(path) { () throws(HDF5Failure) in try HDF5.offset(of: stream.grid.id) }
    try seal.check(checksum, at: offset, of: path)
  }

  /// The rows of two results of the same shape, side by side.
  package static func forEachRow(
    _ first: String, _ second: String, _ body: (Int, [Double], [Double]) throws -> Void
  ) throws {
    let seals = (try ResultSeal(first), try ResultSeal(second))
    let a = try translating(first) { () throws(HDF5Failure) in try RowStream.open(first, "delta") }
    let b = try translating(second) { () throws(HDF5Failure) in try RowStream.open(second, "delta") }
    var checksums = (Checksum(), Checksum())
    for row in 0..<min(a.rows, b.rows) {
      let values = try translating(first) { () throws(HDF5Failure) in try a.row(row) }
      let others = try translating(second) { () throws(HDF5Failure) in try b.row(row) }
      checksums.0.add(values)
      checksums.1.add(others)
      try body(row, values, others)
    }
    let offsets = (
      try translating(first) { () throws(HDF5Failure) in try HDF5.offset(of: a.grid.id) },
      try translating(second) { () throws(HDF5Failure) in try HDF5.offset(of: b.grid.id) }
    )
    try seals.0.check(checksums.0, at: offsets.0, of: first)
    try seals.1.check(checksums.1, at: offsets.1, of: second)
  }

  /// One pull of the grid, m4 x d, couplings contiguous.
  package static func pull(_ name: String, of path: String) throws(ReportError) -> [Double] {
    let seal = try ResultSeal(path)
    var offset = 0
    let values = try translating(path) { () throws(HDF5Failure) in
      let file = try HDF5.openFile(path)
      let rows = try HDF5.read("m4", shape: [nil], in: file.id).count
      let columns = try HDF5.read("d", shape: [nil], in: file.id).count
      let name = linkPath(name)
      let dataset = try HDF5.openDataset(name, in: file.id)
      offset = try HDF5.offset(of: dataset.id)
      return try HDF5.read(name, shape: [rows, columns], in: file.id)
    }
    var checksum = Checksum()
    checksum.add(values)
    try seal.check(checksum, at: offset, of: path)
    return values
  }

  /// What a pull of the grid holds, in words: a relative change, or theta in widths.
  static func description(ofPull name: String, in path: String) throws(ReportError) -> String {
    try translating(path) { () throws(HDF5Failure) in
      let file = try HDF5.openFile(path)
      let dataset = try HDF5.openDataset(linkPath(name), in: file.id)
      return try HDF5.text("description", of: dataset.id)
    }
  }

  private static func linkPath(_ pull: String) -> String { "pulls/" + ResultFileWriter.linkName(pull) }

  /// Outlines of the region at or above the level, for shading: closed along the edges of the grid.
  package static func excludedRegions(_ path: String) throws -> [Contour] {
    let contents = try read(path)
    var builder = try ContourBuilder(
      m4: contents.m4, d: contents.d, level: contents.provenance.level, boundary: .closed)
    try forEachRow(path) { row, values in try builder.add(row: row, statistic: values) }
    return try builder.finish()
  }

  // MARK: - Steps

  /// An open file and its grid.
  private struct RowStream: ~Copyable {
    let file: HDF5Handle
    let grid: HDF5Handle
    let rows: Int
    let columns: Int

    static func open(_ path: String, _ name: String) throws(HDF5Failure) -> Self {
      let file = try HDF5.openFile(path)
      try ResultFile.checkFormat(file.id)
      let grid = try HDF5.openDataset(name, in: file.id)
      let shape = try HDF5.shape(of: grid.id)
      guard shape.count == 2 else { throw HDF5Failure(call: "the shape \(shape) of /\(name)") }
      return Self(file: file, grid: grid, rows: shape[0], columns: shape[1])
    }

    borrowing func row(_ index: Int) throws(HDF5Failure) -> [Double] {
      try HDF5.read(rows: index..<index + 1, columns: columns, of: grid.id)
    }
  }

  private static func checkFormat(_ file: hid_t) throws(HDF5Failure) {
    let found = (try? HDF5.text("format", of: file)) ?? ""
    guard found == format else { throw HDF5Failure(call: "the attribute format") }
    let version = try HDF5.number("schema", of: file)
    guard version == schema else { throw HDF5Failure(call: "the attribute schema (\(version))") }
  }

  private static func contents(_ file: hid_t) throws(HDF5Failure) -> ResultContents {
    let m4 = try HDF5.read("m4", shape: [nil], in: file)
    let d = try HDF5.read("d", shape: [nil], in: file)
    let limit = try HDF5.read("limit", shape: [m4.count], in: file)
    let provenance = Data(try HDF5.text("provenance", of: file).utf8)
    guard let provenance = try? JSONDecoder().decode(Provenance.self, from: provenance) else {
      throw HDF5Failure(call: "the attribute provenance")
    }
    return ResultContents(
      provenance: provenance, m4: m4, d: d, minimum: try HDF5.read("minimum", shape: [m4.count], in: file),
      limit: limit.map { $0.isFinite ? $0 : nil }, contours: try contours(file),
      pullNames: try HDF5.text("pulls", of: file).split(separator: "\n").map(String.init),
      summary: try HDF5.text("summary", of: file))
  }

  private static func contours(_ file: hid_t) throws(HDF5Failure) -> [Contour] {
    let group = try HDF5.handle("H5Gopen2", H5Gopen2(file, "contours", chdf5_default()), H5Gclose)
    let count = try HDF5.number("count", of: group.id)
    guard count >= 0, count <= 1e9 else { throw HDF5Failure(call: "the number of contours (\(count))") }
    var contours: [Contour] = []
    for index in 0..<Int(count) {
      let values = try HDF5.read("\(index)", shape: [nil, 2], in: group.id)
      let dataset = try HDF5.openDataset("\(index)", in: group.id)
      let points = stride(from: 0, to: values.count, by: 2).map {
        ContourPoint(m4: values[$0], d: values[$0 + 1])
      }
      contours.append(Contour(points: points, isClosed: try HDF5.number("closed", of: dataset.id) != 0))
    }
    return contours
  }

  /// Runs the body on a file that has been found whole.
  private static func translating<Result: ~Copyable>(
    _ path: String, _ body: () throws(HDF5Failure) -> Result
  ) throws(ReportError) -> Result {
    do { return try body() } catch {
      throw ResultSeal.unreadable(
        path,
        "it is not a whole result of this version of upscatter (\(error.call) does not fit), or another program has "
          + "it open. Close other programs, or repeat the scan.")
    }
  }
}
