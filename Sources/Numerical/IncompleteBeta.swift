import Foundation

/// Returns the regularised incomplete beta function I_x(a, b): P(at least a of a + b - 1 trials pass) where each does with
/// probability x.
///
/// Continued fraction of DLMF 8.17.22 by Lentz's method, on the side of the mean where it converges quickly. Relative
/// accuracy 1e-12 up to a + b of 1e3; the prefactor loses a digit per power of ten beyond (1e-8 at 1e7). NaN out of domain.
/// - Parameters:
///   - x: in [0, 1]
///   - a: > 0
///   - b: > 0
package func regularizedIncompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  guard x >= 0, x <= 1, a > 0, b > 0 else { return .nan }
  if x == 0 || x == 1 { return x }
  if x > (a + 1) / (a + b + 2) { return 1 - regularizedIncompleteBeta(1 - x, b, a) }
  let prefactor = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
  return prefactor * betaFraction(x, a, b)
}

/// 1/(1 + d_1/(1 + d_2/(1 + ...))), DLMF 8.17.23.
private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
  let tiny = 1e-300
  func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / kept(1 - (a + b) * x / (a + 1))
  var value = d
  // steps grow with the root of a + b: 1e5 reach far beyond any number of toys
  for step in 1...100_000 {
    let m = Double(step)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / kept(1 + even * d)
    c = kept(1 + even / c)
    value *= d * c
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / kept(1 + odd * d)
    c = kept(1 + odd / c)
    value *= d * c
    if abs(d * c - 1) < 1e-15 { break }
  }
  return value
}
