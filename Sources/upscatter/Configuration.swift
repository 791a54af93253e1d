import Experiments
import Foundation
import Pipeline
import Synchronization

/// Defaults from a file: they become options of the command line, unless it has these itself.
///
/// Nothing else reads them, so that outputs state what they did as they state every option, and a run with the same
/// options spelt out gives the same bytes.
enum Configuration {
  /// Where defaults come from.
  struct Source {
    /// nil where there is to be none
    var path: String?
    /// Whether UPSCATTER_CONFIG says so.
    var isNamed: Bool
  }

  /// An option that the file set in this run.
  struct Applied: Sendable {
    var arguments: [String]
    var names: Set<String>
    var setting: SettingsFile.Setting
    var place: String { "\(setting.file):\(setting.line)" }
  }
  private static let applied = Mutex<[Applied]>([])
  private static let used = Mutex<[String]?>(nil)
  /// What the last call of `expand` returned; nil where the file had no part in it.
  static var expanded: [String]? { used.withLock { $0 } }

  static var source: Source {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["UPSCATTER_CONFIG"] {
      return Source(path: named.isEmpty ? nil : named, isNamed: true)
    }
    let folder = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + "/.config" }
    return Source(path: (folder ?? home).map { $0 + "/upscatter/config.yaml" }, isNamed: false)
  }

  /// The settings of the file; none where it does not exist, which is an error where it was named.
  static func settings(_ outline: CommandOutline) throws -> [SettingsFile.Setting] {
    let source = source
    guard let path = source.path else { return [] }
    guard source.isNamed || FileManager.default.fileExists(atPath: path) else { return [] }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RequestError(
        "\(path): the configuration cannot be read. Correct its path or permissions"
          + (source.isNamed ? " (UPSCATTER_CONFIG names it), or set UPSCATTER_CONFIG to nothing." : "."))
    }
    return try SettingsFile(
      String(decoding: data, as: UTF8.self), file: path, commands: outline.vocabulary
    ).settings
  }

  /// `arguments` with what the configuration adds to them.
  static func expand(_ arguments: [String]) throws -> [String] {
    guard let path = source.path, source.isNamed || FileManager.default.fileExists(atPath: path),
      !Self.asksForHelp(arguments)
    else { return arguments }
    let outline = try CommandOutline.program()
    let target = outline.target(of: arguments)
    guard target.named > 0, target.words != ["config"], target.words.first != "help" else { return arguments }
    let rest = Array(arguments.dropFirst(target.named))
    let own = try additions(
      settings(outline), to: target.command, called: target.words.joined(separator: " "), beside: rest)
    applied.withLock { $0 = own }
    let words = target.words + own.flatMap(\.arguments) + rest
    used.withLock { $0 = words }
    return words
  }

  /// What the settings add to a command: those of the command before those of all, none that the command line has.
  static func additions(
    _ settings: [SettingsFile.Setting], to command: CommandOutline, called words: String,
    beside arguments: [String]
  ) -> [Applied] {
    let given = Set(
      arguments.prefix { $0 != "--" }.map { argument in
        argument.hasPrefix("--") ? String(argument.prefix { $0 != "=" }) : String(argument.prefix(2))
      })
    var seen: Set<String> = []
    let ordered = settings.filter { $0.command == words } + settings.filter { $0.command == "all" }
    return ordered.compactMap { setting in
      guard let (argument, names) = command.option(setting.name), names.isDisjoint(with: given),
        names.isDisjoint(with: seen)
      else { return nil }
      seen.formUnion(names)
      return Applied(arguments: spelt(setting, argument, names), names: names, setting: setting)
    }
  }

  /// `false` is what a flag without an opposite is anyway.
  private static func spelt(
    _ setting: SettingsFile.Setting, _ argument: CommandOutline.Argument, _ names: Set<String>
  ) -> [String] {
    let name = setting.name
    if argument.kind != "flag" { return setting.values.map { "--\(name)=\($0)" } }
    if setting.values == ["true"] { return ["--\(name)"] }
    let opposite = name.hasPrefix("no-") ? "--\(name.dropFirst(3))" : "--no-\(name)"
    return names.contains(opposite) ? [opposite] : []
  }

  private static func asksForHelp(_ arguments: [String]) -> Bool {
    let words = ["-h", "--help", "--version", "--experimental-dump-help", "---completion"]
    return arguments.contains { words.contains($0) || $0.hasPrefix("--generate-completion-script") }
  }

  // MARK: - What it did

  /// Options that move no number.
  private static let harmless = [
    "quiet", "progress", "color", "json", "plot", "overlays", "style", "workers",
  ]

  /// Says what was set, since results must not depend on a file silently: with --quiet too, unless only harmless options are.
  static func announce() {
    let words = applied.withLock { $0 }.flatMap(\.arguments)
    guard let path = source.path, !words.isEmpty else { return }
    let line = "note: \(path) adds \(words.joined(separator: " ")) (`upscatter config` has more)"
    let movesNothing = applied.withLock { $0 }.allSatisfy { Self.harmless.contains($0.setting.name) }
    movesNothing ? note(line) : complain(line)
  }

  /// `message`, and where an option it names was set if that was in a file.
  static func withOrigin(_ message: String) -> String {
    let words = Set(message.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init))
    let origins = applied.withLock { $0 }.filter { !$0.names.isDisjoint(with: words) }
    return message + origins.map { "\n--\($0.setting.name) is set in \($0.place)." }.joined()
  }
}

extension CommandOutline {
  /// What nobody wants in every run: a state thrown away, all outputs of one name.
  private static let ofOneRun = [
    "help", "version", "resume", "restart", "shard", "output", "explain", "title",
  ]

  /// The options that a configuration may set, by command.
  var vocabulary: [String: [String: SettingsFile.Option]] {
    let pairs = leaves().filter { $0.words != "config" && $0.words != "help" }.map { leaf in
      let options = (leaf.command.arguments ?? []).filter { $0.kind != "positional" && $0.shouldDisplay }
      let named = options.flatMap { option in
        option.longNames.filter { !Self.ofOneRun.contains($0) }.map { name in
          (name, SettingsFile.Option(option))
        }
      }
      return (leaf.words, Dictionary(named) { first, _ in first })
    }
    return Dictionary(pairs) { first, _ in first }
  }
}

extension SettingsFile.Option {
  fileprivate init(_ argument: CommandOutline.Argument) {
    self.init(
      isFlag: argument.kind == "flag", isRepeating: argument.isRepeating, words: argument.allValues ?? [])
  }
}
