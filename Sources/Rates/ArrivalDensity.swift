import Foundation
import Numerical
import Units

/// Probability density in time of a Gaussian proton pulse (centre t0, width sigma) convolved with exponential
/// decays [UPS-11], microseconds:
///
///     f_tau(t) = exp(-z^2/2) erfcx((sigma/tau - z)/sqrt 2) / (2 tau),   z = (t - t0)/sigma
///     prompt   = f_pi,   delayed = (tau_mu f_mu - tau_pi f_pi) / (tau_mu - tau_pi)
struct ArrivalDensity: Sendable {
  let center: Double
  let width: Double
  let delayed: Bool

  func value(at t: Double) -> Double {
    let pion = exponentiallyModified(t, lifetime: PhysicalConstants.pionLifetime)
    guard delayed else { return pion }
    let muon = exponentiallyModified(t, lifetime: PhysicalConstants.muonLifetime)
    let (mu, pi) = (PhysicalConstants.muonLifetime, PhysicalConstants.pionLifetime)
    return max(0, (mu * muon - pi * pion) / (mu - pi))
  }

  /// f_tau(t): the scaled function where its argument is positive, the plain one where it would overflow.
  private func exponentiallyModified(_ t: Double, lifetime: Double) -> Double {
    let z = (t - center) / width
    let argument = (width / lifetime - z) / 2.0.squareRoot()
    if argument > 0 {
      return exp(-0.5 * z * z) * scaledComplementaryErrorFunction(argument) / (2 * lifetime)
    }
    let ratio = width / lifetime
    return exp(ratio * (0.5 * ratio - z)) * erfc(argument) / (2 * lifetime)
  }

  /// Times (microseconds) around which the density bends: a quadrature cuts there.
  var breakTimes: [Double] {
    let pulse = (-8...8).map { (n: Int) -> Double in center + Double(n) * width }
    let tail = (1...6).map { (n: Int) -> Double in center + 10 * Double(n) * PhysicalConstants.pionLifetime }
    return pulse + tail + [center + 8 * width + 5 * PhysicalConstants.muonLifetime]
  }
}
