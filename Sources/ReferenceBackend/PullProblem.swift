import Foundation
import ScanCore

/// chi2(f) = 2 sum[mu - n + n ln(n/mu)] + sum((f_k - c_k)/sigma_k)^2 with mu = constant + sum_k f_k D_k [UPS-12, UPS-36];
/// bins with a variance add (n - mu)^2 / V instead.
///
/// The unknowns are the factors f_k = 1 + eta_k rather than the pulls: a huge signal drives f_0 towards zero, and
/// base + eta_0 D_0 would cancel there. The function is convex; its domain is f_k >= `lowestFactor` where a floor holds, and
/// mu > 0 in Poisson bins with events. Without events a bin adds 2 mu + K min(mu, 0)^2 with K = `stiffness`.
struct PullProblem {
  /// Factors stay above zero by this much, the same floor as in the kernels.
  static let lowestFactor = 1e-6
  static let maximumSteps = 200
  /// What an expectation below zero costs in a Poisson bin without events: the minimum lies within 1/K events of zero.
  var stiffness = JointPlan.stiffness

  let observed: [Double]
  let constant: [Double]
  /// D_k per pull
  let templates: [[Double]]
  let widths: [Double]
  /// c_k per pull
  let centres: [Double]
  /// lowest f_k per pull
  let floors: [Double]
  /// V per bin; 0: a Poisson bin
  let variance: [Double]

  init(
    observed: [Double], constant: [Double], templates: [[Double]], widths: [Double], centres: [Double]? = nil,
    floors: [Double]? = nil, variance: [Double]? = nil
  ) {
    self.observed = observed
    self.constant = constant
    self.templates = templates
    self.widths = widths
    self.centres = centres ?? widths.map { _ in 1 }
    self.floors = floors ?? widths.map { _ in Self.lowestFactor }
    self.variance = variance ?? observed.map { _ in 0 }
  }

  /// Newton steps with a line search, projected onto the domain (Bertsekas, SIAM J. Control Optim. 20 (1982) 221):
  /// pulls on the floor, or so near that the step would end there, take a gradient step of their own, the others a
  /// joint Newton step.
  ///
  /// Bins without events that end below zero are made stiffer in turn. At the minimum the parabolas lower chi2 by K mu^2 against
  /// that with mu held at zero, up to the square of 1/K.
  func minimum() -> PullMinimum {
    var factors = widths.indices.map { max(1, floors[$0]) }
    var problem = self
    problem.stiffness = 10
    var converged = false
    while true {
      converged = problem.minimise(&factors)
      if !converged || problem.parabolas(factors) == 0 || problem.stiffness >= stiffness { break }
      problem.stiffness *= 10
    }
    return PullMinimum(
      statistic: value(factors) + 2 * parabolas(factors), pulls: factors.map { $0 - 1 }, converged: converged)
  }

  /// K mu^2 / 2 of all bins without events that are expected to have less than nothing.
  private func parabolas(_ factors: [Double]) -> Double {
    observed.indices.reduce(0) { sum, bin in
      guard observed[bin] == 0 && variance[bin] == 0 else { return sum }
      let mu = min(0, expectation(factors, bin))
      return sum + stiffness / 2 * mu * mu
    }
  }

  /// - Returns: whether `factors` are the minimum
  private func minimise(_ factors: inout [Double]) -> Bool {
    var converged = widths.isEmpty
    var steps = 0
    while !converged && steps < Self.maximumSteps {
      steps += 1
      let slope = derivatives(factors)
      var free = factors.indices.filter { factors[$0] > floors[$0] || slope.gradient[$0] <= 0 }
      var direction = searchDirection(slope, free: free)
      while let sinking = free.firstIndex(where: {
        comesToFloor(factors[$0], direction[$0], slope.gradient[$0], floors[$0])
      }) {
        free.remove(at: sinking)
        direction = searchDirection(slope, free: free)
      }
      let decrement = -free.reduce(0) { $0 + slope.gradient[$1] * direction[$1] }
      let next = search(from: factors, along: direction, slope.gradient, decrement: decrement)
      let held = factors.indices.filter { !free.contains($0) }
      // 1e-22 lies below any digit of the statistic; held pulls must rest on the floor
      // and below rounding where a stiff bin decides
      let negligible = slope.isStiff ? 1e-15 : 1e-22
      converged = decrement < negligible && held.allSatisfy { factors[$0] == floors[$0] }
      factors = next
    }
    return converged
  }

  private func comesToFloor(
    _ factor: Double, _ step: Double, _ gradient: Double, _ floor: Double
  ) -> Bool {
    gradient > 0 && factor <= floor * 2 && factor + step <= floor
  }

  // MARK: - Function and derivatives

  private struct Slope {
    var gradient: [Double]
    var hessian: [[Double]]
    /// whether an empty bin is expected to have less than nothing
    var isStiff: Bool
  }

  private func expectation(_ factors: [Double], _ bin: Int) -> Double {
    var mu = constant[bin]
    for k in factors.indices { mu += factors[k] * templates[k][bin] }
    return mu
  }

