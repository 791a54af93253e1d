import Foundation
import ReferenceBackend
import ScanCore
import Statistics
import Testing
import Verification

/// Closed forms of single-bin experiments, with threshold t and signal s per unit of q.
@Suite struct LimitTests {
  private let threshold = 2.705543454095415

  private func limits(_ plan: LikelihoodPlan, _ templates: [[Double]]) throws -> [CouplingLimit] {
    let loaded = try ReferenceBackend().load(plan)
    return try LimitFinder(plan: plan, profile: loaded).limits(
      masses: templates.indices.map { Double($0) + 1 }, templates: templates.flatMap { $0 },
      threshold: threshold)
  }

  @Test(
    "a Gaussian bin: q = (n - b + sqrt(t V))/s, or from q = 0 after a deficit", arguments: [40.0, 25, 31, 30])
  func gaussianBin(observed: Double) throws {
    let (base, variance, signal) = (30.0, 30.0, 2.5)
    let plan = likelihood(.gaussian, observed: [observed], base: [base], variance: [variance])
    let excess = observed - base
    let limit = try #require(try limits(plan, [[signal]]).first)
    let best = max(0, excess / signal)
    #expect(isClose(limit.minimum.couplingSquare, best, relative: 1e-5, absolute: 1e-5))
    let least = min(0, excess) * min(0, excess) / variance
    #expect(isClose(limit.minimum.statistic, least, relative: 1e-10, absolute: 1e-10))
    let expected =
      excess >= 0
      ? (excess + (threshold * variance).squareRoot()) / signal
      : (excess + (excess * excess + threshold * variance).squareRoot()) / signal
    #expect(isClose(try #require(limit.couplingSquare), expected, relative: 1e-9))
    #expect(limit.crossings == 1)
  }

  @Test(
    "both ends of a Gaussian bin with an excess: q = (n - b +- sqrt(t V))/s, the lower one only where zero is excluded",
    arguments: [45.0, 60, 400, 39.009, 39.0])
  func lowerEnd(observed: Double) throws {
    let (base, variance, signal) = (30.0, 30.0, 2.5)
    let plan = likelihood(.gaussian, observed: [observed], base: [base], variance: [variance])
    let limit = try #require(try limits(plan, [[signal]]).first)
    let reach = (threshold * variance).squareRoot()  // 9.0093
    #expect(isClose(try #require(limit.couplingSquare), (observed - base + reach) / signal, relative: 1e-9))
    guard observed - base > reach else {
      #expect(limit.lowerCouplingSquare == nil)
      return
    }
    let lower = try #require(limit.lowerCouplingSquare)
    #expect(isClose(lower, (observed - base - reach) / signal, relative: 1e-9, absolute: 1e-9))
  }

