import Foundation

/// Three-flavour lepton mixing in the standard parametrisation [UPS-16] (PDG 2022, neutrino review).
package struct LeptonMixing: Hashable, Sendable {
  /// sin^2 of the three angles.
  package var sin2Theta12: Double
  package var sin2Theta13: Double
  package var sin2Theta23: Double
  /// CP phase, radians.
  package var delta: Double

  /// Squared sines between 0 and 1; phase in radians.
  package init(sin2Theta12: Double, sin2Theta13: Double, sin2Theta23: Double, delta: Double) {
    self.sin2Theta12 = sin2Theta12
    self.sin2Theta13 = sin2Theta13
    self.sin2Theta23 = sin2Theta23
    self.delta = delta
  }

  /// U: rows e, mu, tau; columns mass states 1, 2, 3.
  package var matrix: [[Complex]] {
    let (s12, s13, s23) = (sin2Theta12.squareRoot(), sin2Theta13.squareRoot(), sin2Theta23.squareRoot())
    let c12 = (1 - sin2Theta12).squareRoot()
    let c13 = (1 - sin2Theta13).squareRoot()
    let c23 = (1 - sin2Theta23).squareRoot()
    let phased = s13 * Complex.phase(delta)
    return [
      [Complex(c12 * c13), Complex(s12 * c13), phased.conjugate],
      [
        Complex(-s12 * c23) - (c12 * s23) * phased, Complex(c12 * c23) - (s12 * s23) * phased,
        Complex(s23 * c13),
      ],
      [
        Complex(s12 * s23) - (c12 * c23) * phased, Complex(-c12 * s23) - (s12 * c23) * phased,
        Complex(c23 * c13),
      ],
    ]
  }

  /// Row of U for a flavour family "e", "mu" or "tau".
  package func row(_ family: String) -> [Complex] {
    switch family {
    case "e": matrix[0]
    case "mu": matrix[1]
    case "tau": matrix[2]
    default: preconditionFailure("flavour family \(family): expected e, mu or tau")
    }
  }
}
