/// A mapping of the experiment file whose keys are known: notes every unknown key, hands out the rest.
struct Section {
  let node: ConfigNode
  private let values: [String: ConfigNode]

  /// - Parameter keys: every key the section may have, for the check and for spelling help.
  init(_ node: ConfigNode, keys: [String], log: FindingLog) throws(ExperimentError) {
    guard case .mapping(let entries) = node.content else {
      throw node.error(
        expected: "a mapping with the keys \(Spelling.listing(keys))",
        cure: "Write one `key: value` per line.")
    }
    var values: [String: ConfigNode] = [:]
    for entry in entries {
      if keys.contains(entry.key) {
        values[entry.key] = entry.value
      } else {
        log.add(Self.unknownKey(entry, keys))
      }
    }
    self.node = node
    self.values = values
  }

  subscript(_ key: String) -> ConfigNode? { values[key] }

  func required(_ key: String) throws(ExperimentError) -> ConfigNode {
    if let value = values[key] { return value }
    throw node.error(
      found: "no key `\(key)`", expected: "`\(key)` here",
      cure: "Add `\(key):` with its value; see `docs/formats.md`.")
  }

  private static func unknownKey(_ entry: ConfigNode.Entry, _ keys: [String]) -> ExperimentError {
    entry.keyPosition.error(
      found: "the unknown key \(Spelling.excerpt(entry.key))", expected: Spelling.listing(keys.sorted()),
      cure: "\(Spelling.suggestion(for: entry.key, among: keys))Rename or remove the key.")
  }
}

/// A choice among alternatives, each with its own parameters: `kind: {...}`, or the bare word `kind`.
struct Alternative {
  let kind: String
  let kindPosition: ConfigNode.Position
  /// nil for the bare word
  let parameters: ConfigNode?
  private let node: ConfigNode

  init(_ node: ConfigNode, kinds: [String]) throws(ExperimentError) {
    switch node.content {
    case .scalar(let word) where kinds.contains(word):
      (kind, kindPosition, parameters) = (word, node.position, nil)
    case .mapping(let entries) where entries.count == 1 && kinds.contains(entries[0].key):
      (kind, kindPosition, parameters) = (entries[0].key, entries[0].keyPosition, entries[0].value)
    default:
      throw Self.refusal(node, kinds)
    }
    self.node = node
  }

  /// The parameters of a kind that needs some.
  func requiredParameters() throws(ExperimentError) -> ConfigNode {
    if let parameters { return parameters }
    throw node.error(
      found: "`\(kind)` without parameters", expected: "`\(kind): {...}`",
      cure: "Add the parameters; see `docs/formats.md`.")
  }

  private static func refusal(_ node: ConfigNode, _ kinds: [String]) -> ExperimentError {
    var (found, place, suggestion) = (node.summary, node, "")
    if case .mapping(let entries) = node.content {
      found = "\(entries.count) keys (\(Spelling.listing(entries.prefix(4).map(\.key))))"
      if let stranger = entries.first(where: { !kinds.contains($0.key) }) {
        place.position = stranger.keyPosition
        suggestion = Spelling.suggestion(for: stranger.key, among: kinds)
      }
    } else if case .scalar(let word) = node.content {
      suggestion = Spelling.suggestion(for: word, among: kinds)
    }
    return place.error(
      found: found, expected: "exactly one of \(Spelling.listing(kinds))",
      cure: "\(suggestion)Name one of them.")
  }
}
