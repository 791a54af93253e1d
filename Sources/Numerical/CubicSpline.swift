/// Natural cubic splines through values at evenly spaced knots.
package enum CubicSpline {
  /// Derivatives at the knots of the spline through `values`, two or more: the second derivative is continuous, and zero
  /// at the ends.
  package static func slopes(values: [Double], step: Double) -> [Double] {
    let n = values.count
    precondition(n >= 2, "a spline needs two knots")
    // s[r-1] + 4 s[r] + s[r+1] = 3 (w[r+1] - w[r-1]) / h inside, 2 s[0] + s[1] = 3 (w[1] - w[0]) / h at the ends
    var slopes = (0..<n).map { (r: Int) -> Double in
      let rise = values[min(r + 1, n - 1)] - values[max(r - 1, 0)]
      return 3 * rise / step
    }
    var diagonal = [Double](repeating: 4, count: n)
    diagonal[0] = 2
    diagonal[n - 1] = 2
    for r in 1..<n {
      let ratio = 1 / diagonal[r - 1]
      diagonal[r] -= ratio
      slopes[r] -= ratio * slopes[r - 1]
    }
    slopes[n - 1] /= diagonal[n - 1]
    for r in stride(from: n - 2, through: 0, by: -1) { slopes[r] = (slopes[r] - slopes[r + 1]) / diagonal[r] }
    return slopes
  }
}