  @Test("both ends of a Poisson bin with an excess lie the threshold above the minimum")
  func lowerEndPoisson() throws {
    let plan = likelihood(observed: [12], base: [3])
    let limit = try #require(try limits(plan, [[0.7]]).first)
    let ends = [try #require(limit.lowerCouplingSquare), try #require(limit.couplingSquare)]
    #expect(ends[0] < limit.minimum.couplingSquare && limit.minimum.couplingSquare < ends[1])
    // 2 (mu - n + n ln(n/mu)) = t, from mu = 3 + 0.7 q
    for q in ends {
      let mu = 3 + 0.7 * q
      #expect(isClose(2 * (mu - 12 + 12 * log(12 / mu)), threshold, relative: 1e-10))
    }
  }

  @Test("a Gaussian bin with a pull on the background has the variance V + (w D)^2")
  func gaussianPull() throws {
    let plan = likelihood(
      .gaussian, observed: [30], base: [30], pulls: [[20]], widths: [0.2], variance: [30])
    let limit = try #require(try limits(plan, [[0.01]]).first)
    let expected = (threshold * (30 + 16)).squareRoot() / 0.01
    #expect(isClose(try #require(limit.couplingSquare), expected, relative: 1e-10))
  }

  @Test("an empty Poisson bin: q = t/(2 s), whatever the background", arguments: [1e-6, 0.3, 40])
  func emptyBin(base: Double) throws {
    let plan = likelihood(observed: [0], base: [base])
    let found = try limits(plan, [[0.5], [3e-4], [7e5]])
    for (limit, signal) in zip(found, [0.5, 3e-4, 7e5]) {
      #expect(isClose(try #require(limit.couplingSquare), threshold / (2 * signal), relative: 1e-11))
      #expect(limit.minimum.couplingSquare == 0)
    }
  }

  @Test("rows of different scales in one call give what each gives alone")
  func rowsAreIndependent() throws {
    let plan = FourPulls.plan(pulls: 4, scalesSignal: true)
    let templates = [1e-5, 1, 1e6].map { factor in FourPulls.signal.map { $0 * factor } }
    let together = try limits(plan, templates)
    for (limit, template) in zip(together, templates) {
      let alone = try #require(try limits(plan, [template]).first)
      #expect(limit.outcome == alone.outcome)
      #expect(limit.minimum.statistic == alone.minimum.statistic)
    }
    let q = try together.map { try #require($0.couplingSquare) }
    #expect(isClose(q[0] * 1e-5, q[1], relative: 1e-10))
    #expect(isClose(q[2] * 1e6, q[1], relative: 1e-10))
  }

  @Test("the statistic at the limit is the minimum plus the threshold")
  func heightOfLimit() throws {
    let plan = FourPulls.plan(pulls: 4, scalesSignal: false)
    let limit = try #require(try limits(plan, [FourPulls.signal]).first)
    let at = try profile(
      plan, on: ReferenceBackend(), template: FourPulls.signal,
      couplingSquares: [try #require(limit.couplingSquare)])
    #expect(isClose(at.statistic[0], limit.minimum.statistic + threshold, relative: 1e-11))
  }

  @Test("a mass without signal has no limit, and says so")
  func noSignal() throws {
    let plan = FourPulls.plan(pulls: 2, scalesSignal: false)
    let limit = try #require(try limits(plan, [[0, 0, 0, 0]]).first)
    #expect(limit.outcome == .noSignal)
    #expect(limit.couplingSquare == nil)
    #expect(limit.minimum.couplingSquare == 0)
  }

  @Test("a pull of width 2 on the signal absorbs any signal: no limit is reached")
  func notReached() throws {
    let plan = likelihood(
      .gaussian, observed: [10], base: [10], pulls: [[0]], widths: [2], scalesSignal: true, variance: [1e4])
    let limit = try #require(try limits(plan, [[1]]).first)
    guard case .notReached(let largest) = limit.outcome else {
      Issue.record("expected no limit, found \(limit.outcome)")
      return
    }
    #expect(largest > 1e6)
  }

  @Test("the minimum of a random plan is not undercut by a dense scan of couplings", arguments: 0..<12)
  func denseScan(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 77)
    let case_ = RandomProfile(&random)
    let loaded = try ReferenceBackend().load(case_.plan)
    let minimum = try #require(
      try RowMinimumFinder(plan: case_.plan, profile: loaded).minima(masses: [1], templates: case_.signal)
        .first)
    let reach = max(minimum.couplingSquare, 1e-3) * 4
    let scan = try profile(
      case_.plan, on: ReferenceBackend(), template: case_.signal,
      couplingSquares: (0...400).map { reach * Double($0) / 400 })
    #expect((scan.statistic.min() ?? .infinity) >= minimum.statistic - 1e-10 * max(1, minimum.statistic))
    #expect(minimum.statisticWithoutSignal >= minimum.statistic)
  }

  @Test("Asimov data have their minimum, zero, without signal")
  func asimov() throws {
    var plan = FourPulls.plan(pulls: 4, scalesSignal: false)
    plan.observed = plan.base
    let limit = try #require(try limits(plan, [FourPulls.signal]).first)
    #expect(limit.minimum.couplingSquare == 0)
    #expect(abs(limit.minimum.statistic) < 1e-14)
    #expect(limit.couplingSquare != nil)
  }
}
