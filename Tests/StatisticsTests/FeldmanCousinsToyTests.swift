import ReferenceBackend
import ScanCore
import Testing

@testable import Statistics

/// Textbook models through the machinery of toys. Exact numbers: Python with scipy 1.17, from the definitions in
/// Feldman and Cousins, Phys. Rev. D 57 (1998) 3873, and compared with the tables printed there.
@Suite("Feldman-Cousins from toys") struct FeldmanCousinsToyTests {
  /// Table IV (90 %), where it was not smoothed in the background.
  @Test(
    "exact intervals over a background agree with the published table",
    arguments: [
      (1, 0.5, 0.00, 3.86), (2, 0.5, 0.03, 5.41), (4, 0.5, 1.17, 8.10), (1, 1.0, 0.00, 3.36),
      (3, 1.0, 0.10, 6.42), (4, 1.5, 0.24, 7.10), (5, 1.5, 0.93, 8.49), (2, 2.0, 0.00, 3.91),
      (5, 2.0, 0.43, 7.99), (3, 3.0, 0.00, 4.42), (4, 3.0, 0.00, 5.60), (5, 3.0, 0.00, 6.99),
      (6, 3.0, 0.15, 8.47), (4, 4.0, 0.00, 4.60), (5, 5.0, 0.00, 4.99),
    ])
  func publishedTable(observed: Int, background: Double, lower: Double, upper: Double) throws {
    let interval = try CountingExperiment(observed: observed, background: background)
      .feldmanCousinsInterval(confidenceLevel: 0.9)
    #expect(abs(interval.lowerBound - lower) < 0.02)
    #expect(abs(interval.upperBound - upper) < 0.02)
  }

  @Test("an empty count without background: 2.44 from Feldman-Cousins, 2.303 from CLs")
  func emptyCount() throws {
    let counting = try CountingExperiment(observed: 0, background: 0)
    #expect(abs(try counting.feldmanCousinsInterval(confidenceLevel: 0.9).upperBound - 2.44) < 0.005)
    #expect(abs(try counting.clsUpperLimit(confidenceLevel: 0.9) - 2.302585) < 1e-6)
  }

