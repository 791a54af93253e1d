/// How far the strength u of a signal u L + u^2 Q may go until it has changed by a given number of standard
/// deviations [UPS-50]:
///
///     h(u) = min(delta / sqrt(I), sqrt(delta) / K^(1/4)),   I = sum (L + 2 u Q)^2 / v,   K = sum Q^2 / v
///
/// with v the variance of a bin: that of a Gaussian bin, or the larger of the counts with and without signal, plus one. Pulls are left
/// out, which makes steps shorter.
package struct StrengthStep: Sendable {
  private let linear: [Double]
  private let quadratic: [Double]
  private let observed: [Double]
  private let variance: [Double]
  /// delta
  private let size: Double
  /// |u| around which the quadratic part undoes the linear one; 0 without one of them.
  package let turningPoint: Double

  /// nil without signal.
  /// - Parameters:
  ///   - linear: L per bin of the likelihood
  ///   - quadratic: Q per bin
  ///   - observed: counts per bin
  ///   - variance: V of Gaussian bins, 0 for Poisson bins
  ///   - size: delta, standard deviations
  package init?(
    linear: [Double], quadratic: [Double], observed: [Double], variance: [Double], size: Double
  ) {
    self.linear = linear
    self.quadratic = quadratic
    self.observed = observed
    self.variance = variance
    self.size = size
    var (mixed, squared, total) = (0.0, 0.0, 0.0)
    for bin in linear.indices {
      let v = variance[bin] > 0 ? variance[bin] : observed[bin] + 1
      mixed += linear[bin] * quadratic[bin] / v
      squared += quadratic[bin] * quadratic[bin] / v
      total += abs(linear[bin]) + abs(quadratic[bin])
    }
    guard total > 0 else { return nil }
    turningPoint = squared > 0 ? abs(mixed / squared) : 0
  }

  /// h at u.
  package func length(at u: Double) -> Double {
    var (slope, curvature) = (0.0, 0.0)
    for bin in linear.indices {
      let signal = u * (linear[bin] + u * quadratic[bin])
      let v = variance[bin] > 0 ? variance[bin] : observed[bin] + max(signal, 0) + 1
      let derivative = linear[bin] + 2 * u * quadratic[bin]
      slope += derivative * derivative / v
      curvature += quadratic[bin] * quadratic[bin] / v
    }
    return min(size / slope.squareRoot(), (size / curvature.squareRoot()).squareRoot())
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
