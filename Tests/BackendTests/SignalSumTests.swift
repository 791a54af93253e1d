import Planning
import ReferenceBackend
import SIMDBackend
import ScanCore
import Scanning
import Statistics
import Testing

@testable import Pipeline

/// Signal normalisations in parts of which some are shared: every command minimises them through their sum.
@Suite("Sums of signal parts, in scans, fits and toys [UPS-46]")
struct SignalSumTests {
  private let reference = ReferenceBackend()

  /// CsI and liquid argon with the flux in common.
  private func joint() throws -> JointAnalysis {
    try JointAnalysis(
      ["coherent-csi-2021", "coherent-lar-2020:energy"].map {
        try PlannedAnalyses.of($0, masses: [1, 10])
      }, shared: ["sns-flux"])
  }

  private func strengths(_ joint: JointAnalysis, _ couplings: [Double]) -> [Double] {
    couplings.map { ($0 / joint.referenceCoupling) * ($0 / joint.referenceCoupling) }
  }

  @Test("Sums as unknowns change neither the statistic nor the parts")
  func summed() throws {
    let members = try ["coherent-csi-2021", "coherent-csi-2017:quenching-2021"].map {
      try PlannedAnalyses.of($0, masses: [10])
    }
    let joint = try JointAnalysis(members, shared: ["sns-flux", "csi-quenching"])
    #expect(joint.sums.count == 2 && joint.sums.allSatisfy { $0.parts.count == 2 })
    let templates = try joint.templates(masses: [10], on: reference)
    let points = [0, 0.3, 1, 3].map { JointPoint(set: 0, row: 0, strength: $0) }
    let direct = try reference.load(joint.plan).profile(points, data: joint.data, templates: templates)
    let summed = try joint.load(on: reference).profile(points, data: joint.data, templates: templates)
    for (a, b) in zip(direct.statistic, summed.statistic) { #expect(abs(a - b) < 1e-9 * a) }
    for (a, b) in zip(direct.pulls, summed.pulls) { #expect(abs(a - b) < 1e-7) }
  }

  @Test(
    "Near the limit toys of all ensembles are those of the plan in parts, and so are their statistics",
    arguments: ToyEnsemble.allCases)
  func toys(ensemble: ToyEnsemble) throws {
    let joint = try joint()
    let templates = try joint.templates(masses: [10], on: reference)
    let strengths = strengths(joint, [3e-7, 6e-7])
    let (parts, sums) = (try reference.load(joint.plan), try joint.load(on: reference))
    let points = strengths.map { JointPoint(set: 0, row: 0, strength: $0) }
    let factors = try sums.profile(points, data: joint.data, templates: templates).pulls.map { 1 + $0 }
    let count = joint.plan.pullCount
    let batch = ToyBatch(
      seed: 5, ensemble: ensemble, toys: 0..<6,
      points: strengths.indices.map {
        ToyPoint(
          key: UInt64($0), row: 0, strength: strengths[$0],
          factors: Array(factors[$0 * count..<($0 + 1) * count]))
      }, search: nil)
    #expect(
      try sums.thrown(batch, templates: templates) == parts.thrown(batch, templates: templates))
    let (found, expected) = (
      try sums.toys(batch, templates: templates), try parts.toys(batch, templates: templates)
    )
    #expect(found.unconverged == [0, 0] && found.clipped == expected.clipped)
    #expect(found.tested.count == 12 && Set(found.tested).count == 12)
    for index in found.tested.indices {
      #expect(abs(found.tested[index] - expected.tested[index]) < 1e-9 * expected.tested[index])
      #expect(abs(found.minimum[index] - expected.minimum[index]) < 1e-9 * expected.minimum[index])
      #expect(
        abs(found.bestStrength[index] - expected.bestStrength[index])
          < 1e-4 * max(1, expected.bestStrength[index]))
    }
  }

