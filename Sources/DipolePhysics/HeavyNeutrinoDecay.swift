import Foundation
import Units

/// Radiative decay N -> nu gamma through the dipole [UPS-15]; m4 in MeV, magnetic moment mu/mu_B in the convention
/// L = (mu/2) N sigma nu F.
package enum HeavyNeutrinoDecay {
  /// Whether N is its own antiparticle; a Majorana N has twice the width.
  package enum Nature: String, Hashable, Sendable, CaseIterable {
    case dirac, majorana
  }

  /// Gamma = mu^2 m4^3/(16 pi) (Dirac) or mu^2 m4^3/(8 pi) (Majorana), MeV.
  package static func width(heavyMass m4: Double, magneticMoment: Double, nature: Nature) -> Double {
    let mu = magneticMoment * PhysicalConstants.bohrMagneton
    let denominator = nature == .dirac ? 16 * Double.pi : 8 * Double.pi
    return mu * mu * m4 * m4 * m4 / denominator
  }

  /// Decay length in the laboratory, (p/m4) c tau with tau = hbar/Gamma, in cm, of an N with total energy E >= m4 (MeV).
  package static func decayLength(
    energy E: Double, heavyMass m4: Double, magneticMoment: Double, nature: Nature
  ) -> Double {
    let momentum = ((E - m4) * (E + m4)).squareRoot()
    let width = width(heavyMass: m4, magneticMoment: magneticMoment, nature: nature)
    return momentum / m4 * PhysicalConstants.speedOfLight * (PhysicalConstants.hbar / width)
  }

  /// Probability to decay between r1 and r2 (cm) from production: exp(-r1/l) - exp(-r2/l).
  package static func decayProbability(from r1: Double, to r2: Double, decayLength: Double) -> Double {
    -exp(-r1 / decayLength) * expm1(-(r2 - r1) / decayLength)
  }
}
