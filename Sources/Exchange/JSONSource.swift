import Foundation

/// The text of a JSON file, to say on which line a value stands. It has been parsed before: what is looked for is there.
final class JSONSource: Sendable {
  let file: String
  private let bytes: [UInt8]

  /// One step from a value into it.
  enum Step: Hashable, Sendable {
    case member(String)
    case item(Int)
  }

  init(_ text: Data, file: String) {
    bytes = [UInt8](text)
    self.file = file
  }

  /// Line from 1 on which the value at the end of `steps` begins; nil when there is none.
  func line(of steps: [Step]) -> Int? {
    var place = pastSpace(0)
    for step in steps {
      let found: Int? =
        switch step {
        case .member(let key): member(key, at: place)
        case .item(let index): item(index, at: place)
        }
      guard let found else { return nil }
      place = found
    }
    return line(at: place)
  }

  func line(at offset: Int) -> Int {
    bytes.prefix(offset).count { $0 == UInt8(ascii: "\n") } + 1
  }

  // MARK: - Walking

  private func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }

  private func pastSpace(_ place: Int) -> Int {
    bytes[min(place, bytes.count)...].firstIndex { !" \t\r\n\u{feff}".utf8.contains($0) } ?? bytes.count
  }

  /// Where the value of a member begins, in the object that begins at `place`.
  private func member(_ key: String, at place: Int) -> Int? {
    var place = pastSpace(place + 1)
    while byte(place) == UInt8(ascii: "\"") {
      let end = pastValue(place)
      let name = try? JSONDecoder().decode(String.self, from: Data(bytes[place..<end]))
      let value = pastSpace(pastSpace(end) + 1)  // behind the colon
      if name == key { return value }
      place = next(after: value)
    }
    return nil
  }

  /// Where an item begins, in the list that begins at `place`.
  private func item(_ index: Int, at place: Int) -> Int? {
    var place = pastSpace(place + 1)
    for _ in 0..<index where place < bytes.count { place = next(after: place) }
    return place < bytes.count ? place : nil
  }

  /// What follows a value and its comma.
  private func next(after value: Int) -> Int {
    let end = pastSpace(pastValue(value))
    return byte(end) == UInt8(ascii: ",") ? pastSpace(end + 1) : end
  }

  private func pastValue(_ start: Int) -> Int {
    var depth = 0
    var isText = false
    var place = start
    while place < bytes.count {
      let byte = bytes[place]
      if isText {
        if byte == UInt8(ascii: "\\") { place += 1 }
        isText = byte != UInt8(ascii: "\"")
        if !isText && depth == 0 { return min(place + 1, bytes.count) }
      } else if byte == UInt8(ascii: "\"") {
        isText = true
      } else if "{[".utf8.contains(byte) {
        depth += 1
      } else if "}],".utf8.contains(byte) {
        if depth == 0 { return place }
        if byte != UInt8(ascii: ",") { depth -= 1 }
        if depth == 0 && byte != UInt8(ascii: ",") { return place + 1 }
      }
      place += 1
    }
    return bytes.count
  }
}
