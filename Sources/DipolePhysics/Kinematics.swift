/// Exact kinematics of nu(E) + target(M, at rest) -> N(m4) + target(M + T) [UPS-2]; all energies and masses in MeV.
package enum Kinematics {
  /// Smallest and largest recoil energy, MeV.
  package struct RecoilRange: Hashable, Sendable {
    package let lower: Double
    package let upper: Double

    package init(lower: Double, upper: Double) {
      self.lower = lower
      self.upper = upper
    }
  }

  /// x = m4^2 / (2 M T), dimensionless; T > 0.
  package static func massParameter(recoil T: Double, targetMass M: Double, heavyMass m4: Double) -> Double {
    m4 * m4 / (2 * M * T)
  }

  /// p = sqrt(T (T + 2M)), momentum of the recoiling target, MeV.
  package static func recoilMomentum(recoil T: Double, targetMass M: Double) -> Double {
    (T * (T + 2 * M)).squareRoot()
  }

  /// E_min(T) = (1 + x) (T + p) / 2, the smallest neutrino energy (MeV) that gives a recoil T >= 0. This form does not
  /// cancel; (m4^2 + 2MT) / (2 (p - T)) is the same number. At T = 0: 0 for m4 = 0, else infinite.
  package static func minimumNeutrinoEnergy(
    recoil T: Double, targetMass M: Double, heavyMass m4: Double
  ) -> Double {
    guard T > 0 else { return m4 == 0 ? 0 : .infinity }
    let x = massParameter(recoil: T, targetMass: M, heavyMass: m4)
    return 0.5 * (1 + x) * (T + recoilMomentum(recoil: T, targetMass: M))
  }

  /// E_thr = m4 + m4^2 / (2M), MeV: below it N cannot be produced.
  package static func thresholdEnergy(targetMass M: Double, heavyMass m4: Double) -> Double {
    m4 + m4 * m4 / (2 * M)
  }

  /// sqrt(M^2 + 2 M E) - M, MeV: the heaviest N that a neutrino of this energy can produce, the inverse of E_thr(m4).
  package static func heaviestProduct(energy E: Double, targetMass M: Double) -> Double {
    2 * M * E / ((M * (M + 2 * E)).squareRoot() + M)
  }

  /// T* = m4^2 / (2 (m4 + M)), the recoil (MeV) at threshold, where E_min(T) is smallest.
  package static func thresholdRecoil(targetMass M: Double, heavyMass m4: Double) -> Double {
    m4 * m4 / (2 * (M + m4))
  }

  /// T_-(E) and T_+(E), nil for E below threshold. With s = M (M + 2E) and the factorised
  /// lambda = (2M(E - m4) - m4^2) (2M(E + m4) - m4^2):
  ///
  ///     T_+ = [2 M E^2 - m4^2 (M + E) + E sqrt(lambda)] / (2s),   T_- = m4^4 / (4 s T_+)
  ///
  /// and for m4 = 0: T_- = 0, T_+ = 2E^2 / (M + 2E).
  package static func recoilRange(
    neutrinoEnergy E: Double, targetMass M: Double, heavyMass m4: Double
  ) -> RecoilRange? {
    guard m4 > 0 else {
      return E > 0 ? RecoilRange(lower: 0, upper: 2 * E * E / (M + 2 * E)) : nil
    }
    guard let root = lambdaRoot(E, M, m4) else { return nil }
    let s = M * (M + 2 * E)
    let square = m4 * m4
    let upper = (2 * M * E * E - square * (M + E) + E * root) / (2 * s)
    return RecoilRange(lower: square * square / (4 * s * upper), upper: upper)
  }

  /// T_+ - T_- = E sqrt(lambda) / s, MeV, without cancellation near threshold; 0 below it.
  package static func recoilWidth(
    neutrinoEnergy E: Double, targetMass M: Double, heavyMass m4: Double
  ) -> Double {
    guard E > 0, let root = lambdaRoot(E, M, m4) else { return 0 }
    return E * root / (M * (M + 2 * E))
  }

  /// sqrt(lambda), nil below threshold.
  private static func lambdaRoot(_ E: Double, _ M: Double, _ m4: Double) -> Double? {
    let near = 2 * M * (E - m4) - m4 * m4
    guard near >= 0 else { return nil }
    return (near * (2 * M * (E + m4) - m4 * m4)).squareRoot()
  }

  /// Invariant momentum transfer t = q^2 = -2MT, MeV^2 (exact for a target at rest).
  package static func momentumTransferSquared(recoil T: Double, targetMass M: Double) -> Double { -2 * M * T }

  /// Cosine of the recoil angle to the beam: (E T + M T + m4^2/2) / (E p).
  package static func recoilCosine(
    neutrinoEnergy E: Double, recoil T: Double, targetMass M: Double, heavyMass m4: Double
  ) -> Double {
    (E * T + M * T + 0.5 * m4 * m4) / (E * recoilMomentum(recoil: T, targetMass: M))
  }
}
