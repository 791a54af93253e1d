/// Vector couplings of protons and neutrons in coherent elastic scattering [UPS-5].
package struct WeakCouplings: Hashable, Sendable {
  /// g_V^p
  package var protonVector: Double
  /// g_V^n
  package var neutronVector: Double

  package init(protonVector: Double, neutronVector: Double) {
    self.protonVector = protonVector
    self.neutronVector = neutronVector
  }

  /// Tree level: g_V^p = 1/2 - 2 sin^2 theta_W, g_V^n = -1/2.
  package static func tree(sin2: Double) -> WeakCouplings {
    WeakCouplings(protonVector: 0.5 - 2 * sin2, neutronVector: -0.5)
  }

  /// With radiative corrections in the MS-bar scheme (arXiv:2406.07477 Eq. 4); they contain the
  /// Standard Model charge radius, hence depend on the flavour. Same for antineutrinos.
  ///
  /// - Parameter flavourFamily: "e", "mu" or "tau".
  package static func radiative(flavourFamily: String) -> WeakCouplings {
    switch flavourFamily {
    case "e": WeakCouplings(protonVector: 0.0401, neutronVector: -0.5094)
    case "mu": WeakCouplings(protonVector: 0.0318, neutronVector: -0.5094)
    case "tau": WeakCouplings(protonVector: 0.0275, neutronVector: -0.5094)
    default: preconditionFailure("flavour family \(flavourFamily): expected e, mu or tau")
    }
  }

  /// Q_V = g_V^p Z F_p + g_V^n N F_n of effective charges Z F_p and N F_n.
  package func weakCharge(protons: Double, neutrons: Double) -> Double {
    protonVector * protons + neutronVector * neutrons
  }
}
