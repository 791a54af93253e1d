import DipolePhysics
import Foundation

/// An object of a JSON reference table whose numbers are decimal strings. Remembers which keys were read: `finish`
/// refuses the rest, so that no value goes unchecked.
struct ReferenceRecord {
  private indirect enum Value: Decodable {
    case object([String: Value])
    case list([Value])
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let object = try? container.decode([String: Value].self) {
        self = .object(object)
      } else if let list = try? container.decode([Value].self) {
        self = .list(list)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  let file: String
  /// Where the object stands inside the file, for messages.
  let path: String
  private var unread: [String: Value]

  init(folder: String, file: String) throws(ReferenceTableError) {
    let text = try readReferenceText(folder: folder, file: file)
    do {
      unread = try JSONDecoder().decode([String: Value].self, from: Data(text.utf8))
    } catch {
      throw ReferenceTableError(
        file: file, problem: "not a JSON object of texts, lists and objects: \(error)")
    }
    self.file = file
    path = "top level"
  }

  private init(file: String, path: String, _ value: Value) throws(ReferenceTableError) {
    guard case .object(let entries) = value else {
      throw ReferenceTableError(file: file, problem: "\(path): expected an object")
    }
    self.file = file
    self.path = path
    unread = entries
  }

  func failure(_ problem: String) -> ReferenceTableError {
    ReferenceTableError(file: file, problem: "\(path): \(problem)")
  }

  func finish() throws(ReferenceTableError) {
    guard unread.isEmpty else {
      throw failure("nothing checks \(unread.keys.sorted().joined(separator: ", "))")
    }
  }

  private mutating func value(_ key: String) throws(ReferenceTableError) -> Value {
    guard let value = unread.removeValue(forKey: key) else { throw failure("\"\(key)\" is missing") }
    return value
  }

  mutating func text(_ key: String) throws(ReferenceTableError) -> String {
    guard case .text(let text) = try value(key) else { throw failure("\"\(key)\" is not a text") }
    return text
  }

  mutating func number(_ key: String) throws(ReferenceTableError) -> Double {
    let field = try text(key)
    guard let number = Double(field), number.isFinite else {
      throw failure("\"\(key)\" is \"\(field)\", expected a finite number")
    }
    return number
  }

  /// A pair [real part, imaginary part].
  mutating func complex(_ key: String) throws(ReferenceTableError) -> Complex {
    guard case .list(let parts) = try value(key), parts.count == 2, case .text(let first) = parts[0],
      case .text(let second) = parts[1], let real = Double(first), let imaginary = Double(second),
      real.isFinite,
      imaginary.isFinite
    else { throw failure("\"\(key)\" is not a pair of numbers") }
    return Complex(real, imaginary)
  }

  mutating func record(_ key: String) throws(ReferenceTableError) -> ReferenceRecord {
    try ReferenceRecord(file: file, path: "\(path), \(key)", value(key))
  }

  mutating func records(_ key: String) throws(ReferenceTableError) -> [ReferenceRecord] {
    guard case .list(let list) = try value(key) else { throw failure("\"\(key)\" is not a list") }
    var records: [ReferenceRecord] = []
    for (index, item) in list.enumerated() {
      records.append(try ReferenceRecord(file: file, path: "\(path), \(key)[\(index)]", item))
    }
    return records
  }
}
