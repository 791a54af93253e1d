import Backends
import Foundation
import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing

/// Every backend against the reference, which fits every row by itself and takes its random numbers and quantiles from other
/// code [UPS-36, UPS-37, UPS-38].
@Suite("Joint likelihoods on the backends") struct JointBackendTests {
  static let cases: [(names: [String], flavour: String)] = [
    (["coherent-csi-2021"], "mu"), (["coherent-csi-2021", "ess"], "mu"),
    (["coherent-csi-2021", "xenon1t-8b"], "all"), (["conus-plus"], "e"),
  ]

  private func strengths(_ fixture: JointFixtures.Case, row: Int) -> [Double] {
    let bins = fixture.plan.binCount
    let total = fixture.templates[row * bins..<(row + 1) * bins].reduce(0) { $0 + abs($1) }
    return total > 0 ? [0, 3 / total, 40 / total, 400 / total] : [0, 1]
  }

  private func points(_ fixture: JointFixtures.Case) -> [JointPoint] {
    fixture.masses.indices.flatMap { row in
      strengths(fixture, row: row).map { JointPoint(set: 0, row: row, strength: $0) }
    }
  }

  @Test("The profiled statistic and its pulls agree", arguments: cases)
  func profile(names: [String], flavour: String) throws {
    let fixture = try JointFixtures.make(names, flavour: flavour)
    let points = points(fixture)
    let expected = try ReferenceBackend().load(fixture.plan)
      .profile(points, data: fixture.joint.data, templates: fixture.templates)
    #expect(expected.unconverged == 0)
    for level in InstructionSet.available {
      let found = try CPUBackend(workers: 2, instructionSet: level).load(fixture.plan)
        .profile(points, data: fixture.joint.data, templates: fixture.templates)
      #expect(found.unconverged == 0)
      for (a, b) in zip(found.statistic, expected.statistic) { #expect(abs(a - b) <= 1e-10 * max(1, b)) }
      for (a, b) in zip(found.pulls, expected.pulls) { #expect(abs(a - b) <= 2e-6) }
    }
  }

  private func batch(
    _ fixture: JointFixtures.Case, _ ensemble: ToyEnsemble, toys: Range<Int>, search: JointSearch?
  ) -> ToyBatch {
    let rows = [0, fixture.masses.count / 2, fixture.masses.count - 2]
    var points: [ToyPoint] = []
    for row in rows {
      for (index, strength) in strengths(fixture, row: row).enumerated() {
        points.append(
          ToyPoint(
            key: UInt64(row * 100 + index) << 20, row: row, strength: strength,
            factors: fixture.plan.pulls.indices.map { 1 + 0.05 * Double($0 % 3 - 1) }))
      }
    }
    return ToyBatch(
      seed: 0x1234_5678_9abc_def0, ensemble: ensemble, toys: toys, points: points, search: search)
  }

  @Test("Toys are the same counts, and centres to rounding", arguments: cases, ToyEnsemble.allCases)
  func thrown(entry: (names: [String], flavour: String), ensemble: ToyEnsemble) throws {
    let fixture = try JointFixtures.make(entry.names, flavour: entry.flavour)
    let batch = batch(fixture, ensemble, toys: 3..<24, search: nil)
    let expected = try ReferenceBackend().load(fixture.plan).thrown(batch, templates: fixture.templates)
    for level in InstructionSet.available {
      let found = try CPUBackend(workers: 2, instructionSet: level).load(fixture.plan)
        .thrown(batch, templates: fixture.templates)
      #expect(found.observed.count == expected.observed.count)
      for (a, b) in zip(found.observed, expected.observed) { #expect(abs(a - b) <= 1e-9 * max(1, abs(b))) }
      for (a, b) in zip(found.centres, expected.centres) { #expect(abs(a - b) <= 1e-12) }
    }
  }

  @Test("Both statistics of toys agree with fits of every row", arguments: cases)
  func toys(names: [String], flavour: String) throws {
    let fixture = try JointFixtures.make(names, flavour: flavour, masses: [0.5, 4, 10, 14, 20, 36])
    let search = JointSearch(rows: 2..<fixture.masses.count)
    let batch = batch(fixture, .constraints, toys: 0..<1, search: search)
    let expected = try ReferenceBackend().load(fixture.plan).toys(batch, templates: fixture.templates)
    for level in InstructionSet.available {
      let found = try CPUBackend(workers: 2, instructionSet: level).load(fixture.plan)
        .toys(batch, templates: fixture.templates)
      #expect(found.unconverged == expected.unconverged)
      #expect(found.clipped == expected.clipped)
      for (a, b) in zip(found.tested, expected.tested) { #expect(abs(a - b) <= 1e-9 * max(1, b / 10)) }
      for (a, b) in zip(found.minimum, expected.minimum) { #expect(abs(a - b) <= 1e-9 * max(1, b / 10)) }
    }
  }

  /// A bin that holds nothing but signal, and an auxiliary measurement that came out below zero: the factor goes to its floor
  /// and the strength makes up for it.
  @Test("Searches end at the minimum without any background, and where a constraint asks for the impossible")
  func hardSearches() throws {
    let bare = JointPlan(
      rest: [0, 0], variance: [0, 0], pulls: [],
      blocks: [JointBlock(name: "bare", bins: 0..<2, signalShares: [])])
    let data = JointData(observed: [1, 0, 0, 0, 3, 40, 0, 2])
    try compare(bare, data, templates: [1, 2, 5, 1e-3])
    // an Asimov set: what is missing is rounding, of either sign
    let asimov = JointPlan(
      rest: [0.1, 0.2, 0.3], variance: [0, 0, 0],
      pulls: [JointPull(name: "signal", width: 0.05, events: [123.4, 56.7, 8.9])],
      blocks: [JointBlock(name: "asimov", bins: 0..<3, signalShares: [1])])
    let expected = [123.5, 56.9, 9.2]
    try compare(
      asimov,
      JointData(observed: expected + expected.map(\.nextUp) + expected.map(\.nextDown)),
      templates: [3, 2, 1, 0.3, 0.7, 2.1])
    let scaled = JointPlan(
      rest: [2, 3], variance: [0, 0],
      pulls: [JointPull(name: "signal", width: 0.2, events: [4, 1])],
      blocks: [JointBlock(name: "scaled", bins: 0..<2, signalShares: [1])])
    let low = JointData(observed: [5, 9, 12, 2, 0, 0], centres: [-0.3, -0.05, 0.01])
    try compare(scaled, low, templates: [1, 3, 2, 1])
  }

  private func compare(_ plan: JointPlan, _ data: JointData, templates: [Double]) throws {
    let search = JointSearch(rows: 0..<2)
    let expected = try ReferenceBackend().load(plan).minima(search, data: data, templates: templates)
    for level in InstructionSet.available {
      let found = try CPUBackend(workers: 1, instructionSet: level).load(plan)
        .minima(search, data: data, templates: templates)
      #expect(found.unconverged == 0)
      for (a, b) in zip(found.statistic, expected.statistic) { #expect(abs(a - b) <= 1e-9 * max(1, b)) }
    }
  }
}
