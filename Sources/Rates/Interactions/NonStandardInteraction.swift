import DipolePhysics

/// Neutral-current non-standard interaction with quarks [UPS-33], L = -sqrt2 G_F eps (nubar_a gamma P_L nu_b)(qbar gamma q), where
/// eps = eps^L + eps^R of the usual L = -2 sqrt2 G_F eps^P (nubar_a gamma P_L nu_b)(qbar gamma P q):
/// with delta = eps (2 Z F_p + N F_n) for up, eps (Z F_p + 2 N F_n) for down quarks,
///
///     a = b: Q_V -> Q_V + delta (interferes),    a != b: Q_V^2 -> Q_V^2 + delta^2 for both families
///
/// Nuclei only.
package struct NonStandardInteraction: Interaction {
  package enum Quark: String, Hashable, Sendable, CaseIterable { case up = "u", down = "d" }
  package let quark: Quark
  /// "e", "mu", "tau"; equal for a flavour-diagonal interaction.
  package let families: (String, String)

  package init(quark: Quark, families: (String, String)) {
    self.quark = quark
    self.families = families
  }

  package var isDiagonal: Bool { families.0 == families.1 }
  package var name: String { "nsi" }
  package var title: String { "non-standard interaction" }
  package var coupling: ScannedCoupling {
    ScannedCoupling(
      symbol: "eps", unit: "1",
      definition:
        "L = -sqrt2 G_F eps (nubar_\(families.0) gamma P_L nu_\(families.1))(\(quark.rawValue)bar gamma "
        + "\(quark.rawValue))", reference: 1, power: 1, isSigned: isDiagonal)
  }
  package var mass: ScannedMass? { nil }
  package var interferes: Bool { isDiagonal }
  package var settings: [(name: String, value: String)] {
    [("quark", quark.rawValue), ("pair", "\(families.0)-\(families.1)")]
  }

  package func terms(_ model: RateModel, component: Int, mass: Double) -> [InteractionTerm] {
    let family = model.components[component].flavour.family
    guard family == families.0 || family == families.1 else { return [] }
    let quark = quark
    let terms = model.weakChargeTerms(
      component: component,
      nucleus: { target, T in
        let charges = target.nucleonCharges(recoil: T)
        return quark == .up
          ? 2 * charges.proton + charges.neutron : charges.proton + 2 * charges.neutron
      }, electron: nil)
    return isDiagonal ? terms : terms.filter { $0.order == .quadratic }
  }
}
