import Foundation
import Numerical

/// Where the Sun makes one kind of neutrino, and what becomes of them: mass-state probabilities averaged over the
/// production region [UPS-32].
///
///     <P_ei>(E) = integral f(x) P_ei(E, n_e(x)) dx / integral f(x) dx,   x = r/R_sun
package struct SolarProduction: Sendable {
  /// Electron densities (mol/cm^3) and their shares, which add up to one.
  private let densities: [(electronDensity: Double, share: Double)]

  /// All neutrinos made at one electron density, mol/cm^3.
  package init(electronDensity: Double) { densities = [(electronDensity, 1)] }

  /// f(x) on nodes x (ascending, two at least), linear between them, at least one of them positive; any normalisation.
  package init(radii: [Double], density: [Double]) {
    precondition(radii.count >= 2 && radii.count == density.count, "two or more radii, one density each")
    let rule = GaussLegendre.rule(3)
    var parts: [(electronDensity: Double, share: Double)] = []
    for k in radii.indices.dropFirst() {
      let width = radii[k] - radii[k - 1]
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let t = 0.5 * (1 + node)
        let f = density[k - 1] + t * (density[k] - density[k - 1])
        let x = radii[k - 1] + t * width
        parts.append((Self.electronDensity(radius: x), 0.5 * weight * width * f))
      }
    }
    let total = parts.reduce(0) { $0 + $1.share }
    precondition(total > 0, "a production region with neutrinos")
    densities = parts.map { ($0.electronDensity, $0.share / total) }
  }

  /// P_e1, P_e2, P_e3 at neutrino energy E (MeV).
  package func probabilities(energy: Double, mixing: SolarMixing) -> (e1: Double, e2: Double, e3: Double) {
    var sum = (e1: 0.0, e2: 0.0, e3: 0.0)
    for (electronDensity, share) in densities {
      let p = mixing.probabilities(energy: energy, electronDensity: electronDensity)
      sum = (sum.e1 + share * p.e1, sum.e2 + share * p.e2, sum.e3 + share * p.e3)
    }
    return sum
  }

  /// n_e (mol/cm^3) at x = r/R_sun [UPS-32]: log10 n_e = 2.36 - 4.52 x - 0.33 exp(-(x/0.075)^1.1), a fit to the
  /// standard solar model (Bahcall, Serenelli and Basu, ApJS 165 (2006) 400, astro-ph/0511337). It follows the core too, which
  /// the single exponential 245 exp(-10.54 x) of textbooks does not.
  package static func electronDensity(radius x: Double) -> Double {
    pow(10, 2.36 - 4.52 * x - 0.33 * exp(-pow(x / 0.075, 1.1)))
  }
}
