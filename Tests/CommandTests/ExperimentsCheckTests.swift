import Foundation
import Testing

/// A template made wrong, and what `experiments check` must say about it.
struct Slip: Sendable, CustomTestStringConvertible {
  /// Texts of the template and what replaces them.
  let changes: [(old: String, new: String)]
  /// Text whose line the warning must name.
  let place: String
  let words: [String]

  init(_ changes: [(String, String)], at place: String, _ words: String...) {
    self.changes = changes.map { (old: $0.0, new: $0.1) }
    self.place = place
    self.words = words
  }

  var testDescription: String { changes.map { "\($0.old) -> \($0.new)" }.joined(separator: ", ") }
}

@Suite("experiments check")
struct ExperimentsCheckTests {
  private static let pions = "  pion-decay-at-rest:                 # nu_mu, nu_mu_bar and nu_e"
  private static let pionLines = [
    "    neutrinos-per-proton: 0.08        # of each flavour\n", "    protons-on-target: 1.5e23\n",
    "    baseline: 28.4 m\n",
  ]
  private static let gaussian =
    "gaussian: { noise: 0 keV, stochastic: 0.58, constant: 0, combination: quadrature }"

  /// The template with a reactor in place of its pions.
  private static func reactor(flux: String, time: String) -> [(String, String)] {
    pionLines.map { ($0, "") } + [
      (
        pions,
        """
          reactor:
            live-time: \(time)
            flux: { total: \(flux) }
            spectra: bestiole-2023
            fission-fractions: { u235: 0.58, u238: 0.07, pu239: 0.30, pu241: 0.05 }
            neutron-capture: 0.6
        """
      )
    ]
  }

  private static let thermal =
    "thermal-power: { power: 2.96 GW, baseline: 2000 km, energy-per-fission: ma-2013 }"

  static let slips: [Slip] = [
    Slip(
      [("{ nuclear: 1 keV }", "{ nuclear: 40 keV }")], at: "{ nuclear: 40 keV }",
      "floor of 40 keV takes away", "Lower it until"),
    Slip(
      [("noise: 0 keV, stochastic: 0.58", "noise: 3 keV, stochastic: 0.58")], at: "{ nuclear: 1 keV }",
      "Do not lower it", "efficiency.recoil"),
    Slip(
      [("stochastic: 0.58", "stochastic: 58")], at: "response:", "more than the whole channel (5 to 40 keVee)"
    ),
    Slip(
      [("linear: { offset: 0.246, slope: 7.8e-4 /keV }", "table: quenching.csv")], at: "quenching:",
      "recoils from 20 keV to 30 keV", "efficiency.recoil"),
    Slip([("mass: 100 kg", "mass: 1 mg")], at: "mass: 1 mg", "1e-06 kg", "Check its unit"),
    Slip([("mass: 100 kg", "mass: 100 t")], at: "mass: 100 t", "1e+05 kg", "`pion-decay-at-rest`"),
    Slip([("28.4 m", "28.4 cm")], at: "baseline: 28.4 cm", "0.284 m", "Check its unit"),
    Slip([("1.5e23", "1.5e20")], at: "protons-on-target: 1.5e20", "1.5e+20 protons", "exponent"),
    Slip(
      reactor(flux: "", time: "1 y").map { ($0.0, $0.1.replacing("total: ", with: thermal)) },
      at: "flux: { thermal-power", "2e+06 m", "Check its unit"),
    Slip(
      [("neutrinos-per-proton: 0.08", "neutrinos-per-proton: 8")], at: "neutrinos-per-proton: 8",
      "8 neutrinos of a flavour"),
    Slip(
      [("signal: { width: 5 %", "signal: { width: 500 %")], at: "signal: { width: 500 %", "500 %",
      "more than itself"),
    Slip([("name: Ar40", "name: Ar41")], at: "nuclei:", "the name `Ar41`", "18 protons and 22 neutrons"),
    Slip([("3.427 fm", "34.27 fm")], at: "nuclei:", "a proton radius of 34.27 fm"),
    Slip([("mass: 100 kg", "mass: 1 g")], at: "channel:", "less than 0.1"),
    Slip([("28.4 m", "28.4 mm")], at: "pion-decay-at-rest:", "/cm^2 in all, outside 1e+08", "baseline"),
    Slip(
      [
        (
          "energy: none ",
          "energy: { logistic: { a: 1, b: 1 /keVee, c: 60 keVee, d: 0, maximum: 99 keVee } } "
        )
      ],
      at: "efficiency:", "no recoil that the source can make"),
    Slip(
      [(gaussian, "truncated-gaussian: { noise: 100 eV, pair-energy: 2.96 keV, fano: 0.1 }")],
      at: "truncated-gaussian:", "2960 eV", "1 to 100 eV"),
    Slip(
      reactor(flux: "1e3 /cm^2/s", time: "1 y"), at: "flux: { total", "1000 /cm^2/s", "outside 1e+06 to 1e+16"
    ),
    Slip(reactor(flux: "1e17 /cm^2/s", time: "1 y"), at: "flux: { total", "1e+17 /cm^2/s"),
    Slip(reactor(flux: "1e13 /cm^2/s", time: "1 us"), at: "live-time: 1 us", "less than an hour"),
    Slip(
      [
        ("kind: projection", "kind: measurement"),
        ("# observed: [..] ", "observed: [1e5, 1e5, 1e5, 1e5, 1e5] # "),
      ],
      at: "observed: [1e5", "5e+05 events are observed", "factor of 100"),
  ]

