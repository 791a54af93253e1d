import ScanCore
import Testing

@testable import Statistics

@Suite("Toys over a grid") struct AdaptiveToysTests {
  /// Two bins, a pull on each background, the signal pulled with the first.
  private func model(on backend: any Backend = toyBackend) throws -> JointModel {
    let plan = JointPlan(
      rest: [1, 2], variance: [0, 0],
      pulls: [
        JointPull(name: "a", width: 0.1, events: [4, 1]), JointPull(name: "b", width: 0.3, events: [2, 6]),
      ], blocks: [JointBlock(name: "c", bins: 0..<2, signalShares: [1, 0])])
    return try JointModel(plan: plan, templates: [3, 1, 1, 3], on: backend)
  }

  private let data = JointData(observed: [9, 8])
  private let hypotheses = [0.0, 0.4, 1.2, 20].map { JointHypothesis(row: 0, strength: $0) }

  private func toys(
    _ model: JointModel, _ settings: ToySettings, ensemble: ToyEnsemble = .profiled, search: Range<Int>? = nil
  ) throws -> AdaptiveToys {
    try AdaptiveToys(
      model, seed: 11, ensemble: ensemble, statistic: .deltaChiSquare, search: search, settings: settings)
  }

  @Test("results do not depend on rounds, calls, groups or the other points")
  func sharding() throws {
    let model = try model()
    let observed = try model.observed(.deltaChiSquare, hypotheses, data: data)
    let points = observed.enumerated().map { $1.toyPoint(key: UInt64($0) << 32 | 5) }
    let values = observed.map(\.value)
    let whole = try toys(model, .fixed(300)).run(points, observed: values, level: 0.9)
    #expect(whole.count == 4 && whole.allSatisfy { $0.toys == 300 && $0.problem == nil })
    // one point after the other, in rounds that never decide early, in calls of seven toys
    var small = ToySettings(first: 50, growth: 1.7, most: 300, clearAt: nil, accuracy: nil)
    (small.toysPerCall, small.statisticsHeld) = (7, 1)
    for index in points.indices.reversed() {
      let alone = try toys(model, small).run([points[index]], observed: [values[index]], level: 0.9)
      #expect(alone == [whole[index]])
    }
    small.statisticsHeld = 700
    #expect(try toys(model, small).run(points, observed: values, level: 0.9) == whole)
  }

  @Test("points that are clear stop early with the toys of a longer run, others go on")
  func adaptive() throws {
    let model = try model()
    let observed = try model.observed(.deltaChiSquare, hypotheses, data: data)
    let points = observed.enumerated().map { $1.toyPoint(key: UInt64($0)) }
    let settings = ToySettings(first: 200, growth: 3, most: 1800, clearAt: 4, accuracy: nil)
    let verdicts = try toys(model, settings).run(points, observed: observed.map(\.value), level: 0.9)
    #expect(verdicts.allSatisfy { [200, 600, 1800].contains($0.toys) })
    #expect(verdicts.allSatisfy { $0.toys == 1800 || $0.isClear(at: 4) })
    // far out: rejected after the first round, with the same answer as a run of that many
    let far = try #require(verdicts.last)
    #expect(far.toys == 200 && far.isAccepted == false)
    let fixed = try toys(model, .fixed(200)).run(
      [points[3]], observed: [observed[3].value], level: 0.9)
    #expect(fixed == [far])
    let best = verdicts[1]
    #expect(best.toys == 200 && best.isAccepted == true)
  }

  @Test("a wanted accuracy of the critical value is reached, or all toys are used")
  func accuracy() throws {
    let model = try gaussianModel(on: toyBackend)
    let point = ToyPoint(key: 3, row: 0, strength: 5, factors: [])
    let settings = ToySettings(first: 200, growth: 2, most: 100_000, clearAt: nil, accuracy: 0.25)
    let verdict = try #require(toys(model, settings).run([point], observed: [2.6], level: 0.9).first)
    let critical = try #require(verdict.criticalValue)
    #expect(critical.error <= 0.25 && verdict.toys < 10_000)
    // far from the boundary: chi2 with one degree of freedom
    #expect(abs(critical.value - 2.705543454095415) < 4 * critical.error)
  }

