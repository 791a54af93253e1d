import Foundation
import Testing

/// CLs limits of pyhf on workspaces that `export` writes (`LimitFixtures.swift`), 90 %.
struct LimitFixture: Sendable, CustomTestStringConvertible {
  var experiment: String
  /// MeV
  var m4: Double
  /// 1/GeV
  var limit: Double
  var expected: [Double]
  var q0: Double

  var testDescription: String { "\(experiment), \(m4) MeV" }

  /// The section `analysis` of the one-bin experiment, for others too.
  static let analysis: String = {
    let rest = oneBin.split(separator: "\n").drop { $0 != "analysis:" }
    return ([rest.first ?? ""] + rest.dropFirst().prefix { $0.hasPrefix(" ") }).joined(separator: "\n")
  }()

  /// With the file of the one-bin experiment.
  func folder() throws -> Scratch {
    let folder = try Scratch()
    if experiment.hasSuffix(".yaml") { try folder.write(Self.oneBin, to: experiment) }
    return folder
  }
}

/// [UPS-42, UPS-43, UPS-53]
@Suite("Methods of limit")
struct LimitMethodTests {
  private static func rows(_ outcome: Program.Outcome) throws -> [[String: Any]] {
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(outcome.json()["limit"] as? [[String: Any]])
  }

  private static func rows(_ arguments: String, in folder: Scratch? = nil) throws -> [[String: Any]] {
    try rows(Program.shell("\"$0\" limit \(arguments) --json", in: folder ?? Scratch()))
  }

  /// Tolerances are those of the fits of pyhf, a few times 1e-7 in mu; see docs/physics/statistics.md.
  @Test("CLs limits, bands and q0 equal those of pyhf", arguments: LimitFixture.all, ["simd", "reference"])
  func pyhf(fixture: LimitFixture, backend: String) throws {
    let outcome = try Program.shell(
      "\"$0\" limit \(fixture.experiment) --flavor mu --m4 \(fixture.m4) --method cls --bands --discovery --backend \(backend) --json",
      in: fixture.folder())
    let row = try #require(Self.rows(outcome).first)
    #expect(isClose(try #require(row["d"] as? Double), fixture.limit, rtol: 1e-6))
    let expected = try #require(row["expected_d"] as? [Double])
    #expect(expected.count == 5)
    for (a, b) in zip(expected, fixture.expected) { #expect(isClose(a, b, rtol: 1e-6)) }
    let discovery = try #require(row["discovery"] as? [String: Any])
    #expect(abs(try #require(discovery["q0"] as? Double) - fixture.q0) < 1e-6)
    #expect(try outcome.json()["expected"] as? String == "asymptotic")
  }

  /// Five of the errors that the program states itself. Auxiliary measurements fluctuate, as asymptotically.
  @Test("Where counts are large, CLs from toys agrees with the asymptotic one within its error")
  func toys() throws {
    let fixture = LimitFixture.all[0]
    let row = try #require(
      Self.rows(
        "\(fixture.experiment) --flavor mu --m4 10 --method cls --toys 10000 --ensemble profiled",
        in: fixture.folder()
      ).first)
    let range = try #require(row["d_range"] as? [Double])
    let limit = try #require(row["d"] as? Double)
    let error = (range[1] - range[0]) / 2
    #expect(error > 0 && error < 0.03 * limit)
    #expect(abs(limit - fixture.limit) < 5 * error)
    #expect(range[0] < limit && limit < range[1])
    #expect((row["notes"] as? [String])?.isEmpty == true)
  }