  @Test("What is as a rule a slip is warned of with its line, its value and a cure", arguments: slips)
  func warns(slip: Slip) throws {
    let folder = try Scratch()
    var text = try Program.run("experiments", "new", "argon", in: folder).output
    for (old, new) in slip.changes {
      #expect(text.contains(old), "the template has no \(old)")
      text = text.replacing(old, with: new, maxReplacements: 1)
    }
    try folder.write(text, to: "argon.yaml")
    try folder.write("recoil [keV],factor\n20,0.25\n30,0.26\n", to: "quenching.csv")
    let outcome = try Program.run("experiments", "check", "argon.yaml", "--brief", in: folder)
    #expect(outcome.status == 0, "\(outcome.output)")
    let before = try #require(text.range(of: slip.place)).lowerBound
    let line = text[..<before].count { $0 == "\n" } + 1
    let warnings = outcome.output.split(separator: "\n").filter { $0.hasPrefix("argon.yaml:\(line):") }
    #expect(
      warnings.contains { warning in
        slip.words.allSatisfy(warning.contains) && warning.contains(": warning: ")
      },
      "line \(line): \(outcome.output)")
    #expect(outcome.output.contains("argon.yaml: good, "))
  }

  @Test("What computes says it too of a file of one's own, and nothing of a sound one")
  func computing() throws {
    let folder = try Scratch()
    let text = try Program.run("experiments", "new", "argon", in: folder).output
    try folder.write(text, to: "argon.yaml")
    let limit = ["limit", "argon.yaml", "--m4", "10", "--flavor", "mu"]
    #expect(try Program.run(limit, in: folder, environment: [:]).errors.isEmpty)
    try folder.write(text.replacing("28.4 m", with: "28.4 cm"), to: "argon.yaml")
    let outcome = try Program.run(limit, in: folder, environment: [:])
    #expect(outcome.status == 0 && outcome.errors.contains("the baseline is 0.284 m"), "\(outcome.errors)")
    // a folder of one's own, which names a file too
    let ours = try Program.shell(
      """
      "$0" experiments new --like csi-benchmark mine 2>new && sed -i 's/baseline: 19.3 m/baseline: 19.3 cm/' mine/experiment.yaml
      "$0" limit mine --m4 10
      """, in: folder)
    #expect(ours.status == 0 && ours.errors.contains("the baseline is 0.193 m"), "\(ours.errors)")
  }

  @Test("Data that the prediction cannot describe are warned of by check, limit and scan; sound ones are not")
  func poorFit() throws {
    let folder = try Scratch()
    #expect(try Program.run("experiments", "new", "--like", "lz-er-ws2022", "lz", in: folder).status == 0)
    let table = folder.path("lz/spectrum.csv")
    let sound = try String(contentsOfFile: table, encoding: .utf8)
    let limit = ["limit", "lz/experiment.yaml", "--m4", "0.1"]
    #expect(try !Program.run(limit, in: folder, environment: [:]).errors.contains("WARNING"))
    #expect(
      try Program.run("experiments", "check", "lz/experiment.yaml", in: folder).output.contains(": good\n"))

    try sound.replacing("\n2,3,50,", with: "\n2,3,5000.5,").write(
      toFile: table, atomically: true, encoding: .utf8)
    let check = try Program.run("experiments", "check", "lz/experiment.yaml", in: folder)
    #expect(check.status == 0)
    #expect(check.output.contains("for 19 bins: the prediction does not describe the data"))
    #expect(check.output.contains("is no whole number"))
    #expect(
      try Program.run(limit, in: folder, environment: [:]).errors.contains("WARNING: the best fit has a chi2")
    )
    let scan = try Program.run(
      "scan", "lz/experiment.yaml", "--m4", "0.1:1:3", "--d", "1e-9:1e-6:5", "--plot", "none", "-o", "x",
      in: folder)
    #expect(scan.output.contains("WARNING: the best fit has a chi2"))
  }

  @Test("A channel that no recoil reaches is a fault")
  func unreachable() throws {
    let folder = try Scratch()
    let text = try Program.run("experiments", "new", "argon", in: folder).output
      .replacing("{ nuclear: 1 keV }", with: "{ nuclear: 1 GeV }")
    try folder.write(text, to: "argon.yaml")
    let outcome = try Program.run("experiments", "check", "argon.yaml", in: folder)
    #expect(outcome.status == 65)
    // the first key that the message names
    let line = try #require(
      text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.hasPrefix("  energy:") })
    #expect(outcome.output.hasPrefix("argon.yaml:\(line + 1):3: No energy bin of argon"), "\(outcome.output)")
    #expect(outcome.output.contains("recoil-floor"))
  }

  @Test("The numbers of check are those of spectrum, of the file and of closed forms")
  func numbers() throws {
    let folder = try Scratch()
    let outcome = try Program.run(
      "experiments", "check", "coherent-csi-2021", "dresden-ii", "--json", in: folder)
    #expect(outcome.status == 0)
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    for (entry, flavour) in [(list[0], "mu"), (list[1], "e")] {
      let name = try #require(entry["name"] as? String)
      let parts = try #require(entry["standard_model"] as? [[String: Any]])
      let total = parts.reduce(0) { $0 + ($1["total"] as? Double ?? .nan) }
      let spectrum = try Program.run("spectrum", name, "--flavor", flavour, "--m4", "1", "--json", in: folder)
        .json()
      let ingredients = try #require(spectrum["ingredients"] as? [[String: Any]])
      let standard = ingredients.first { $0["name"] as? String == "standard-model" }?["total"] as? Double
      #expect(isClose(total, try #require(standard), rtol: 1e-6), "\(name)")
    }
    // r N / (4 pi L^2) of COHERENT: 0.0848 x 3.198e23 / (4 pi 1930^2 cm^2)
    let fluxes = try #require(list[0]["fluxes"] as? [[String: Any]])
    #expect(fluxes.count == 3)
    #expect(fluxes.allSatisfy { isClose($0["fluence"] as? Double ?? .nan, 5.7936176e14, rtol: 1e-7) })
    #expect(fluxes.allSatisfy { $0["flux"] == nil })
    // 4.8e13 /cm^2/s from fission for one day
    let reactor = try #require(list[1]["fluxes"] as? [[String: Any]])
    #expect(isClose(reactor[0]["flux"] as? Double ?? .nan, 4.8e13, rtol: 1e-12))
    #expect(isClose(reactor[0]["fluence"] as? Double ?? .nan, 4.8e13 * 86_400, rtol: 1e-12))
    #expect(isClose(list[1]["live_time_days"] as? Double ?? .nan, 1, rtol: 1e-12))
    #expect(list[1]["energy_bins"] as? Int == 130)
  }
}

