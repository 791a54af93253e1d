import Foundation

/// Gauss-Legendre quadrature rules on [-1, 1].
package struct GaussLegendre: Sendable {
  /// Nodes in ascending order and weights of the n-point rule, 1 <= n <= 512; exact for polynomials up to degree
  /// 2n - 1. Symmetric to the last bit, each number correct to about half a unit in the last place: Newton iteration on
  /// the Legendre polynomial in double-double arithmetic.
  package static func rule(_ n: Int) -> (nodes: [Double], weights: [Double]) {
    precondition((1...512).contains(n), "Gauss-Legendre rules have 1 to 512 points")
    var nodes = [Double](repeating: 0, count: n)
    var weights = [Double](repeating: 0, count: n)
    for i in 0..<(n + 1) / 2 {
      let (node, weight) = root(n, index: i)
      nodes[i] = -node
      nodes[n - 1 - i] = node
      weights[i] = weight
      weights[n - 1 - i] = weight
    }
    if n % 2 == 1 { nodes[n / 2] = 0 }
    return (nodes, weights)
  }

  /// The i-th largest root of P_n and its weight w = 2 (1 - x^2) / (n P_{n-1}(x))^2.
  private static func root(_ n: Int, index i: Int) -> (node: Double, weight: Double) {
    var x = DoubleDouble(2 * i + 1 == n ? 0 : approximateRoot(n, index: i))
    for _ in 0..<6 {
      let (p, previous) = legendre(n, x)
      let derivative = Double(n) * (previous - x * p) / (DoubleDouble(1) - x * x)
      let step = p / derivative
      x = x - step
      if abs(step.high) < 1e-25 { break }
    }
    let previous = Double(n) * legendre(n, x).previous
    let weight = (2 * (DoubleDouble(1) - x * x)) / (previous * previous)
    return (x.value, weight.value)
  }

  /// The root to about double precision: the start that makes one step in double-double enough.
  private static func approximateRoot(_ n: Int, index i: Int) -> Double {
    var x = cos(Double.pi * (Double(i) + 0.75) / (Double(n) + 0.5))
    for _ in 0..<3 {
      var (previous, value) = (1.0, x)
      for k in stride(from: 2, through: n, by: 1) {
        let next = (Double(2 * k - 1) * x * value - Double(k - 1) * previous) / Double(k)
        (previous, value) = (value, next)
      }
      x -= value * (1 - x * x) / (Double(n) * (previous - x * value))
    }
    return x
  }

  /// P_n(x) and P_{n-1}(x) by the three-term recurrence.
  private static func legendre(
    _ n: Int, _ x: DoubleDouble
  ) -> (value: DoubleDouble, previous: DoubleDouble) {
    var previous = DoubleDouble(1)
    var value = x
    for k in stride(from: 2, through: n, by: 1) {
      let next = (Double(2 * k - 1) * (x * value) - Double(k - 1) * previous) / DoubleDouble(Double(k))
      (previous, value) = (value, next)
    }
    return (value, previous)
  }
}
