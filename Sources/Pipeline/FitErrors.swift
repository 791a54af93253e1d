import Foundation
import ScanCore
import Statistics

/// Errors and correlations of the pulls at the best fit, from the inverse of the Hessian [UPS-47].
enum FitErrors {
  /// Covariance of the pulls and of what the signal has; nil where the Hessian has no inverse.
  ///
  ///     H = sum_b w_b (dmu_b/dx)(dmu_b/dx)^T + diag(1/sigma_k^2),   w = n/mu^2 (Poisson) or 1/V (Gauss)
  ///
  /// over the pulls and, where there is a signal, the logarithms of its strength and of m4: half the second derivatives of chi2, without the
  /// terms (1 - n/mu) d2mu, which vanish on average.
  /// - Parameter slope: of the signal per bin at q = 1 with ln m4; nil leaves the mass out
  static func covariance(_ model: FitModel, _ fit: BestFit, slope: [Double]?) -> FitCovariance? {
    let plan = model.plan
    let factors = fit.pulls.map { 1 + $0 }
    let mu = plan.expectation(factors: factors, signal: fit.signal, strength: fit.strength)
    let hasSignal = fit.mass != nil && fit.strength > 0
    let moving = hasSignal ? slope : nil
    let count = plan.pullCount + (hasSignal ? 1 : 0) + (moving == nil ? 0 : 1)
    var hessian = [Double](repeating: 0, count: count * count)
    for block in plan.blocks {
      var scale = 1.0
      for k in factors.indices { scale += block.signalShares[k] * (factors[k] - 1) }
      for b in block.bins {
        let n = model.data.observed[b]
        let weight =
          plan.variance[b] > 0
          ? 1 / plan.variance[b] : n > 0 && mu[b] > 0 ? n / (mu[b] * mu[b]) : 0
        let events = fit.strength * fit.signal[b]
        var row = plan.pulls.indices.map { plan.pulls[$0].events[b] + block.signalShares[$0] * events }
        if hasSignal { row.append(scale * events) }
        if let moving { row.append(scale * fit.strength * moving[b]) }
        for i in 0..<count { for j in 0..<count { hessian[i * count + j] += weight * row[i] * row[j] } }
      }
    }
    for (k, pull) in plan.pulls.enumerated() { hessian[k * count + k] += 1 / (pull.width * pull.width) }
    guard let inverse = SmallMatrix.inverse(hessian, count) else {
      return moving == nil ? nil : covariance(model, fit, slope: nil)
    }
    return FitCovariance(
      pulls: plan.pulls.map(\.name), hasStrength: hasSignal, hasMass: moving != nil, matrix: inverse)
  }

  /// The signal's derivative with ln m4 at the best fit, from masses beside it; nil without a signal.
  static func slope(_ model: FitModel, _ fit: BestFit, within masses: [Double]) throws -> [Double]? {
    guard let mass = fit.mass, let first = masses.first, let last = masses.last, first < last else {
      return nil
    }
    let (low, high) = (max(first, mass * 0.998), min(last, mass * 1.002))
    let beside = try model.templates([low, high])
    let bins = model.plan.binCount
    return (0..<bins).map { (beside[bins + $0] - beside[$0]) / log(high / low) }
  }
}
