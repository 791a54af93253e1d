import ArgumentParser
import Foundation

/// The commands of the program and their options, as its parser describes them.
struct CommandOutline: Decodable {
  struct Name: Decodable {
    var kind: String
    var name: String
    /// "--backend" or "-o"
    var text: String { (kind == "short" ? "-" : "--") + name }
  }
  struct Argument: Decodable {
    /// "positional", "option" or "flag"
    var kind: String
    var names: [Name]?
    var isRepeating: Bool
    var shouldDisplay: Bool
    var allValues: [String]?

    var longNames: [String] { (names ?? []).filter { $0.kind == "long" }.map(\.name) }
  }
  var commandName: String
  var subcommands: [CommandOutline]?
  var arguments: [Argument]?

  private struct Tool: Decodable { var command: CommandOutline }

  static func program() throws -> CommandOutline {
    try JSONDecoder().decode(Tool.self, from: Data(Upscatter._dumpHelp().utf8)).command
  }

  /// What a command alone runs: ["experiments": "list"].
  private static let defaults = Dictionary(
    Upscatter.configuration.subcommands.compactMap { type in
      type.configuration.defaultSubcommand.map { (type._commandName, $0._commandName) }
    }
  ) { first, _ in first }

  func subcommand(_ name: String) -> CommandOutline? { subcommands?.first { $0.commandName == name } }

  /// The command that a command line runs, its words, and how many arguments name it; a default is added to the words.
  func target(of arguments: [String]) -> (command: CommandOutline, words: [String], named: Int) {
    var (command, words, named) = (self, [String](), 0)
    while named < arguments.count, let next = command.subcommand(arguments[named]) {
      (command, words, named) = (next, words + [next.commandName], named + 1)
    }
    while let name = Self.defaults[command.commandName], let next = command.subcommand(name) {
      (command, words) = (next, words + [name])
    }
    return (command, words, named)
  }

  /// Commands without subcommands, by their words: "scan", "experiments check".
  func leaves() -> [(words: String, command: CommandOutline)] {
    (subcommands ?? []).flatMap { child -> [(words: String, command: CommandOutline)] in
      let below = child.leaves()
      if below.isEmpty { return [(child.commandName, child)] }
      return below.map { ("\(child.commandName) \($0.words)", $0.command) }
    }
  }

  /// The option of a long name, with all names that set the same: aliases, `--no-pulls` beside `--pulls`.
  func option(_ name: String) -> (argument: Argument, names: Set<String>)? {
    guard let argument = arguments?.first(where: { $0.longNames.contains(name) && $0.kind != "positional" })
    else { return nil }
    let base = name.hasPrefix("no-") ? String(name.dropFirst(3)) : name
    let inverse = arguments?.first {
      $0.kind == "flag" && !Set($0.longNames).isDisjoint(with: [base, "no-\(base)"])
        && !$0.longNames.contains(name)
    }
    return (argument, Set(((argument.names ?? []) + (inverse?.names ?? [])).map(\.text)))
  }
}
