import Foundation
import Units

/// Mass-state content of solar neutrinos at the Earth, adiabatic with a constant density at production [UPS-16]
/// (Parke, PRL 57 (1986) 1275); day-night effect neglected.
///
///     beta = 2 sqrt2 G_F cos^2(theta13) n_e E / Delta m^2_21
///     P_e1 = c13^2 (1 + cos 2theta_m)/2,   P_e2 = c13^2 (1 - cos 2theta_m)/2,   P_e3 = s13^2
package struct SolarMixing: Hashable, Sendable {
  package var sin2Theta12: Double
  package var sin2Theta13: Double
  /// Delta m^2_21, eV^2.
  package var massSplitting: Double

  /// Squared sines between 0 and 1, mass splitting in eV^2, positive.
  package init(sin2Theta12: Double, sin2Theta13: Double, massSplitting: Double) {
    self.sin2Theta12 = sin2Theta12
    self.sin2Theta13 = sin2Theta13
    self.massSplitting = massSplitting
  }

  /// P_e1, P_e2, P_e3 at neutrino energy E (MeV) and electron density n_e (mol/cm^3) at production.
  package func probabilities(energy E: Double, electronDensity: Double) -> (
    e1: Double, e2: Double, e3: Double
  ) {
    let cos2Theta13 = 1 - sin2Theta13
    let cosine = 1 - 2 * sin2Theta12
    let sineSquared = 4 * sin2Theta12 * (1 - sin2Theta12)
    let offset =
      cosine - cos2Theta13 * Self.potential(energy: E, electronDensity: electronDensity) / massSplitting
    let matterCosine = offset / (offset * offset + sineSquared).squareRoot()
    return (0.5 * cos2Theta13 * (1 + matterCosine), 0.5 * cos2Theta13 * (1 - matterCosine), sin2Theta13)
  }

  /// 2 sqrt2 G_F n_e E in eV^2 for E in MeV, n_e in mol/cm^3.
  package static func potential(energy E: Double, electronDensity: Double) -> Double {
    let cube = PhysicalConstants.hbarCCentimetres * PhysicalConstants.hbarCSquared
    let density = electronDensity * PhysicalConstants.avogadro * cube
    return 2 * 2.0.squareRoot() * PhysicalConstants.fermiConstant * density * E * 1e12
  }
}
