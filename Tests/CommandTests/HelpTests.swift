import Foundation
import Testing

@Suite("Help")
struct HelpTests {
  static let analysis = [
    "--model", "--parameter", "--flavor", "--flavour", "--data", "--statistic", "--mode", "--tolerance",
    "--coupling",
  ]
  /// Of every command.
  static let console = ["--quiet", "--progress", "--color", "--help", "--version"]
  static let backend = ["--backend", "--device", "--precision", "--workers"]
  static let state = ["--resume", "--restart", "--shard"]
  static let options: [(command: String, options: [String])] = [
    (
      "scan",
      ["--m4", "--mass", "--d", "--sign"] + analysis + ["--share", "--cl", "--dof"] + backend + state
        + [
          "--job", "--output", "--plot", "--style", "--pulls", "--no-pulls", "--overlays", "--no-overlays",
          "--json", "--explain",
        ]
    ),
    (
      "limit",
      [
        "--m4", "--mass", "--profile", "--decay-energy", "--decay-path", "--share", "--method", "--toys",
        "--ensemble", "--seed", "--bands", "--discovery", "--output", "--plot", "--style",
      ] + analysis + ["--cl", "--dof"] + backend + ["--json", "--explain"]
    ),
    (
      "fit",
      [
        "--inject-m4", "--inject-d", "--toy", "--seed", "--m4", "--mass", "--d", "--refine", "--no-refine",
        "--cl",
        "--share", "--alone", "--posterior", "--prior", "--walkers", "--steps", "--output", "--plot",
        "--style", "--title",
        "--json",
      ] + analysis + backend
    ),
    (
      "spectrum",
      ["--m4", "--mass", "--d", "--recoils"] + analysis + backend + ["--plot", "--style", "--json"]
    ),
    (
      "toys",
      [
        "--m4", "--mass", "--d", "--toys", "--most", "--ensemble", "--seed", "--cl", "--dof", "--share",
        "--output",
        "--plot", "--style", "--histogram", "--json", "--explain",
      ] + analysis + backend + state
    ),
    ("merge", ["--output", "--json"]),
    (
      "discriminate",
      ["--truth", "--against", "--toys", "--seed", "--share", "--coupling", "--statistic"] + backend + [
        "--plot", "--style", "--json",
      ]
    ),
    (
      "moments",
      [
        "--m4", "--mass", "--plane", "--fix", "--profile", "--x", "--y", "--parameter", "--apart", "--share",
        "--data",
        "--statistic", "--coupling", "--cl",
      ] + backend + ["--output", "--plot", "--style", "--json"]
    ),
    ("verify", ["--reference-tables", "--backend", "--tiny", "--verbose", "--json"]),
    ("benchmark", backend + ["--all", "--repeats", "--points", "--compare", "--json"]),
    ("devices", ["--json"]),
    ("experiments list", ["--all", "--json"]),
    ("experiments show", ["--file", "--json"]),
    ("experiments check", ["--brief", "--json"]),
    (
      "experiments new",
      [
        "--source", "--target", "--mass", "--exposure", "--threshold", "--background", "--ask", "--no-ask",
        "--like",
        "--output", "--json",
      ]
    ),
    ("validate", ["--output", "--json"]),
    ("config", ["--json"]),
    (
      "export",
      ["--m4", "--mass", "--d", "--share"] + analysis + ["--cl", "--dof"] + backend + ["--output", "--json"]
    ),
    (
      "import",
      ["--measurement", "--linearise", "--linearize", "--profile", "--cl", "--dof"] + backend + ["--json"]
    ),
    ("plot", ["--output", "--title", "--overlays", "--no-overlays", "--difference", "--style", "--json"]),
    (
      "submit",
      [
        "--engine", "--shards", "--partition", "--account", "--time", "--memory", "--cpus", "--gpus",
        "--array-limit",
        "--merge-partition", "--margin", "--restarts", "--setup", "--sbatch", "--program", "--dry-run",
        "--status",
        "--resubmit", "--json",
      ]
    ),
    ("report", ["--output", "--title", "--overlays", "--no-overlays", "--json"]),
  ]

  @Test("The help of every command lists exactly its options", arguments: options)
  func listsOptions(command: String, options: [String]) throws {
    let words = command.split(separator: " ").joined(separator: " ")
    let outcome = try Program.shell("\"$0\" \(words) --help", in: Scratch())
    #expect(outcome.status == 0)
    #expect(Self.listedOptions(outcome.output) == Set(options + Self.console))
  }

  /// Options at the head of a line of the OPTIONS section.
  private static func listedOptions(_ help: String) -> Set<String> {
    guard let section = help.components(separatedBy: "OPTIONS:").last else { return [] }
    let heads = section.split(separator: "\n").filter { $0.hasPrefix("  -") }
    return Set(
      heads.flatMap { line in
        line.split(whereSeparator: { " ,/".contains($0) }).prefix(while: {
          $0.hasPrefix("-") || $0.hasPrefix("<")
        })
        .filter { $0.hasPrefix("--") }.map(String.init)
      })
  }

  @Test("The top level names every command and every exit code, in lines a terminal shows whole")
  func topLevel() throws {
    let outcome = try Program.run("--help", in: Scratch())
    #expect(outcome.status == 0)
    for word in [
      "scan", "limit", "toys", "fit", "discriminate", "moments", "spectrum", "verify", "benchmark", "devices",
      "experiments", "plot", "report", "merge", "submit", "export", "import", "config",
      "0 success",
      "64 wrong",
      "65 bad", "69 backend", "cannot be written",
    ] { #expect(outcome.output.contains(word), "missing: \(word)") }
    #expect(
      outcome.output.contains("  upscatter verify                            do the backends agree here?\n"))
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("An unknown command or option is wrong usage", arguments: ["scna", "scan", "limit x --m5 3", "plot"])
  func wrongUsage(arguments: String) throws {
    let outcome = try Program.shell("\"$0\" \(arguments)", in: Scratch())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("--help"))
  }
}
