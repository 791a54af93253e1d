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
    @Argument(help: "Catalogue name.") var name: String
    @Option(help: "Another file of the entry, for example REFERENCE.") var file = "experiment.yaml"

    func run() throws {
      try reportingErrors {
        let entry = String(name.prefix { $0 != ":" })  // a variant is part of its entry's text
        guard let text = Catalogue.text(of: entry, file: file) else {
          throw RequestError(
            "The catalogue has no file \"\(file)\" for \"\(name)\". Entries: "
              + Catalogue.entryNames.joined(separator: ", ") + ".")
        }
        try requireVariant()
        print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
      }
    }

    /// A variant has no text of its own, but a misspelt one shall not pass.
    private func requireVariant() throws {
      if name.contains(":") { _ = try Catalogue.load(name) }
    }
  }
}
