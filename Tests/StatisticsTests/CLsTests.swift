import ReferenceBackend
import ScanCore
import Testing

@testable import Statistics

/// A model with linear pulls, and what pyhf says of it (`CLsFixtures.swift`).
struct CLsFixture: Sendable, CustomTestStringConvertible {
  var name: String
  var signal: [Double]
  var backgrounds: [[Double]]
  var widths: [Double?]
  var scalingPull: Int?
  var observed: [Double]
  var tested: Double
  var cls: Double
  /// CLs+b and CLb
  var tail: [Double]
  var expectedCLs: [Double]
  /// 90 %
  var limit: Double
  var expectedLimits: [Double]
  /// q0 of the data, and of the Asimov set of strength 1
  var discovery: Double
  var expectedDiscovery: Double
  /// CLs+b and CLb from 4000 toys each
  var toys: [Double]?

  var testDescription: String { name }
  var data: JointData { JointData(observed: observed) }

  func model(on backend: any Backend = ReferenceBackend()) throws -> JointModel {
    var rest = signal.map { _ in 0.0 }
    var pulls: [JointPull] = []
    for (events, width) in zip(backgrounds, widths) {
      if let width {
        pulls.append(JointPull(name: "p\(pulls.count)", width: width, events: events))
      } else {
        rest = zip(rest, events).map(+)
      }
    }
    let shares = pulls.indices.map { $0 == scalingPull ? 1.0 : 0 }
    let plan = JointPlan(
      rest: rest, variance: signal.map { _ in 0 }, pulls: pulls,
      blocks: [JointBlock(name: "c", bins: 0..<signal.count, signalShares: shares)])
    return try JointModel(plan: plan, templates: signal, on: backend)
  }
}

@Suite("CLs and discovery of joint likelihoods") struct CLsTests {
  /// What limits the agreement is the minimiser of pyhf: Minuit stops when about 1e-11 of chi2 are left to gain, but a
  /// statistic is a difference of two fits to numbers around 10, and its root enters CLs.
  @Test("asymptotic CLs equals that of pyhf to 1e-5", arguments: CLsFixture.all)
  func asymptotic(fixture: CLsFixture) throws {
    let cls = try AsymptoticCLs(fixture.model(), data: fixture.data)
    let found = try #require(cls.values(row: 0, strengths: [fixture.tested]).first)
    #expect(abs(found.observed.value - fixture.cls) < 1e-5)
    #expect(abs(found.observed.signalPlusBackground - fixture.tail[0]) < 1e-5)
    #expect(abs(found.observed.background - fixture.tail[1]) < 1e-5)
    for (band, expected) in zip(found.expected, fixture.expectedCLs) {
      #expect(abs(band.value - expected) < 1e-5)
    }
    #expect(found.expected.count == 5)
  }

  @Test("asymptotic CLs limits equal those of pyhf to 1e-4", arguments: CLsFixture.all)
  func limits(fixture: CLsFixture) throws {
    let limits = try AsymptoticCLs(fixture.model(), data: fixture.data).limits(rows: 0..<1, level: 0.9)
    let limit = try #require(limits.first)
    #expect(isClose(try #require(limit.observed.strength), fixture.limit, relative: 1e-4))
    for (band, expected) in zip(limit.expected, fixture.expectedLimits) {
      #expect(isClose(try #require(band.strength), expected, relative: 1e-4))
    }
    #expect(limit.expected.count == 5)
  }

