import Foundation
import Testing

/// Defaults from a file.
@Suite("Configuration")
struct ConfigurationTests {
  /// A run with these defaults in force.
  private func run(
    _ arguments: String, config: String, in scratch: Scratch? = nil
  ) throws -> Program.Outcome {
    let folder = try scratch ?? Scratch()
    try folder.write(config, to: "defaults.yaml")
    return try Program.shell("UPSCATTER_CONFIG=defaults.yaml \"$0\" \(arguments)", in: folder)
  }

  @Test("Defaults give the bytes of the options spelt out, and a note says what they added")
  func sameBytes() throws {
    let folder = try Scratch()
    let axes = "--m4 1:10:4 --d 1e-8:1e-5:5"
    let set = try run(
      "scan ess10 \(axes) -o a",
      config: "all: { backend: simd }\nscan:\n  plot: none\n  cl: 0.95\n  pulls: false\n",
      in: folder)
    #expect(set.status == 0, "\(set.errors)")
    #expect(set.errors.contains("note: defaults.yaml adds --plot=none --cl=0.95 --no-pulls --backend=simd"))
    let other = try Scratch()  // files name each other
    let spelt = try Program.shell(
      "\"$0\" scan ess10 \(axes) -o a --backend simd --plot none --cl 0.95 --no-pulls", in: other)
    #expect(spelt.status == 0 && spelt.errors.isEmpty)
    for name in try other.names() { #expect(try folder.bytes(name) == other.bytes(name), "\(name)") }
    #expect(try other.names().count == 4)
  }

  @Test(
    "The command line wins, under every name of an option, and a command over all",
    arguments: [
      ("--cl 0.8", 0.8), ("--cl=0.8", 0.8), ("", 0.95),
    ])
  func precedence(option: String, level: Double) throws {
    let outcome = try run(
      "limit ess10 --mass 3 --flavour e --json \(option)",
      config: "all: { cl: 0.7, flavor: mu, m4: 5 }\nlimit: { cl: 0.95 }\n")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    #expect(report["confidence_level"] as? Double == level)
    #expect((report["limit"] as? [[String: Any]])?.compactMap { $0["m4"] as? Double } == [3])
    #expect(!outcome.errors.contains("--flavor") && !outcome.errors.contains("--m4"))
  }

  @Test("A flag and its opposite are one option")
  func flags() throws {
    let outcome = try run(
      "scan ess10 --m4 1:10:3 --d 1e-8:1e-5:3 -o x --overlays --quiet",
      config: "scan: { plot: none, overlays: false }\nexperiments list: { all: true }\n")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.isEmpty)
    let list = try run("experiments", config: "experiments list: { all: true }\n")
    #expect(list.status == 0 && list.output.contains("  :no-electrons"))
  }

  @Test("What may move a number is announced with --quiet too")
  func announced() throws {
    let outcome = try run("limit ess10 --m4 3 --quiet", config: "limit: { tolerance: 1e-5, json: true }\n")
    #expect(
      outcome.status == 0 && outcome.errors.contains("adds --tolerance=1e-5 --json"), "\(outcome.errors)")
  }

  @Test(
    "What the file may not hold is named with its line",
    arguments: [
      ("scan:\n  backnd: simd\n", 65, ["defaults.yaml:2:3", "`backnd`", "Did you mean `backend`?"]),
      ("\nscna: { backend: simd }\n", 65, ["defaults.yaml:2:1", "`scna`", "Did you mean `scan`?"]),
      ("scan: { backend: smid }\n", 65, ["defaults.yaml:1:18", "Did you mean `simd`?"]),
      ("scan: { json: maybe }\n", 65, ["defaults.yaml:1:15", "`true` or `false`"]),
      ("scan: { cl: [0.9, 0.95] }\n", 65, ["defaults.yaml:1:13", "one value"]),
      ("scan: [backend]\n", 65, ["defaults.yaml:1:7", "a mapping of options"]),
      ("scan: { backend: simd, backend: simd }\n", 65, ["defaults.yaml", "more than once"]),
      ("scan: { restart: true }\n", 65, ["defaults.yaml:1:9", "`restart`"]),
      ("scan: { output: x }\n", 65, ["defaults.yaml:1:9", "`output`"]),
      ("scan: {\n", 65, ["defaults.yaml", "malformed YAML"]),
      ("all:\n  cl: 90\n", 64, ["--cl 90", "--cl is set in defaults.yaml:2."]),
      ("all:\n  workers: two\n", 64, ["'two'", "--workers is set in defaults.yaml:2."]),
    ] as [(String, Int32, [String])])
  func refusals(config: String, status: Int32, says: [String]) throws {
    let outcome = try run("scan ess10 --m4 1:10:3 --d 1e-8:1e-5:3 -o x --plot none", config: config)
    #expect(outcome.status == status, "\(outcome.errors)")
    for text in says { #expect(outcome.errors.contains(text), "\(outcome.errors)") }
    #expect(try run("--help", config: config).status == 0)
  }

  @Test("A file that is named must be there; no file, an empty one and an empty name are none")
  func places() throws {
    let folder = try Scratch()
    let missing = try Program.shell("UPSCATTER_CONFIG=no.yaml \"$0\" devices", in: folder)
    #expect(missing.status == 64 && missing.errors.contains("no.yaml"))
    #expect(try run("devices", config: "# nothing\n\n").errors.isEmpty)
    try FileManager.default.createDirectory(
      atPath: folder.path("upscatter"), withIntermediateDirectories: true)
    try folder.write("limit: { cl: 0.95 }\n", to: "upscatter/config.yaml")
    let home = "env -u UPSCATTER_CONFIG XDG_CONFIG_HOME=\"$PWD\""
    let found = try Program.shell("\(home) \"$0\" config limit", in: folder)
    #expect(found.status == 0 && found.output.contains("cl: 0.95"))
    #expect(found.output.contains("/upscatter/config.yaml:1"))
    let none = try Program.shell("\(home) UPSCATTER_CONFIG= \"$0\" config --json", in: folder)
    #expect(try none.json()["file"] == nil)
    #expect((try none.json()["settings"] as? [Any])?.isEmpty == true)
  }
}
