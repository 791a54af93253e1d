/// One node of a configuration file with its place: what remains of YAML once anchors, tags and depth are
/// checked.
struct ConfigNode {
  enum Content {
    case scalar(String)
    case list([ConfigNode])
    case mapping([Entry])
  }

  struct Entry {
    var key: String
    var keyPosition: Position
    var value: ConfigNode
  }

  struct Position: Hashable {
    var file: String
    var line: Int
    var column: Int
  }

  var content: Content
  var position: Position
  /// Dotted path from the root, for messages: `detector.nuclei[0].protons`.
  var path: String

  /// "the text `x`", "a list of 3", "a mapping": how messages call this node.
  var summary: String {
    switch content {
    case .scalar(let text): text.isEmpty ? "nothing" : Spelling.excerpt(text)
    case .list(let items): "a list of \(items.count)"
    case .mapping: "a mapping"
    }
  }

  func error(found: String? = nil, expected: String, cure: String) -> ExperimentError {
    let name = path.isEmpty ? "" : " for `\(path)`"
    return position.error(found: (found ?? summary) + name, expected: expected, cure: cure)
  }
}

extension ConfigNode.Position {
  func error(found: String, expected: String, cure: String) -> ExperimentError {
    ExperimentError(file: file, line: line, column: column, found: found, expected: expected, cure: cure)
  }
}

extension ConfigNode {
  /// The value of a key, nil where there is none.
  func child(_ key: String) -> ConfigNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }
}

// MARK: - Values

extension ConfigNode {
  func text() throws(ExperimentError) -> String {
    guard case .scalar(let text) = content, !text.isEmpty else {
      throw error(
        expected: "a text", cure: "Write the value after the colon, in quotes if it holds `: ` or ` #`.")
    }
    return text
  }

  func list() throws(ExperimentError) -> [ConfigNode] {
    guard case .list(let items) = content, !items.isEmpty else {
      throw error(expected: "a list", cure: "Write `[a, b, c]` or one `- item` per line.")
    }
    return items
  }

  /// One of the named values.
  func choice<T>(_ values: [(name: String, value: T)]) throws(ExperimentError) -> T {
    let names = values.map(\.name)
    if case .scalar(let text) = content, let match = values.first(where: { $0.name == text }) {
      return match.value
    }
    var suggestion = ""
    if case .scalar(let text) = content { suggestion = Spelling.suggestion(for: text, among: names) }
    throw error(expected: Spelling.listing(names), cure: "\(suggestion)Write one of these words.")
  }

  /// One of the raw values.
  func choice<T: RawRepresentable<String>>(_ values: [T]) throws(ExperimentError) -> T {
    try choice(values.map { ($0.rawValue, $0) })
  }

  /// A plain number without unit.
  func number(_ domain: NumberDomain = .any) throws(ExperimentError) -> Double {
    guard case .scalar(let text) = content, let value = parseNumber(text) else {
      throw error(
        expected: "a plain number without unit, \(domain.words)",
        cure: "Write for example `0.0848` or `3.2e23`.")
    }
    return try checked(value, domain)
  }

  func integer(in range: ClosedRange<Int>) throws(ExperimentError) -> Int {
    guard case .scalar(let text) = content, let value = Int(text), range.contains(value) else {
      throw error(
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
        cure: "Correct the number.")
    }
    return value
  }

  /// A number with its unit, in internal units.
  func quantity(_ kind: QuantityKind, _ domain: NumberDomain = .any) throws(ExperimentError) -> Double {
    let text = try text()
    let value: Double
    do throws(QuantityError) {
      value = try kind.value(of: text)
    } catch {
      throw self.error(expected: error.expected, cure: error.cure)
    }
    return try checked(value, domain)
  }

  private func checked(_ value: Double, _ domain: NumberDomain) throws(ExperimentError) -> Double {
    guard domain.contains(value) else {
      throw error(expected: "a value \(domain.words)", cure: "Correct the value.")
    }
    return value
  }
}
