import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Reporting

/// The catalogue: what is in it, what an entry says, whether a file of one's own is right, a template to start from.
struct ExperimentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiments",
    abstract: "Lists, shows, checks and starts experiment files.",
    discussion: """
      upscatter experiments new my-argon --output my-argon.yaml   start from a template
      upscatter experiments new --like dresden-ii my-germanium    or from an entry
      upscatter experiments check my-argon.yaml                   find its faults, see its numbers
      upscatter limit my-argon.yaml                               use it
      docs/formats.md describes every key.
      """,
    subcommands: [List.self, Show.self, Check.self, New.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Names, kinds, flavours of the source and titles of the catalogue.",
      discussion: "A variant is named after a colon: upscatter scan ENTRY:VARIANT.")
    @Flag(help: "List the variants of every entry too.")
    var all = false
    @OptionGroup var consoleOptions: ConsoleOptions
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      try reportingErrors {
        let specs = try Catalogue.entryNames.map { try Catalogue.load($0) }
        if json { return try printJSON(specs) }
        for spec in specs {
          print(
            column(spec.name, 24) + column(spec.kind.rawValue, 14) + column(flavours(spec), 12) + spec.title)
          guard all else { continue }
          for variant in try Catalogue.variants(of: spec.name) {
            print(column("  :\(variant.name)", 50) + variant.description)
          }
        }
        if !all { note("variants: upscatter experiments list --all, or upscatter experiments show NAME") }
      }
    }

    /// What `--flavor` can be: the families in the beam, "e,mu".
    private func flavours(_ spec: ExperimentSpec) -> String {
      let families = Set(spec.source.components.map(\.flavour.family))
      return ["e", "mu", "tau"].filter(families.contains).joined(separator: ",")
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints the YAML of a catalogue entry.")
    @Argument(help: "Catalogue name.", completion: Completion.entries) var name: String
    @Option(help: "Another file of the entry, for example REFERENCE.", completion: Completion.entryFiles)
    var file = "experiment.yaml"
    @OptionGroup var consoleOptions: ConsoleOptions
    @Flag(help: "Print JSON: the text, and the files of the entry.") var json = false

    private struct Report: Encodable {
      var name: String
      var file: String
      var files: [String]
      var text: String
    }

    func run() throws {
      try reportingErrors {
        let entry = String(name.prefix { $0 != ":" })  // a variant is part of its entry's text
        let files = Catalogue.files(of: entry)
        guard let text = Catalogue.text(of: entry, file: file) else { throw unknown(entry, files) }
        try requireVariant()
        if json { return try printJSON(Report(name: name, file: file, files: files, text: text)) }
        print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
      }
    }

    private func unknown(_ entry: String, _ files: [String]) -> RequestError {
      let known = files.isEmpty ? Catalogue.entryNames : files
      return RequestError(
        "The catalogue has no file \"\(file)\" for \"\(name)\". "
          + Spelling.suggestion(for: files.isEmpty ? entry : file, among: known)
          + (files.isEmpty ? "Entries: " : "Files of the entry: ") + known.joined(separator: ", ") + ".")
    }

    /// A variant has no text of its own, but a misspelt one shall not pass.
    private func requireVariant() throws {
      if name.contains(":") { _ = try Catalogue.load(name) }
    }
  }
}
