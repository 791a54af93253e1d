import Foundation

/// A JSON value and where it stands, so that every complaint names file and path.
struct JSONNode {
  let value: JSONValue
  private let source: JSONSource
  private let steps: [JSONSource.Step]
  /// such as `channels[0].samples[1].data`; empty at the top
  let path: String

  private static let maximumDepth = 20

  /// The whole text.
  init(_ text: Data, file: String) throws(ExchangeError) {
    source = JSONSource(text, file: file)
    path = ""
    steps = []
    // the decoder's time goes with the square of the depth
    if let line = source.line(deeperThan: Self.maximumDepth) {
      throw ExchangeError(
        .badWorkspace,
        "\(file), line \(line): lists and objects lie more than \(Self.maximumDepth) deep in each other. Those of a pyhf workspace "
          + "lie 9 deep; copy or export it again.")
    }
    do {
      value = try JSONDecoder().decode(JSONValue.self, from: text)
    } catch {
      throw ExchangeError(
        .badWorkspace,
        "\(file): this is not JSON (\(Self.reason(error, text, source))). A pyhf workspace is one JSON object, complete and without comments; "
          + "copy or export it again.")
    }
  }

  private init(_ value: JSONValue, _ path: String, _ step: JSONSource.Step, in parent: JSONNode) {
    (self.value, self.path) = (value, path)
    (source, steps) = (parent.source, parent.steps + [step])
  }

  /// What is wrong, and where: the decoder does not say where, the older parser does.
  private static func reason(_ error: any Error, _ text: Data, _ source: JSONSource) -> String {
    if case DecodingError.dataCorrupted(let context) = error, !context.codingPath.isEmpty {
      let steps = context.codingPath.map { key in
        key.intValue.map { JSONSource.Step.item($0) } ?? .member(key.stringValue)
      }
      let line = source.line(of: steps).map { "line \($0), " } ?? ""
      return "\(line)\(JSONSource.text(of: steps)): \(context.debugDescription)"
    }
    do {
      _ = try JSONSerialization.jsonObject(with: text, options: [.fragmentsAllowed])
      return "no valid JSON"
    } catch {
      let found = (error as NSError).userInfo["NSDebugDescription"] as? String ?? "no valid JSON"
      if found.contains("end of file") {
        return "unexpected end of file on line \(source.line(at: text.count))"
      }
      let words = found.split(whereSeparator: { " .".contains($0) })
      guard words.dropLast().last == "character", let offset = words.last.flatMap({ Int($0) }) else {
        return found.hasSuffix(".") ? String(found.dropLast()) : found
      }
      let before = text.prefix(offset).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      return "line \(before.count), column \((before.last?.count ?? 0) + 1)"
    }
  }

  func error(_ found: String, _ cure: String) -> ExchangeError {
    let line = source.line(of: steps).map { " (line \($0))" } ?? ""
    return ExchangeError(
      .badWorkspace, "\(source.file), \(path.isEmpty ? "top level" : path)\(line): \(found). \(cure)")
  }

  // MARK: - Typed access

  /// A member that must be there.
  func member(_ key: String) throws(ExchangeError) -> JSONNode {
    guard let member = try optional(key) else {
      throw error("there is no \"\(key)\"", "Add it; HistFactory workspaces must have it.")
    }
    return member
  }

  func optional(_ key: String) throws(ExchangeError) -> JSONNode? {
    guard case .object(let members) = value else {
      throw error("this is \(value.kind)", "It must be an object.")
    }
    return members[key].map {
      JSONNode($0, path.isEmpty ? key : "\(path).\(key)", .member(key), in: self)
    }
  }

  /// Throws where there are members that the schema does not know.
  func allow(_ keys: String...) throws(ExchangeError) {
    guard case .object(let members) = value else {
      throw error("this is \(value.kind)", "It must be an object.")
    }
    guard let unknown = members.keys.sorted().first(where: { !keys.contains($0) }) else { return }
    throw error(
      "\"\(unknown)\" is unknown",
      "It must be one of \(keys.joined(separator: ", ")); remove or rename it."
        + (path.isEmpty ? " Is this a workspace of pyhf at all?" : ""))
  }

  private func items() throws(ExchangeError) -> [JSONValue] {
    guard case .list(let items) = value, !items.isEmpty else {
      throw error("this is \(value.kind)", "It must be a list with one item or more.")
    }
    return items
  }

  func list() throws(ExchangeError) -> [JSONNode] {
    try items().enumerated().map { JSONNode($1, "\(path)[\($0)]", .item($0), in: self) }
  }

  func text() throws(ExchangeError) -> String {
    guard case .text(let text) = value else {
      throw error("this is \(value.kind)", "It must be a text in quotes.")
    }
    return text
  }

  func flag() throws(ExchangeError) -> Bool {
    guard case .flag(let flag) = value else {
      throw error("this is \(value.kind)", "It must be true or false.")
    }
    return flag
  }

  func number() throws(ExchangeError) -> Double {
    guard case .number(let number) = value else {
      throw error("this is \(value.kind)", "It must be a number.")
    }
    return number
  }

  /// - Parameter count: how many there must be; nil: one or more
  func numbers(_ count: Int? = nil) throws(ExchangeError) -> [Double] {
    let items = try items()
    if let count, items.count != count {
      throw error(
        "there are \(items.count) numbers", "There must be \(count), one per bin of the channel.")
    }
    var numbers: [Double] = []
    numbers.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      // a node of its own only where it has something to say
      if case .number(let number) = item {
        numbers.append(number)
      } else {
        numbers.append(try JSONNode(item, "\(path)[\(index)]", .item(index), in: self).number())
      }
    }
    return numbers
  }
}
