import Foundation
import ScanCore
import Testing

@testable import Statistics

/// Densities whose moments are known.
@Suite("Ensemble sampler") struct EnsembleSamplerTests {
  /// Starts within +-1 of the origin.
  static func start(_ walkers: Int, _ dimension: Int) -> [[Double]] {
    var generator = SeededGenerator(seed: 5)
    return (0..<walkers).map { _ in (0..<dimension).map { _ in generator.uniform(-1, 1) } }
  }

  static func run(
    _ start: [[Double]], steps: Int, seed: UInt64 = 3, _ logDensity: @escaping ([Double]) -> Double
  ) throws -> (chain: EnsembleChain, diagnosis: SamplingDiagnosis) {
    var sampler = try EnsembleSampler(start: start, seed: seed) { $0.map(logDensity) }
    var forgotten: EnsembleChain?
    try sampler.advance(steps: steps / 4, into: &forgotten)
    var kept: EnsembleChain? = EnsembleChain(walkers: start.count, dimension: start[0].count)
    try sampler.advance(steps: steps, into: &kept)
    let chain = try #require(kept)
    let acceptance = Double(sampler.accepted) / Double(sampler.proposed)
    return (chain, SamplingDiagnosis(chain, acceptance: acceptance))
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// Allowed deviation of a mean: five of its standard errors.
  static func error(_ deviation: Double, _ samples: Double) -> Double { 5 * deviation / samples.squareRoot() }

  /// x = (3, -200) + noise of covariance ((1, 8), (8, 100)): correlation 0.8, scales apart by ten.
  private func gaussian(_ x: [Double]) -> Double {
    let (a, b) = (x[0] - 3, (x[1] + 200) / 10)
    return -0.5 * (a * a - 1.6 * a * b + b * b) / 0.36
  }

  @Test("A correlated Gaussian comes out with its mean and covariance, and its regions with their area")
  func correlated() throws {
    let start = Self.start(24, 2).map { [3 + $0[0], -200 + 10 * $0[1]] }
    let (chain, diagnosis) = try Self.run(start, steps: 4000, gaussian)
    #expect(diagnosis.isConverged)
    let count = diagnosis.effectiveSamples
    #expect(count > 1500)
    let (x, y) = (chain.parameter(0), chain.parameter(1))
    let (mx, my) = (Self.mean(x), Self.mean(y))
    #expect(abs(mx - 3) < Self.error(1, count))
    #expect(abs(my + 200) < Self.error(10, count))
    // a variance has the relative error sqrt(2/n)
    let relative = 5 * (2 / count).squareRoot()
    #expect(isClose(Self.mean(x.map { ($0 - mx) * ($0 - mx) }), 1, relative: relative))
    #expect(isClose(Self.mean(y.map { ($0 - my) * ($0 - my) }), 100, relative: relative))
    #expect(isClose(Self.mean(zip(x, y).map { ($0 - mx) * ($1 - my) }), 8, relative: 1.3 * relative))
    // area of the region of level p: 2 pi ln(1/(1 - p)) sqrt(det), sqrt(det) = 6
    let density = try SampledDensity(
      samples: Array(zip(x, y)).map { (x: $0.0, y: $0.1) }, independent: count, x: -2...8, y: -250 ... -150,
      cells: 100)
    let cell = 0.1 * 1.0
    for level in [0.68, 0.9, 0.95] {
      let threshold = try density.threshold(level: level)
      let area = cell * Double(density.mass.count { $0 >= threshold })
      // the kernel widens the area by 1 + 0.6^2 n^(-1/3), 3 % for these n
      #expect(isClose(area, -2 * Double.pi * log(1 - level) * 6, relative: 0.08), "level \(level)")
    }
  }

  /// x ~ N(0, 1), y ~ x^2 - 1 + N(0, 0.5^2): means 0 and 0, variances 1 and 2.25, <x^2 y> = 2.
  @Test("A banana comes out with its moments")
  func banana() throws {
    let (chain, diagnosis) = try Self.run(Self.start(32, 2), steps: 12000) { x in
      let y = (x[1] - x[0] * x[0] + 1) / 0.5
      return -0.5 * (x[0] * x[0] + y * y)
    }
    #expect(diagnosis.isConverged)
    let (x, y) = (chain.parameter(0), chain.parameter(1))
    let count = diagnosis.effectiveSamples
    #expect(count > 1500)
    #expect(abs(Self.mean(x)) < Self.error(1, count))
    #expect(abs(Self.mean(y)) < Self.error(1.5, count))
    // var(x^2) = 2; var(y^2) = E[y^4] - 2.25^2 with y = z + e: E[z^4] = 60, E[y^4] = 60 + 6 2 0.25 + 3/16 = 63.1875
    #expect(abs(Self.mean(x.map { $0 * $0 }) - 1) < Self.error(2.0.squareRoot(), count))
    #expect(
      abs(Self.mean(y.map { $0 * $0 }) - 2.25) < Self.error((63.1875 - 2.25 * 2.25).squareRoot(), count))
  }

