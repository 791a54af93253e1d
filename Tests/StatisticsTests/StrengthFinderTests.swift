import Foundation
import ReferenceBackend
import ScanCore
import Testing

@testable import Statistics

/// Best strength and limit in a joint likelihood [UPS-14, UPS-36].
@Suite("Strength of a signal template")
struct StrengthFinderTests {
  private static func finder(background: Double, observed: Double, width: Double? = nil) throws
    -> StrengthFinder
  {
    let pulls = width.map {
      [JointPull(name: "signal", width: $0, events: [0])]
    }
    let plan = JointPlan(
      rest: [background], variance: [0], pulls: pulls ?? [],
      blocks: [JointBlock(name: "bin", bins: 0..<1, signalShares: pulls == nil ? [] : [1])])
    return StrengthFinder(
      try JointModel(plan: plan, templates: [2], on: ReferenceBackend()),
      data: JointData(observed: [observed]))
  }

  /// The deviance 2 [mu - n + n ln(n/mu)] in closed form.
  @Test("One bin: both ends are where the deviance of the count reaches the level")
  func oneBin() throws {
    let threshold = 2.705_543_454_095_404
    func deviance(_ mu: Double, _ n: Double) -> Double { 2 * (mu - n + (n > 0 ? n * log(n / mu) : 0)) }
    for (background, n) in [(1.0, 7.0), (3.0, 4.0), (3.0, 1.0), (0.5, 0.0), (1e4, 1.2e4)] {
      let limit = try Self.finder(background: background, observed: n).interval(threshold: threshold)
      let best = max(0, (n - background) / 2)
      #expect(abs(limit.best - best) <= 1e-6 * max(1, best))
      let minimum = deviance(background + 2 * best, n)
      #expect(abs(limit.statistic - minimum) < 1e-10)
      let upper = try #require(limit.upper)
      #expect(abs(deviance(background + 2 * upper, n) - minimum - threshold) < 1e-9)
      #expect(upper > best)
      let excludesZero = deviance(background, n) - minimum >= threshold
      #expect((limit.lower != nil) == excludesZero)
      if let lower = limit.lower {
        #expect(lower > 0 && lower < best)
        #expect(abs(deviance(background + 2 * lower, n) - minimum - threshold) < 1e-9)
      }
    }
  }

  /// The pull costs at most 1/sigma^2 = 1 to take any signal away.
  @Test("A pull that absorbs any signal leaves no limit, and the search ends")
  func absorbed() throws {
    let limit = try Self.finder(background: 5, observed: 5, width: 1).interval(threshold: 2.7)
    #expect(limit.upper == nil && limit.lower == nil)
  }
}
