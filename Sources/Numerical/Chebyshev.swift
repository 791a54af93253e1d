import Foundation

/// Chebyshev interpolation on [-1, 1].
package enum Chebyshev {
  /// The `count` zeros of T_count, ascending.
  package static func nodes(_ count: Int) -> [Double] {
    (0..<count).map { -cos(Double.pi * (Double($0) + 0.5) / Double(count)) }
  }

  /// c_n of sum c_n T_n(y) through the values at `nodes(values.count)`.
  package static func coefficients(of values: [Double]) -> [Double] {
    let count = values.count
    return (0..<count).map { n in
      var sum = 0.0
      for (k, value) in values.enumerated() {
        // T_n at the k-th node, from its angle
        sum += value * cos(Double(n) * Double.pi * (1 - (Double(k) + 0.5) / Double(count)))
      }
      return (n == 0 ? 1 : 2) * sum / Double(count)
    }
  }

  /// Coefficients of x^0, x^1, ... of sum c_n T_n(x / halfWidth). Loses up to a factor (1 + sqrt 2)^n of precision in
  /// c_n: meant for series that fall off fast.
  package static func monomials(_ series: [Double], halfWidth: Double) -> [Double] {
    var result = [Double](repeating: 0, count: series.count)
    var previous = result
    var current = result
    for (n, c) in series.enumerated() {
      if n == 0 {
        current[0] = 1
      } else {
        var next = [Double](repeating: 0, count: series.count)
        for k in 0..<n { next[k + 1] = (n == 1 ? 1 : 2) * current[k] }
        if n > 1 { for k in 0..<n - 1 { next[k] -= previous[k] } }
        (previous, current) = (current, next)
      }
      for k in 0...n { result[k] += c * current[k] }
    }
    var power = 1.0
    for k in result.indices {
      result[k] /= power
      power *= halfWidth
    }
    return result
  }
}
