import Foundation
import Testing

/// Outputs that cannot be written are refused before anything is computed: most of these would take hours.
@Suite("Outputs that cannot be written")
struct OutputRefusalTests {
  struct Command: Sendable, CustomTestStringConvertible {
    var text: String
    /// What the first file adds to the name.
    var ending: String
    var option = "--output"
    /// The option takes a name without the ending.
    var bare = false
    var testDescription: String { text }

    func line(_ name: String) -> String { "\"$0\" \(text) \(option) \(name)" }

    /// - Parameter path: of the first file, without its ending
    func line(in path: String) -> String { line(bare || ending == ".h5" ? path : path + ending) }
  }

  static let commands = [
    Command(text: "toys coherent-csi-2021 --m4 0.1:50:500 --d 1e-8:1e-5:500 --toys 1000000", ending: ".h5"),
    Command(text: "fit ess ess10 darwin --m4 0.1:50:1000 --d 1e-8:1e-5:1000", ending: ".h5"),
    Command(text: "scan csi-benchmark --m4 1:50:9000 --d 1e-7:1e-5:9000", ending: ".h5"),
    Command(
      text: "moments coherent-csi-2021 --m4 5 --plane lambda14:lambda24 --profile lambda34,phase24,phase34",
      ending: ".h5"),
    Command(
      text: "limit coherent-csi-2021 --m4 0.1:50:200 --method cls --toys 1000000", ending: ".csv", bare: true),
    Command(text: "export coherent-lar-2020 --m4 5", ending: ""),
    Command(
      text: "discriminate coherent-csi-2021 --truth dipole:m4=10,d=1e-6 --against vector --toys 1000000",
      ending: ".svg", option: "--plot"),
    Command(text: "spectrum coherent-lar-2020", ending: ".svg", option: "--plot"),
  ]

  @Test("A missing folder is named, and the option that chooses another", arguments: commands)
  func missing(command: Command) throws {
    let folder = try Scratch()
    let outcome = try Program.shell(command.line(in: "no/x"), in: folder)
    #expect(outcome.status == 73)
    let file = command.text.hasPrefix("moments") ? "no/x.json" : "no/x\(command.ending)"
    #expect(
      outcome.errors.hasSuffix(
        "upscatter: \(file) cannot be written: the directory no does not exist. Create it or choose another \(command.option).\n"
      ),
      "\(outcome.errors)")
    #expect(try folder.names().isEmpty)
  }

  @Test("So is a directory in the place of a file", arguments: commands)
  func directory(command: Command) throws {
    try refused(command, where: "mkdir", says: "the path is a directory. Remove it or choose another")
  }

  @Test("So is a pipe, which a finished file would replace", arguments: commands)
  func pipe(command: Command) throws {
    try refused(
      command, where: "mkfifo",
      says: "the path is neither free nor a plain file (a device, a pipe or a socket). Choose another")
  }

  /// - Parameter maker: makes what is in the way
  private func refused(_ command: Command, where maker: String, says reason: String) throws {
    let folder = try Scratch()
    let file = "x\(command.ending)"
    _ = try Program.shell("\(maker) \(file)", in: folder)
    let outcome = try Program.shell(command.line(in: "x"), in: folder)
    #expect(outcome.status == 73)
    #expect(
      outcome.errors.hasSuffix("upscatter: \(file) cannot be written: \(reason) \(command.option).\n"),
      "\(outcome.errors)")
    #expect(try folder.names() == [file])
  }

  @Test("The folder itself is no file", arguments: [".", "..", "/"])
  func folder(name: String) throws {
    let outcome = try Program.shell("\"$0\" export coherent-lar-2020 --m4 5 --output \(name)", in: Scratch())
    #expect(outcome.status == 73 && outcome.errors.contains("--output"), "\(outcome.errors)")
  }

  @Test("Tables and pictures beside the result file are looked at too")
  func others() throws {
    let folder = try Scratch()
    for (command, name) in [
      (Self.commands[0], "x-coverage.svg"), (Self.commands[1], "x-90.csv"), (Self.commands[2], "x-limit.csv"),
      (Self.commands[3], "x.gp"),
    ] {
      _ = try Program.shell("mkdir \(name)", in: folder)
      let outcome = try Program.shell(command.line("x"), in: folder)
      #expect(outcome.status == 73)
      #expect(
        outcome.errors.contains("\(name) cannot be written: the path is a directory"), "\(outcome.errors)")
      _ = try Program.shell("rmdir \(name)", in: folder)
    }
    #expect(try folder.names().isEmpty)
  }
}
