import Foundation
import SIMDBackend
import Testing

@testable import Experiments
@testable import Pipeline

/// Files, labels, counts and tables of the validation page.
@Suite("Validation page")
struct ValidationPageTests {
  // MARK: - Files

  private static func file(_ compares: String) -> String {
    """
    checks:
      - events: observed
    \(compares)    published: 10
        within: 1 %
        source: test
    """
  }

  @Test("Every check says what it compares, in one of three words")
  func compares() throws {
    let reader = ValidationReader(file: "validation.yaml")
    for word in ValidationCheck.Comparison.allCases {
      let checks = try reader.checks(Self.file("    compares: \(word.rawValue)\n"), entry: "x")
      #expect(checks.map(\.compares) == [word])
    }
    let missing = #expect(throws: ExperimentError.self) { try reader.checks(Self.file(""), entry: "x") }
    #expect(missing?.description.contains("compares") == true)
    let wrong = #expect(throws: ExperimentError.self) {
      try reader.checks(Self.file("    compares: results\n"), entry: "x")
    }
    #expect(wrong?.line == 3)
    for word in ["result", "input", "consistency"] { #expect(wrong?.expected.contains(word) == true) }
  }

  @Test("Bins are called what they are: energies in their unit, analysis bins by number")
  func bins() throws {
    func label(_ entry: String, _ name: String, _ bins: Range<Int>) throws -> String {
      ValidationLabel.events(name, channel: try Catalogue.load(entry).channel, bins: bins)
    }
    #expect(try label("coherent-csi-2021", "standard-model", 1..<9) == "Standard Model events, 8-60 PE")
    #expect(try label("coherent-lar-2020", "observed", 0..<96) == "observed events, all 96 bins")
    #expect(try label("xenonnt-s2only", "observed", 7..<14) == "observed events, bins 8-14 of 21")
    #expect(try label("xenonnt-s2only", "others", 20..<21) == "events of background others, bin 21 of 21")
    #expect(try label("dresden-ii", "observed", 0..<130) == "observed events per day, 0.2-1.5 keVee")
  }

  @Test("Limits name their mass in a unit that suits it")
  func limits() {
    func label(_ m4: Double) -> String {
      ValidationLabel.limit(LimitQuery(flavour: "mu", m4: m4, coupling: "mu"))
    }
    #expect(label(0) == "massless limit, flavour mu")
    #expect(label(1e-6) == "limit at m4 = 1 eV, flavour mu")
    #expect(label(1e-4) == "limit at m4 = 100 eV, flavour mu")
    #expect(label(1e-3) == "limit at m4 = 1 keV, flavour mu")
    #expect(label(10) == "limit at m4 = 10 MeV, flavour mu")
    #expect(label(1500) == "limit at m4 = 1.5 GeV, flavour mu")
  }

  // MARK: - Counts

  private static func row(
    _ compares: ValidationCheck.Comparison, ours: Double, within: Double = 0.5, quantity: String = "q",
    remark: String? = nil
  ) -> ValidationRow {
    ValidationRow(
      experiment: "entry", quantity: quantity, compares: compares, unit: "mu_B", ours: ours, published: 1,
      uncertainty: nil, within: within, source: "s", remark: remark)
  }

