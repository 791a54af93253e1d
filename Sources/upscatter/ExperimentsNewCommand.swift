import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Reporting

extension ExperimentsCommand {
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a commented experiment file to start from (to standard output, or to --output).",
      discussion: """
        upscatter experiments new my-argon --output my-argon.yaml   the template: argon at a stopped-pion source
        upscatter experiments new --like dresden-ii my-germanium    the folder my-germanium: the entry, its tables, \
        its REFERENCE
        """)
    @Argument(
      help:
        "Name of the new experiment, which the file must have too; with --like the folder to make, called like it."
    )
    var name: String
    @Option(help: "Catalogue entry to copy, with its tables and comments, into a new folder.") var like:
      String?
    @Option(
      name: [.short, .long],
      help: "File to write, NAME.yaml in any folder; an existing file is never overwritten.")
    var output: String?

    func run() throws {
      try reportingErrors {
        if let like { return try copy(like) }
        try requireName(name)
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

    // MARK: - Copies

    /// Makes the folder with all files of the entry, or leaves nothing.
    private func copy(_ entry: String) throws {
      if let output {
        throw RequestError(
          "--output \(output): --like writes a folder, the argument names it. Leave --output out.")
      }
      let folder = URL(fileURLWithPath: name).standardizedFileURL
      let own = folder.lastPathComponent
      try requireName(own)
      guard let files = Catalogue.copy(of: entry, name: own) else { throw unknown(entry) }
      guard !FileManager.default.fileExists(atPath: folder.path) else {
        throw ReportError(
          .cannotWrite, "\(name): the folder exists and is left as it is. Choose another name.")
      }
      let partial = "\(folder.path).\(UUID().uuidString).partial"
      do {
        try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: false)
        for (file, text) in files { try AtomicFile.write(text, to: "\(partial)/\(file)") }
        try FileManager.default.moveItem(atPath: partial, toPath: folder.path)
      } catch {
        try? FileManager.default.removeItem(atPath: partial)
        throw ReportError(
          .cannotWrite,
          "\(name) cannot be made: its folder does not exist, is not writable, or its disk is full. Check it, or choose "
            + "another name.")
      }
      note(
        "wrote \(files.count) files to \(name); edit \(name)/experiment.yaml and check it with: upscatter experiments "
          + "check \(name)/experiment.yaml")
    }

    private func unknown(_ entry: String) -> RequestError {
      if entry.contains(":") {
        return RequestError(
          "--like \(entry): a variant is part of its entry's file. Name the entry alone; its variants come along."
        )
      }
      return RequestError(
        "--like \(entry): no entry of the catalogue. \(Spelling.suggestion(for: entry, among: Catalogue.entryNames))"
          + "Choose \(Spelling.listing(Catalogue.entryNames)).")
    }

    // MARK: - Names

    private func requireName(_ name: String) throws {
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
