import Foundation
import ScanCore

/// The statistic of one point as a function of theta alone: minimised over the linear factors, with the gradient and an
/// approximate Hessian [UPS-20]. One per thread: it holds the buffers.
///
/// phi(theta) = min_f chi2(f, theta). At the minimum d chi2/d f vanishes on the free factors, so the gradient of phi is the
/// partial one, and its Hessian the Schur complement H_tt - H_tf H_ff^-1 H_ft.
struct PulledStatistic {
  /// Factors 1 + eta stay above this, as in the kernels.
  static let lowestFactor = 1e-6
  private static let maximumSteps = 200

  private let observed: [Double]
  /// D_k, factorCount x bins; the row of f_0 is not used.
  private let templates: [Double]
  private let factorCount: Int
  private let parameters: Int
  private let bins: Int
  private let inverseVariances: [Double]
  var expectation: PulledExpectation
  /// Best factors of the last `minimise`.
  private(set) var factors: [Double]
  private(set) var value = Double.infinity
  private(set) var gradient: [Double]
  /// parameters x parameters
  private(set) var hessian: [Double]
  private var trial: [Double]
  private var direction: [Double]
  private var factorGradient: [Double]
  private var factorHessian: [Double]
  private var free: [Int] = []

  init(plan: PulledLikelihoodPlan) {
    observed = plan.linear.observed
    templates = plan.linear.pullTemplates.flatMap { $0 }
    factorCount = plan.linear.pullCount
    parameters = plan.parameterCount
    bins = plan.linear.binCount
    inverseVariances = plan.linear.pullWidths.map { 1 / ($0 * $0) }
    expectation = PulledExpectation(plan: plan)
    factors = [Double](repeating: 1, count: factorCount)
    gradient = [Double](repeating: 0, count: parameters)
    hessian = [Double](repeating: 0, count: parameters * parameters)
    trial = factors
    direction = factors
    factorGradient = factors
    factorHessian = [Double](repeating: 0, count: factorCount * factorCount)
  }

  /// Minimises over the factors at the expectation filled in, from `start` or from the factor that matches the total
  /// count, whichever is better. Returns false if the steps do not suffice; `value` is infinite where the prediction is
  /// not positive.
  mutating func minimise(from start: ArraySlice<Double>) -> Bool {
    for k in 0..<factorCount { factors[k] = 1 }
    if factorCount > 0 { factors[0] = matchingFactor() }
    value = statistic(factors)
    for k in 0..<factorCount { trial[k] = start[start.startIndex + k] }
    let warm = statistic(trial)
    if warm < value || !value.isFinite { (factors, value) = (trial, warm) }
    guard value.isFinite else { return true }
    for _ in 0..<Self.maximumSteps {
      factorDerivatives()
      findFree()
      var decrement = findDirection()
      while holdSinking() { decrement = findDirection() }
      let rests = (0..<factorCount).allSatisfy { free.contains($0) || factors[$0] == Self.lowestFactor }
      step(decrement: decrement)
      if decrement < 1e-20 && rests { return true }
    }
    return false
  }

  // MARK: - Value

  private func prediction(_ f: [Double], _ bin: Int) -> Double {
    var sum = expectation.fixed[bin]
    if factorCount > 0 { sum += f[0] * expectation.scaled[bin] }
    for k in stride(from: 1, to: factorCount, by: 1) { sum += f[k] * templates[k * bins + bin] }
    return sum
  }

  /// chi2 at the factors without the parameters' own penalty; infinite where mu is not positive though it must be.
  private func statistic(_ f: [Double]) -> Double {
    var sum = 0.0
    for bin in 0..<bins {
      let mu = prediction(f, bin)
      let n = observed[bin]
      if n == 0 {
        if mu < 0 { return .infinity }
        sum += mu
      } else {
        guard mu > 0 else { return .infinity }
        // mu - n + n ln(n/mu) = n [z - ln(1 + z)], accurate near the minimum
        let z = (mu - n) / n
        sum += abs(z) < 0.5 ? n * (z - log1p(z)) : mu - n + n * log(n / mu)
      }
    }
    var result = 2 * sum
    for k in 0..<factorCount { result += (f[k] - 1) * (f[k] - 1) * inverseVariances[k] }
    return result.isNaN ? .infinity : result
  }

  /// f_0 that minimises the statistic of the total count alone: the root of T f^2 + b f + c.
  private func matchingFactor() -> Double {
    let total = expectation.scaled.reduce(0, +)
    guard total > 0 else { return 1 }
    var rest = expectation.fixed.reduce(0, +)
    rest += templates.dropFirst(bins).reduce(0, +)
    let variance = 1 / inverseVariances[0]
    let count = observed.reduce(0, +)
    let b = rest - total + variance * total * total
    let c = variance * total * (rest - count) - rest
    let root = max(b * b - 4 * total * c, 0).squareRoot()
    let factor = b > 0 ? -2 * c / (b + root) : (root - b) / (2 * total)
    return factor.isFinite ? max(factor, Self.lowestFactor) : 1
  }

  // MARK: - Steps in the factors

  private func template(_ k: Int, _ bin: Int) -> Double {
    k == 0 ? expectation.scaled[bin] : templates[k * bins + bin]
  }

