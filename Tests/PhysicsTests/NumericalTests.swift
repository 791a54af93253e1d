import Foundation
import Numerical
import Testing

@Suite struct NumericalTests {
  @Test("An n-point Gauss rule is exact to degree 2n-1 and not beyond", arguments: [1, 2, 3, 7, 20, 64, 128])
  func gaussDegree(n: Int) {
    let rule = GaussLegendre.rule(n)
    let moment = { (degree: Int) in
      zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(degree)) }
    }
    for degree in 0..<2 * n {
      let exact = degree % 2 == 0 ? 2 / Double(degree + 1) : 0
      #expect(isClose(moment(degree), exact, relative: 1e-14, absolute: 1e-15), "degree \(degree)")
    }
    if n <= 7 { #expect(!isClose(moment(2 * n), 2 / Double(2 * n + 1), relative: 1e-6)) }
  }

  @Test("Gauss nodes and weights are right to the last bit", arguments: ReferenceValues.gaussLegendre)
  func gaussReference(row: [Double]) {
    let rule = GaussLegendre.rule(Int(row[0]))
    let index = Int(row[1])
    #expect(isClose(rule.nodes[index], row[2], relative: 2.3e-16))
    #expect(isClose(rule.weights[index], row[3], relative: 2.3e-16))
  }

  @Test("Gauss rules are symmetric and ascending up to 512 points", arguments: [5, 33, 512])
  func gaussSymmetry(n: Int) {
    let rule = GaussLegendre.rule(n)
    for i in 0..<n {
      #expect(rule.nodes[i] == -rule.nodes[n - 1 - i] && rule.weights[i] == rule.weights[n - 1 - i])
      #expect(i == 0 || rule.nodes[i] > rule.nodes[i - 1])
    }
    #expect(isClose(rule.weights.reduce(0, +), 2, relative: 1e-14))
  }

  struct KnownIntegral: Sendable, CustomStringConvertible {
    let description: String
    let lower: Double
    let upper: Double
    let exact: Double
    let breakpoints: [Double]
    let function: @Sendable (Double) -> Double
  }

  static let integrals: [KnownIntegral] = [
    KnownIntegral(description: "exp", lower: 0, upper: 1, exact: exp(1) - 1, breakpoints: []) { exp($0) },
    KnownIntegral(description: "square root", lower: 0, upper: 1, exact: 2.0 / 3, breakpoints: []) {
      $0.squareRoot()
    },
    KnownIntegral(description: "kink", lower: -1, upper: 2, exact: 2.5, breakpoints: [0]) { abs($0) },
    KnownIntegral(description: "jump", lower: 0, upper: 1, exact: 0.7, breakpoints: [0.3]) {
      $0 < 0.3 ? 0 : 1
    },
    KnownIntegral(description: "narrow peak", lower: -1, upper: 1, exact: 2e4 * atan(1e4), breakpoints: [0]) {
      1 / ($0 * $0 + 1e-8)
    },
    KnownIntegral(description: "reversed", lower: 1, upper: 0, exact: -0.5, breakpoints: []) { $0 },
  ]

  @Test("Adaptive integration reaches its tolerance and owns up to its error", arguments: integrals)
  func adaptive(integral: KnownIntegral) throws {
    let found = try integrateAdaptively(
      integral.lower, integral.upper, breakpoints: integral.breakpoints, relativeTolerance: 1e-12,
      absoluteTolerance: 0, maximumIntervals: 1000, integral.function)
    #expect(isClose(found.value, integral.exact, relative: 1e-12))
    #expect(abs(found.value - integral.exact) <= found.error + 4 * integral.exact.ulp)
    #expect(found.error <= 1e-12 * abs(found.value))
  }

  @Test("A NaN in the integrand is an error with its abscissa")
  func adaptiveNaN() {
    #expect(throws: IntegrationError.notFinite(abscissa: 0.5)) {
      try integrateAdaptively(
        0, 1, relativeTolerance: 1e-9, absoluteTolerance: 0, maximumIntervals: 10
      ) { $0 == 0.5 ? .nan : $0 }
    }
  }

  @Test("Infinite limits and exhausted intervals are errors")
  func adaptiveFailures() {
    #expect(throws: IntegrationError.invalidLimits(lower: 0, upper: .infinity)) {
      try integrateAdaptively(
        0, .infinity, relativeTolerance: 1e-9, absoluteTolerance: 0, maximumIntervals: 10
      ) { $0 }
    }
    #expect {
      try integrateAdaptively(
        0, 1, relativeTolerance: 1e-9, absoluteTolerance: 0, maximumIntervals: 5
      ) { sin(1000 * $0 * $0) }
    } throws: { error in
      guard case .tooManyIntervals(let count, _, _) = error as? IntegrationError else { return false }
      return count == 5
    }
  }

  @Test("erfcx agrees with 50-digit values", arguments: ReferenceValues.scaledErfc)
  func scaledErfc(row: [Double]) {
    #expect(isClose(scaledComplementaryErrorFunction(row[0]), row[1], relative: 1e-14))
  }

  @Test("erfcx behaves at the ends of its range")
  func scaledErfcEnds() {
    #expect(scaledComplementaryErrorFunction(-.infinity) == .infinity)
    #expect(scaledComplementaryErrorFunction(.infinity) == 0)
    #expect(scaledComplementaryErrorFunction(.nan).isNaN)
    #expect(normalCDF(0) == 0.5)
    #expect(isClose(normalCDF(-8), 6.220960574271785e-16, relative: 1e-13))
  }
}
