import Foundation

/// Multiply-and-rotate mixing of 64-bit words: notices accidents, not forgery.
package struct Checksum: Sendable {
  package private(set) var value: UInt64 = 0x9e37_79b9_7f4a_7c15

  package init() {}

  package mutating func add(_ word: UInt64) {
    let product = (value ^ word) &* 0xff51_afd7_ed55_8ccd
    value = (product << 29 | product >> 35) &+ word
  }

  /// Doubles as they lie in a file, 64-bit little endian.
  package mutating func add(_ values: [Double]) {
    for value in values { add(value.bitPattern) }
  }

  /// Eight bytes at a time, little endian; a short last word is filled with zeros.
  package mutating func add(_ block: Data) {
    block.withUnsafeBytes { bytes in
      var index = 0
      while index + 8 <= bytes.count {
        add(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian)
        index += 8
      }
      var rest: UInt64 = 0
      for byte in bytes[index...].reversed() { rest = rest << 8 | UInt64(byte) }
      if index < bytes.count { add(rest) }
    }
  }
}
