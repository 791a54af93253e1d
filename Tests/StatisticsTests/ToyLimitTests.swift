import Foundation
import ReferenceBackend
import ScanCore
import Testing

@testable import Statistics

/// [UPS-53]
@Suite("Limits from toys") struct ToyLimitTests {
  private func limit(
    _ model: JointModel, _ x: Double, _ quantity: ToyLimits.Quantity, toys: Int = 8000, guess: Double? = nil,
    level: Double = 0.9
  ) throws -> ToyLimit {
    let limits = try ToyLimits(
      model, data: JointData(observed: [x]), quantity: quantity, level: level, toys: toys, seed: 11,
      ensemble: .constraints)
    let best = max(x, 0)
    return try #require(
      limits.limits([ToyLimits.Start(row: 0, best: best, guess: guess ?? best + 1.5)]).first)
  }

  /// x ~ N(q, 1), q >= 0. One-sided: P(x' <= x) = 10 %; CLs: that over P(x' <= x) at q = 0; both by the normal distribution of scipy.
  /// Feldman-Cousins by root finding on the acceptance intervals of Phys. Rev. D 57 (1998) 3873, Sec. IV B, in scipy; Table X
  /// there has 1.18, 2.64 and 0.58 to 3.64.
  @Test(
    "limits of a Gaussian are those of its closed forms within their errors",
    arguments: [
      (
        x: -0.5, one: 0.7815515655446004, cls: 1.368391595126635, lower: nil as Double?,
        upper: 1.1840089281988004
      ),
      (1, 2.2815515655446004, 2.377787361599307, nil, 2.6448536269514724),
      (2, 3.2815515655446004, 3.2946239866451337, 0.5823267512901807, 3.6448536269514724),
    ])
  func gaussian(expected: (x: Double, one: Double, cls: Double, lower: Double?, upper: Double)) throws {
    let model = try gaussianModel(on: toyBackend)
    func check(_ end: ToyLimit.End?, _ exact: Double) throws {
      let end = try #require(end)
      let range = try #require(end.range)
      let error = (range.upperBound - range.lowerBound) / 2
      #expect(range.contains(end.strength) && error > 0.005 && error < 0.06)
      #expect(abs(end.strength - exact) < 4 * error, "\(end) against \(exact)")
    }
    let one = try limit(model, expected.x, .pValue(.oneSided))
    try check(one.upper, expected.one)
    let cls = try limit(model, expected.x, .cls)
    try check(cls.upper, expected.cls)
    let interval = try limit(model, expected.x, .pValue(.deltaChiSquare))
    try check(interval.upper, expected.upper)
    if let lower = expected.lower {
      try check(interval.lower, lower)
    } else {
      #expect(interval.lower == nil)
    }
    #expect(one.lower == nil && cls.lower == nil && one.problem == nil && cls.problem == nil)
  }

  @Test("equal requests have equal answers, and the search starts anywhere")
  func starts() throws {
    let model = try gaussianModel(on: toyBackend)
    let first = try limit(model, 1, .cls, toys: 500)
    #expect(try limit(model, 1, .cls, toys: 500) == first)
    for guess in [1.1, 30] {
      let other = try #require(limit(model, 1, .cls, toys: 500, guess: guess).upper)
      #expect(isClose(other.strength, try #require(first.upper).strength, relative: 5e-3))
    }
  }

  /// 20 counts where 60 are expected: none of 50 toys of the background has as few.
  @Test("what toys cannot decide is said, and states no limit")
  func undecided() throws {
    let few = try limit(countingModel(background: 60, on: toyBackend), 20, .cls, toys: 50)
    #expect(few.upper == nil && few.problem?.contains("no toy of the background") == true)
    let stuck = try JointModel(
      plan: gaussianModel().plan, joint: BrokenJoint(plan: gaussianModel().plan, unconverged: 0, value: 1),
      templates: [1])
    #expect(throws: Never.self) {
      let found = try limit(stuck, 1, .pValue(.oneSided), toys: 20)
      #expect(found.upper == nil && found.problem?.contains("no limit up to 64") == true)
    }
    #expect(throws: StatisticsError.self) { try limit(gaussianModel(), 1, .cls, level: 1) }
    #expect(throws: StatisticsError.self) { try limit(gaussianModel(), 1, .cls, toys: 0) }
  }
}
