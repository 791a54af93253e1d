import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing

@testable import Verification

/// The numbers of the reference against other ways to the same numbers.
@Suite("Moving responses")
struct PulledResponseTests {
  /// Fine tables, so that interpolation is far below what is asked.
  private static let rates = SyntheticPlan(
    targetMasses: [123_800, 118_200], segments: 3, components: 2, hasLines: true, bins: 5, rows: 800, seed: 31
  ).plan()
  private static let pulls = SyntheticPulls(
    energyWidths: [0.03, 0, -0.02, 0], factorDegree: 10, factorParameter: 1, isPerChannel: true,
    smearingRows: 1200)
  private static let masses = [0, 0.5, 12, 26.4, 45, 52]
  private static let thetas: [[Double]] = [
    [0, 0, 0, 0], [1, 0, 0, 0], [0, -1, 0, 0], [0.4, 1.7, -2.2, 5], [-6, 6, 6, -6], [6, -6, -3, 1],
  ]

  @Test("events equal those of a rate plan tabulated at the same pulls", arguments: thetas)
  func fixedPulls(theta: [Double]) throws {
    let plan = Self.pulls.plan(for: Self.rates)
    let fixed = Self.pulls.ratePlan(Self.rates, at: theta)
    let expected = try ReferenceBackend().load(fixed).evaluate(masses: Self.masses)
    let pulls = Self.masses.flatMap { _ in theta }
    let found = try ReferenceBackend().load(plan).evaluate(masses: Self.masses, pulls: pulls)
    let perMass = fixed.valuesPerMass
    for row in Self.masses.indices {
      let total = expected[row * perMass..<(row + 1) * perMass].reduce(0, +)
      #expect(total > 0)
      for i in 0..<perMass {
        let (a, b) = (expected[row * perMass + i], found[row * plan.valuesPerRequest + i])
        #expect(abs(a - b) <= 1e-10 * total, "m4 = \(Self.masses[row]), \(i): \(b) for \(a)")
      }
    }
  }

  @Test("pulls at zero give the events of the rate plan inside, on simd too")
  func nominal() throws {
    let plan = Self.pulls.plan(for: Self.rates)
    let pulls = [Double](repeating: 0, count: Self.masses.count * plan.parameterCount)
    let backends: [any Backend] = [ReferenceBackend(), try CPUBackend(workers: 2)]
    for backend in backends {
      let expected = try backend.load(plan.rates).evaluate(masses: Self.masses)
      let found = try backend.load(plan).evaluate(masses: Self.masses, pulls: pulls)
      let perMass = plan.rates.valuesPerMass
      for row in Self.masses.indices {
        let total = expected[row * perMass..<(row + 1) * perMass].reduce(0, +)
        for i in 0..<perMass {
          #expect(
            abs(expected[row * perMass + i] - found[row * plan.valuesPerRequest + i]) <= 1e-10 * total)
        }
      }
    }
  }

  /// Central differences at two steps, the error of the fourth order left.
  @Test("derivatives equal central differences", arguments: AwkwardPulledPlans.all.indices)
  func derivatives(index: Int) throws {
    let item = AwkwardPulledPlans.all[index]
    let plan = item.plan
    let loaded = try ReferenceBackend().load(plan)
    let pulls = item.pulls.map { 0.98 * $0 }
    let exact = try loaded.evaluate(masses: item.masses, pulls: pulls)
    let (count, perMass) = (plan.parameterCount, plan.rates.valuesPerMass)
    for k in 0..<count {
      func difference(_ step: Double) throws -> [Double] {
        func moved(_ sign: Double) throws -> [Double] {
          var pulls = pulls
          for request in item.masses.indices { pulls[request * count + k] += sign * step }
          return try loaded.evaluate(masses: item.masses, pulls: pulls)
        }
        return zip(try moved(1), try moved(-1)).map { ($0 - $1) / (2 * step) }
      }
      let step = 1e-3
      let numerical = zip(try difference(step), try difference(2 * step)).map { (4 * $0 - $1) / 3 }
      for request in item.masses.indices {
        let start = request * plan.valuesPerRequest
        let total = exact[start..<start + perMass].reduce(0) { $0 + abs($1) }
        for i in 0..<perMass {
          let (a, b) = (exact[start + (k + 1) * perMass + i], numerical[start + i])
          #expect(
            abs(a - b) <= 1e-7 * max(total, abs(a)),
            "\(item.name), request \(request), parameter \(k), \(i): \(a) and \(b), events \(total)")
        }
      }
    }
  }
}