  @Test("the discovery statistic of data and Asimov sets equals that of pyhf", arguments: CLsFixture.all)
  func discovery(fixture: CLsFixture) throws {
    let model = try fixture.model()
    let observed = try #require(model.discovery(rows: 0..<1, data: fixture.data).first)
    #expect(abs(observed.statistic - fixture.discovery) < 1e-5)
    #expect(
      abs(try model.expectedDiscovery(row: 0, strength: 1).statistic - fixture.expectedDiscovery) < 1e-5)
  }

  /// Five standard deviations of both, toys of pyhf being as many.
  @Test(
    "CLs from toys equals that from toys of pyhf within their errors",
    arguments: CLsFixture.all.filter { $0.toys != nil })
  func toys(fixture: CLsFixture) throws {
    let expected = try #require(fixture.toys)
    let toys = try ToyCLs(fixture.model(on: toyBackend), seed: 7, ensemble: .profiled, settings: .fixed(4000))
    let found = try #require(
      toys.values(
        [JointHypothesis(row: 0, strength: fixture.tested)], data: fixture.data, level: 0.9,
        key: { UInt64($0) }
      ).first)
    for (share, wanted) in [(found.signalPlusBackground, expected[0]), (found.background, expected[1])] {
      let share = try #require(share)
      #expect(abs(share.value - wanted) < 5 * 2.0.squareRoot() * share.error)
    }
    let error = try #require(found.error)
    #expect(error > 0 && error < 0.02)
    #expect(abs(try #require(found.value) - expected[0] / expected[1]) < 5 * 2.0.squareRoot() * error)
    #expect(found.problem == nil && found.failed == 0)
  }

  @Test("without pulls the expected discovery is the Asimov significance of a single count")
  func significanceOfCount() throws {
    let model = try countingModel(background: 4, signal: 10)
    let expected = try asimovSignificance(signal: 10, background: 4)
    #expect(isClose(try model.expectedDiscovery(row: 0, strength: 1).significance, expected, relative: 1e-9))
  }

  /// -2 ln of the likelihood ratio of an empty count is 2 s whatever the background, and the Asimov set without
  /// background is empty too: CLs = 2 [1 - Phi(sqrt(2 s))], 1 - CL at s = Q/2 with the quantile Q of chi2.
  @Test("an empty count without background has the asymptotic limit Q/2")
  func emptyCount() throws {
    let model = try countingModel(background: 0, signal: 2)
    let limits = try AsymptoticCLs(model, data: JointData(observed: [0])).limits(rows: 0..<1, level: 0.9)
    #expect(isClose(try #require(limits.first?.observed.strength), 2.705543454095415 / 4, relative: 1e-8))
  }

  @Test("a row without signal has no limit and says so, one beside it keeps its own")
  func noSignal() throws {
    let fixture = CLsFixture.all[4]
    let model = try fixture.model()
    let two = try JointModel(
      plan: model.plan, joint: model.joint, templates: [0, 0] + fixture.signal)
    let limits = try AsymptoticCLs(two, data: fixture.data).limits(rows: 0..<2, level: 0.9)
    #expect(limits[0].observed == .noSignal && limits[0].expected.allSatisfy { $0 == .noSignal })
    #expect(isClose(try #require(limits[1].observed.strength), fixture.limit, relative: 1e-4))
    // CLs of no signal is 1: nothing is excluded
    #expect(try AsymptoticCLs(two, data: fixture.data).values(row: 0, strengths: [3])[0].observed.value == 1)
  }

  @Test("a strength that a pull absorbs is not limited, and the reach of the search is stated")
  func notReached() throws {
    // the pull can take the whole signal away: rho = 0, and its width costs less than any limit asks
    let plan = JointPlan(
      rest: [10], variance: [0], pulls: [JointPull(name: "p", width: 100, events: [0])],
      blocks: [JointBlock(name: "b", bins: 0..<1, signalShares: [1])])
    let model = try JointModel(plan: plan, templates: [1], on: ReferenceBackend())
    let limits = try AsymptoticCLs(model, data: JointData(observed: [10])).limits(rows: 0..<1, level: 0.9)
    guard case .notReached(let largest) = limits[0].observed else {
      Issue.record("found \(limits[0].observed)")
      return
    }
    #expect(isClose(largest, 1e5 * 11.0.squareRoot(), relative: 1e-12))
  }

  @Test("bad arguments and answers that are not numbers are named errors")
  func errors() throws {
    let model = try countingModel(background: 3)
    let cls = try AsymptoticCLs(model, data: JointData(observed: [3]))
    #expect(throws: StatisticsError.self) { try cls.limits(rows: 0..<1, level: 90) }
    #expect(throws: StatisticsError.self) { try cls.limits(rows: 0..<2, level: 0.9) }
    #expect(throws: StatisticsError.self) { try cls.values(row: 0, strengths: [-1]) }
    #expect(throws: StatisticsError.self) { try AsymptoticCLs(model, data: JointData(observed: [3, 4])) }
    #expect(throws: StatisticsError.self) { try CLsValue(statistic: .nan, asimovStatistic: 1) }
    #expect(throws: StatisticsError.self) { try CLsValue(statistic: -1, asimovStatistic: 1) }
    #expect(throws: StatisticsError.self) { try CLsValue(fluctuation: .infinity, asimovStatistic: 1) }
    let broken = try JointModel(plan: model.plan, joint: BrokenJoint(plan: model.plan), templates: [1])
    let error = #expect(throws: BackendError.self) {
      try AsymptoticCLs(broken, data: JointData(observed: [3]))
    }
    #expect(error?.message.contains("nan") == true && error?.message.contains("row 0, strength 0") == true)
    let stuck = try JointModel(
      plan: model.plan, joint: BrokenJoint(plan: model.plan, unconverged: 1, value: 1), templates: [1])
    #expect(throws: BackendError.self) { try stuck.discovery(rows: 0..<1, data: JointData(observed: [3])) }
  }

  /// 40-digit values (mpmath), q <= A.
  @Test(
    "asymptotic CLs agrees with 40-digit values",
    arguments: [(0.0, 4.0, 0.51163987465842913), (2.5, 4, 0.085942334349351561)])
  func fortyDigits(statistic: Double, asimov: Double, expected: Double) throws {
    let cls = try CLsValue(statistic: statistic, asimovStatistic: asimov)
    #expect(isClose(cls.value, expected, relative: 1e-12))
    #expect(isClose(cls.signalPlusBackground / cls.background, expected, relative: 1e-12))
  }

  /// ln [Phi(-d - r)/Phi(-d)] with r = sqrt(A), d = (q - A)/(2 r) where q > A: continued fraction of the Mills ratio in
  /// 60-digit arithmetic (Python, decimal); the first by `scipy.special.log_ndtr`.
  @Test(
    "CLs keeps its digits far out",
    arguments: [
      (2.5, 4.0, -2.454078738456457), (30, 9, -15.572084186817746), (4000, 4, -2000.0019999966668),
      (1e5, 0.25, -50000.000005),
    ])
  func farOut(statistic: Double, asimov: Double, logarithm: Double) throws {
    #expect(
      isClose(
        try CLsValue(statistic: statistic, asimovStatistic: asimov).logarithm, logarithm, relative: 1e-13))
  }
}
