import Experiments
import Foundation
import Pipeline
import SIMDBackend
import Testing

@Suite("Validation")
struct ValidationTests {
  private static func check(
    _ quantity: ValidationCheck.Quantity, published: Double, within: Double,
    of experiment: String = "coherent-csi-2021"
  ) -> ValidationCheck {
    ValidationCheck(
      experiment: experiment, quantity: quantity, compares: .result, published: published, within: within,
      source: "test")
  }

  private func run(_ check: ValidationCheck) throws -> ValidationRow {
    try Validation(backend: CPUBackend()).run(check)
  }

  // `Scripts/end-to-end` runs every check in a release build.
  @Test("Every entry's checks and the statements are read", arguments: Catalogue.entryNames)
  func files(_ name: String) throws {
    for check in try Catalogue.validationChecks(of: name) {
      #expect(check.within > 0 && check.published != 0 && !check.source.isEmpty)
      switch check.quantity {
      case .events("standard-model", _, _): #expect(check.compares != .consistency)
      case .events: #expect(check.compares == .input, "observed counts and backgrounds are put in")
      case .limit: #expect(check.compares == .result)
      case .lowerLimit: #expect(check.compares == .result)
      case .chiSquare: #expect(check.compares == .consistency, "no publication states this number")
      case .limitRatio: #expect(check.compares == .consistency, "no publication gives these ratios")
      }
      #expect(throws: Never.self) { try Catalogue.load(check.experiment) }
    }
    #expect(try Catalogue.validationStatements().count >= 4)
  }

  @Test("What is further off than it may be fails")
  func failure() throws {
    let events = ValidationCheck.Quantity.events(of: "observed", from: 8, to: 60)
    // 1578 events, 11 of them below 8 PE
    #expect(try run(Self.check(events, published: 1567, within: 1e-12)).passed)
    #expect(try !run(Self.check(events, published: 1568, within: 5e-4)).passed)
  }

  @Test("A limit comes in the convention asked for, and its ratio to itself is one")
  func limits() throws {
    let d = LimitQuery(flavour: "mu", m4: 10, coupling: "d")
    // 90 % C.L. limit of `limit coherent-csi-2021`, confirmed by an independent analysis in Python
    #expect(try run(Self.check(.limit(d), published: 5.742e-7, within: 1e-3)).passed)
    let mu = LimitQuery(flavour: "mu", m4: 10, coupling: "mu")
    #expect(try run(Self.check(.limit(mu), published: 5.742e-7 / 296.304, within: 1e-3)).passed)
    let ratio = try run(Self.check(.limitRatio(d, over: "coherent-csi-2021"), published: 1, within: 1e-12))
    #expect(ratio.passed)
  }

  @Test("A statement holds only if its first entry is below the others at every mass")
  func statements() throws {
    func passes(_ strongest: String, _ other: String, at masses: [Double]) throws -> Bool {
      let statement = ValidationStatement(
        claim: "", source: "", flavour: "mu", masses: masses, experiment: strongest,
        relation: .below([other]))
      return try Validation(backend: CPUBackend()).run(statement).passed
    }
    // leaving the lowest row out weakens a limit
    let (all, fewer) = ("coherent-csi-2021", "coherent-csi-2021:without-low-row")
    #expect(try passes(all, fewer, at: [1, 10]))
    #expect(try !passes(fewer, all, at: [1, 10]))
    #expect(try !passes(all, fewer, at: [10, 60]), "no neutrino of this source makes 60 MeV")
  }

  @Test("Ranges that are no edges, unknown backgrounds and counts a projection lacks are errors")
  func errors() {
    for quantity in [
      ValidationCheck.Quantity.events(of: "observed", from: 9, to: nil),
      .events(of: "beam", from: nil, to: nil),
    ] {
      #expect(throws: CheckError.self) { try run(Self.check(quantity, published: 1, within: 1)) }
    }
    #expect(throws: CheckError.self) {
      try run(
        Self.check(.events(of: "observed", from: nil, to: nil), published: 1, within: 1, of: "csi-benchmark"))
    }
  }

  @Test("A kink holds only where the slope falls: at the line of pion decay, not beside it")
  func kink() throws {
    func fraction(_ masses: [Double]) throws -> (Double?, Bool) {
      let statement = ValidationStatement(
        claim: "", source: "", flavour: "mu", masses: masses, experiment: "coherent-csi-2021",
        relation: .kink(slopeFraction: 0.5))
      let row = try Validation(backend: CPUBackend()).run(statement)
      return (row.slopeFraction, row.passed)
    }
    let line = try fraction([29.6, 29.79, 29.98])
    #expect(line.1)
    let beside = try fraction([30.2, 30.39, 30.58])
    #expect(!beside.1 && abs((beside.0 ?? 0) - 1) < 0.05)
  }
}
