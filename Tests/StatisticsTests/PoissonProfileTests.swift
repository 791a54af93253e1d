import Foundation
import ReferenceBackend
import ScanCore
import Testing
import Verification

@Suite struct PoissonProfileTests {
  /// mpmath 1.3, 40 digits: damped Newton steps on `FourPulls` to 1e-35.
  static let references = [
    ProfileFixture(q: 0, scalesSignal: false, statistic: 5.9140179676517298, pulls: [0.0028908630979039094]),
    ProfileFixture(
      q: 0, scalesSignal: true, statistic: 5.9111863927630449,
      pulls: [0.0025669140802177589, 0.012463711578469172]),
    ProfileFixture(
      q: 0, scalesSignal: false, statistic: 5.8016605838830402,
      pulls: [-0.00022023946741281567, 0.0022383276289846946, 0.10329669271989768, -0.00023648758063477536]),
    ProfileFixture(
      q: 0.5, scalesSignal: false, statistic: 6.9970040281970965,
      pulls: [-0.0059208069726233479, -0.021030172136804163, 0.078075129009548205, -0.00027247201501581494]),
    ProfileFixture(
      q: 0.5, scalesSignal: true, statistic: 7.0475106978772007,
      pulls: [-0.013401076323034979, -0.012555905579294249]),
    ProfileFixture(
      q: 4, scalesSignal: true, statistic: 20.591668348595282,
      pulls: [-0.16963402534144159, -0.09525814250244503, 0.0069457625093037015, -0.00036763240690844731]),
    ProfileFixture(
      q: 100, scalesSignal: false, statistic: 829.34323552078141,
      pulls: [-0.085597322622643528, -0.38138938395762232, -0.59688977630940016, -0.00056944355268436366]),
    ProfileFixture(q: 100, scalesSignal: true, statistic: 77.468303598305885, pulls: [-0.99146529522635846]),
    ProfileFixture(
      q: 100, scalesSignal: true, statistic: 76.524775980009012,
      pulls: [-0.99376615304056334, 0.053440340894494788, 0.27365120942821774, -0.00020496837289971737]),
  ]

  @Test("the minimum over the pulls agrees with 40-digit values", arguments: references)
  func mpmathValues(fixture: ProfileFixture) throws {
    let plan = FourPulls.plan(pulls: fixture.pulls.count, scalesSignal: fixture.scalesSignal)
    let result = try profile(
      plan, on: ReferenceBackend(), template: FourPulls.signal, couplingSquares: [fixture.q])
    #expect(isClose(result.statistic[0], fixture.statistic, relative: 1e-13))
    for (found, expected) in zip(result.pulls, fixture.pulls) {
      #expect(isClose(found, expected, relative: 1e-10, absolute: 1e-12))
    }
    #expect(result.unconverged == 0)
  }

  @Test("Newton steps reach what a compass search finds, on random plans", arguments: 0..<24)
  func compassSearch(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 1000)
    let case_ = RandomProfile(&random)
    let result = try profile(
      case_.plan, on: ReferenceBackend(), template: case_.signal, couplingSquares: [case_.q])
    let brute = case_.compassSearch()
    #expect(result.unconverged == 0)
    #expect(result.statistic[0] <= brute + 1e-9 * max(1, brute), "seed \(seed)")
    #expect(isClose(result.statistic[0], brute, relative: 1e-6, absolute: 1e-6), "seed \(seed)")
    #expect(result.pulls.allSatisfy { $0 > -1 })
  }

  @Test("a signal a million times the data is absorbed by the pull that scales it, down to its floor")
  func hugeScaledSignal() throws {
    let plan = FourPulls.plan(pulls: 4, scalesSignal: true)
    let q = [1e2, 1e4, 1e6, 1e8, 1e10]
    let result = try profile(plan, on: ReferenceBackend(), template: FourPulls.signal, couplingSquares: q)
    #expect(result.unconverged == 0)
    #expect(zip(result.statistic, result.statistic.dropFirst()).allSatisfy { $0 < $1 })
    #expect(result.pulls.allSatisfy { $0 >= -1 + 1e-6 - 1e-15 })
  }

  @Test("without events and without pulls the statistic is twice the expectation")
  func emptyData() throws {
    let plan = likelihood(observed: [0, 0], base: [1.5, 0])
    let result = try profile(plan, on: ReferenceBackend(), template: [1, 2], couplingSquares: [0, 3])
    #expect(result.statistic == [3, 21])
    #expect(result.pulls.isEmpty)
  }

  @Test("a plan whose observation is its prediction has its minimum, zero, at zero pulls")
  func asimov() throws {
    var plan = FourPulls.plan(pulls: 4, scalesSignal: true)
    plan.observed = plan.base
    let result = try profile(plan, on: ReferenceBackend(), template: FourPulls.signal, couplingSquares: [0])
    #expect(abs(result.statistic[0]) < 1e-15)
    #expect(result.pulls.allSatisfy { abs($0) < 1e-12 })
  }
}

/// A random likelihood with a minimiser of its own: compass search on the formula as printed, no derivatives.
struct RandomProfile {
  let plan: LikelihoodPlan
  let signal: [Double]
  let q: Double

  init(_ random: inout SeededGenerator) {
    let bins = Int(random.uniform(1, 6))
    let pulls = Int(random.uniform(1, 5))
    let level = pow(10, random.uniform(-0.5, 2))
    let templates = (0..<pulls).map { _ in (0..<bins).map { _ in level * random.uniform(0.05, 1) } }
    let base = (0..<bins).map { bin in templates.reduce(random.uniform(0, 0.5) * level) { $0 + $1[bin] } }
    plan = likelihood(
      observed: base.map { ($0 * random.uniform(0, 2)).rounded() }, base: base, pulls: templates,
      widths: (0..<pulls).map { _ in pow(10, random.uniform(-1.7, 0.3)) },
      scalesSignal: random.uniform(0, 1) < 0.5)
    signal = (0..<bins).map { _ in random.uniform(0, 2) }
    q = random.uniform(0, 1) < 0.2 ? 0 : pow(10, random.uniform(-2, 3))
  }

  func value(_ pulls: [Double]) -> Double {
    if pulls.contains(where: { $0 < -1 + 1e-6 }) { return .infinity }
    var sum = zip(pulls, plan.pullWidths).reduce(0) { $0 + ($1.0 / $1.1) * ($1.0 / $1.1) }
    for bin in plan.observed.indices {
      let n = plan.observed[bin]
      var mu = plan.base[bin] + q * signal[bin] * (plan.firstPullScalesSignal ? 1 + pulls[0] : 1)
      for k in pulls.indices { mu += pulls[k] * plan.pullTemplates[k][bin] }
      sum += 2 * (mu - n + (n > 0 ? n * log(n / mu) : 0))
    }
    return sum
  }

  /// Steps along the axes and along random directions, halved when none helps.
  func compassSearch() -> Double {
    var random = SeededGenerator(seed: 7)
    var pulls = plan.pullWidths.map { _ in 0.0 }
    var best = value(pulls)
    var step = 0.25
    while step > 1e-8 {
      var improved = false
      for _ in 0..<60 {
        let direction = pulls.map { _ in random.uniform(-1, 1) }
        let trial = zip(pulls, direction).map { max($0 + step * $1, -1 + 1e-6) }
        let found = value(trial)
        if found < best { (pulls, best, improved) = (trial, found, true) }
      }
      if !improved { step /= 2 }
    }
    return best
  }
}
