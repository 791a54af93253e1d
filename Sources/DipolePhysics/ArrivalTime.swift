import Foundation
import Numerical
import Units

/// Cumulative arrival-time distribution of stopped-pion neutrinos from a Gaussian proton pulse [UPS-11], in
/// microseconds: centre t0, width sigma, z = (t - t0)/sigma,
///
///     F_tau = Phi(z) - exp(sigma^2/(2 tau^2) - (t - t0)/tau) Phi(z - sigma/tau)
///     prompt = F_pi,   delayed = (tau_mu F_mu - tau_pi F_pi) / (tau_mu - tau_pi)
package struct ArrivalTime: Hashable, Sendable {
  /// t0, microseconds.
  package let center: Double
  /// sigma > 0, microseconds.
  package let width: Double

  package init(center: Double, width: Double) {
    precondition(width > 0, "a pulse has a positive width")
    self.center = center
    self.width = width
  }

  /// Fraction of the prompt (pion-decay) neutrinos that arrive before t.
  package func promptCDF(at t: Double) -> Double { cdf(t, lifetime: PhysicalConstants.pionLifetime) }

  /// Fraction of the delayed (muon-decay) neutrinos that arrive before t.
  package func delayedCDF(at t: Double) -> Double {
    let (muon, pion) = (PhysicalConstants.muonLifetime, PhysicalConstants.pionLifetime)
    return (muon * cdf(t, lifetime: muon) - pion * cdf(t, lifetime: pion)) / (muon - pion)
  }

  /// F_tau(t); the second term through erfcx where its exponential would overflow.
  private func cdf(_ t: Double, lifetime: Double) -> Double {
    let z = (t - center) / width
    let ratio = width / lifetime
    let argument = (ratio - z) / 2.0.squareRoot()
    let survivors =
      argument > 0
      ? 0.5 * exp(-0.5 * z * z) * scaledComplementaryErrorFunction(argument)
      : 0.5 * exp(ratio * (0.5 * ratio - z)) * erfc(argument)
    return normalCDF(z) - survivors
  }
}
