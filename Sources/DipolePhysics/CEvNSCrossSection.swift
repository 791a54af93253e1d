import Units

/// Coherent elastic neutrino-nucleus scattering [UPS-5] (Freedman, PRD 9 (1974) 1389):
///
///     dsigma/dT = (G_F^2 M / pi) Q_V^2 K(E, T)
///
/// T recoil, E neutrino energy, M nuclear mass, MeV; Q_V weak charge with form factors.
package enum CEvNSCrossSection {
  /// K(E, T) in three kinematic approximations.
  package enum Variant: Hashable, Sendable, CaseIterable {
    /// 1 - MT/(2E^2), as in most papers
    case leading
    /// 1 - T/E - MT/(2E^2), exact for spin 0
    case spinZero
    /// 1 - T/E - MT/(2E^2) + T^2/(2E^2), exact for a spin-1/2 vector current
    case spinHalf
  }

  /// Coefficients of dsigma/dT in 1/E at fixed recoil T >= 0.
  ///
  /// - Parameters:
  ///   - weakCharge: Q_V, including shifts by new interactions.
  ///   - fermiConstant: MeV^-2.
  package static func coefficients(
    recoil T: Double, targetMass M: Double, weakCharge: Double, variant: Variant = .spinZero,
    fermiConstant: Double = PhysicalConstants.fermiConstant
  ) -> CrossSectionCoefficients {
    let scale =
      fermiConstant * fermiConstant * M / Double.pi * PhysicalConstants.hbarCSquared * weakCharge * weakCharge
    let kinematic =
      switch variant {
      case .leading: CrossSectionCoefficients(a: 1, b: 0, c: -0.5 * M * T)
      case .spinZero: CrossSectionCoefficients(a: 1, b: -T, c: -0.5 * M * T)
      case .spinHalf: CrossSectionCoefficients(a: 1, b: -T, c: 0.5 * T * (T - M))
      }
    return kinematic.scaled(by: scale)
  }

  /// dsigma/dT in cm^2/MeV; exactly 0 for E < E_min(T) with a massless outgoing neutrino.
  package static func differential(
    neutrinoEnergy E: Double, recoil T: Double, targetMass M: Double, weakCharge: Double,
    variant: Variant = .spinZero, fermiConstant: Double = PhysicalConstants.fermiConstant
  ) -> Double {
    guard T >= 0, E >= Kinematics.minimumNeutrinoEnergy(recoil: T, targetMass: M, heavyMass: 0) else {
      return 0
    }
    return coefficients(
      recoil: T, targetMass: M, weakCharge: weakCharge, variant: variant, fermiConstant: fermiConstant
    ).value(at: E)
  }
}
