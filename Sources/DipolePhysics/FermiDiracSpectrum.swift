import Foundation
import Numerical

/// Neutrinos of a thermal source, as those of a supernova: number per MeV, normalised to one [UPS-34].
///
///     f(E) = E^2 / (1.5 zeta(3) T^3 (exp(E/T) + 1)),   mean energy 3.1514 T
package enum FermiDiracSpectrum {
  /// zeta(3), Apery's constant.
  private static let zeta3 = 1.2020569031595943

  /// f(E) in 1/MeV, E >= 0 and temperature T > 0 in MeV; no chemical potential.
  package static func density(energy E: Double, temperature T: Double) -> Double {
    let x = E / T
    return x * x * exp(-x) / (1 + exp(-x)) / (1.5 * zeta3 * T)
  }
}
