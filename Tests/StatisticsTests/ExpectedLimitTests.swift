import Foundation
import ReferenceBackend
import ScanCore
import Testing

@testable import Statistics

@Suite("Expected limits from toys") struct ExpectedLimitTests {
  private let threshold = 2.705543454095415

  /// With x ~ N(0, 1) and q >= 0: the limit is x + sqrt(Q) for x >= 0, x + sqrt(x^2 + Q) below, rising in x, so that its
  /// quantiles are those of x.
  @Test("bands of a Gaussian are those of its closed form")
  func gaussian() throws {
    let limits = try ExpectedLimits(gaussianModel(on: toyBackend), seed: 5, ensemble: .constraints)
      .limits(rows: 0..<1, threshold: threshold, toys: 4000)
    let bands = try #require(limits.first).bands
    #expect(bands.count == 5)
    for (x, band) in zip([-2.0, -1, 0, 1, 2], bands) {
      let exact = x >= 0 ? x + threshold.squareRoot() : x + (x * x + threshold).squareRoot()
      #expect(abs(band.value - exact) < 4 * band.error, "\(x): \(band) against \(exact)")
      #expect(band.error < 0.06 && band.lower <= band.value && band.value <= band.upper)
    }
  }

  /// Without background every toy is empty, and its limit is where 2 q s = Q.
  @Test("without background all toys have the limit of the empty count")
  func noBackground() throws {
    let model = try countingModel(background: 0, signal: 4, on: toyBackend)
    let limits = try ExpectedLimits(model, seed: 5, ensemble: .profiled)
      .limits(rows: 0..<1, threshold: threshold, toys: 50)
    let expected = try #require(limits.first)
    #expect(expected.problem == nil && expected.notReached == 0)
    for band in expected.bands { #expect(isClose(band.value, threshold / 8, relative: 2e-7)) }
  }

  /// Limits of every count by root finding in Python (scipy.optimize.brentq), weighted with Poisson probabilities.
  @Test("bands of a count are limits of its quantiles")
  func count() throws {
    let limits = try ExpectedLimits(
      countingModel(background: 3, signal: 2, on: toyBackend), seed: 5, ensemble: .fixed
    )
    .limits(rows: 0..<1, threshold: threshold, toys: 3000)
    let bands = try #require(limits.first).bands
    // counts at the quantiles: 0, 1, 3, 5, 7
    for (band, exact) in zip(
      bands,
      [0.6763858635238538, 0.9143731544985142, 1.9068863890486156, 3.314998225757814, 4.648369988217938])
    {
      #expect(isClose(band.value, exact, relative: 1e-6))
    }
  }

  @Test("limits do not depend on the calls, and rows see the same toys")
  func calls() throws {
    let plan = JointPlan(
      rest: [2, 3], variance: [0, 0], pulls: [JointPull(name: "p", width: 0.2, events: [3, 1])],
      blocks: [JointBlock(name: "c", bins: 0..<2, signalShares: [1])])
    // the second row is half of the first: twice the limit
    let model = try JointModel(plan: plan, templates: [2, 1, 1, 0.5], on: toyBackend)
    var expected = ExpectedLimits(model, seed: 3, ensemble: .profiled)
    let whole = try expected.limits(rows: 0..<2, threshold: threshold, toys: 100)
    expected.toysPerCall = 7
    var steps: [Int] = []
    let parts = try expected.limits(rows: 0..<2, threshold: threshold, toys: 100) { done, _ in
      steps.append(done)
    }
    #expect(parts == whole)
    #expect(steps.first == 7 && steps.last == 100 && steps.count == 15)
    for (one, two) in zip(whole[0].bands, whole[1].bands) {
      #expect(isClose(2 * one.value, two.value, relative: 1e-6))
    }
    #expect(try expected.limits(rows: 1..<2, threshold: threshold, toys: 100) == [whole[1]])
  }

  @Test("rows without signal, limits that are not reached and broken backends are said")
  func problems() throws {
    let empty = try countingModel(background: 3, signal: 0, on: toyBackend)
    let none = try ExpectedLimits(empty, seed: 1, ensemble: .fixed)
      .limits(rows: 0..<1, threshold: threshold, toys: 20)
    #expect(none[0].bands.isEmpty && none[0].problem?.contains("Row 0 has no signal") == true)

    // the pull takes the signal away whatever its strength
    let plan = JointPlan(
      rest: [10], variance: [0], pulls: [JointPull(name: "p", width: 100, events: [0])],
      blocks: [JointBlock(name: "b", bins: 0..<1, signalShares: [1])])
    let absorbed = try ExpectedLimits(
      JointModel(plan: plan, templates: [1], on: toyBackend), seed: 1, ensemble: .fixed
    ).limits(rows: 0..<1, threshold: threshold, toys: 20)
    #expect(absorbed[0].notReached == 20 && absorbed[0].bands.allSatisfy { $0.value == .infinity })

    // nothing is seen where the pull has its own events, so that it goes to its floor, and the strength up with it
    let floor = JointPlan(
      rest: [0, 0], variance: [0, 0], pulls: [JointPull(name: "p", width: 100, events: [1000, 0])],
      blocks: [JointBlock(name: "b", bins: 0..<2, signalShares: [1])])
    let model = try JointModel(plan: floor, templates: [0, 1], on: ReferenceBackend())
    let best = try #require(model.best(JointSearch(rows: 0..<1), data: JointData(observed: [0, 10])).first)
    #expect(try model.runsAway(strength: best.strength, row: 0))
    #expect(try !model.runsAway(strength: 10, row: 0) && !model.runsAway(strength: 0, row: 0))

    let broken = try JointModel(plan: plan, joint: BrokenJoint(plan: plan), templates: [1])
    let failed = try ExpectedLimits(broken, seed: 1, ensemble: .fixed)
      .limits(rows: 0..<1, threshold: threshold, toys: 20)
    #expect(failed[0].failed == 20 && failed[0].problem?.contains("20 have no finite") == true)

    let limits = ExpectedLimits(empty, seed: 1, ensemble: .fixed)
    #expect(throws: StatisticsError.self) { try limits.limits(rows: 0..<1, threshold: 0, toys: 20) }
    #expect(throws: StatisticsError.self) { try limits.limits(rows: 0..<1, threshold: 1, toys: 0) }
    #expect(throws: StatisticsError.self) { try limits.limits(rows: 0..<3, threshold: 1, toys: 5) }
  }
}
