import Foundation

/// Covariance of the parameters of a fit at its minimum [UPS-47].
struct FitCovariance {
  /// Names of the pulls, which come first.
  var pulls: [String]
  /// Logarithms of strength and m4 follow where the fit has them. To first order they are correlated like d and m4.
  var hasStrength: Bool
  var hasMass: Bool
  /// Row by row.
  var matrix: [Double]

  var count: Int { pulls.count + (hasStrength ? 1 : 0) + (hasMass ? 1 : 0) }

  /// One standard deviation per pull.
  var pullErrors: [Double] { pulls.indices.map { matrix[$0 * count + $0].squareRoot() } }

  func names(mass: String, coupling: String) -> [String] {
    pulls + (hasStrength ? [coupling] : []) + (hasMass ? [mass] : [])
  }

  /// Correlation coefficients, row by row; one on the diagonal.
  var correlation: [[Double]] {
    let errors = (0..<count).map { matrix[$0 * count + $0].squareRoot() }
    return (0..<count).map { i in
      (0..<count).map { j in
        // the inverse is symmetric up to rounding
        let both = (matrix[i * count + j] + matrix[j * count + i]) / 2
        return i == j ? 1 : min(max(both / (errors[i] * errors[j]), -1), 1)
      }
    }
  }
}