  @Test("progress counts points and toys, and what it throws ends the run")
  func progress() throws {
    struct Cancelled: Error {}
    let model = try model()
    let observed = try model.observed(.deltaChiSquare, hypotheses, data: data)
    let points = observed.enumerated().map { $1.toyPoint(key: UInt64($0)) }
    var last: AdaptiveToys.Progress?
    let toys = try toys(model, .fixed(60))
    _ = try toys.run(points, observed: observed.map(\.value), level: 0.9) { last = $0 }
    #expect(last == AdaptiveToys.Progress(pointsDone: 4, points: 4, toysThrown: 240))
    #expect(throws: Cancelled.self) {
      try toys.run(points, observed: observed.map(\.value), level: 0.9) { _ in throw Cancelled() }
    }
  }

  @Test("in the plane the minimum is over all rows: the statistic is at least that of the tested row")
  func plane() throws {
    let model = try model()
    let alone = try model.observed(.deltaChiSquare, hypotheses, data: data)
    let plane = try model.observed(.deltaChiSquare, hypotheses, data: data, search: 0..<2)
    for (a, b) in zip(alone, plane) { #expect(b.value >= a.value) }
    let points = plane.enumerated().map { $1.toyPoint(key: UInt64($0)) }
    let one = try toys(model, .fixed(200)).run(points, observed: alone.map(\.value), level: 0.9)
    let two = try toys(model, .fixed(200), search: 0..<2).run(
      points, observed: plane.map(\.value), level: 0.9)
    for (a, b) in zip(one, two) {
      #expect(try #require(b.criticalValue).value >= #require(a.criticalValue).value)
    }
  }

  @Test("means that no experiment can have are refused before anything is thrown")
  func tooManyEvents() throws {
    let model = try model()
    // 2 + 1.1 1 + 1 6 + 1.1 2 3 in the second bin
    #expect(abs(try model.largestMean(row: 1, strength: 2, factors: [1.1, 1]) - 15.7) < 1e-12)
    let point = { ToyPoint(key: 0, row: 0, strength: $0, factors: [1, 1]) }
    let error = #expect(throws: StatisticsError.self) {
      try toys(model, .fixed(10)).run([point(1e16)], observed: [0], level: 0.9)
    }
    #expect(error?.message.contains("Toys of row 0, strength 1e+16 would have 3.") == true)
    // Gaussian bins are drawn, not counted
    let gaussian = try gaussianModel(on: toyBackend)
    let far = ToyPoint(key: 0, row: 0, strength: 1e16, factors: [])
    #expect(try toys(gaussian, .fixed(10)).run([far], observed: [0], level: 0.9)[0].problem == nil)
  }

  @Test("a pull that drives a bin below zero is counted")
  func clipped() throws {
    let plan = JointPlan(
      rest: [1], variance: [0],
      pulls: [JointPull(name: "shape", width: 1, events: [0.9], isNormalisation: false)],
      blocks: [JointBlock(name: "c", bins: 0..<1, signalShares: [0])])
    let model = try JointModel(plan: plan, templates: [1], on: toyBackend)
    // mu = 1 + 0.9 f with f ~ N(1, 1) is below zero where f < -1.11: P = Phi(-2.111) = 0.01738
    let toys = try toys(model, .fixed(4000), ensemble: .constraints)
    let point = ToyPoint(key: 1, row: 0, strength: 0, factors: [1])
    let verdict = try #require(toys.run([point], observed: [0], level: 0.9).first)
    #expect(abs(Double(verdict.clipped) - 4000 * 0.01738) < 4 * (4000 * 0.01738).squareRoot())
    #expect(verdict.problem == nil)
  }

  @Test("toys that are not numbers are said per point, and an observation that is none is an error")
  func broken() throws {
    let plan = try gaussianModel().plan
    func run(_ joint: BrokenJoint, share: Double = 1e-3) throws -> ToyVerdict {
      var settings = ToySettings.fixed(1000)
      settings.largestFailedShare = share
      let model = try JointModel(plan: plan, joint: joint, templates: [1])
      let point = ToyPoint(key: 0, row: 0, strength: 1, factors: [])
      return try #require(toys(model, settings).run([point], observed: [0.5], level: 0.9).first)
    }
    let all = try run(BrokenJoint(plan: plan))
    #expect(all.pValue == nil && all.criticalValue == nil && all.isAccepted == nil && all.failed == 1000)
    #expect(all.problem?.contains("Of 1000 toys 1000 have no finite statistic") == true)
    let some = try run(BrokenJoint(plan: plan, brokenEvery: 100))
    #expect(some.failed == 10 && some.problem != nil && some.pValue == nil)
    let tolerated = try run(BrokenJoint(plan: plan, brokenEvery: 100), share: 0.01)
    #expect(tolerated.problem == nil && tolerated.pValue?.value == 1 && tolerated.pValue?.toys == 990)
    let unconverged = try run(BrokenJoint(plan: plan, unconverged: 20, value: 1))
    #expect(unconverged.problem?.contains("20 did not converge") == true)

    let model = try gaussianModel(on: toyBackend)
    let point = ToyPoint(key: 0, row: 0, strength: 1, factors: [])
    for value in [Double.nan, .infinity, -1] {
      let error = #expect(throws: StatisticsError.self) {
        try toys(model, .fixed(10)).run([point], observed: [value], level: 0.9)
      }
      #expect(error?.message.contains("point 0 (row 0, strength 1.0) is \(value)") == true)
    }
    #expect(throws: StatisticsError.self) {
      try toys(model, .fixed(10)).run([point], observed: [], level: 0.9)
    }
  }

  @Test("settings and hypotheses outside their domain are errors")
  func domains() throws {
    let model = try model()
    for settings in [
      ToySettings.fixed(0), ToySettings(first: 10, growth: 1, most: 100, clearAt: nil, accuracy: nil),
      ToySettings(first: 10, growth: 2, most: 5, clearAt: nil, accuracy: nil),
      ToySettings(first: 10, growth: 2, most: 50, clearAt: -1, accuracy: nil),
      ToySettings(first: 10, growth: 2, most: 50, clearAt: nil, accuracy: .nan),
    ] {
      #expect(throws: StatisticsError.self) { try toys(model, settings) }
    }
    #expect(throws: StatisticsError.self) {
      try model.observed(.oneSided, hypotheses, data: data, search: 0..<2)
    }
    #expect(throws: StatisticsError.self) { try model.observed(.discovery, hypotheses, data: data) }
    #expect(throws: StatisticsError.self) {
      try model.observed(.deltaChiSquare, hypotheses, data: data, search: 1..<2)
    }
    #expect(throws: StatisticsError.self) {
      try model.observed(.deltaChiSquare, [JointHypothesis(row: 0, strength: -1)], data: data)
    }
  }
}
