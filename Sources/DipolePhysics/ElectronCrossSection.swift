import Units

/// Standard Model neutrino-electron scattering per free electron [UPS-6] ('t Hooft, PLB 37 (1971) 195; Vogel and Engel,
/// PRD 39 (1989) 3378):
///
///     dsigma/dT = (2 G_F^2 m_e / pi) [g_L^2 + g_R^2 (1 - T/E)^2 - g_L g_R m_e T / E^2]
package enum ElectronCrossSection {
  /// g_L and g_R of a flavour: g_R = sin^2 theta_W; g_L = sin^2 theta_W + 1/2 for nu_e and - 1/2 for nu_mu, nu_tau;
  /// exchanged for antineutrinos.
  ///
  /// - Parameter family: "e", "mu" or "tau".
  package static func chiralCouplings(
    family: String, antineutrino: Bool, sin2: Double
  ) -> (left: Double, right: Double) {
    precondition(["e", "mu", "tau"].contains(family), "flavour family \(family): expected e, mu or tau")
    let left = sin2 + (family == "e" ? 0.5 : -0.5)
    return antineutrino ? (sin2, left) : (left, sin2)
  }

  /// Coefficients of dsigma/dT in 1/E at fixed recoil T >= 0 (MeV); G_F in MeV^-2.
  package static func coefficients(
    recoil T: Double, left: Double, right: Double, fermiConstant: Double = PhysicalConstants.fermiConstant
  ) -> CrossSectionCoefficients {
    let mass = PhysicalConstants.electronMass
    let scale = 2 * fermiConstant * fermiConstant * mass / Double.pi * PhysicalConstants.hbarCSquared
    return CrossSectionCoefficients(
      a: scale * (left * left + right * right), b: scale * (-2 * right * right * T),
      c: scale * (right * right * T * T - left * right * mass * T))
  }

  /// dsigma/dT in cm^2/MeV; exactly 0 for E < E_min(T).
  package static func differential(
    neutrinoEnergy E: Double, recoil T: Double, left: Double, right: Double,
    fermiConstant: Double = PhysicalConstants.fermiConstant
  ) -> Double {
    let mass = PhysicalConstants.electronMass
    guard T >= 0, E >= Kinematics.minimumNeutrinoEnergy(recoil: T, targetMass: mass, heavyMass: 0) else {
      return 0
    }
    return coefficients(recoil: T, left: left, right: right, fermiConstant: fermiConstant).value(at: E)
  }
}
