import DipolePhysics
import Foundation

/// Probability density of the reconstructed quantity x for one visible energy: log-concave, hence with one
/// mode. Quadrature places its nodes from the mode and the fall of the logarithm.
protocol SmearingDensity {
  var mode: Double { get }
  /// ln P(x) for x > 0, given ln x.
  func logValue(_ x: Double, logX: Double) -> Double
}

/// Photoelectrons with gamma-distributed fluctuations [UPS-9], arXiv:2110.07730:
///
///     P(x) = [a k]^k / Gamma(k) x^(k-1) exp(-a k x),   k = 1 + b E_ee,   mean 1/a,   a = aKeV / E_ee
///
/// written as ln P = -k (z - 1 - ln z) - ln x + ln[k^k e^-k / Gamma(k)], z = a x, which does not overflow.
struct GammaSmearing: SmearingDensity {
  let inverseMean: Double
  let shape: Double
  let logInverseMean: Double
  let logNorm: Double

  /// `visibleEnergy` E_ee in keV, > 0.
  init(visibleEnergy: Double, aKeV: Double, bPerKeV: Double) {
    inverseMean = aKeV / visibleEnergy
    shape = 1 + bPerKeV * visibleEnergy
    logInverseMean = log(inverseMean)
    logNorm = Self.logNorm(shape: shape)
  }

  var mode: Double { (shape - 1) / (shape * inverseMean) }

  func logValue(_ x: Double, logX: Double) -> Double {
    let z = inverseMean * x
    return logNorm - shape * (z - 1 - (logInverseMean + logX)) - logX
  }

  /// ln[k^k e^-k / Gamma(k)], by Stirling's series above k = 12 where the three terms nearly cancel.
  static func logNorm(shape k: Double) -> Double {
    guard k > 12 else { return k * log(k) - k - lgamma(k) }
    let inverse = 1 / k
    let square = inverse * inverse
    var series = -691.0 / 360360
    for coefficient in [1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12] {
      series = series * square + coefficient
    }
    return 0.5 * log(k / (2 * Double.pi)) - series * inverse
  }
}

/// Gaussian resolution; the truncated one is renormalised to x >= 0 [UPS-9].
struct GaussianSmearing: SmearingDensity {
  let mean: Double
  let width: Double
  let logNorm: Double
  /// Probability of x >= 0 that the truncated density divides by; 1 without truncation.
  let retained: Double

  init(mean: Double, width: Double, truncated: Bool) {
    self.mean = mean
    self.width = width
    retained = truncated ? 0.5 * erfc(-mean / width / 2.0.squareRoot()) : 1
    logNorm = -log(width * retained) - 0.5 * log(2 * Double.pi)
  }

  var mode: Double { mean }

  func logValue(_ x: Double, logX: Double) -> Double {
    let z = (x - mean) / width
    return logNorm - 0.5 * z * z
  }

  /// Integral over lo...hi as a difference of complementary error functions of arguments with the same sign.
  func probability(from lo: Double, to hi: Double) -> Double {
    let scale = 1 / (width * 2.0.squareRoot())
    let (u, v) = ((lo - mean) * scale, (hi - mean) * scale)
    let twice: Double
    if u >= 0 {
      twice = erfc(u) - erfc(v)
    } else if v <= 0 {
      twice = erfc(-v) - erfc(-u)
    } else {
      twice = erf(v) - erf(u)
    }
    return 0.5 * twice / retained
  }
}
