import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Rates

/// The catalogue: what is in it, what an entry says, whether a file of one's own is right, a template to start from.
struct ExperimentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiments",
    abstract: "Lists, shows, checks and starts experiment files.",
    discussion: "The format is described in docs/formats.md.",
    subcommands: [List.self, Show.self, Check.self, New.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Names, kinds and titles of the catalogue.")
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      try reportingErrors {
        let specs = try Catalogue.entryNames.map { try Catalogue.load($0) }
        if json { return try printJSON(specs) }
        for spec in specs {
          print(column(spec.name, 24) + column(spec.kind.rawValue, 14) + spec.title)
        }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints the YAML of a catalogue entry.")
    @Argument(help: "Catalogue name.") var name: String
    @Option(help: "Another file of the entry, for example REFERENCE.") var file = "experiment.yaml"

    func run() throws {
      try reportingErrors {
        guard let text = Catalogue.text(of: name, file: file) else {
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
      abstract: "Validates experiment files; without arguments, the whole catalogue.")
    @Argument(help: "Catalogue names or paths.") var experiments: [String] = []

    func run() throws {
      var failed = false
      for name in experiments.isEmpty ? Catalogue.entryNames : experiments {
        do {
          _ = try RateModel(Catalogue.load(name))
          print("\(name): good")
        } catch {
          failed = true
          print("\(name): \(error)")
        }
      }
      if failed { throw Exit.badInput }
    }
  }

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a commented experiment file to start from (to standard output, or to --output).")
    @Argument(help: "Name of the new experiment; becomes `name:` and should be the file's name.") var name: String
    @Option(help: "File to write; an existing file is never overwritten.") var output: String?

    func run() throws {
      try reportingErrors {
        let text = Catalogue.template(name: name)
        guard let output else { return print(text, terminator: "") }
        guard !FileManager.default.fileExists(atPath: output) else {
          throw RequestError("--output \(output): the file exists; it is left as it is. Choose another name.")
        }
        do {
          try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
        } catch {
          throw RequestError("--output \(output): cannot be written (\(error.localizedDescription)).")
        }
        note("wrote \(output); check it with: upscatter experiments check \(output)")
      }
    }
  }
}
