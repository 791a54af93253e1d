import Units

/// Shifts of the weak charge Q_V by interactions that interfere with CEvNS [UPS-17]; added to Q_V before squaring.
/// T recoil, M nuclear mass, MeV; `protons` = Z F_p and `neutrons` = N F_n are the effective charges.
package enum WeakChargeShift {
  /// Light vector, L = -g_nu nubar gamma P_L nu Z' - g_f fbar gamma f Z':
  /// g_nu (g_p Z F_p + g_n N F_n) / (sqrt2 G_F (2MT + m_V^2)); the nucleon couplings enter as that sum. Masses in MeV.
  package static func vector(
    recoil T: Double, targetMass M: Double, neutrinoCoupling: Double, nucleonCharge: Double,
    mediatorMass: Double,
    fermiConstant: Double = PhysicalConstants.fermiConstant
  ) -> Double {
    neutrinoCoupling * nucleonCharge
      / (2.0.squareRoot() * fermiConstant * (2 * M * T + mediatorMass * mediatorMass))
  }

  /// Neutrino millicharge q (in units of e): sqrt2 pi alpha q / (G_F M T) Z F_p; T > 0.
  package static func millicharge(
    recoil T: Double, targetMass M: Double, neutrinoCharge: Double, protons: Double,
    fermiConstant: Double = PhysicalConstants.fermiConstant
  ) -> Double {
    2.0.squareRoot() * Double.pi * PhysicalConstants.fineStructure * neutrinoCharge * protons
      / (fermiConstant * M * T)
  }

  /// Neutrino charge radius <r^2> (cm^2): -(sqrt2 pi alpha / (3 G_F)) <r^2> Z F_p.
  package static func chargeRadius(
    radiusSquared: Double, protons: Double, fermiConstant: Double = PhysicalConstants.fermiConstant
  ) -> Double {
    -2.0.squareRoot() * Double.pi * PhysicalConstants.fineStructure / (3 * fermiConstant)
      * (radiusSquared / PhysicalConstants.hbarCSquared) * protons
  }
}

/// Scattering through a light scalar, which does not interfere with CEvNS [UPS-17]:
///
///     dsigma/dT = M^2 T (1 + T/(2M)) (g_nu Q)^2 / (4 pi E^2 (2MT + m_phi^2)^2),   Q = g_p Z F_p + g_n N F_n
package enum ScalarCrossSection {
  /// Coefficients in 1/E at recoil T (MeV) for a spin-1/2 target of mass M; `coupling` is g_nu Q.
  package static func coefficients(
    recoil T: Double, targetMass M: Double, coupling: Double, mediatorMass: Double
  ) -> CrossSectionCoefficients {
    let ratio = M * coupling / (2 * M * T + mediatorMass * mediatorMass)
    let c = T * (1 + T / (2 * M)) * ratio * ratio / (4 * Double.pi) * PhysicalConstants.hbarCSquared
    return CrossSectionCoefficients(a: 0, b: 0, c: c)
  }
}

/// Scattering through a light tensor, which does not interfere with CEvNS [UPS-17]:
///
///     dsigma/dT = (4M/pi) C^2 [1 - T/E - MT/(4E^2) + T^2/(4E^2)],   C = g_nu Q / (2MT + m_T^2)
package enum TensorCrossSection {
  /// Coefficients in 1/E at recoil T (MeV) for a target of mass M; `coupling` is g_nu Q, Q = g_p Z F_p + g_n N F_n.
  package static func coefficients(
    recoil T: Double, targetMass M: Double, coupling: Double, mediatorMass: Double
  ) -> CrossSectionCoefficients {
    let strength = coupling / (2 * M * T + mediatorMass * mediatorMass)
    let scale = 4 * M / Double.pi * strength * strength * PhysicalConstants.hbarCSquared
    return CrossSectionCoefficients(a: 1, b: -T, c: 0.25 * T * (T - M)).scaled(by: scale)
  }
}

/// Interference of the dipole with the weak current, present only if N mixes with active neutrinos [UPS-17]; for m4 -> 0
/// the form of Grimus and Stockinger, PRD 57 (1998) 1762:
///
///     dsigma/dT = (alpha G_F m4 / (sqrt2 m_e E)) (mu/mu_B) Q_f
///                 {(1+x)(M - T)/E Z_V -+ (2 - (1+x) T/E) Z_A}    (- neutrinos, + antineutrinos)
///
/// Can be negative; only the sum with the squared amplitudes is a cross section.
package enum InterferenceCrossSection {
  /// Coefficients in 1/E at recoil T > 0 (MeV).
  ///
  /// - Parameters:
  ///   - magneticMoment: mu / mu_B, relative phase included.
  ///   - charge: Q_f, electric charge of the target in units of e (electron: -1).
  ///   - vectorCharge: Z_V, axialCharge: Z_A of L_w = -sqrt2 G_F N gamma P_L nu f gamma (Z_V - Z_A gamma5) f.
  package static func coefficients(
    recoil T: Double, targetMass M: Double, heavyMass m4: Double, magneticMoment: Double, charge: Double,
    vectorCharge: Double, axialCharge: Double, antineutrino: Bool,
    fermiConstant: Double = PhysicalConstants.fermiConstant
  ) -> CrossSectionCoefficients {
    let x = Kinematics.massParameter(recoil: T, targetMass: M, heavyMass: m4)
    let scale =
      PhysicalConstants.fineStructure * fermiConstant * m4 * charge * magneticMoment
      / (2.0.squareRoot() * PhysicalConstants.electronMass) * PhysicalConstants.hbarCSquared
    let axial = antineutrino ? -axialCharge : axialCharge
    return CrossSectionCoefficients(
      a: 0, b: -2 * axial, c: (1 + x) * ((M - T) * vectorCharge + T * axial)
    ).scaled(by: scale)
  }
}
