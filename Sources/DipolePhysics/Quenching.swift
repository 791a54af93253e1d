import Foundation

/// Visible (electron-equivalent) energy of nuclear recoils, MeV from MeV [UPS-9].
package enum Quenching {
  /// E_ee = sum over k of c[k] T^(k+1); c[k] in MeV^-k. For CsI[Na]: 0.0554628, 4.30681, -111.707, 840.384
  /// (arXiv:2111.02477).
  package static func polynomial(recoil T: Double, coefficients: [Double]) -> Double {
    coefficients.reversed().reduce(0) { ($0 + $1) * T }
  }

  /// Lindhard: E_ee = T k g/(1 + k g), g = 3 eps^0.15 + 0.7 eps^0.6 + eps, eps = 11.5 Z^(-7/3) T[keV] (Lindhard et al.
  /// 1963; Lewin and Smith 1996); 0 at T = 0.
  package static func lindhard(recoil T: Double, protons: Int, k: Double) -> Double {
    let epsilon = 11.5 * pow(Double(protons), -7.0 / 3) * T * 1e3
    let kg = k * (3 * pow(epsilon, 0.15) + 0.7 * pow(epsilon, 0.6) + epsilon)
    return T * kg / (1 + kg)
  }

  /// Linear quenching factor: E_ee = (offset + slope T[keV]) T; slope per keV. For liquid argon 0.246 and 7.8e-4 /keV
  /// (arXiv:2003.10630).
  package static func linear(recoil T: Double, offset: Double, slopePerKeV: Double) -> Double {
    (offset + slopePerKeV * T * 1e3) * T
  }
}
