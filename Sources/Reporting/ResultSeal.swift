import Foundation

/// A checksum at the head of a result file, so that a truncated or damaged one is recognised before the HDF5 library,
/// which can crash on damaged bytes, gets to see it.
///
/// HDF5 leaves the first `size` bytes of a file to its owner (the user block); every HDF5 reader skips them. The seal
/// guards against accidents, not against forgery.
enum ResultSeal {
  /// Bytes; the smallest user block HDF5 allows.
  static let size = 512
  /// Bytes read at a time; a multiple of eight.
  private static let blockSize = 1 << 22
  private static let opening = "upscatter result, sealed\n"

  /// Seals a finished file.
  static func write(_ path: String) throws(ReportError) {
    guard let head = try? Data(text(for: path).utf8) else {
      throw ReportError(.cannotWrite, "\(path) could not be read back to seal it. Check the disk.")
    }
    let descriptor = open(path, O_WRONLY)
    let written =
      descriptor < 0 ? -1 : head.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, head.count, 0) }
    let isClosed = descriptor >= 0 && close(descriptor) == 0
    if written != head.count || !isClosed {
      throw ReportError(.cannotWrite, "\(path) could not be sealed: the file \(DiskSpace.reason(errno)).")
    }
  }

  /// Throws unless the file is whole.
  static func verify(_ path: String) throws(ReportError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw unreadable(path, "the file does not exist. Check the path, or run `upscatter scan` first.")
    }
    guard let head = try? head(path) else {
      throw unreadable(path, "the file may not be read. Check its permissions.")
    }
    guard head.starts(with: opening.utf8) else {
      throw unreadable(
        path, "it does not begin like a result of upscatter. Give the .h5 file that `upscatter scan` wrote.")
    }
    guard let text = try? text(for: path), head.starts(with: text.utf8) else {
      throw unreadable(
        path,
        "it is truncated or damaged, or was changed after the scan: its checksum does not fit. Copy the file again, or "
          + "repeat the scan.")
    }
  }

  static func unreadable(_ path: String, _ reason: String) -> ReportError {
    ReportError(.cannotRead, "\(path) cannot be read as a result: \(reason)")
  }

  private static func head(_ path: String) throws -> Data {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    return try file.read(upToCount: size) ?? Data()
  }

  /// What the head of this file should say; reads the file in blocks.
  private static func text(for path: String) throws -> String {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.seek(toOffset: UInt64(size))
    var sum: UInt64 = 0x9e37_79b9_7f4a_7c15
    var length = size
    while let block = try file.read(upToCount: blockSize), !block.isEmpty {
      sum = checksum(block, continuing: sum)
      length += block.count
    }
    return "\(opening)checksum \(String(sum, radix: 16))\nbytes \(length)\n"
  }

  /// Multiply-and-rotate mixing of 64-bit words; a short last word is filled with zeros.
  private static func checksum(_ block: Data, continuing start: UInt64) -> UInt64 {
    block.withUnsafeBytes { bytes in
      var sum = start
      var index = 0
      while index + 8 <= bytes.count {
        sum = mix(sum, bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian)
        index += 8
      }
      var rest: UInt64 = 0
      for byte in bytes[index...].reversed() { rest = rest << 8 | UInt64(byte) }
      return index < bytes.count ? mix(sum, rest) : sum
    }
  }

  private static func mix(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    let product = (sum ^ word) &* 0xff51_afd7_ed55_8ccd
    return (product << 29 | product >> 35) &+ word
  }
}
