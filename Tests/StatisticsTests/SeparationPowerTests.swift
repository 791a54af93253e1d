import Foundation
import Statistics
import Testing

@Suite("Separation of two models") struct SeparationPowerTests {
  @Test("Quantiles, p-value and Z of ordered numbers")
  func counted() throws {
    // own: 0 ... 100, median 50; other: 40 ... 139, of which 11 lie at or below 50
    let power = try SeparationPower(
      own: (0...100).map(Double.init), other: (40..<140).map(Double.init), trueIsLow: true)
    #expect(power.quantiles == [5, 16, 50, 84, 95])
    #expect(power.mean == 50)
    #expect(abs(power.standardDeviation - 858.5.squareRoot()) < 1e-12)  // (n^2 - 1)/12 n/(n - 1), n = 101
    #expect(power.beyond == 11 && power.pValue == 0.11)
    // scipy.stats.norm.isf(0.11)
    #expect(abs(try #require(power.significance) - 1.2265281200366105) < 1e-12)
    #expect(power.significanceLimit == nil)
  }

  @Test("No toy beyond the median gives an upper limit on p and no Z")
  func noneBeyond() throws {
    let power = try SeparationPower(own: [10, 11, 12], other: [0, 1, 2, 3], trueIsLow: false)
    #expect(power.beyond == 0 && power.significance == nil)
    // 1 - 0.1^(1/4) and norm.isf of it
    #expect(abs(try #require(power.pValueLimit) - 0.4376586748096509) < 1e-14)
    #expect(abs(try #require(power.significanceLimit) - 0.15690800666514135) < 1e-12)
  }

  @Test("The Asimov shortcut of two models is their common square root where both sets give the same")
  func shortcut() throws {
    let equal = AsimovSeparation(own: 9, other: 9)
    #expect(equal.squareRoot == 3 && equal.normal == 3)
    #expect(AsimovSeparation(own: 9, other: 4).normal == 13.0 / 4)
    #expect(AsimovSeparation(own: 9, other: 0.1).normal == nil)
  }

  @Test("The vertex of a parabola stays between its ends, and a line has none")
  func vertex() {
    let parabola = { (x: Double) in 3 * (x - 1.25) * (x - 1.25) + 7 }
    let found = parabolaVertex((1, 2, 5), (parabola(1), parabola(2), parabola(5)))
    #expect(abs((found ?? 0) - 1.25) < 1e-14)
    #expect(parabolaVertex((2, 3, 5), (parabola(2), parabola(3), parabola(5))) == 2)
    #expect(parabolaVertex((0, 1, 2), (0, 1, 2)) == nil)
  }

  @Test("Steps of the strength change a signal by the asked number of standard deviations")
  func steps() throws {
    let step = try #require(
      StrengthStep(linear: [30, 0], quadratic: [0, 0], observed: [99, 5], variance: [0, 0], size: 0.5))
    // sqrt(I) = 30/sqrt(100)
    #expect(abs(step.length(at: 0) - 0.5 / 3) < 1e-15 && step.turningPoint == 0)
    let quadratic = try #require(
      StrengthStep(linear: [0], quadratic: [8], observed: [3], variance: [4], size: 0.5))
    // K = 64/4: sqrt(0.5)/2
    #expect(abs(quadratic.length(at: 0) - 0.5.squareRoot() / 2) < 1e-15)
    #expect(
      StrengthStep(linear: [0], quadratic: [0], observed: [3], variance: [4], size: 0.5) == nil)
  }
}
