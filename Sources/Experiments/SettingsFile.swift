/// Defaults of a program by command, read from YAML, with the place of each:
/// `scan: {backend: simd, plot: [pdf, svg]}`, where `all` stands for every command.
package struct SettingsFile: Sendable {
  package struct Setting: Sendable {
    /// `all`, or the words of a command
    package var command: String
    /// name of the option, without dashes
    package var name: String
    package var values: [String]
    package var file: String
    package var line: Int
  }

  /// What an option takes.
  package struct Option: Sendable {
    package var isFlag: Bool
    package var isRepeating: Bool
    /// The words it may be; empty where anything is read further on.
    package var words: [String]

    package init(isFlag: Bool, isRepeating: Bool, words: [String]) {
      self.isFlag = isFlag
      self.isRepeating = isRepeating
      self.words = words
    }
  }

  package private(set) var settings: [Setting] = []
  package static let everyCommand = "all"

  /// - Parameter commands: the options of every command by name
  /// - Throws: `ExperimentError` with file and line for what is no YAML, an unknown command, option or word
  package init(
    _ text: String, file: String, commands: [String: [String: Option]]
  ) throws(ExperimentError) {
    if Self.isEmpty(text) { return }
    var known = commands
    known[Self.everyCommand] = commands.values.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    for entry in try Self.entries(ConfigDocument.parse(text, file: file), of: "commands") {
      guard let options = known[entry.key] else {
        throw Self.unknown("command", entry, among: Array(known.keys))
      }
      for option in try Self.entries(entry.value, of: "options") {
        guard let kind = options[option.key] else {
          throw Self.unknown("option", option, among: Array(options.keys))
        }
        settings.append(
          Setting(
            command: entry.key, name: option.key, values: try Self.values(option.value, kind), file: file,
            line: option.keyPosition.line))
      }
    }
  }

  private static func isEmpty(_ text: String) -> Bool {
    text.split(separator: "\n").allSatisfy { line in
      line.drop { $0.isWhitespace }.first.map { $0 == "#" } ?? true
    }
  }

  private static func entries(
    _ node: ConfigNode, of what: String
  ) throws(ExperimentError) -> [ConfigNode.Entry] {
    guard case .mapping(let entries) = node.content else {
      throw node.error(
        expected: "a mapping of \(what)", cure: "Write `scan: { backend: simd }`, for example.")
    }
    return entries
  }

  private static func unknown(
    _ what: String, _ entry: ConfigNode.Entry, among known: [String]
  ) -> ExperimentError {
    entry.keyPosition.error(
      found: "the unknown \(what) \(Spelling.excerpt(entry.key))",
      expected: Spelling.listing(known.sorted()),
      cure: "\(Spelling.suggestion(for: entry.key, among: known.sorted()))Rename or remove the key.")
  }

  // MARK: - Values

  private static func values(_ node: ConfigNode, _ option: Option) throws(ExperimentError) -> [String] {
    if option.isFlag { return [try node.choice([("true", "true"), ("false", "false")])] }
    guard case .list = node.content else { return [try value(node, option)] }
    guard option.isRepeating else {
      throw node.error(expected: "one value", cure: "This option is given once: write one value.")
    }
    var values: [String] = []
    for item in try node.list() { values.append(try value(item, option)) }
    return values
  }

  private static func value(_ node: ConfigNode, _ option: Option) throws(ExperimentError) -> String {
    if option.words.isEmpty { return try node.text() }
    return try node.choice(option.words.map { ($0, $0) })
  }
}
