import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Reporting

extension ExperimentsCommand {
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Writes a commented experiment file to start from: asks on a terminal, or takes answers as options.",
      discussion: """
        upscatter experiments new my-argon                          asks, and writes my-argon.yaml
        upscatter experiments new my-xenon --source solar --target Xe --output my-xenon.yaml
        upscatter experiments new my-argon --no-ask                 the template with every key: argon at a stopped-pion source
        upscatter experiments new --like dresden-ii my-germanium    the folder my-germanium: the entry, its tables, \
        its REFERENCE

        What is answered neither here nor on the terminal has a default that depends on the source. Without --output the file goes to \
        standard output, or after questions to NAME.yaml.
        """)
    @Argument(
      help:
        "Name of the new experiment, which the file must have too; with --like the folder to make, called like it."
    )
    var name: String?
    @OptionGroup var answers: ExperimentAnswers
    @Flag(
      inversion: .prefixedNo,
      help: ArgumentHelp(
        "Ask for what the options do not answer.",
        discussion: "Default: on a terminal, unless an option answers or --output is given."))
    var ask: Bool?
    @Option(
      help: "Catalogue entry to copy, with its tables and comments, into a new folder.",
      completion: Completion.entries)
    var like: String?
    @Option(
      name: [.short, .long],
      help: "File to write, NAME.yaml in any folder; an existing file is never overwritten.",
      completion: Completion.anyFile)
    var output: String?
    @OptionGroup var consoleOptions: ConsoleOptions
    @Flag(help: "Print JSON: the files that were written, or the text.")
    var json = false

    private struct Report: Encodable {
      var name: String
      var files: [String]
      /// Where no file was asked for.
      var text: String?
    }

    func run() throws {
      try reportingErrors {
        if let like { return try copy(like) }
        var draft = try answers.draft()
        let name = try asks ? QuestionRound(draft).name(name) : requireGiven(name)
        try requireName(name)
        let output = output ?? (asks ? name + ".yaml" : nil)
        if let output { try requireFree(output, name) }  // before somebody answers for nothing
        if asks { draft = try QuestionRound(draft).answers(beside: answers.given) }
        try write(try text(draft, name: name), name: name, to: output)
      }
    }

    private var asks: Bool {
      ask ?? (answers.given.isEmpty && output == nil && !json && QuestionRound.isPossible)
    }

    /// From the answers, or the template that shows every key where there are none.
    private func text(_ draft: ExperimentDraft, name: String) throws(RequestError) -> String {
      if !asks, answers.given.isEmpty { return Catalogue.template(name: name) }
      do throws(ExperimentDraft.Refusal) {
        return try draft.text(name: name)
      } catch {
        throw RequestError("--threshold \(error)")
      }
    }

    private func write(_ text: String, name: String, to output: String?) throws {
      if let output { try AtomicFile.write(text, to: output) }
      if json {
        return try printJSON(
          Report(name: name, files: output.map { [$0] } ?? [], text: output == nil ? text : nil))
      }
      guard let output else {
        print(text, terminator: "")
        return note("note: this is standard output; --output \(name).yaml makes a file of it")
      }
      note("wrote \(output); check it with: upscatter experiments check \(output)")
    }

    // MARK: - Copies

    /// Makes the folder with all files of the entry, or leaves nothing.
    private func copy(_ entry: String) throws {
      if let output {
        throw RequestError(
          "--output \(output): --like writes a folder, the argument names it. Leave --output out.")
      }
      guard answers.given.isEmpty, ask != true else {
        throw RequestError("--like \(entry): the entry has the answers. Leave --like out, or the others.")
      }
      let name = try requireGiven(name)
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
      if json {
        return try printJSON(Report(name: own, files: files.keys.sorted().map { "\(name)/\($0)" }))
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

    private func requireGiven(_ name: String?) throws(RequestError) -> String {
      if let name { return name }
      throw RequestError("experiments new needs a name: `upscatter experiments new my-argon-2026`.")
    }

    private func requireFree(_ output: String, _ name: String) throws {
      try requireFileName(output, name)
      guard !FileManager.default.fileExists(atPath: output) else {
        throw ReportError(
          .cannotWrite, "--output \(output): the file exists and is left as it is. Choose another name.")
      }
    }

    /// The loader wants `name:` to be the name of the file.
    private func requireFileName(_ output: String, _ name: String) throws {
      let file = (output as NSString).lastPathComponent
      if file == name + ".yaml" || file == name + ".yml" { return }
      throw RequestError(
        "--output \(output): the file of the experiment \(name) must be called \(name).yaml. Rename one of the two."
      )
    }
  }
}
