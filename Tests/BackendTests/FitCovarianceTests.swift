import Experiments
import Foundation
import Rates
import SIMDBackend
import ScanCore
import Statistics
import Testing

@testable import Pipeline

/// The covariance of a fit against second derivatives of chi2 itself, taken numerically at its minimum.
@Suite("Covariance of fits [UPS-47]")
struct FitCovarianceTests {
  private static let masses = [2.0, 5, 8, 9, 10, 12, 15, 25]

  private func model(_ names: [String]) throws -> FitModel {
    let backend = try CPUBackend()
    let joint = try JointAnalysis(
      names.map { name in
        try Analysis(
          model: RateModel(Catalogue.load(name)),
          settings: AnalysisSettings(flavour: "mu", dataSet: .asimov, statistic: .poisson),
          masses: Self.masses,
          backend: backend, planningBackend: backend)
      })
    let truth = FitRequest.Truth(mass: 9, coupling: 4.2e-7)
    return try FitModel(
      joint, data: FitData.make(joint, truth: truth, toy: nil, on: backend), on: backend)
  }

  /// 2 sum (mu - n + n ln(n/mu)) + sum (x/sigma)^2; bins with a variance are Gaussian.
  private func chiSquare(_ model: FitModel, pulls: [Double], strength: Double, mass: Double) throws -> Double
  {
    let plan = model.plan
    let mu = plan.expectation(
      factors: pulls.map { 1 + $0 }, signal: try model.templates([mass])[...], strength: strength)
    var sum = 0.0
    for (b, expected) in mu.enumerated() {
      let n = model.data.observed[b]
      if plan.variance[b] > 0 {
        sum += (n - expected) * (n - expected) / plan.variance[b]
      } else {
        sum += 2 * (expected - n + (n > 0 ? n * log(n / expected) : 0))
      }
    }
    return zip(pulls, plan.pulls).reduce(sum) { $0 + pow($1.0 / $1.1.width, 2) }
  }

  @Test(
    "Errors and correlations are those of the second derivatives of chi2",
    arguments: [["ess10"], ["ess10", "darwin"]])
  func secondDerivatives(names: [String]) throws {
    let model = try model(names)
    let plane = try FitPlane(model, masses: Self.masses, refining: nil)
    let best = try BestFit(plane)
    let mass = try #require(best.mass)
    let covariance = try #require(
      FitErrors.covariance(model, best, slope: try FitErrors.slope(model, best, within: Self.masses)))
    let pulls = model.plan.pullCount
    #expect(covariance.count == pulls + 2)
    // strength and mass are all but degenerate: what is compared is the inverse of the covariance, H, in steps of 3 % of the
    // error that a parameter has alone; the Asimov set is fitted by its own truth, where all terms of the derivatives are kept
    let stated = try #require(SmallMatrix.inverse(covariance.matrix, covariance.count))
    let alone = (0..<covariance.count).map { 1 / stated[$0 * covariance.count + $0].squareRoot() }
    let steps = alone.map { 0.03 * $0 }
    func value(_ shifts: [Int: Double]) throws -> Double {
      var (x, q, y) = (best.pulls, best.strength, log(mass))
      for (index, shift) in shifts {
        if index < pulls { x[index] += shift } else if index == pulls { q *= exp(shift) } else { y += shift }
      }
      return try chiSquare(model, pulls: x, strength: q, mass: exp(y))
    }
    // C = H^-1 with H half the second derivatives
    let count = covariance.count
    var hessian = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i {
        let (a, b) = (steps[i], steps[j])
        let second: Double
        if i == j {
          let (low, middle, high) = (try value([i: -a]), try value([:]), try value([i: a]))
          second = (high - 2 * middle + low) / (a * a)
        } else {
          let alike = try value([i: a, j: b]) + value([i: -a, j: -b])
          let opposite = try value([i: a, j: -b]) + value([i: -a, j: b])
          second = (alike - opposite) / (4 * a * b)
        }
        hessian[i * count + j] = second / 2
        hessian[j * count + i] = second / 2
      }
    }
    for i in 0..<count {
      for j in 0..<count {
        let difference = (hessian[i * count + j] - stated[i * count + j]) * alone[i] * alone[j]
        #expect(abs(difference) < 0.003, "\(i), \(j)")
      }
    }
    let correlation = covariance.correlation
    for i in 0..<count {
      #expect(correlation[i][i] == 1)
      for j in 0..<count { #expect(abs(correlation[i][j]) <= 1 && correlation[i][j] == correlation[j][i]) }
    }
  }
}
