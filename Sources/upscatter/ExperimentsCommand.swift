import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Rates
import Reporting

/// The catalogue: what is in it, what an entry says, whether a file of one's own is right, a template to start from.
struct ExperimentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiments",
    abstract: "Lists, shows, checks and starts experiment files.",
    discussion: """
      upscatter experiments new my-argon --output my-argon.yaml   start from a template
      upscatter experiments check my-argon.yaml                   find its faults
      upscatter limit my-argon.yaml                               use it
      docs/formats.md describes every key.
      """,
    subcommands: [List.self, Show.self, Check.self, New.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Names, kinds, flavours of the source, titles and variants of the catalogue.",
      discussion: "A variant is named after a colon: upscatter scan ENTRY:VARIANT.")
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      try reportingErrors {
        let specs = try Catalogue.entryNames.map { try Catalogue.load($0) }
        if json { return try printJSON(specs) }
        for spec in specs {
          print(
            column(spec.name, 24) + column(spec.kind.rawValue, 14) + column(flavours(spec), 12) + spec.title)
          for variant in try Catalogue.variants(of: spec.name) {
            print(column("  :\(variant.name)", 50) + variant.description)
          }
        }
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
        print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Validates experiment files; without arguments, the whole catalogue.",
      discussion: "Prints every fault with file, line and column, of the file and of each of its variants.")
    @Argument(help: "Catalogue names or paths.") var experiments: [String] = []

    func run() throws {
      var failed = false
      for name in experiments.isEmpty ? Catalogue.entryNames : experiments {
        let faults = faults(name)
        if faults.isEmpty { print("\(name): good") }
        for fault in faults { print(fault) }
        failed = failed || !faults.isEmpty
      }
      if failed { throw Exit.badInput }
    }

    /// Every fault of the file and its variants; what only shows when a model is made of it, if the file has none.
    private func faults(_ name: String) -> [String] {
      let faults = Catalogue.validate(name).map(\.description)
      if !faults.isEmpty { return faults }
      do {
        _ = try RateModel(Catalogue.load(name))
        return []
      } catch {
        return ["\(name): \(error)"]
      }
    }
  }

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a commented experiment file to start from (to standard output, or to --output).")
    @Argument(help: "Name of the new experiment, which the file must have too.") var name: String
    @Option(
      name: [.short, .long],
      help: "File to write, NAME.yaml in any folder; an existing file is never overwritten.")
    var output: String?

    func run() throws {
      try reportingErrors {
        try requireName()
        let text = Catalogue.template(name: name)
        guard let output else { return print(text, terminator: "") }
        try requireFileName(output)
        guard !FileManager.default.fileExists(atPath: output) else {
          throw ReportError(
            .cannotWrite, "--output \(output): the file exists and is left as it is. Choose another name.")
        }
        try AtomicFile.write(text, to: output)
        note("wrote \(output); check it with: upscatter experiments check \(output)")
      }
    }

    private func requireName() throws {
      let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyz0123456789-_.")
      guard let first = name.first, first.isLetter,
        name.lowercased().unicodeScalars.allSatisfy(allowed.contains)
      else {
        throw RequestError(
          "\"\(name)\" cannot name an experiment: use ASCII letters, digits, - _ and . only, a letter first, as in "
            + "my-argon-2026.")
      }
    }

    /// The loader wants `name:` to be the name of the file.
    private func requireFileName(_ output: String) throws {
      let file = (output as NSString).lastPathComponent
      if file == name + ".yaml" || file == name + ".yml" { return }
      throw RequestError(
        "--output \(output): the file of the experiment \(name) must be called \(name).yaml. Rename one of the two."
      )
    }
  }
}