  /// Exact p-values just inside and outside of published end points: sums of Poisson probabilities over counts that are
  /// ranked no higher.
  @Test(
    "p-values of counts agree with exact ones, on both sides of the end points of intervals",
    arguments: [
      (0, 2.3, 0.0, 0.10962077761384562), (0, 2.5, 0, 0.09627231061481215), (3, 1.0, 0, 0.0803013970713942),
      (3, 1.2, 0, 0.421707113128572), (3, 7.3, 0, 0.10318831617253363), (3, 7.5, 0, 0.08071011087070054),
      (3, 4.3, 3, 0.10318831617253363), (3, 4.5, 3, 0.08071011087070054), (6, 0.1, 3, 0.09433383460597326),
      (6, 0.3, 3, 0.11712318671563793),
    ])
  func counts(observed: Int, signal: Double, background: Double, exact: Double) throws {
    let verdict = try verdict(
      countingModel(background: background, on: toyBackend), strength: signal,
      data: JointData(observed: [Double(observed)]), toys: 5000)
    let deviation = (exact * (1 - exact) / 5000).squareRoot()
    #expect(abs(try #require(verdict.pValue).value - exact) < 4 * deviation)
    if abs(exact - 0.1) > 3 * deviation { #expect(verdict.isAccepted == (exact > 0.1)) }
  }

  /// Critical values of the belt of a Gaussian near a boundary.
  private static let belt = [
    (0.0, 1.6423744151498318), (0.5, 1.8980841059877587), (1, 2.4625016176825296), (2, 2.7055434540954137),
  ]

  @Test("critical values of a Gaussian near a boundary agree with exact ones", arguments: belt)
  func gaussianCriticalValue(mean: Double, exact: Double) throws {
    let verdict = try verdict(
      gaussianModel(on: toyBackend), strength: mean, data: JointData(observed: [0]), toys: 5000)
    let critical = try #require(verdict.criticalValue)
    #expect(abs(critical.value - exact) < 4 * critical.error)
    #expect(critical.error < 0.08)
  }

  /// Table X (90 %): upper ends, and lower ends where there are any.
  @Test(
    "intervals of a Gaussian near a boundary end where the published table says",
    arguments: [
      (-3.0, 0.26), (-1, 0.81), (0, 1.64), (1, 2.64), (2, 3.64), (2, 0.58), (3, 4.64), (3, 1.37),
    ])
  func gaussianInterval(observed: Double, end: Double) throws {
    let model = try gaussianModel(on: toyBackend)
    let data = JointData(observed: [observed])
    let towards = end > max(observed, 0) ? -1.0 : 1
    // 0.15 inside and outside: p-values there differ from 0.1 by more than the toys' errors
    for (step, accepted) in [(0.15, true), (-0.15, false)] {
      let verdict = try verdict(model, strength: end + towards * step, data: data, toys: 5000)
      #expect(verdict.isAccepted == accepted, "at \(end + towards * step): \(verdict)")
    }
  }

  /// Half of the toys make the belt, the others, of another seed, measure its coverage: 1e5 together.
  @Test("the 90 % belt of a Gaussian covers between 89 and 91 % at every mean")
  func gaussianCoverage() throws {
    let model = try gaussianModel(on: toyBackend)
    for mean in [0.0, 0.5, 1, 2, 5] {
      let coverage = try coverage(model, strength: mean, toys: 10_000)
      #expect(coverage > 0.89 && coverage < 0.91, "mean \(mean): \(coverage)")
    }
  }

  /// Counts are discrete, so a belt that covers at least 90 % covers more at most means: exact coverage by Python.
  @Test(
    "the belt of a count over-covers as much as its exact construction",
    arguments: [
      (0.5, 0.0, 0.90979598956895), (1, 0, 0.9196986029286058), (1.5, 0, 0.9814240637778593),
      (2, 0, 0.9834363915193856), (3, 0, 0.9167043963232949), (5, 0, 0.927744260699282),
      (10, 0, 0.9058724273361691), (1, 3, 0.9305507453184182), (4, 3, 0.9170142129679186),
    ])
  func countCoverage(signal: Double, background: Double, exact: Double) throws {
    let found = try coverage(
      countingModel(background: background, on: toyBackend), strength: signal, toys: 4000)
    #expect(abs(found - exact) < 4 * (exact * (1 - exact) / 4000).squareRoot())
  }

  // MARK: - Runs

  private func toys(_ model: JointModel, seed: UInt64, _ count: Int) throws -> AdaptiveToys {
    try AdaptiveToys(
      model, seed: seed, ensemble: .constraints, statistic: .deltaChiSquare, settings: .fixed(count))
  }

  private func verdict(
    _ model: JointModel, strength: Double, data: JointData, toys count: Int
  ) throws -> ToyVerdict {
    let observed = try #require(
      model.observed(.deltaChiSquare, [JointHypothesis(row: 0, strength: strength)], data: data).first)
    return try #require(
      toys(model, seed: 1, count).run([observed.toyPoint(key: 1)], observed: [observed.value], level: 0.9)
        .first)
  }

  /// Share of toys of one seed inside the belt from toys of another.
  private func coverage(_ model: JointModel, strength: Double, toys count: Int) throws -> Double {
    let point = ToyPoint(key: 2, row: 0, strength: strength, factors: [])
    let belt = try #require(toys(model, seed: 1, count).run([point], observed: [0], level: 0.9).first)
    let critical = try #require(belt.criticalValue).value
    // more extreme than the critical value, ties inside
    let outside = try toys(model, seed: 2, count).run(
      [point], observed: [critical + 2 * ToyDistribution.tie], level: 0.9)
    return 1 - (try #require(outside.first?.pValue).value)
  }
}