@Suite("experiments new --like")
struct ExperimentsLikeTests {
  @Test("A copied entry has its tables and comments, and the limit of the entry")
  func copy() throws {
    let folder = try Scratch()
    let made = try Program.run("experiments", "new", "--like", "dresden-ii", "my-germanium", in: folder)
    #expect(made.status == 0)
    #expect(try folder.names() == ["my-germanium"])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("my-germanium")).sorted()
    #expect(names.contains("REFERENCE") && names.contains("quenching-fef.csv"))
    #expect(!names.contains("validation.yaml"))
    let original = try Program.run("experiments", "show", "dresden-ii", in: folder).output
    let copy = try folder.read("my-germanium/experiment.yaml")
    #expect(
      copy.split(separator: "\n").dropFirst()
        == original.replacing("name: dresden-ii\n", with: "name: my-germanium\n").split(separator: "\n")[...])
    let limit = { (name: String) in
      let outcome = try Program.run("limit", name, "--flavor", "e", "--m4", "0.1", "--json", in: folder)
      return (try outcome.json()["limit"] as? [[String: Any]])?.first?["d"] as? Double
    }
    let own = try #require(try limit("my-germanium/experiment.yaml"))
    #expect(try limit("dresden-ii") == own)
    let again = try Program.run("experiments", "new", "--like", "dresden-ii", "my-germanium", in: folder)
    #expect(again.status == 73 && again.errors.contains("the folder exists"))
  }
}