  private mutating func factorDerivatives() {
    for k in 0..<factorCount {
      factorGradient[k] = 2 * (factors[k] - 1) * inverseVariances[k]
      for l in 0..<factorCount { factorHessian[k * factorCount + l] = k == l ? 2 * inverseVariances[k] : 0 }
    }
    for bin in 0..<bins {
      let n = observed[bin]
      let inverse = n > 0 ? 1 / prediction(factors, bin) : 0
      let slope = 2 * (1 - n * inverse)
      let curvature = 2 * n * inverse * inverse
      for k in 0..<factorCount {
        let d = template(k, bin)
        factorGradient[k] += slope * d
        for l in 0...k { factorHessian[k * factorCount + l] += curvature * d * template(l, bin) }
      }
    }
  }

  /// All factors but those that rest on the floor and would go lower.
  private mutating func findFree() {
    free.removeAll(keepingCapacity: true)
    for k in 0..<factorCount where factors[k] > Self.lowestFactor || factorGradient[k] <= 0 { free.append(k) }
  }

  /// Takes factors that come to the floor with this step out of the free ones; false if there are none.
  private mutating func holdSinking() -> Bool {
    let count = free.count
    free.removeAll {
      factorGradient[$0] > 0 && factors[$0] <= 2 * Self.lowestFactor
        && factors[$0] + direction[$0] <= Self.lowestFactor
    }
    return free.count < count
  }

  /// -H^-1 g on the free factors, -g/H_kk on those held at the floor; returns the decrement of the free ones.
  private mutating func findDirection() -> Double {
    let n = free.count
    var matrix = [Double](repeating: 0, count: n * n)
    var solution = [Double](repeating: 0, count: n)
    for (i, k) in free.enumerated() {
      solution[i] = -factorGradient[k]
      for j in 0...i { matrix[i * n + j] = factorHessian[max(k, free[j]) * factorCount + min(k, free[j])] }
    }
    if SmallMatrix.factor(&matrix, n) { SmallMatrix.solve(matrix, n, &solution) }
    for k in 0..<factorCount { direction[k] = -factorGradient[k] / factorHessian[k * factorCount + k] }
    var decrement = 0.0
    for (i, k) in free.enumerated() {
      direction[k] = solution[i]
      decrement -= factorGradient[k] * solution[i]
    }
    return decrement
  }

  /// The first of 1, 1/2, 1/4, ... of the direction that lowers the statistic by a fair part of what the slope promises;
  /// no factor shrinks more than tenfold. Near the minimum the full step.
  private mutating func step(decrement: Double) {
    var scale = 1.0
    while scale > 1e-15 {
      var promised = 0.0
      for k in 0..<factorCount {
        let lowest = max(0.1 * factors[k], Self.lowestFactor)
        trial[k] = max(factors[k] + scale * direction[k], lowest)
        promised += factorGradient[k] * (factors[k] - trial[k])
      }
      let reached = statistic(trial)
      if reached <= value - 1e-4 * promised || (decrement < 1e-7 && reached.isFinite) {
        factors = trial
        value = reached
        return
      }
      scale /= 2
    }
  }

  // MARK: - Derivatives in the parameters

  /// Adds the penalty of theta to `value` and finds gradient and Hessian of phi at the factors just found.
  mutating func differentiate(at theta: ArraySlice<Double>) {
    guard value.isFinite else { return }
    let p = parameters
    for k in 0..<p {
      let t = theta[theta.startIndex + k]
      value += t * t
      gradient[k] = 2 * t
      for l in 0..<p { hessian[k * p + l] = k == l ? 2 : 0 }
    }
    factorDerivatives()
    findFree()
    let freeCount = free.count
    var cross = [Double](repeating: 0, count: p * freeCount)
    let f0 = factorCount > 0 ? factors[0] : 0
    for bin in 0..<bins {
      let n = observed[bin]
      let inverse = n > 0 ? 1 / prediction(factors, bin) : 0
      let slope = 2 * (1 - n * inverse)
      let curvature = 2 * n * inverse * inverse
      for k in 0..<p {
        let scaledSlope = expectation.scaledSlopes[k * bins + bin]
        let d = expectation.fixedSlopes[k * bins + bin] + f0 * scaledSlope
        gradient[k] += slope * d
        for l in 0...k {
          let other =
            expectation.fixedSlopes[l * bins + bin] + f0 * expectation.scaledSlopes[l * bins + bin]
          hessian[k * p + l] += curvature * d * other
        }
        for (i, j) in free.enumerated() {
          cross[k * freeCount + i] += curvature * d * template(j, bin)
          // mu is bilinear in f_0 and theta: its mixed second derivative is known
          if j == 0 { cross[k * freeCount + i] += slope * scaledSlope }
        }
      }
    }
    subtractSchur(cross)
  }

  /// H_tt - H_tf H_ff^-1 H_ft, symmetric; kept only where it stays positive on the diagonal.
  private mutating func subtractSchur(_ cross: [Double]) {
    let (p, n) = (parameters, free.count)
    var matrix = [Double](repeating: 0, count: n * n)
    for (i, k) in free.enumerated() {
      for j in 0...i { matrix[i * n + j] = factorHessian[max(k, free[j]) * factorCount + min(k, free[j])] }
    }
    if n > 0, SmallMatrix.factor(&matrix, n) {
      for l in 0..<p {
        var column = (0..<n).map { cross[l * n + $0] }
        SmallMatrix.solve(matrix, n, &column)
        for k in l..<p {
          for i in 0..<n { hessian[k * p + l] -= cross[k * n + i] * column[i] }
        }
      }
    }
    for k in 0..<p { for l in 0..<k { hessian[l * p + k] = hessian[k * p + l] } }
  }
}