  func value(_ factors: [Double]) -> Double {
    var sum = 0.0
    for bin in observed.indices {
      let mu = expectation(factors, bin)
      if variance[bin] > 0 {
        sum += (observed[bin] - mu) * (observed[bin] - mu) / (2 * variance[bin])
      } else {
        sum += binTerm(mu: mu, n: observed[bin])
      }
    }
    var statistic = 2 * sum
    for k in factors.indices {
      statistic += ((factors[k] - centres[k]) / widths[k]) * ((factors[k] - centres[k]) / widths[k])
    }
    return statistic
  }

  /// mu - n + n ln(n/mu) = n [z - ln(1 + z)] with z = (mu - n)/n, accurate near the minimum mu = n.
  private func binTerm(mu: Double, n: Double) -> Double {
    if n == 0 { return mu < 0 ? mu + stiffness / 2 * mu * mu : mu }
    if mu < 0 { return .infinity }
    let z = (mu - n) / n
    return abs(z) < 0.5 ? n * (z - log1p(z)) : mu - n + n * log(n / mu)
  }

  /// g_k = 2 sum D_k (1 - n/mu) + 2 (f_k - c_k)/sigma_k^2, H_kl = 2 sum D_k D_l n/mu^2 + 2 delta_kl/sigma_k^2.
  private func derivatives(_ factors: [Double]) -> Slope {
    let count = factors.count
    var gradient = factors.indices.map { 2 * (factors[$0] - centres[$0]) / (widths[$0] * widths[$0]) }
    var curvature = [Double](repeating: 0, count: count * count)
    for k in 0..<count { curvature[k * count + k] = 2 / (widths[k] * widths[k]) }
    var isStiff = false
    for bin in observed.indices {
      let n = observed[bin]
      let slope: Double
      let weight: Double
      if variance[bin] > 0 {
        slope = 2 * (expectation(factors, bin) - n) / variance[bin]
        weight = 2 / variance[bin]
      } else {
        let mu = expectation(factors, bin)
        if n == 0 {
          // mu alone: slope D_k, no curvature; below zero the stiff parabola
          slope = mu < 0 ? 2 * (1 + stiffness * mu) : 2
          weight = mu < 0 ? 2 * stiffness : 0
          if mu < 0 { isStiff = true }
        } else {
          slope = 2 * (mu - n) / mu
          weight = 2 * n / (mu * mu)
        }
      }
      for k in 0..<count {
        let events = templates[k][bin]
        if events == 0 { continue }
        gradient[k] += events * slope
        for l in 0...k { curvature[k * count + l] += events * templates[l][bin] * weight }
      }
    }
    let hessian = (0..<count).map { k in (0..<count).map { curvature[max(k, $0) * count + min(k, $0)] } }
    return Slope(gradient: gradient, hessian: hessian, isStiff: isStiff)
  }

  // MARK: - Steps

  /// -H^-1 g on the free pulls, -g/H_kk on the held ones.
  private func searchDirection(_ slope: Slope, free: [Int]) -> [Double] {
    let matrix = free.map { k in free.map { slope.hessian[k][$0] } }
    let solution = solvePositiveDefinite(matrix, free.map { -slope.gradient[$0] })
    var direction = widths.indices.map { -slope.gradient[$0] / slope.hessian[$0][$0] }
    for (index, k) in free.enumerated() { direction[k] = solution[index] }
    return direction
  }

  /// The first of the steps 1, 1/2, 1/4, ... that lowers the function by a fair part of what its slope promises
  /// (Armijo), cut off at the floor. Below a decrement of 1e-7 the full step: there the method converges
  /// quadratically, and the function changes by less than it is rounded.
  private func search(
    from factors: [Double], along direction: [Double], _ gradient: [Double], decrement: Double
  ) -> [Double] {
    func moved(_ scale: Double) -> [Double] {
      factors.indices.map { max(factors[$0] + scale * direction[$0], floors[$0]) }
    }
    if decrement < 1e-7 { return moved(1) }
    let start = value(factors)
    var scale = 1.0
    while scale > 1e-15 {
      let trial = moved(scale)
      let promised = factors.indices.reduce(0) { $0 + gradient[$1] * (factors[$1] - trial[$1]) }
      if value(trial) <= start - 1e-4 * promised { return trial }
      scale /= 2
    }
    return factors
  }
}

/// Solution of A x = b by the Cholesky factor A = L L^T; A symmetric positive definite.
func solvePositiveDefinite(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
  let n = right.count
  var lower = matrix
  var x = right
  for i in 0..<n {
    for j in 0...i {
      var sum = matrix[i][j]
      for k in 0..<j { sum -= lower[i][k] * lower[j][k] }
      lower[i][j] = i == j ? sum.squareRoot() : sum / lower[j][j]
    }
    for k in 0..<i { x[i] -= lower[i][k] * x[k] }
    x[i] /= lower[i][i]
  }
  for i in (0..<n).reversed() {
    for k in i + 1..<n { x[i] -= lower[k][i] * x[k] }
    x[i] /= lower[i][i]
  }
  return x
}