  @Test(
    "Far inside the excluded region every toy of every ensemble has its fits, and their sums stay above zero",
    arguments: ToyEnsemble.allCases)
  func farInside(ensemble: ToyEnsemble) throws {
    let joint = try joint()
    let model = try JointModel(
      plan: joint.plan, joint: joint.load(on: reference),
      templates: joint.templates(masses: [10], on: reference))
    // the limit is about 6e-7 /GeV
    let hypotheses = strengths(joint, [1e-5, 1e-4]).map { JointHypothesis(row: 0, strength: $0) }
    let observed = try model.observed(.deltaChiSquare, hypotheses, data: joint.data)
    for one in observed {
      #expect(one.value > 50)
      for sum in joint.sums {
        let scale = sum.parts.reduce(one.fit.factors[sum.own]) { $0 + one.fit.factors[$1] - 1 }
        #expect(scale > 0.99e-6 && scale < 0.1)
      }
    }
    let toys = try AdaptiveToys(
      model, seed: 1, ensemble: ensemble, statistic: .deltaChiSquare, settings: .fixed(10))
    let verdicts = try toys.run(
      observed.enumerated().map { $1.toyPoint(key: UInt64($0)) }, observed: observed.map(\.value), level: 0.9)
    for verdict in verdicts {
      #expect(verdict.failed == 0 && verdict.unconverged == 0 && verdict.clipped == 0)
      #expect(verdict.problem == nil && verdict.criticalValue?.value.isFinite == true)
    }
  }

  @Test("Scan, fit and toys have the same statistic of the data, near the limit and far inside")
  func oneStatistic() throws {
    let masses = [1.0, 10]
    let couplings = [2e-7, 6e-7, 1e-5]
    let joint = try joint()
    let plan = ScanPlan(
      joint.members[0], joint: joint, masses: masses, couplings: couplings, job: .factored,
      degreesOfFreedom: 2)
    let backend = try CPUBackend()
    let strengths = plan.couplingSquares
    let scan = try LoadedScan(plan, on: backend).evaluate(
      Tile(masses: masses, couplingSquares: masses.flatMap { _ in strengths }, columns: strengths.count))
    let model = try FitModel(joint, data: joint.data, on: backend)
    var plane = try FitPlane(model, masses: masses, refining: nil)
    try plane.fill(couplings: couplings, refining: nil)
    let toys = try JointModel(plan: joint.plan, joint: model.loaded, templates: model.templates(masses))
      .observed(
        .deltaChiSquare,
        masses.indices.flatMap { row in strengths.map { JointHypothesis(row: row, strength: $0) } },
        data: joint.data, search: 0..<2)
    #expect(plane.statistic.count == 6)
    for index in scan.statistic.indices {
      let value = scan.statistic[index]
      #expect(abs(plane.statistic[index] - value) < 1e-9 * value)
      #expect(abs(toys[index].fit.statistic - value) < 1e-9 * value)
    }
    // the last is far inside the excluded region
    #expect(scan.statistic[5] > scan.statistic[4] + 50)
  }

  @Test("The density of a posterior keeps the sum above zero, and lets the own part fall below -1")
  func density() throws {
    let joint = try joint()
    let sum = joint.sums[0]
    let density = try JointDensity(plan: joint.plan, sums: joint.sums, data: joint.data)
    let signal = try joint.templates(masses: [10], on: reference)
    var pulls = joint.plan.pulls.map { _ in 0.0 }
    (pulls[sum.own], pulls[sum.parts[0]]) = (-1.1, 0.2)
    #expect(density.chiSquare(pulls: pulls, signal: signal).isFinite)
    (pulls[sum.own], pulls[sum.parts[0]]) = (-0.6, -0.5)
    #expect(density.chiSquare(pulls: pulls, signal: signal) == .infinity)
  }

  @Test("Alone, an experiment has the sum of the parts as the auxiliary measurement of its signal")
  func partOfToy() throws {
    let joint = try joint()
    let names = joint.plan.pulls.map(\.name)
    let centres = names.indices.map { 1 + 0.01 * Double($0 + 1) }
    let data = JointData(observed: joint.data.observed, centres: centres)
    let alone = try JointAnalysis([joint.members[1]])
    let part = FitData.part(of: data, joint, member: 1, alone: alone, shared: joint.shared)
    #expect(part.observed == alone.data.observed)
    let flux = try #require(names.firstIndex(of: "sns-flux"))
    let own = try #require(names.firstIndex(of: "coherent-lar-2020:energy signal"))
    let signal = try #require(alone.plan.pulls.firstIndex { $0.name == "signal" })
    #expect(abs(part.centres[signal] - (centres[flux] + centres[own] - 1)) < 1e-15)
    for (index, pull) in alone.plan.pulls.enumerated() where index != signal {
      let joined = try #require(names.firstIndex(of: "coherent-lar-2020:energy \(pull.name)"))
      #expect(abs(part.centres[index] - centres[joined]) < 1e-15)
    }
  }
}
