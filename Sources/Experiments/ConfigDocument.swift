import Yams

/// Reads YAML text into `ConfigNode`s. Anchors, aliases, deep nesting and huge files are refused: an
/// experiment needs none of them, and each can make a small file unbounded work.
enum ConfigDocument {
  static let maximumBytes = 4 << 20
  static let maximumDepth = 24
  static let maximumNodes = 200_000
  /// Words starting with `*` that may occur (in comments, say); enough for people, too few for exponential
  /// aliases.
  static let maximumStars = 24

  /// The root node of the single document in `text`.
  static func parse(_ text: String, file: String) throws(ExperimentError) -> ConfigNode {
    try refuseOversize(text, file: file)
    try refuseAliasBombs(text, file: file)
    do {
      var text = text
      text.makeContiguousUTF8()
      let parser = try Yams.Parser(yaml: text, encoding: .utf8)
      guard let root = try parser.singleRoot() else {
        throw ExperimentError(file: file, found: "an empty file", expected: "an experiment", cure: writeOne)
      }
      // Anchors are weak references that the parser keeps alive.
      return try withExtendedLifetime(parser) {
        var converter = Converter(file: file)
        return try converter.convert(root, path: "", depth: 0)
      }
    } catch let error as ExperimentError {
      throw error
    } catch let error as YamlError {
      throw translated(error, file: file)
    } catch {
      throw ExperimentError(file: file, found: "\(error)", expected: "YAML", cure: writeOne)
    }
  }

  private static let writeOne = "Start from the template that `upscatter experiments new NAME` writes."

  private static func refuseOversize(_ text: String, file: String) throws(ExperimentError) {
    guard text.utf8.count > maximumBytes else { return }
    throw ExperimentError(
      file: file, found: "\(text.utf8.count) bytes", expected: "at most \(maximumBytes) bytes",
      cure: "Move long lists into CSV tables beside the file.")
  }

  private static func refuseAliasBombs(_ text: String, file: String) throws(ExperimentError) {
    var stars = 0
    var previous = UInt8(ascii: "\n")
    var (line, column) = (1, 0)
    var first = (line: 0, column: 0)
    for byte in text.utf8 {
      if previous == UInt8(ascii: "*"), byte > UInt8(ascii: " ") {
        stars += 1
        if stars == 1 { first = (line, column) }
      }
      if byte == UInt8(ascii: "\n") { (line, column) = (line + 1, 0) } else { column += 1 }
      previous = byte
    }
    guard stars > maximumStars else { return }
    throw ExperimentError(
      file: file, line: first.line, column: first.column, found: "\(stars) words that start with `*`",
      expected: "no YAML aliases",
      cure: "Write the values out instead of using anchors and aliases.")
  }

  // MARK: - Errors of the parser

  private static func translated(_ error: YamlError, file: String) -> ExperimentError {
    let cure = "Correct the YAML here: check indentation (spaces, no tabs), colons, quotes and brackets."
    func at(_ line: Int, _ column: Int, _ problem: String, _ context: YamlError.Context?) -> ExperimentError {
      let situation = context.map { " (\($0.text) that began at \($0.mark.line):\($0.mark.column))" } ?? ""
      return ExperimentError(
        file: file, line: line, column: column, found: "malformed YAML: \(problem)\(situation)",
        expected: "valid YAML", cure: cure)
    }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      return at(mark.line, mark.column, problem, context)
    case .duplicatedKeysInMapping(let keys, let context):
      return ExperimentError(
        file: file, line: context.mark.line, column: context.mark.column,
        found: "the key \(Spelling.listing(keys)) more than once in one mapping", expected: "every key once",
        cure: "Remove or rename the repetition.")
    case .reader(let problem, let offset, _, let text):
      let before = text.prefix(offset ?? 0)
      let line = before.count { $0.isNewline } + 1
      let column = (before.lastIndex { $0.isNewline }.map { before[$0...].count } ?? before.count + 1)
      return at(line, max(1, column), problem, nil)
    default:
      return ExperimentError(
        file: file, found: "text that is not YAML: \(error)", expected: "valid YAML", cure: cure)
    }
  }
}

// MARK: - Conversion

private struct Converter {
  let file: String
  var nodes = 0

  mutating func convert(_ node: Node, path: String, depth: Int) throws(ExperimentError) -> ConfigNode {
    let position = ConfigNode.Position(file: file, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
    nodes += 1
    guard depth <= ConfigDocument.maximumDepth, nodes <= ConfigDocument.maximumNodes else {
      throw position.error(
        found: "nesting or a size beyond reason",
        expected: "at most \(ConfigDocument.maximumDepth) levels and "
          + "\(ConfigDocument.maximumNodes) values", cure: "Flatten the file or move data into tables.")
    }
    try refuseAnchor(node, position)
    return ConfigNode(content: try content(of: node, path, depth, position), position: position, path: path)
  }

  private mutating func content(
    of node: Node, _ path: String, _ depth: Int, _ position: ConfigNode.Position
  ) throws(ExperimentError) -> ConfigNode.Content {
    switch node {
    case .scalar(let scalar):
      return .scalar(scalar.string)
    case .sequence(let sequence):
      var items: [ConfigNode] = []
      for (index, item) in sequence.enumerated() {
        items.append(try convert(item, path: "\(path)[\(index)]", depth: depth + 1))
      }
      return .list(items)
    case .mapping(let mapping):
      return .mapping(try entries(of: mapping, path, depth))
    case .alias:
      throw refusal(position)
    }
  }

  private mutating func entries(
    of mapping: Node.Mapping, _ path: String, _ depth: Int
  ) throws(ExperimentError) -> [ConfigNode.Entry] {
    var entries: [ConfigNode.Entry] = []
    for (key, value) in mapping {
      let position = ConfigNode.Position(file: file, line: key.mark?.line ?? 0, column: key.mark?.column ?? 0)
      try refuseAnchor(key, position)
      guard case .scalar(let scalar) = key, !scalar.string.isEmpty else {
        throw position.error(
          found: "a key that is not a word", expected: "a word", cure: "Write `key: value`.")
      }
      let inner = path.isEmpty ? scalar.string : "\(path).\(scalar.string)"
      let converted = try convert(value, path: inner, depth: depth + 1)
      entries.append(ConfigNode.Entry(key: scalar.string, keyPosition: position, value: converted))
    }
    return entries
  }

  private func refuseAnchor(_ node: Node, _ position: ConfigNode.Position) throws(ExperimentError) {
    guard node.anchor == nil else { throw refusal(position) }
  }

  private func refusal(_ position: ConfigNode.Position) -> ExperimentError {
    position.error(
      found: "a YAML anchor or alias (`&name`, `*name`)", expected: "plain values",
      cure: "Write the values out; put texts that start with & or * in quotes.")
  }
}