  /// Posterior of (ln q, f) for two Poisson bins, mu = rest + f (D + q s), n = (14, 9), rest = (2, 3), D = (4, 2), s = (3, 0.5), f
  /// constrained to 1 +- 0.25, ln q from ln 0.05 to ln 50. Expected numbers: Simpson's rule on 4001 x 3201 points in (ln q, f), f from
  /// 1e-6 to 3.2 (scipy.integrate.simpson): mean and deviation of ln q, its 5, 50 and 95 % quantiles, mean and deviation of f; for a
  /// prior flat in ln q and one flat in sqrt(q).
  @Test(
    "The posterior of a Poisson model with a pull agrees with direct integration",
    arguments: [
      (
        false,
        [
          0.632_058_476_6, 0.932_453_545_6, -1.302_245_66, 0.809_699_69, 1.791_764_98, 1.078_023_184,
          0.250_023_976,
        ]
      ),
      (
        true,
        [
          0.969_720_414_6, 0.729_360_821_6, -0.311_757_79, 1.051_896_69, 1.972_072_27, 1.016_879_187,
          0.252_806_572,
        ]
      ),
    ])
  func poisson(flatInCoupling: Bool, expected: [Double]) throws {
    let plan = JointPlan(
      rest: [2, 3], variance: [0, 0], pulls: [JointPull(name: "signal", width: 0.25, events: [4, 2])],
      blocks: [JointBlock(name: "bins", bins: 0..<2, signalShares: [1])])
    let density = try JointDensity(plan: plan, data: JointData(observed: [14, 9]))
    let (chain, diagnosis) = try Self.run(Self.start(24, 2).map { [$0[0], 0.2 * $0[1]] }, steps: 6000) { x in
      guard x[0] >= log(0.05), x[0] <= log(50) else { return -.infinity }
      let q = exp(x[0])
      let chiSquare = density.chiSquare(pulls: [x[1]], signal: [3 * q, 0.5 * q])
      return (flatInCoupling ? x[0] / 2 : 0) - chiSquare / 2
    }
    #expect(diagnosis.isConverged)
    let count = diagnosis.effectiveSamples
    #expect(count > 2000)
    let (lnq, f) = (chain.parameter(0), chain.parameter(1).map { $0 + 1 })
    let found = Self.mean(lnq)
    #expect(abs(found - expected[0]) < Self.error(expected[1], count))
    let deviation = Self.mean(lnq.map { ($0 - found) * ($0 - found) }).squareRoot()
    #expect(isClose(deviation, expected[1], relative: 5 * (1 / count).squareRoot()))
    // the share of samples below a quantile, within its binomial error
    for (quantile, share) in zip(expected[2...4], [0.05, 0.5, 0.95]) {
      let below = Double(lnq.count { $0 < quantile }) / Double(lnq.count)
      #expect(abs(below - share) < 5 * (share * (1 - share) / count).squareRoot())
    }
    #expect(abs(Self.mean(f) - expected[5]) < Self.error(expected[6], count))
  }

  @Test("Walkers in two separate peaks, or too few steps, are not taken for converged")
  func notConverged() throws {
    let peaks = { (x: [Double]) in
      let (a, b) = (x[0] - 30, x[0] + 30)
      return log(exp(-a * a / 2) + exp(-b * b / 2) + 1e-300) - x[1] * x[1] / 2
    }
    let apart = Self.start(24, 2).enumerated().map { [$1[0] + ($0.isMultiple(of: 2) ? 30 : -30), $1[1]] }
    #expect(try !Self.run(apart, steps: 3000, peaks).diagnosis.isConverged)
    let (_, short) = try Self.run(Self.start(24, 2), steps: 60) { -0.5 * ($0[0] * $0[0] + $0[1] * $0[1]) }
    #expect(!short.isConverged)
  }

  @Test("The same seed gives the same samples, another one others")
  func seeds() throws {
    let density = { (x: [Double]) in -0.5 * x[0] * x[0] }
    let runs = try [3, 3, 4].map {
      try Self.run(Self.start(8, 1), steps: 20, seed: $0, density).chain.positions
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0] != runs[2])
  }

  @Test("Too few walkers, a start outside the density and a density that is no number are refused")
  func refuses() throws {
    let flat = { (x: [[Double]]) in x.map { _ in 0.0 } }
    #expect(throws: StatisticsError.self) {
      try EnsembleSampler(start: [[0], [1]], seed: 1, logDensity: flat)
    }
    #expect(throws: StatisticsError.self) {
      try EnsembleSampler(start: Self.start(8, 1), seed: 1) { $0.map { _ in -.infinity } }
    }
    #expect(throws: StatisticsError.self) {
      try EnsembleSampler(start: Self.start(8, 1), seed: 1) { $0.map { _ in .nan } }
    }
  }
}
