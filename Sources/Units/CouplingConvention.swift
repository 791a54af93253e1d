/// How a dipole coupling is normalised [UPS-1]. One operator is written in three ways in the literature; inside the
/// program the coupling is always mu in GeV^-1 with L = (mu/2) N sigma_ab P_L nu F^ab + h.c. (arXiv:2109.09545,
/// arXiv:2406.07477 Eq. 1), so that dsigma/dT = alpha mu^2 (charge)^2 [bracket] exactly.
package enum CouplingConvention: String, CaseIterable, Sendable, Codable {
  /// d in GeV^-1 with L = (d/2) N sigma nu F: equal to the internal mu.
  case d
  /// d in GeV^-1 with L = d N sigma nu F (arXiv:1803.03262, 2105.09699): half of the internal mu.
  case dNoHalf = "d-no-half"
  /// mu in Bohr magnetons.
  case mu

  /// mu in GeV^-1 (internal convention) of a coupling given in this convention.
  package func toInternal(_ value: Double) -> Double {
    switch self {
    case .d: value
    case .dNoHalf: 2 * value
    case .mu: value * PhysicalConstants.bohrMagnetonInverseGeV
    }
  }

  /// The coupling in this convention of an internal mu in GeV^-1.
  package func fromInternal(_ value: Double) -> Double {
    switch self {
    case .d: value
    case .dNoHalf: 0.5 * value
    case .mu: value / PhysicalConstants.bohrMagnetonInverseGeV
    }
  }

  /// Unit of a coupling in this convention, for headers and axis labels.
  package var unit: String {
    switch self {
    case .d, .dNoHalf: "GeV^-1"
    case .mu: "mu_B"
    }
  }

  /// Symbol of the coupling, for headers and axis labels.
  package var symbol: String {
    switch self {
    case .d, .dNoHalf: "d"
    case .mu: "mu_nu"
    }
  }

  /// The Lagrangian that defines the coupling, in plain text.
  package var lagrangian: String {
    switch self {
    case .d: "L = (d/2) Nbar sigma_{ab} P_L nu F^{ab} + h.c."
    case .dNoHalf: "L = d Nbar sigma_{ab} P_L nu F^{ab} + h.c."
    case .mu: "L = (mu/2) Nbar sigma_{ab} P_L nu F^{ab} + h.c."
    }
  }
}
