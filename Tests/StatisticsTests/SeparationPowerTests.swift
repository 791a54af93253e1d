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

  @Test(
    "chi falls no faster along the strength than the metric says, with Gaussian and Poisson bins, down to no events"
  )
  func steepness() throws {
    // chi itself, from its definition; both bins cancel near u = -1 and -1.25
    let (rest, linear, quadratic) = ([100.0, 0.4], [200.0, 0.8], [100.0, 0.4])
    for (observed, variance) in [
      ([130.0, 2], [100.0, 4]), ([130, 2], [0, 0]), ([100, 0], [0, 0]), ([3, 0.25], [0, 0]),
    ] {
      let metric = try #require(
        StrengthMetric(linear: linear, quadratic: quadratic, observed: observed, variance: variance))
      func expected(_ u: Double) -> [Double] {
        rest.indices.map { max(rest[$0] + u * linear[$0] + u * u * quadratic[$0], 1e-9 * rest[$0]) }
      }
      func chi(_ u: Double) -> Double {
        let mu = expected(u)
        return mu.indices.reduce(0.0) { sum, b in
          let (n, m) = (observed[b], mu[b])
          return sum
            + (variance[b] > 0
              ? (n - m) * (n - m) / variance[b] : 2 * (m - n + (n > 0 ? n * log(n / m) : 0)))
        }.squareRoot()
      }
      let ends = stride(from: -3.0, through: 2, by: 0.37).map { $0 }
      for (index, a) in ends.enumerated() {
        for b in ends[(index + 1)...] {
          let fall = (
            metric.steepness(weights: metric.weights(expected: expected(a)), from: a, to: b),
            metric.steepness(weights: metric.weights(expected: expected(b)), from: a, to: b)
          )
          let bound = StrengthMetric.leastChi((chi(a), chi(b)), fall: fall, width: b - a)
          let least = (0...200).map { chi(a + (b - a) * Double($0) / 200) }.min() ?? 0
          #expect(bound <= least + 1e-9, "\(observed) \(variance): \(a) \(b)")
        }
      }
      // a bound that is of use: close to a minimum it is not far below
      let near = (metric.steepness(weights: metric.weights(expected: expected(1)), from: 1, to: 1.001), 0.0)
      #expect(StrengthMetric.leastChi((chi(1), chi(1.001)), fall: near, width: 0.001) > 0.98 * chi(1))
    }
    #expect(
      StrengthMetric(linear: [0], quadratic: [0], observed: [3], variance: [4]) == nil)
  }

  @Test("The error of the p-value holds that of the median: the spread of p")
  func error() throws {
    var state: UInt64 = 42
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
    }
    func normal(_ mean: Double) -> Double {
      mean + (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
    }
    for shift in [0.5, 1.0, 1.5] {
      // p and its stated error in 500 pairs of samples: a bootstrap from the distributions themselves
      let trials = try (0..<500).map { _ in
        try SeparationPower(
          own: (0..<500).map { _ in normal(0) }, other: (0..<500).map { _ in normal(shift) }, trueIsLow: true)
      }
      let mean = trials.reduce(0) { $0 + $1.pValue } / 500
      let spread = (trials.reduce(0) { $0 + ($1.pValue - mean) * ($1.pValue - mean) } / 499).squareRoot()
      let stated = (trials.reduce(0) { $0 + $1.pValueError * $1.pValueError } / 500).squareRoot()
      // the spread is known to 3.2 %; without the median's error 16 to 28 % would be missing
      #expect(abs(stated / spread - 1) < 0.1, "\(shift): \(stated) \(spread)")
    }
  }
}
