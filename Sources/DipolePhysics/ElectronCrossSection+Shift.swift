import Units

/// Neutrino-electron scattering with g_V moved by h [UPS-32]: g_L and g_R both move by h/2, g_A stays. The change of the
/// cross section is `linear` h + `quadratic` h^2, each a coefficient set in 1/E.
extension ElectronCrossSection {
  /// Derivative of dsigma/dT with respect to g_V at h = 0, recoil T (MeV), per electron.
  package static func vectorInterference(
    recoil T: Double, left: Double, right: Double, fermiConstant: Double = PhysicalConstants.fermiConstant
  ) -> CrossSectionCoefficients {
    let mass = PhysicalConstants.electronMass
    return CrossSectionCoefficients(
      a: left + right, b: -2 * right * T, c: right * T * T - 0.5 * (left + right) * mass * T
    ).scaled(by: prefactor(fermiConstant))
  }

  /// dsigma/dT of a vector coupling g_V = 1 alone, recoil T (MeV), per electron.
  package static func vectorSquared(
    recoil T: Double, fermiConstant: Double = PhysicalConstants.fermiConstant
  ) -> CrossSectionCoefficients {
    let mass = PhysicalConstants.electronMass
    return CrossSectionCoefficients(a: 0.5, b: -0.5 * T, c: 0.25 * T * (T - mass))
      .scaled(by: prefactor(fermiConstant))
  }

  /// 2 G_F^2 m_e / pi in cm^2/MeV.
  private static func prefactor(_ fermiConstant: Double) -> Double {
    2 * fermiConstant * fermiConstant * PhysicalConstants.electronMass / Double.pi
      * PhysicalConstants.hbarCSquared
  }
}
