import Foundation
import Units

/// Spin of the target of dipole upscattering: 1/2 (electrons, default for nuclei) or 0.
package enum TargetSpin: String, Hashable, Sendable, CaseIterable {
  case half, zero
}

/// Which form of the dipole bracket is evaluated.
package enum DipoleBracket: Hashable, Sendable, CaseIterable {
  /// from Dirac traces; agrees with arXiv:1811.12435 and arXiv:2109.09545
  case traces
  /// arXiv:2406.07477 Eqs. (7), (9) as printed, with the sign of (M - T)/(2E) reversed: not the amplitude squared, for
  /// comparison with that paper only; can be negative
  case arxiv2406_07477
}

/// Dipole-portal upscattering nu + target -> N + target [UPS-3], [UPS-4]:
///
///     dsigma/dT = (pi alpha^2 / m_e^2) (mu/mu_B)^2 Q^2 B,   x = m4^2 / (2MT)
///     B_1/2 = 1/T - (1+x)/E - (M - T) x (1+x) / (2E^2)
///     B_0   = 1/T - (1+x)/E + (1+x) (T - 2Mx) / (4E^2)
///
/// with L = (mu/2) N sigma nu F (arXiv:2109.09545, arXiv:1811.12435). T recoil, E neutrino energy, M target mass, m4 mass
/// of N, all MeV; Q^2 = 1 for an electron, Z^2 F_p^2 for a nucleus.
package enum DipoleCrossSection {
  /// pi alpha^2 (hbar c)^2 / m_e^2, cm^2: the cross-section scale of one Bohr magneton.
  package static let prefactor: Double = {
    let ratio = PhysicalConstants.fineStructure / PhysicalConstants.electronMass
    return Double.pi * ratio * ratio * PhysicalConstants.hbarCSquared
  }()

  /// B(E, T), 1/MeV; > 0 for every E >= E_min(T) with `bracket` .traces. For T <= M the factorised form
  /// (E - E_+)(E - E_-) / (T E^2) is used, which does not cancel near threshold.
  package static func bracket(
    neutrinoEnergy E: Double, recoil T: Double, targetMass M: Double, heavyMass m4: Double,
    spin: TargetSpin = .half, bracket form: DipoleBracket = .traces
  ) -> Double {
    let x = Kinematics.massParameter(recoil: T, targetMass: M, heavyMass: m4)
    guard form == .traces, T <= M else { return bracketCoefficients(T, M, x, spin, form).value(at: E) }
    let sum = T * (1 + x)
    let plus = 0.5 * (sum + (sum * sum + 2 * T * (M - T) * x * (1 + x)).squareRoot())
    let minus = -T * (M - T) * x * (1 + x) / (2 * plus)
    let half = (E - plus) * (E - minus) / (T * E * E)
    return spin == .half ? half : half + (1 + x) * (1 - 2 * x) * T / (4 * E * E)
  }

  /// Coefficients of dsigma/dT in 1/E at fixed recoil T > 0.
  ///
  /// - Parameters:
  ///   - magneticMoment: mu / mu_B.
  ///   - chargeSquared: Q^2, form factor included.
  package static func coefficients(
    recoil T: Double, targetMass M: Double, heavyMass m4: Double, magneticMoment: Double,
    chargeSquared: Double,
    spin: TargetSpin = .half, bracket: DipoleBracket = .traces
  ) -> CrossSectionCoefficients {
    let x = Kinematics.massParameter(recoil: T, targetMass: M, heavyMass: m4)
    let scale = prefactor * magneticMoment * magneticMoment * chargeSquared
    return bracketCoefficients(T, M, x, spin, bracket).scaled(by: scale)
  }

  private static func bracketCoefficients(
    _ T: Double, _ M: Double, _ x: Double, _ spin: TargetSpin, _ form: DipoleBracket
  ) -> CrossSectionCoefficients {
    var c: Double
    switch (form, spin) {
    case (.traces, .half): c = -0.5 * (M - T) * x * (1 + x)
    case (.traces, .zero): c = 0.25 * (1 + x) * (T - 2 * M * x)
    case (.arxiv2406_07477, _): c = 0.5 * (M - T) * x * (1 - x)
    }
    if form == .arxiv2406_07477, spin == .zero { c += 0.25 * (1 + x) * (1 - 2 * x) * T }
    return CrossSectionCoefficients(a: 1 / T, b: -(1 + x), c: c)
  }

  /// dsigma/dT in cm^2/MeV; exactly 0 outside the kinematic range (E < E_min(T) or T <= 0).
  package static func differential(
    neutrinoEnergy E: Double, recoil T: Double, targetMass M: Double, heavyMass m4: Double,
    magneticMoment: Double,
    chargeSquared: Double, spin: TargetSpin = .half, bracket form: DipoleBracket = .traces
  ) -> Double {
    guard T > 0, E >= Kinematics.minimumNeutrinoEnergy(recoil: T, targetMass: M, heavyMass: m4) else {
      return 0
    }
    let scale = prefactor * magneticMoment * magneticMoment * chargeSquared
    return scale
      * bracket(neutrinoEnergy: E, recoil: T, targetMass: M, heavyMass: m4, spin: spin, bracket: form)
  }

  /// Total cross section in cm^2 of a point target (F = 1), the integral of dsigma/dT over T_-...T_+ in closed form:
  ///
  ///     L [1 - (m4^2/(2EM)) (1 + M/(2E)) + m4^4/(8 E^2 M^2)] + (T_+ - T_-) [-1/E + m4^2/(4 E^2 M)]
  ///       - (m4^4/(8 E^2 M)) (1/T_- - 1/T_+),   L = ln(T_+/T_-)
  ///
  /// for spin 1/2; for spin 0 plus the integral of (1+x)(1-2x) T / (4E^2). Infinite for m4 = 0, 0 below threshold.
  package static func total(
    neutrinoEnergy E: Double, targetMass M: Double, heavyMass m4: Double, magneticMoment: Double,
    charge: Double,
    spin: TargetSpin = .half
  ) -> Double {
    guard let range = Kinematics.recoilRange(neutrinoEnergy: E, targetMass: M, heavyMass: m4) else {
      return 0
    }
    guard range.lower > 0 else { return .infinity }
    let width = Kinematics.recoilWidth(neutrinoEnergy: E, targetMass: M, heavyMass: m4)
    let logRatio = log1p(width / range.lower)
    let k = m4 * m4 / (2 * M)
    let k2 = k * k / (2 * E * E)
    var integral = logRatio * (1 - k / E - k * M / (2 * E * E) + k2)
    integral += width * (k / (2 * E * E) - 1 / E)
    integral -= k2 * M * width / (range.lower * range.upper)
    if spin == .zero {
      let mean = 0.5 * (range.lower + range.upper)
      integral += (width * (mean - k) - 2 * k * k * logRatio) / (4 * E * E)
    }
    return prefactor * magneticMoment * magneticMoment * charge * charge * integral
  }
}