  @Test("Published results and inputs read back are counted apart, failures named")
  func counts() {
    let rows = [
      Self.row(.result, ours: 1.05), Self.row(.result, ours: 1.2), Self.row(.result, ours: 1.3),
      Self.row(.input, ours: 1), Self.row(.consistency, ours: 1),
    ]
    let sound = ValidationSummary(rows: rows, statements: [])
    #expect(sound.line == "validated: 3 published results, 1 input read back, 1 check among our own")
    #expect(
      sound.closeness
        == "Of 3 published results 1 is within 10 % of ours, 1 more within 25 %; further off: `entry` (ratio 1.30)."
    )
    let bad = ValidationSummary(rows: rows + [Self.row(.input, ours: 2)], statements: [])
    #expect(!bad.passed)
    #expect(bad.count(.input).failed == 1 && bad.count(.result).failed == 0)
    #expect(
      bad.line
        == "NOT validated: 3 published results, 2 inputs read back (1 failed), 1 check among our own")
  }

  @Test("The catalogue's checks are sorted: numbers read back from a variant made to give them are inputs")
  func catalogue() throws {
    let checks = try Catalogue.entryNames.flatMap { try Catalogue.validationChecks(of: $0) }
    let inputs = checks.filter { $0.compares == .input }
    for made in ["conus-plus:normalised", "xenonnt-8b:template-2024"] {
      #expect(inputs.contains { $0.experiment == made })
    }
    for check in checks where check.compares == .result {
      if case .events(let name, _, _) = check.quantity { #expect(name == "standard-model") }
    }
  }

  // MARK: - Tables

  @Test("Remarks stand below the table of their row, once, with its mark")
  func tables() {
    let rows = [
      Self.row(.input, ours: 1, quantity: "first", remark: "of an input"),
      Self.row(.result, ours: 1, quantity: "second", remark: "shared"),
      Self.row(.result, ours: 1, quantity: "third"),
      Self.row(.result, ours: 3, quantity: "fourth", remark: "shared"),
    ]
    let lines = ValidationTable(entry: "entry", rows: rows).lines
    func index(_ text: String) -> Int { lines.firstIndex { $0.hasPrefix(text) } ?? -1 }
    #expect(lines.count { $0.contains("shared") } == 1)
    #expect(index("| second, in mu_B <sup>a</sup> | 1 | 1 | 1.000 | 50 % | s |") > 0)
    #expect(index("| third, in mu_B | ") == index("| second") + 1)
    #expect(index("| **failed:** fourth, in mu_B <sup>a</sup>") == index("| third") + 1)
    #expect(index("<sup>a</sup> shared.") == index("| **failed:** fourth") + 2)
    #expect(index("Put into the entry") > index("<sup>a</sup>"))
    #expect(index("| first, in mu_B <sup>b</sup>") > index("Put into the entry"))
    #expect(index("<sup>b</sup> of an input.") == index("| first") + 2)
    #expect(lines.contains { $0.hasPrefix("| quantity | ours | put in |") })
    #expect(lines.contains { $0.hasPrefix("| quantity | ours | published |") })
  }

  // MARK: - Overviews

  @Test(
    "Every entry has a group, and no group more limits than there are colours", arguments: ["e", "mu", "tau"])
  func groups(_ flavour: String) throws {
    var sizes: [CatalogueGroup: Int] = [:]
    for name in Catalogue.entryNames {
      let spec = try Catalogue.load(name)
      guard spec.source.components.contains(where: { $0.flavour.family == flavour }) else { continue }
      sizes[CatalogueGroup(spec), default: 0] += 1
    }
    #expect(sizes[.other] == nil)
    #expect(sizes.values.allSatisfy { $0 <= 8 }, "more would need marks: \(sizes)")
  }

  @Test("The envelope is the lowest limit from data, sensitivities left out")
  func envelope() {
    func curve(_ name: String, _ isSensitivity: Bool, _ limit: [Double?]) -> CatalogueOverview.Curve {
      .init(name: name, group: .pions, isSensitivity: isSensitivity, limit: limit)
    }
    let overview = CatalogueOverview(
      masses: [1, 2, 3],
      curves: [
        curve("a", false, [3, 4, nil]), curve("b", false, [5, 2, nil]), curve("c", true, [1, 1, 1]),
        curve("d", false, [nil, 9, nil]),
      ])
    #expect(overview.strongest.map(\.m4) == [1, 2])
    #expect(overview.strongest.map(\.d) == [3, 2])
    #expect(overview.curves(of: .pions).map(\.name) == ["a", "b", "c"], "one point is no curve")
  }
}
