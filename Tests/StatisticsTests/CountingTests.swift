import Statistics
import Testing

/// Reference values: mpmath 1.3, 40 digits, printed to 17 (erfinv, findroot on the defining equations).
@Suite struct CountingTests {
  @Test(
    "chi2 quantiles agree with 40-digit values",
    arguments: [
      (0.001, 1.5707971492624899e-6, 0.002001000667167067), (0.3, 0.14847186183254544, 0.71334988787746473),
      (0.5, 0.45493642311957275, 1.3862943611198906), (0.6826894921370859, 1.0, 2.2957489288986361),
      (0.9, 2.7055434540954149, 4.6051701859880918), (0.95, 3.8414588206941245, 5.9914645471079802),
      (0.99, 6.6348966010212136, 9.210340371976181), (0.99999, 19.511420964666266, 23.025850929949559),
    ])
  func quantiles(level: Double, one: Double, two: Double) throws {
    #expect(isClose(try chiSquareQuantile(confidenceLevel: level, degreesOfFreedom: 1), one, relative: 1e-13))
    #expect(isClose(try chiSquareQuantile(confidenceLevel: level, degreesOfFreedom: 2), two, relative: 1e-13))
    #expect(
      try ConfidenceLevel(level: level, degreesOfFreedom: 2).threshold
        == chiSquareQuantile(confidenceLevel: level, degreesOfFreedom: 2))
  }

  @Test(
    "a confidence level outside (0, 1) or a third degree of freedom is an error",
    arguments: [
      (0.0, 1), (1, 1), (-0.1, 2), (90, 1), (Double.nan, 1), (0.9, 3), (0.9, 0),
    ])
  func quantileDomain(level: Double, degrees: Int) {
    #expect(throws: StatisticsError.self) {
      try chiSquareQuantile(confidenceLevel: level, degreesOfFreedom: degrees)
    }
  }

  @Test(
    "CLs upper limits agree with 40-digit values",
    arguments: [
      (0, 0.0, 0.95, 2.995732273553991), (0, 7.5, 0.95, 2.995732273553991), (3, 0, 0.9, 6.6807830682558636),
      (3, 1.5, 0.95, 6.355197440378503), (25, 30.25, 0.9, 7.3169661932934704),
      (400, 410, 0.95, 35.086377388369175),
    ])
  func clsLimits(observed: Int, background: Double, level: Double, expected: Double) throws {
    let counting = try CountingExperiment(observed: observed, background: background)
    #expect(isClose(try counting.clsUpperLimit(confidenceLevel: level), expected, relative: 1e-12))
  }

  @Test(
    "Feldman-Cousins intervals agree with the published table to its digits",
    arguments: [
      (0, 0.0, 0.0, 2.44), (1, 0, 0.11, 4.36), (2, 0, 0.53, 5.91), (3, 0, 1.10, 7.42), (4, 0, 1.47, 8.60),
      (5, 0, 1.84, 9.99), (10, 0, 5.50, 16.50),
    ])
  func feldmanCousins(observed: Int, background: Double, lower: Double, upper: Double) throws {
    // Phys. Rev. D 57 (1998) 3873, Table IV, 90 %
    let interval = try CountingExperiment(observed: observed, background: background)
      .feldmanCousinsInterval(confidenceLevel: 0.9)
    #expect(abs(interval.lowerBound - lower) < 0.0051)
    #expect(abs(interval.upperBound - upper) < 0.0051)
  }

  @Test("the empty count over three background events gives 0.95, without smoothing in the background")
  func feldmanCousinsBackground() throws {
    let interval = try CountingExperiment(observed: 0, background: 3).feldmanCousinsInterval(
      confidenceLevel: 0.9)
    #expect(interval.lowerBound == 0)
    #expect(abs(interval.upperBound - 0.953) < 0.0005)
  }

  @Test(
    "the Asimov significance keeps its digits for small signals",
    arguments: [
      (1e-6, 100.0, 9.9999999833333334e-8), (3, 100, 0.2985184445861712), (5, 100, 0.49591781131627108),
      (10, 4, 3.8829580370988178), (1e4, 0.5, 421.99603619379493),
    ])
  func significance(signal: Double, background: Double, expected: Double) throws {
    #expect(
      isClose(try asimovSignificance(signal: signal, background: background), expected, relative: 1e-13))
  }

  @Test("counts, backgrounds and signals outside their domain are errors")
  func domains() {
    #expect(throws: StatisticsError.self) { try CountingExperiment(observed: -1, background: 0) }
    #expect(throws: StatisticsError.self) {
      try CountingExperiment(observed: 1, background: -.leastNonzeroMagnitude)
    }
    #expect(throws: StatisticsError.self) { try CountingExperiment(observed: 1, background: .nan) }
    #expect(throws: StatisticsError.self) { try asimovSignificance(signal: 1, background: 0) }
    #expect(throws: StatisticsError.self) { try asimovSignificance(signal: .infinity, background: 1) }
  }
}
