/// Arguments as bash reads them back.
package enum ShellText {
  /// One word: as it is where nothing in it means anything to the shell, else in quotes; never with a line break, so
  /// that it can stand in a comment too.
  package static func quote(_ word: String) -> String {
    let bytes = Array(word.utf8)
    if !bytes.isEmpty, bytes.allSatisfy(isPlain) { return word }
    if !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
      return "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
    return "$'" + word.unicodeScalars.map(escape).joined() + "'"
  }

  /// A command line.
  package static func join(_ words: [String]) -> String { words.map(quote).joined(separator: " ") }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_./:,+@%=".utf8.contains(byte)
    }
  }

  /// In `$'...'`: three octal digits for what cannot be seen, which no following digit can lengthen.
  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "'": return #"\'"#
    case #"\"#: return #"\\"#
    case _ where scalar.value < 0x20 || scalar.value == 0x7f:
      let digits = String(scalar.value, radix: 8)
      return #"\"# + String(repeating: "0", count: 3 - digits.count) + digits
    default: return String(scalar)
    }
  }
}
