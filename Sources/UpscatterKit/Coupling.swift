internal import Units

/// How a dipole coupling is normalised [UPS-1].
///
/// One operator is written in three ways in the literature. Every coupling that goes into this library or comes out of it
/// is in the convention of ``Analysis/Settings/coupling``.
///
/// Source: docs/physics/conventions.md; arXiv:2109.09545, arXiv:2406.07477 Eq. 1, arXiv:1803.03262.
public enum Coupling: String, Hashable, Sendable, CaseIterable {
  /// d in GeV⁻¹ with L = (d/2) N̄ σ_ab P_L ν F^ab + h.c.
  case d
  /// d in GeV⁻¹ with L = d N̄ σ_ab P_L ν F^ab + h.c.: half the number of ``d``.
  case dNoHalf = "d-no-half"
  /// μ in Bohr magnetons with L = (μ/2) N̄ σ_ab P_L ν F^ab + h.c.; 1 μ_B is 296.3 GeV⁻¹ of ``d``.
  case mu

  /// Returns a coupling of this convention in another one [UPS-1].
  ///
  /// - Parameters:
  ///   - value: in this convention (GeV⁻¹, or Bohr magnetons for ``mu``); any finite number
  ///   - other: the convention of the result
  /// - Returns: the same coupling in `other`; `value` itself, bit for bit, where both are the same
  public func convert(_ value: Double, to other: Coupling) -> Double {
    self == other ? value : other.convention.fromInternal(convention.toInternal(value))
  }

  /// Returns the unit of couplings in this convention: "GeV^-1" or "mu_B".
  public var unit: String { convention.unit }

  /// Returns the Lagrangian that defines the coupling, in plain text.
  public var lagrangian: String { convention.lagrangian }

  var convention: CouplingConvention {
    switch self {
    case .d: .d
    case .dNoHalf: .dNoHalf
    case .mu: .mu
    }
  }
}