  /// z^2 with P(normal < z) = 0.95 is the Delta chi2 of 90 % with one degree of freedom.
  @Test("A one-sided limit at 95 % is the likelihood limit at 90 %, and above half a level only")
  func oneSided() throws {
    let one = try Self.rows("coherent-csi-2021 --m4 1,30 --method one-sided --cl 0.95")
    let two = try Self.rows("coherent-csi-2021 --m4 1,30")
    for (a, b) in zip(one, two) {
      #expect(
        isClose(try #require(a["d"] as? Double), try #require(b["d"] as? Double), rtol: 1e-9))
      #expect(a["d_lower"] == nil)
    }
    let refused = try Program.shell(
      "\"$0\" limit coherent-csi-2021 --m4 1 --method one-sided --cl 0.5", in: Scratch())
    #expect(refused.status == 64 && refused.errors.contains("--cl 0.5"))
  }

  @Test("--method likelihood with files has the limits of plain limit; toys are the same again")
  func likelihood() throws {
    let folder = try Scratch()
    let options = "limit ess10 --flavor mu --m4 1,6,30 --bands --discovery --toys 60"
    for name in ["a", "b"] {
      let outcome = try Program.shell("\"$0\" \(options) --output \(name) --plot none", in: folder)
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(try folder.read("a.csv") == folder.read("b.csv"))
    #expect(try folder.names() == ["a.csv", "a.json", "b.csv", "b.json"])
    let plain = try Self.rows("coherent-csi-2021 --m4 10,100")
    let banded = try Self.rows("coherent-csi-2021 --m4 10,100 --bands")
    #expect(plain[0]["d"] as? Double == banded[0]["d"] as? Double)
    #expect(banded[1]["d"] is NSNull && banded[1]["expected_d"] is NSNull)
    let bands = try #require(banded[0]["expected_d"] as? [Double])
    #expect(bands.count == 5 && zip(bands, bands.dropFirst()).allSatisfy { $0 < $1 })
    // the sensitivity is the median but for a few per cent
    let asimov = try Self.rows("coherent-csi-2021 --m4 10 --data asimov")
    #expect(isClose(bands[2], try #require(asimov[0]["d"] as? Double), rtol: 0.05))
  }

  @Test(
    "A mass without signal says so, whatever is asked for", arguments: ["likelihood", "one-sided", "cls"])
  func noSignal(method: String) throws {
    let row = try #require(
      Self.rows("ess10 --flavor mu --m4 200 --method \(method) --bands --discovery --toys 60").first)
    #expect(row["d"] is NSNull && row["expected_d"] is NSNull && row["discovery"] is NSNull)
    #expect((row["notes"] as? [String])?.contains { $0.contains("no limit") } == true)
  }

  /// A signal whose normalisation may be anything.
  @Test(
    "A pull that absorbs any signal leaves no limit, and no method states one",
    arguments: ["likelihood", "one-sided", "cls"])
  func absorbed(method: String) throws {
    let folder = try Scratch()
    let free = LimitFixture.oneBin.replacingOccurrences(of: "width: 10 %", with: "width: 500 %")
    try folder.write(free.replacingOccurrences(of: "one-bin", with: "free"), to: "free.yaml")
    for toys in ["", "--toys 60"] {
      let row = try #require(
        Self.rows("free.yaml --flavor mu --m4 10 --method \(method) --bands \(toys)", in: folder).first)
      #expect(row["d"] is NSNull)
      #expect((row["notes"] as? [String])?.contains { $0.contains("absorbs any signal") } == true)
      let expected = try #require(row["expected_d"] as? [Any])
      #expect(expected.count == 5 && expected.allSatisfy { $0 is NSNull })
    }
  }

  @Test(
    "The global p-value is that of the largest q0 of each toy: never below the local one, the same for one mass"
  )
  func global() throws {
    func p(_ masses: String) throws -> (local: [Double], global: Double) {
      let report = try Program.shell(
        "\"$0\" limit xenon1t-er --flavor all --m4 \(masses) --discovery --toys 300 --json", in: Scratch()
      ).json()
      func share(_ entry: Any?) throws -> Double {
        let discovery = try #require(entry as? [String: Any])
        return try #require((discovery["toys"] as? [String: Any])?["p_value"] as? Double)
      }
      let rows = try #require(report["limit"] as? [[String: Any]])
      return (try rows.map { try share($0["discovery"]) }, try share(report["discovery"]))
    }
    let one = try p("0.6")
    #expect(one.local == [one.global] && one.global > 0)
    let several = try p("0.6,0.8,1.1")
    #expect(several.local[0] == one.global)
    #expect(several.global >= (several.local.min() ?? 1))
  }

  /// Without background an empty bin has chi2 = 2 s q: CLs = 2 [1 - Phi(sqrt(2 s q))] = 1 - CL at 2 s q = Q, as Delta chi2, and from
  /// toys at exp(-s q) = 1 - CL. Feldman and Cousins have 2.44 events (Phys. Rev. D 57 (1998) 3873, Table IV).
  @Test(
    "Without any background: CLs is the likelihood limit, and from toys ln 10 events, or 2.44 of Feldman and Cousins"
  )
  func noBackground() throws {
    let folder = try Scratch()
    // so weak a source that nothing but a large coupling makes events
    let empty = LimitFixture.oneBin
      .replacingOccurrences(of: "events: [6.5]", with: "events: [0]")
      .replacingOccurrences(of: "events: [14.25]", with: "events: [0]")
      .replacingOccurrences(of: "observed: [55]", with: "observed: [0]")
      .replacingOccurrences(of: "protons-on-target: 1.5e23", with: "protons-on-target: 1.5e13")
      .replacingOccurrences(of: "width: 10 %", with: "width: 0.001 %")
      .replacingOccurrences(of: "{ beam: 30 %, steady: 5 % }", with: "{ beam: none, steady: none }")
    try folder.write(empty.replacingOccurrences(of: "one-bin", with: "empty"), to: "empty.yaml")
    let check = try Program.run("experiments", "check", "empty.yaml", in: folder)
    try #require(check.status == 0, "\(check.errors)")
    func limit(_ options: String) throws -> [String: Any] {
      try #require(Self.rows("empty.yaml --flavor mu --m4 10 \(options)", in: folder).first)
    }
    let plain = try #require(try limit("")["d"] as? Double)
    #expect(isClose(try #require(try limit("--method cls")["d"] as? Double), plain, rtol: 1e-3))
    for (options, events) in [("--method cls --toys 8000", log(10)), ("--toys 8000", 2.44)] {
      let toys = try limit(options)
      let range = try #require(toys["d_range"] as? [Double])
      // q goes with d^2: 2 s q = 2.7055 becomes s q = events
      let exact = plain * (2 * events / 2.705_543_454_095_404).squareRoot()
      let error = (range[1] - range[0]) / 2
      #expect(abs(try #require(toys["d"] as? Double) - exact) < 4 * error)
      #expect(error < 0.02 * exact)
    }
  }

