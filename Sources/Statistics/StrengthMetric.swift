import Foundation

/// How fast chi can fall along the strength u of a signal u L + u^2 Q [UPS-50]:
///
///     chi(u') >= chi(u) - c K |u' - u|,   K^2 = max over the interval of sum w^2 (L + 2 u Q)^2
///
/// with c the factor of the normalisations on the signal, w = 1/sqrt(V) in Gaussian bins, and in Poisson bins with r the square
/// root of the bin's share of chi2 at an expectation mu
///
///     w = (n/mu - 1)/r for mu < n, where r is convex;   w = r/(mu - n) for mu > n, where r is concave;   1/sqrt(n) at mu = n.
package struct StrengthMetric: Sendable {
  private let linear: [Double]
  private let quadratic: [Double]
  private let observed: [Double]
  private let variance: [Double]
  /// Strength at which the signal is about as large as a fluctuation; the least scale of a search.
  package let natural: Double
  /// |L|/|Q|, in standard deviations: from half of it on the signal only grows; 0 without one of them.
  package let turningPoint: Double

  /// nil without signal.
  /// - Parameters:
  ///   - linear: L per bin of the likelihood
  ///   - quadratic: Q per bin
  ///   - observed: counts per bin
  ///   - variance: V of Gaussian bins, 0 for Poisson bins
  package init?(linear: [Double], quadratic: [Double], observed: [Double], variance: [Double]) {
    self.linear = linear
    self.quadratic = quadratic
    self.observed = observed
    self.variance = variance
    var (slope, curvature) = (0.0, 0.0)
    for bin in linear.indices {
      let v = variance[bin] > 0 ? variance[bin] : observed[bin] + 1
      slope += linear[bin] * linear[bin] / v
      curvature += quadratic[bin] * quadratic[bin] / v
    }
    natural = min(1 / slope.squareRoot(), 1 / curvature.squareRoot().squareRoot())
    guard natural.isFinite, natural > 0 else { return nil }
    turningPoint = curvature > 0 ? (slope / curvature).squareRoot() : 0
  }

  /// w^2 of every bin.
  /// - Parameter expected: mu per bin
  package func weights(expected: [Double]) -> [Double] {
    expected.indices.map { bin in
      if variance[bin] > 0 { return 1 / variance[bin] }
      let (n, mu) = (observed[bin], max(expected[bin], 1e-30))
      if abs(mu - n) <= 1e-4 * n { return 1 / n }
      let square = 2 * (mu - n + (n > 0 ? n * log(n / mu) : 0))
      return mu < n ? (n / mu - 1) * (n / mu - 1) / square : square / ((mu - n) * (mu - n))
    }
  }

  /// K between two strengths: the norm of a straight line is largest at an end.
  package func steepness(weights: [Double], from low: Double, to high: Double) -> Double {
    var (first, second) = (0.0, 0.0)
    for bin in linear.indices where weights[bin] > 0 {
      let (a, b) = (linear[bin] + 2 * low * quadratic[bin], linear[bin] + 2 * high * quadratic[bin])
      // 0 times infinity is none
      if a != 0 { first += weights[bin] * a * a }
      if b != 0 { second += weights[bin] * b * b }
    }
    return max(first, second).squareRoot()
  }

  /// Least chi between two strengths, from its values at both and how fast it can fall from each, per unit of strength.
  package static func leastChi(
    _ chi: (Double, Double), fall: (Double, Double), width: Double
  ) -> Double {
    let total = fall.0 + fall.1
    guard total > 0, total.isFinite else { return total > 0 ? 0 : min(chi.0, chi.1) }
    let place = min(max((chi.0 - chi.1 + fall.1 * width) / total, 0), width)
    return max(min(chi.0 - fall.0 * place, chi.0, chi.1), 0)
  }
}

/// Where a parabola through three points is lowest, within them; nil where it is no minimum.
package func parabolaVertex(_ x: (Double, Double, Double), _ y: (Double, Double, Double)) -> Double? {
  let left = (y.1 - y.0) / (x.1 - x.0)
  let right = (y.2 - y.1) / (x.2 - x.1)
  let curvature = (right - left) / (x.2 - x.0)
  guard curvature > 0, curvature.isFinite else { return nil }
  let vertex = (x.0 + x.1) / 2 - left / (2 * curvature)
  return min(max(vertex, x.0), x.2)
}
