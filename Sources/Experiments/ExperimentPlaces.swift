/// Where the values of an experiment file stand, for messages about what only shows when they are put together.
package struct ExperimentPlaces: Sendable {
  private let file: String
  private var positions: [String: ConfigNode.Position] = [:]

  init(_ root: ConfigNode, file: String) {
    self.file = file
    collect(root, path: "")
  }

  private mutating func collect(_ node: ConfigNode, path: String) {
    positions[path] = node.position
    guard case .mapping(let entries) = node.content else { return }
    for entry in entries {
      let inner = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      collect(entry.value, path: inner)
      positions[inner] = entry.keyPosition
    }
  }

  /// Whether the file holds a value at a dotted path.
  package func has(_ path: String) -> Bool { positions[path] != nil }

  /// "file:line:column" of the key at a dotted path, or of the nearest section above it that is there.
  package func place(_ path: String) -> String {
    var path = path
    while !path.isEmpty {
      if let position = positions[path] { return "\(file):\(position.line):\(position.column)" }
      path = path.lastIndex(of: ".").map { String(path[..<$0]) } ?? ""
    }
    return file
  }

  /// "file:line:column" of what a message names first: a dotted path in backquotes, or a key in quotes; else of the first key.
  package func place(namedIn message: String) -> String {
    let words = message.split(separator: /[`"]/, omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    for word in words {
      if has(word) || word.contains(".") { return place(word) }
      if let key = positions.keys.sorted().first(where: { $0.hasSuffix(".\(word)") }) { return place(key) }
    }
    return positions[""].map { "\(file):\($0.line):\($0.column)" } ?? file
  }
}

extension Catalogue {
  /// An experiment, as `load`, and where its values stand in its file.
  package static func inspect(
    _ nameOrPath: String
  ) throws(ExperimentError) -> (spec: ExperimentSpec, places: ExperimentPlaces) {
    let outcome = try loader(nameOrPath).load()
    if let spec = outcome.spec, let places = outcome.places { return (spec, places) }
    throw outcome.findings.first
      ?? ExperimentError(
        file: nameOrPath, found: "nothing", expected: "an experiment", cure: "Check the file.")
  }
}