  @Test("Several experiments, models without a mass, and the two ends of an interval")
  func kinds() throws {
    let several = try Self.rows("coherent-csi-2021 ess10 --flavor mu --m4 5,10 --method cls --bands")
    #expect(several.allSatisfy { $0["d"] is Double && ($0["expected_d"] as? [Double])?.count == 5 })
    let moment = try Self.rows(
      "coherent-csi-2021 --model magnetic-moment --method cls --bands --discovery")
    #expect(moment.count == 1 && moment[0]["limit"] is Double && moment[0]["mass"] == nil)
    let excess = try Self.rows("xenon1t-er --flavor all --m4 0.01 --toys 200 --discovery")
    let (low, high) = (excess[0]["d_lower"] as? Double ?? 0, excess[0]["d"] as? Double ?? 0)
    let best = try #require(excess[0]["best_fit_d"] as? Double)
    #expect(low > 0 && low < best && best < high)
    let discovery = try #require(excess[0]["discovery"] as? [String: Any])
    #expect(try #require(discovery["significance"] as? Double) > 2)
    let toys = try #require(discovery["toys"] as? [String: Any])
    #expect(try #require(toys["p_value"] as? Double) < 0.1)
  }

  @Test("With --output: a row per mass, a picture, and the JSON that --json prints")
  func files() throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      "\"$0\" limit coherent-csi-2021 --m4 1:50:6 --method cls --bands --output x --json", in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.names() == ["x.csv", "x.gp", "x.json", "x.svg"])
    #expect(try folder.read("x.json") == outcome.output)
    let lines = try folder.read("x.csv").split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.count == 7)
    let head = lines[0].split(separator: ",", omittingEmptySubsequences: false)
    #expect(head.first == "m4 [MeV]" && head[1] == "d limit [1/GeV]" && head.count == 8)
    let rows = try Self.rows(outcome)
    for (line, row) in zip(lines.dropFirst(), rows) {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      #expect(cells.count == head.count)
      #expect(isClose(cells[1] ?? 0, try #require(row["d"] as? Double), rtol: 1e-12))
    }
    #expect(try folder.read("x.gp").contains("filledcurves"))
  }

  @Test(
    "Where nothing can be drawn the other files are written, and a note says so",
    arguments: ["0,10", "200,300"])
  func nothingToDraw(masses: String) throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      "\"$0\" limit ess10 --flavor mu --m4 \(masses) --method cls --output x", in: folder)
    #expect(outcome.status == 0 && outcome.errors.contains("no picture"), "\(outcome.errors)")
    #expect(try folder.names() == ["x.csv", "x.json"])
  }

  static let requests = [
    BadRequest("limit coherent-csi-2021 --method bayes", 64, "--method"),
    BadRequest("limit coherent-csi-2021 --m4 1 --toys 5", 64, "--toys 5", "10000000"),
    BadRequest(
      "limit coherent-csi-2021 --m4 1 --method cls --toys 20 --cl 0.95", 64, "--toys 20", "at least 100"),
    BadRequest(
      "limit coherent-csi-2021 --model charge-radius --method cls", 64, "charge-radius", "likelihood"),
    BadRequest("limit coherent-csi-2021 --model charge-radius --discovery", 64, "interferes"),
    BadRequest(
      "limit coherent-csi-2021:shape-pulls --m4 10 --method cls --backend reference", 64, "acts non-linearly",
      "--method likelihood"),
    BadRequest(
      "limit coherent-csi-2021 --m4 1,10 --method cls --output no/x", 73, "no/x.csv", "does not exist"),
    BadRequest("limit coherent-csi-2021 --m4 1,10 --output x/", 64, "names no file"),
    BadRequest("limit coherent-csi-2021 --m4 1,10 --output x --plot gif", 64, "--plot gif"),
    BadRequest("limit coherent-csi-2021 --m4 1,10 --plot svg", 64, "--output NAME"),
    BadRequest("limit coherent-csi-2021 --m4 1 --output x --plot svg", 64, "one mass"),
    BadRequest(
      "limit coherent-csi-2021 --model vector --mass 1 --profile 1e-5 --output x", 64, "--profile 1e-5"),
  ]

  @Test("A request that cannot succeed ends with its exit code and a cure", arguments: requests)
  func refused(_ request: BadRequest) throws {
    let folder = try Scratch()
    let outcome = try Program.shell("\"$0\" \(request.arguments)", in: folder)
    #expect(outcome.status == request.status, "\(outcome.errors)")
    for part in request.says { #expect(outcome.errors.contains(part), "\(outcome.errors)") }
    #expect(try folder.names().isEmpty)
  }
}
