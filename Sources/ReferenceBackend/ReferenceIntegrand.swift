import Foundation
import ScanCore

/// Kinematics of nu(E) + target(M) -> N(m4) + target(M + T), target at rest [UPS-2]. Energies in MeV.
struct ReferenceKinematics {
  /// Target mass M.
  let M: Double
  /// Heavy-neutrino mass; 0 for contact processes.
  let m4: Double

  /// E_thr = m4 + m4^2 / (2M)
  var threshold: Double { m4 + m4 * m4 / (2 * M) }

  /// E_min(T) = (1 + x)(T + p)/2 with x = m4^2/(2MT), p = sqrt(T(T + 2M)).
  func smallestEnergy(recoil T: Double) -> Double {
    let p = (T * (T + 2 * M)).squareRoot()
    return (1 + x(T)) * (T + p) / 2
  }

  func x(_ T: Double) -> Double { m4 * m4 / (2 * M * T) }

  /// T-(E) and T+(E): T+ = [2ME^2 - m4^2 (M+E) + E sqrt(lambda)] / (2s), T- T+ = m4^4/(4s), s = M(M + 2E).
  /// For E above the threshold.
  func recoilLimits(energy E: Double) -> (lower: Double, upper: Double) {
    let s = M * (M + 2 * E)
    let lambda = (2 * M * (E - m4) - m4 * m4) * (2 * M * (E + m4) - m4 * m4)
    let upper = (2 * M * E * E - m4 * m4 * (M + E) + E * max(lambda, 0).squareRoot()) / (2 * s)
    if m4 == 0 { return (0, upper) }
    return (pow(m4, 4) / (4 * s * upper), upper)
  }

  /// Recoil intervals on which E_min(T) lies between two neutrino energies: none, one (around the recoil of least
  /// E_min) or a lower and an upper branch.
  func recoilRanges(from lowEnergy: Double, to highEnergy: Double) -> [(lower: Double, upper: Double)] {
    if highEnergy <= threshold { return [] }
    let outer = recoilLimits(energy: highEnergy)
    if lowEnergy <= threshold { return [outer] }
    let inner = recoilLimits(energy: lowEnergy)
    return [(outer.lower, inner.lower), (inner.upper, outer.upper)]
  }
}

/// T times the bracket A + B/E + C/E^2 for dipoles, the bracket itself for contact processes (their table holds the T).
struct ReferenceIntegrand {
  let channel: RateChannel
  let kinematics: ReferenceKinematics

  init(channel: RateChannel, heavyMass: Double) {
    self.channel = channel
    let m4 = channel.process == .contact ? 0 : heavyMass
    kinematics = ReferenceKinematics(M: channel.targetMass, m4: m4)
  }

  /// (A, B, C), times T for dipoles: [UPS-3] A = 1/T, B = -(1+x), C = -(M-T)x(1+x)/2; [UPS-4] C = (1+x)(T-2Mx)/4;
  /// as printed in arXiv:2406.07477 C = (M-T)x(1-x)/2.
  func coefficients(recoil T: Double) -> (a: Double, b: Double, c: Double) {
    let M = kinematics.M
    let x = kinematics.x(T)
    switch channel.process {
    case .dipole: return (1, -T * (1 + x), -T * (M - T) * x * (1 + x) / 2)
    case .dipoleSpinZero: return (1, -T * (1 + x), T * (1 + x) * (T - 2 * M * x) / 4)
    case .dipoleReversedSign: return (1, -T * (1 + x), T * (M - T) * x * (1 - x) / 2)
    case .contact, .massiveContact:
      let k = channel.contact
      return (k[0], k[1] * T, k[2] + k[3] * T + k[4] * T * T)
    }
  }

  /// The integrand at one neutrino energy, straight from the coefficients.
  func value(recoil T: Double, energy E: Double) -> Double {
    let (a, b, c) = coefficients(recoil: T)
    return a + b / E + c / (E * E)
  }

  /// The inner integral a I0 + b I1 + c I2 from the relative moments H_n [UPS-8]:
  /// I0 = H0, I1 = (H0 - H1)/E_min, I2 = (H0 - 2 H1 + H2)/E_min^2, sorted by H_n.
  func value(recoil T: Double, moments H: (Double, Double, Double)) -> Double {
    let energy = kinematics.smallestEnergy(recoil: T)
    let (_, b, c) = coefficients(recoil: T)
    let first = b / energy
    let second = c / (energy * energy)
    return valueAtThreshold(recoil: T) * H.0 - (first + 2 * second) * H.1 + second * H.2
  }

  /// The integrand at E = E_min(T), the factor of H0. For dipoles a + b/E_min + c/E_min^2 cancels when x >> 1; with
  /// (p - T)/(p + T) = M/(M + T + p) it is exactly
  /// spin 1/2: (M + T x) / ((1+x)(M + T + p)), spin 0: (M + T/2) / ((1+x)(M + T + p)).
  func valueAtThreshold(recoil T: Double) -> Double {
    let M = kinematics.M
    let p = (T * (T + 2 * M)).squareRoot()
    let x = kinematics.x(T)
    switch channel.process {
    case .dipole: return (M + T * x) / ((1 + x) * (M + T + p))
    case .dipoleSpinZero: return (M + T / 2) / ((1 + x) * (M + T + p))
    case .contact, .massiveContact, .dipoleReversedSign:
      return value(recoil: T, energy: kinematics.smallestEnergy(recoil: T))
    }
  }
}
