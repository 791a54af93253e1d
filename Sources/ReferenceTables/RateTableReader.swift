/// A value of `configs.json`; numbers there are decimal strings so that no digit is lost on the way.
enum ConfigurationValue: Decodable {
  case object([String: ConfigurationValue])
  case list([ConfigurationValue])
  case text(String)
  case number(Double)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let object = try? container.decode([String: ConfigurationValue].self) {
      self = .object(object)
    } else if let list = try? container.decode([ConfigurationValue].self) {
      self = .list(list)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .number(try container.decode(Double.self))
    }
  }

  var double: Double? {
    switch self {
    case .number(let value): value.isFinite ? value : nil
    case .text(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
    case .object, .list: nil
    }
  }
}

/// What is wrong with a configuration of the reference tables, with the path to the culprit.
struct ConfigurationError: Error, CustomStringConvertible {
  let path: String
  let problem: String
  var description: String { "configs.json, \(path): \(problem)" }
}

/// Reads the keys of one object and remembers which were read: `finish` refuses the rest.
struct ConfigurationObject {
  let path: String
  private var unread: [String: ConfigurationValue]

  init(_ value: ConfigurationValue, path: String) throws(ConfigurationError) {
    guard case .object(let values) = value else {
      throw ConfigurationError(path: path, problem: "expected an object")
    }
    self.path = path
    self.unread = values
  }

  func contains(_ key: String) -> Bool { unread[key] != nil }

  func failure(_ problem: String) -> ConfigurationError { ConfigurationError(path: path, problem: problem) }

  /// Refuses keys nobody asked for: an unknown key may change what the row means.
  func finish() throws(ConfigurationError) {
    guard unread.isEmpty else { throw failure("unknown key \(unread.keys.sorted().joined(separator: ", "))") }
  }

  mutating func value(_ key: String) throws(ConfigurationError) -> ConfigurationValue {
    guard let value = unread.removeValue(forKey: key) else { throw failure("key \"\(key)\" is missing") }
    return value
  }

  mutating func number(_ key: String) throws(ConfigurationError) -> Double {
    guard let number = try value(key).double else { throw failure("\"\(key)\" is not a finite number") }
    return number
  }

  mutating func number(_ key: String, default standard: Double) throws(ConfigurationError) -> Double {
    contains(key) ? try number(key) : standard
  }

  mutating func integer(_ key: String) throws(ConfigurationError) -> Int {
    guard let integer = Int(exactly: try number(key)) else { throw failure("\"\(key)\" is not an integer") }
    return integer
  }

  mutating func text(_ key: String) throws(ConfigurationError) -> String {
    guard case .text(let text) = try value(key) else { throw failure("\"\(key)\" is not a text") }
    return text
  }

  mutating func texts(_ key: String) throws(ConfigurationError) -> [String] {
    var texts: [String] = []
    for item in try list(key) {
      guard case .text(let text) = item else {
        throw failure("\"\(key)\" holds something that is not a text")
      }
      texts.append(text)
    }
    return texts
  }

  mutating func text(_ key: String, default standard: String) throws(ConfigurationError) -> String {
    contains(key) ? try text(key) : standard
  }

  mutating func list(_ key: String) throws(ConfigurationError) -> [ConfigurationValue] {
    guard case .list(let list) = try value(key) else { throw failure("\"\(key)\" is not a list") }
    return list
  }

  mutating func numbers(_ key: String) throws(ConfigurationError) -> [Double] {
    let list = try list(key)
    let numbers = list.compactMap(\.double)
    guard numbers.count == list.count else {
      throw failure("\"\(key)\" holds something that is not a number")
    }
    return numbers
  }

  /// A list of [number, number] pairs.
  mutating func pairs(_ key: String) throws(ConfigurationError) -> [(Double, Double)] {
    var pairs: [(Double, Double)] = []
    for item in try list(key) {
      guard case .list(let pair) = item, pair.count == 2, let first = pair[0].double,
        let second = pair[1].double
      else { throw failure("\"\(key)\" is not a list of pairs of numbers") }
      pairs.append((first, second))
    }
    return pairs
  }

  mutating func object(_ key: String) throws(ConfigurationError) -> ConfigurationObject {
    try ConfigurationObject(value(key), path: "\(path).\(key)")
  }

  mutating func objects(_ key: String) throws(ConfigurationError) -> [ConfigurationObject] {
    var objects: [ConfigurationObject] = []
    for (index, item) in try list(key).enumerated() {
      objects.append(try ConfigurationObject(item, path: "\(path).\(key)[\(index)]"))
    }
    return objects
  }
}
