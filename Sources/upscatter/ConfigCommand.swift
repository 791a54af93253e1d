import ArgumentParser
import Experiments
import Pipeline

/// Defaults in force, and where they come from.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Shows which defaults a configuration file sets, and where.",
    discussion: """
      The file is ~/.config/upscatter/config.yaml ($XDG_CONFIG_HOME/upscatter/config.yaml); UPSCATTER_CONFIG names another, and empty \
      means none. It holds options by command, without their dashes; options of the command line win:

      all:  { backend: simd }
      scan: { plot: [pdf, svg], cl: 0.95 }

      With the words of a command: what that command is given.
      Example: upscatter config scan
      """)

  @Argument(help: "Words of a command: scan, or experiments check.")
  var words: [String] = []
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  private struct Report: Encodable {
    struct Setting: Encodable {
      var command: String
      var option: String
      var values: [String]
      var line: Int
    }
    /// nil where there is to be none
    var file: String?
    var named_by_environment: Bool
    var settings: [Setting]
    var version = toolVersion
  }

  func run() throws {
    try reportingErrors {
      let outline = try CommandOutline.program()
      let settings = try chosen(Configuration.settings(outline), outline)
      let source = Configuration.source
      if json {
        let rows = settings.map {
          Report.Setting(command: $0.command, option: $0.name, values: $0.values, line: $0.line)
        }
        return try printJSON(
          Report(file: source.path, named_by_environment: source.isNamed, settings: rows))
      }
      for setting in settings {
        print(
          column(setting.command, 14)
            + column("\(setting.name): \(setting.values.joined(separator: ", "))", 40)
            + "\(setting.file):\(setting.line)")
      }
      if settings.isEmpty { print("nothing is set") }
      note("note: \(source.path.map { "defaults are read from \($0)" } ?? "there is no configuration file")")
    }
  }

  /// All settings, or those that a command takes.
  private func chosen(
    _ settings: [SettingsFile.Setting], _ outline: CommandOutline
  ) throws -> [SettingsFile.Setting] {
    if words.isEmpty { return settings }
    let target = outline.target(of: words)
    guard target.named == words.count, target.command.subcommands == nil else {
      let known = outline.vocabulary.keys.sorted()
      let word = words.joined(separator: " ")
      throw RequestError(
        "config \(word): no such command. \(Spelling.suggestion(for: word, among: known))Choose "
          + "\(Spelling.listing(known)).")
    }
    return Configuration.additions(
      settings, to: target.command, called: target.words.joined(separator: " "), beside: []
    ).map(\.setting)
  }
}
