import Foundation
import Testing

/// Several experiments on the command line.
@Suite("Combination: limit and scan of several experiments")
struct CombinationCommandTests {
  private static let pair =
    "coherent-csi-2021 coherent-csi-2017:quenching-2021 --flavor mu --backend reference"

  @Test("limit --json names the experiments, the settings of each and the shared pulls")
  func limit() throws {
    let outcome = try Program.shell(
      "\"$0\" limit \(Self.pair) --share sns-flux --m4 10 --json", in: Scratch())
    try #require(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    #expect(report["experiment"] as? String == "coherent-csi-2021+coherent-csi-2017:quenching-2021")
    #expect(report["shared_pulls"] as? [String] == ["sns-flux"])
    #expect(report["settings"] == nil)
    let members = try #require(report["members"] as? [[String: Any]])
    #expect(
      members.map { $0["experiment"] as? String } == [
        "coherent-csi-2021", "coherent-csi-2017:quenching-2021",
      ])
    #expect(members.allSatisfy { ($0["settings"] as? [String: Any])?["statistic"] as? String == "poisson" })
    let rows = try #require(report["limit"] as? [[String: Any]])
    // SciPy, see CombinationTests
    #expect(isClose(try #require(rows[0]["d"] as? Double), 6.826633764542137e-07, rtol: 1e-9))
  }

  @Test("Parts that could be shared are named, once, unless --share says what is wanted")
  func note() throws {
    let folder = try Scratch()
    let silent = try Program.shell("\"$0\" limit \(Self.pair) --m4 10 --share none", in: folder)
    let noted = try Program.shell("\"$0\" limit \(Self.pair) --m4 10", in: folder)
    #expect(silent.status == 0 && noted.status == 0)
    #expect(silent.output == noted.output)
    #expect(!silent.errors.contains("not shared"))
    #expect(
      noted.errors.contains("sns-flux (coherent-csi-2021, coherent-csi-2017:quenching-2021); csi-quenching"))
  }

  @Test("A data set that holds that of another is warned of, unless one of them stands for its expectation")
  func overlap() throws {
    let warning =
      "WARNING: the data of coherent-csi-2021 include those of coherent-csi-2017:quenching-2021, whose events count twice"
    for command in ["limit %@ --m4 10 --share none", "export %@ --m4 10 --share none -o x.json"] {
      let line = command.replacingOccurrences(of: "%@", with: Self.pair)
      let outcome = try Program.shell("\"$0\" \(line)", in: Scratch())
      #expect(outcome.status == 0 && outcome.errors.contains(warning), "\(outcome.errors)")
    }
    let asimov = try Program.shell(
      "\"$0\" limit \(Self.pair) --m4 10 --data asimov --share none", in: Scratch())
    #expect(asimov.status == 0 && !asimov.errors.contains("WARNING"), "\(asimov.errors)")
  }

  @Test(
    "A copy of an experiment under another name is refused by every command that combines data",
    arguments: [
      "limit %@ --m4 10", "scan %@", "toys %@", "fit %@", "export %@ --m4 10 -o x.json", "moments %@ --m4 10",
    ])
  func copy(command: String) throws {
    let folder = try Scratch()
    let made = try Program.shell("\"$0\" experiments new --like coherent-csi-2017 mine", in: folder)
    try #require(made.status == 0, "\(made.errors)")
    let line = command.replacingOccurrences(of: "%@", with: "coherent-csi-2017:quenching-2021 mine")
    let outcome = try Program.shell("\"$0\" \(line)", in: folder)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(
      outcome.errors.contains("coherent-csi-2017:quenching-2021 and mine hold the same data"),
      "\(outcome.errors)")
    #expect(try folder.names() == ["mine"])
  }

  @Test(
    "A scan of several experiments writes the files of a scan of one, says who took part, and repeats its bytes"
  )
  func scan() throws {
    let folder = try Scratch()
    let command =
      "coherent-csi-2021 ess xenon1t-8b --flavor mu --backend reference --m4 1,10 --d 1e-7:1e-6:40"
    let outcome = try Program.shell("\"$0\" scan \(command) -o x", in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try folder.names() == ["x-limit.csv", "x.csv", "x.gp", "x.h5", "x.json", "x.svg"])
    let table = try ScanCommandTests.table("x-limit.csv", in: folder)
    let header = table.header.joined(separator: "\n")
    for text in [
      "experiments: COHERENT CsI[Na] 2021; ESS, 1 t Ar", "data_set: observed; asimov; observed",
      "kind: sensitivity", "statistic: poisson; gaussian; gaussian", "shared_pulls: none",
      "input_sha256 coherent-csi-2021/experiment.yaml", "input_sha256 ess/experiment.yaml",
      "input_sha256 xenon1t-8b/experiment.yaml", "input_sha256 library/",
    ] {
      #expect(header.contains(text), "\(text)")
    }
    let limit = try Program.shell(
      "\"$0\" limit coherent-csi-2021 ess xenon1t-8b --flavor mu --backend reference --m4 1,10 --json",
      in: folder)
    let rows = try #require(try limit.json()["limit"] as? [[String: Any]])
    for (row, scanned) in zip(rows, table.rows) {
      #expect(isClose(try #require(row["d"] as? Double), scanned[1], rtol: 1e-3))
    }
    let plot = try folder.read("x.svg")
    #expect(plot.contains("COHERENT CsI[Na] 2021 alone") && plot.contains("Poisson and Gaussian statistic"))
    let bytes = try folder.bytes("x.h5")
    for name in ["coherent-csi-2021 signal", "ess signal", "coherent-csi-2021 steady-state"] {
      #expect(bytes.range(of: Data(name.utf8)) != nil, "\(name)")
    }
    #expect(try Program.shell("\"$0\" scan \(command) -o x", in: folder).status == 0)
    #expect(try folder.bytes("x.h5") == bytes)
  }

  static let refused =
    [
      BadRequest("limit coherent-csi-2021 --m4 10 --share all", 64, "one experiment has nothing to share"),
      BadRequest("limit coherent-csi-2021 ess --m4 10 --share all", 64, "name the same part", "ess: signal"),
      BadRequest(
        "limit coherent-csi-2021 coherent-lar-2020 --m4 10 --share flux", 64, "--share flux",
        "coherent-lar-2020: sns-flux, signal"),
      BadRequest(
        "limit coherent-csi-2021 coherent-csi-2017 --m4 10 --share csi-quenching", 64, "0.038", "0.25",
        "do not share it"),
      BadRequest(
        "limit coherent-csi-2021 coherent-csi-2021:no-electrons --m4 10", 64, "same experiment",
        "count twice",
        "--data asimov"),
      BadRequest("scan coherent-csi-2021 dresden-ii --m4 1", 64, "--flavor is needed", "dresden-ii: e"),
      BadRequest(
        "limit coherent-csi-2021 dresden-ii --flavor mu --m4 1", 64, "dresden-ii", "Use --flavor e"),
      BadRequest(
        "limit coherent-csi-2021:shape-pulls ess --m4 10 --backend reference", 64, "quenching-1",
        "non-linearly"
      ),
      BadRequest("scan coherent-csi-2021 ess --job pointwise", 64, "--job pointwise", "one experiment only"),
      BadRequest(
        "limit coherent-csi-2021 xenon1t-8b --model charge-radius --backend reference", 64, "xenon1t-8b",
        "take events away"),
      BadRequest("limit coherent-csi-2021 no-such --m4 1", 65, "no-such"),
    ] + sharing

  /// One --share, with the same words, in every command that fits several experiments.
  static let sharing =
    [
      "limit %@ --m4 10", "scan %@", "toys %@", "fit %@", "export %@ --m4 10 -o x.json", "moments %@ --m4 10",
      "discriminate %@ --truth dipole:m4=10,d=1e-6 --against magnetic-moment",
    ].flatMap { command in
      [
        BadRequest(
          command.replacingOccurrences(
            of: "%@", with: "coherent-csi-2021 coherent-lar-2020:energy --share flux"), 64,
          "--share flux: no two of these experiments have a pull of this name",
          "coherent-lar-2020:energy: sns-flux, signal"),
        BadRequest(
          command.replacingOccurrences(of: "%@", with: "coherent-csi-2021 --share all"), 64,
          "--share all: one experiment has nothing to share. Leave --share out."),
        BadRequest(
          command.replacingOccurrences(of: "%@", with: "coherent-csi-2021 ess --share all"), 64,
          "no two of these experiments name the same part"),
      ]
    } + [
      BadRequest("moments ess ess10 --m4 10 --apart --share all", 64, "--apart", "Leave one of the two out"),
      BadRequest("moments coherent-csi-2021 coherent-csi-2021 --m4 10", 64, "count twice"),
      BadRequest("fit coherent-csi-2021 coherent-csi-2021:no-electrons", 64, "count twice"),
      BadRequest("export coherent-csi-2021 dresden-ii --m4 1 -o x.json", 64, "--flavor is needed"),
      BadRequest(
        "discriminate coherent-csi-2021 dresden-ii --truth dipole:m4=1,d=1e-6 --against vector --toys 0", 64,
        "flavor=... in \"dipole:m4=1,d=1e-6\" is needed"),
    ]

  @Test(
    "A combination that cannot be ends with one paragraph, its exit code and no files", arguments: refused)
  func refusals(request: BadRequest) throws {
    let folder = try Scratch()
    let outcome = try Program.shell("\"$0\" \(request.arguments)", in: folder)
    #expect(outcome.status == request.status, "\(outcome.errors)")
    for part in request.says { #expect(outcome.errors.contains(part), "\(outcome.errors)") }
    #expect(outcome.output.isEmpty && !outcome.errors.contains("Fatal"))
    #expect(try folder.names().isEmpty)
  }
}
