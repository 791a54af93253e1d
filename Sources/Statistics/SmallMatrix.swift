/// Symmetric positive definite systems of a few unknowns.
package enum SmallMatrix {
  /// Replaces the lower triangle of the n x n matrix (row-major, stride n) by its Cholesky factor; false if it is not
  /// positive definite.
  static func factor(_ a: inout [Double], _ n: Int) -> Bool {
    for i in 0..<n {
      for j in 0...i {
        var sum = a[i * n + j]
        for k in 0..<j { sum -= a[i * n + k] * a[j * n + k] }
        if i == j {
          guard sum > 0, sum.isFinite else { return false }
          a[i * n + i] = sum.squareRoot()
        } else {
          a[i * n + j] = sum / a[j * n + j]
        }
      }
    }
    return true
  }

  /// Solves A x = b in place, from the factor of A.
  static func solve(_ factor: [Double], _ n: Int, _ x: inout [Double]) {
    for i in 0..<n {
      for k in 0..<i { x[i] -= factor[i * n + k] * x[k] }
      x[i] /= factor[i * n + i]
    }
    for i in stride(from: n - 1, through: 0, by: -1) {
      for k in stride(from: i + 1, to: n, by: 1) { x[i] -= factor[k * n + i] * x[k] }
      x[i] /= factor[i * n + i]
    }
  }

  /// The inverse of a symmetric matrix (row-major); nil if it is not positive definite.
  package static func inverse(_ matrix: [Double], _ n: Int) -> [Double]? {
    var factor = matrix
    guard Self.factor(&factor, n) else { return nil }
    return (0..<n).flatMap { i in
      var column = [Double](repeating: 0, count: n)
      column[i] = 1
      solve(factor, n, &column)
      return column
    }
  }
}
