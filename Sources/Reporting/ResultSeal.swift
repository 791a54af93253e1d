import Foundation
import Hashing

/// Checksums at the head of a result file, so that a truncated or damaged one is recognised.
///
/// The frame, all bytes outside the large grids, is checked before the HDF5 library, which can crash on damaged bytes,
/// gets to see them: little, whatever the size of the scan. Each grid has a checksum of its own, made while its rows
/// are written and compared by whoever reads all of them: a file opens without its grids being read. HDF5 leaves the
/// first `size` bytes of a file to its owner (the user block); every HDF5 reader skips them.
struct ResultSeal {
  /// One grid: where its rows lie in the file, and the checksum of its values.
  struct Grid: Equatable {
    var offset: Int
    var length: Int
    var checksum: UInt64
  }

  /// Bytes; room for `mostGrids`. HDF5 allows powers of two from 512.
  static let size = 2048
  static let mostGrids = 40
  /// Bytes read at a time; a multiple of eight.
  private static let blockSize = 1 << 22
  private static let family = "upscatter result, sealed"
  private static let opening = family + " 2\n"

  private(set) var grids: [Grid]

  // MARK: - Writing

  /// Seals a finished file.
  /// - Parameter grids: in any order, not overlapping
  static func write(_ path: String, grids: [Grid]) throws(ReportError) {
    let grids = grids.sorted { $0.offset < $1.offset }
    guard let head = try? Data(text(for: path, grids: grids).utf8) else {
      throw ReportError(.cannotWrite, "\(path) could not be read back to seal it. Check the disk.")
    }
    guard head.count <= size else {
      throw ReportError(
        .badContent, "\(path): a result holds at most 40 grids; leave the pulls out of the file (--no-pulls)."
      )
    }
    let descriptor = open(path, O_WRONLY)
    let written =
      descriptor < 0 ? -1 : head.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, head.count, 0) }
    var code = written == head.count && fsync(descriptor) == 0 ? 0 : errno
    if descriptor >= 0, close(descriptor) != 0, code == 0 { code = errno }
    if code != 0 {
      let folder = DiskSpace.directory(of: path)
      throw ReportError(
        .cannotWrite,
        "\(path) cannot be written: \(folder) \(DiskSpace.reason(code)). Free some space, or choose another --output."
      )
    }
  }

  // MARK: - Reading

  /// Throws unless the frame is whole.
  init(_ path: String) throws(ReportError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Self.unreadable(path, "the file does not exist. Check the path, or run `upscatter scan` first.")
    }
    guard let head = try? Self.head(path) else {
      throw Self.unreadable(path, "the file may not be read. Check its permissions.")
    }
    guard head.starts(with: Self.family.utf8) else {
      throw Self.unreadable(
        path,
        "it does not begin like a result of upscatter. Give the .h5 file that `upscatter scan`, `toys`, `fit` or `moments` wrote; `upscatter limit` "
          + "writes tables and draws them itself with --plot.")
    }
    guard head.starts(with: Self.opening.utf8) else {
      throw Self.unreadable(path, "another version of upscatter wrote it. Repeat the scan with this version.")
    }
    grids = Self.grids(in: String(decoding: head, as: UTF8.self))
    guard let text = try? Self.text(for: path, grids: grids), head.starts(with: text.utf8) else {
      throw Self.damaged(path)
    }
  }

  /// Throws unless the grid that lies at `offset` has this checksum.
  func check(_ checksum: Checksum, at offset: Int, of path: String) throws(ReportError) {
    guard grids.contains(where: { $0.offset == offset && $0.checksum == checksum.value }) else {
      throw Self.damaged(path)
    }
  }

  static func unreadable(_ path: String, _ reason: String) -> ReportError {
    ReportError(.cannotRead, "\(path) cannot be read as a result: \(reason)")
  }

  static func damaged(_ path: String) -> ReportError {
    unreadable(
      path,
      "it is truncated or damaged, or was changed after the scan: its checksum does not fit. Copy the file again, or "
        + "repeat the scan.")
  }

  // MARK: - Text

  private static func head(_ path: String) throws -> Data {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    return try file.read(upToCount: size) ?? Data()
  }

  private static func grids(in head: String) -> [Grid] {
    head.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 4, words[0] == "grid", let offset = Int(words[1]), let length = Int(words[2]),
        let checksum = UInt64(words[3], radix: 16)
      else { return nil }
      return Grid(offset: offset, length: length, checksum: checksum)
    }
  }

  /// What the head of this file should say; reads what lies between the grids, in blocks.
  private static func text(for path: String, grids: [Grid]) throws -> String {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    let end = Int(clamping: try file.seekToEnd())
    var sum = Checksum()
    var position = size
    for (start, next) in grids.map({ ($0.offset, $0.offset &+ $0.length) }) + [(end, end)] {
      guard start >= position, next >= start, next <= end else { throw ReportError(.cannotRead, "") }
      try file.seek(toOffset: UInt64(position))
      while position < start, let block = try file.read(upToCount: min(blockSize, start - position)),
        !block.isEmpty
      {
        sum.add(block)
        position += block.count
      }
      position = next
    }
    let lines = grids.map { "grid \($0.offset) \($0.length) \(String($0.checksum, radix: 16))\n" }
    return "\(opening)bytes \(end)\nframe \(String(sum.value, radix: 16))\n" + lines.joined()
  }
}
