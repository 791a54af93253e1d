import Numerical
import ScanCore
import Testing

@testable import Statistics

/// Reference values: scipy 1.17 (special.betainc, stats.beta, stats.binom, stats.norm).
@Suite("Quantiles and p-values of toys") struct ToyDistributionTests {
  @Test(
    "the regularised incomplete beta function agrees with scipy",
    arguments: [
      (0.3, 2.0, 5.0, 0.5798250000000003), (0.5, 10.0, 10.0, 0.5), (0.9, 900.0, 101.0, 0.5265990812951663),
      (0.1, 1.0, 1000.0, 1.0), (0.999, 3.0, 0.5, 0.9407468104840536),
      (1e-05, 0.5, 0.5, 0.0020131718394753874),
    ])
  func incompleteBeta(x: Double, a: Double, b: Double, expected: Double) {
    #expect(isClose(regularizedIncompleteBeta(x, a, b), expected, relative: 1e-12))
  }

  /// lgamma(1e6) is 1.3e7 and carries an absolute error of about 1e-9.
  @Test("with a million trials the incomplete beta function keeps eight digits")
  func incompleteBetaOfManyTrials() {
    #expect(
      isClose(regularizedIncompleteBeta(0.1001, 100_000, 900_000), 0.6308567665035397, relative: 1e-8))
  }

  @Test("the incomplete beta function is 0 and 1 at its ends and NaN outside")
  func incompleteBetaEnds() {
    #expect(regularizedIncompleteBeta(0, 2, 3) == 0 && regularizedIncompleteBeta(1, 2, 3) == 1)
    #expect(regularizedIncompleteBeta(-0.1, 2, 3).isNaN && regularizedIncompleteBeta(0.5, 0, 3).isNaN)
  }

  @Test(
    "intervals of Clopper and Pearson agree with scipy",
    arguments: [
      (0, 10, 0.0, 0.1681491861379764), (10, 10, 0.8318508138620236, 1.0),
      (3, 10, 0.1416719011071802, 0.5082624819902524), (1, 5, 0.0339606936602168, 0.5242506260040586),
      (100, 1000, 0.09043366886485422, 0.1104080246572958), (0, 1000, 0.0, 0.001839328004163154),
      (98765, 1_000_000, 0.0984665556439885, 0.09906424817047726),
    ])
  func clopperPearson(k: Int, n: Int, lower: Double, upper: Double) {
    let range = BinomialRange.interval(k, of: n)
    #expect(isClose(range.lowerBound, lower, relative: 1e-9))
    #expect(isClose(range.upperBound, upper, relative: 1e-9))
  }

  /// Ranks from the binomial cumulative of scipy; nil: none so far out.
  @Test(
    "ranks around a quantile agree with scipy",
    arguments: [
      (0.9, 10, 8, nil), (0.9, 100, 87, 94), (0.9, 1000, 891, 910), (0.5, 7, 2, 6),
      (0.95, 20000, 18969, 19032), (0.02275, 100, 1, 5),
    ] as [(Double, Int, Int, Int?)])
  func ranks(level: Double, n: Int, lower: Int, upper: Int?) {
    let ranks = BinomialRange.ranks(ofQuantile: level, among: n)
    #expect(ranks.lower == lower && ranks.upper == upper)
  }

  @Test("quantiles are order statistics, with the values of the outer ranks as their range")
  func quantile() throws {
    // 0, 1, ... 999 in a mixed order
    let toys = ToyDistribution((0..<1000).map { Double($0 * 7 % 1000) })
    let quantile = try toys.quantile(0.9)
    #expect(quantile.value == 899)  // 900 of 1000 at or below
    #expect(quantile.lower == 890 && quantile.upper == 909)
    #expect(quantile.error == 9.5)
    let few = try ToyDistribution([3, 1, 2]).quantile(0.9)
    #expect(few.value == 3 && few.upper == .infinity && few.error == .infinity)
  }

  @Test("ties count as at least as extreme, also when rounding parts them")
  func ties() throws {
    let toys = ToyDistribution([0, 0, 0, 0, 0, 0, 1.5, 1.5 - 3e-10, 1.5 + 3e-10, 4])
    #expect(try toys.pValue(observed: 0).value == 1)
    #expect(try toys.pValue(observed: 1.5).passing == 4)
    #expect(try toys.pValue(observed: 1.5 + 2e-9).passing == 1)
    #expect(try toys.pValue(observed: 5).value == 0)
    #expect(try toys.quantile(0.5).value == 0)
    // all of the range sits on the tie
    #expect(try toys.quantile(0.2).error == 0)
  }

  @Test("toys that are not numbers are left out and counted; too many of them are an error that says so")
  func failures() throws {
    let toys = ToyDistribution([1, .nan, 2, 3], unconverged: 2)
    #expect(toys.count == 3 && toys.failed == 1 && toys.unconverged == 2 && toys.toys == 4)
    #expect(try toys.quantile(0.5).value == 2)
    #expect(try toys.pValue(observed: 2).value == 2.0 / 3)
    let three = ToyDistribution([1, .nan, 2, 3], unconverged: 3)
    try three.check(largestFailedShare: 0.75)
    let error = #expect(throws: StatisticsError.self) { try three.check(largestFailedShare: 0.74) }
    #expect(error?.message.contains("Of 4 toys 1 have no finite statistic and 3 did not converge") == true)
    #expect(throws: StatisticsError.self) { try ToyDistribution().check(largestFailedShare: 0.5) }
    #expect(throws: StatisticsError.self) { try ToyDistribution([.nan]).quantile(0.5) }
    #expect(throws: StatisticsError.self) { try toys.quantile(1) }
    #expect(throws: StatisticsError.self) { try toys.pValue(observed: .nan) }
  }

  @Test(
    "two failures are tolerated however few toys there are, beyond 2000 toys a thousandth of them",
    arguments: [(20, 2), (1000, 2), (2000, 2), (5000, 5), (20_000, 20)])
  func tolerated(toys: Int, most: Int) throws {
    func check(_ failed: Int, _ unconverged: Int) throws(StatisticsError) {
      let failures = [Double](repeating: .nan, count: failed)
      try ToyDistribution(
        failures + [Double](repeating: 1, count: toys - failed), unconverged: unconverged
      ).check(largestFailedShare: 1e-3)
    }
    try check(most, most)
    #expect(throws: StatisticsError.self) { try check(most + 1, 0) }
    #expect(throws: StatisticsError.self) { try check(0, most + 1) }
  }

  @Test("what two equal fits differ by is no critical value")
  func rounding() throws {
    let quantile = try ToyDistribution((0..<100).map { 4e-14 * Double($0 % 3) }).quantile(0.9)
    #expect(quantile.value == 0 && quantile.lower == 0 && quantile.upper == 0)
  }

  /// Largest and smallest number of toys passing with a tail below Phi(-4) if p = 1 - CL; scipy 1.17 stats.binom. A normal
  /// approximation has 2 of 1000 clear at CL 0.9999, whose probability is 4.7e-3.
  @Test(
    "a point is clear where the binomial tail says so",
    arguments: [
      (0.9, 20, nil, 10), (0.9, 1000, 63, 141), (0.9, 20_000, 1831, 2173), (0.99, 20, nil, 5),
      (0.99, 1000, nil, 26), (0.99, 20_000, 145, 260), (0.9973, 20, nil, 3), (0.9973, 1000, nil, 12),
      (0.9973, 20_000, 26, 87), (0.9999, 20, nil, 2), (0.9999, 1000, nil, 4), (0.9999, 20_000, nil, 11),
      (0.9999, 1_000_000, 62, 143),
    ] as [(Double, Int, Int?, Int)])
  func clear(level: Double, n: Int, low: Int?, high: Int) throws {
    func isClear(_ k: Int) -> Bool {
      ToyVerdict(
        point: ToyPoint(key: 0, row: 0, strength: 0, factors: []), observed: 1,
        ToyDistribution([Double](repeating: 0, count: n - k) + [Double](repeating: 2, count: k)),
        level: level,
        largestFailedShare: 1e-3
      ).isClear(at: 4)
    }
    #expect(isClear(high) && !isClear(high - 1))
    if let low { #expect(isClear(low) && !isClear(low + 1)) } else { #expect(!isClear(0)) }
  }

  @Test(
    "significances of p-values agree with scipy",
    arguments: [
      (0.5, 0.0), (0.1, 1.2815515655446004), (1e-3, 3.090232306167813), (2.866515718791946e-7, 5),
      (1e-30, 11.464024688443613), (0.9, -1.2815515655446004),
    ])
  func significances(p: Double, z: Double) throws {
    #expect(isClose(try significance(pValue: p), z, relative: 1e-12))
    #expect(throws: StatisticsError.self) { try significance(pValue: 0) }
  }

  @Test("the three statistics of one toy")
  func statistics() {
    func value(_ statistic: TestStatistic, best: Double, tested: Double, minimum: Double = 4) -> Double {
      statistic.value(tested: 7, minimum: minimum, bestStrength: best, testedStrength: tested)
    }
    #expect(
      value(.deltaChiSquare, best: 3, tested: 1) == 3 && value(.deltaChiSquare, best: 0, tested: 1) == 3)
    #expect(value(.oneSided, best: 3, tested: 1) == 0 && value(.oneSided, best: 0.5, tested: 1) == 3)
    #expect(value(.discovery, best: 3, tested: 0) == 3 && value(.discovery, best: 0, tested: 0) == 0)
    // rounding is zero, a missed minimum is not a number
    #expect(value(.deltaChiSquare, best: 1, tested: 1, minimum: 7 + 1e-9) == 0)
    #expect(value(.deltaChiSquare, best: 1, tested: 1, minimum: 7.1).isNaN)
    #expect(value(.oneSided, best: .nan, tested: 1).isNaN)
    #expect(value(.deltaChiSquare, best: 1, tested: 1, minimum: .infinity).isNaN)
  }
}
