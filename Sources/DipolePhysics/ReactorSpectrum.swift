import Foundation
import Numerical

/// Electron antineutrinos per fission of a reactor [UPS-8]: sum over fission fractions f_k of exp(polynomial in E) between
/// `lower` and `upper`, which should stay within the 2 to 8 MeV of the fits. 235U, 239Pu, 241Pu: Huber, PRC 84 (2011)
/// 024617 (arXiv:1106.0687); 238U: Mueller et al., PRC 83 (2011) 054615 (arXiv:1101.2663).
package struct ReactorSpectrum: NeutrinoSpectrum, Hashable {
  /// Fission fractions.
  package let uranium235: Double
  package let uranium238: Double
  package let plutonium239: Double
  package let plutonium241: Double
  /// Range of the fits that is used, MeV.
  package let lower: Double
  package let upper: Double
  /// Equidistant energies from `lower` to `upper` and the moments above them.
  private let edges: [Double]
  private let cumulative: [FluxMoments]

  /// Fission fractions >= 0; 0 < lower < upper, MeV.
  package init(
    uranium235: Double, uranium238: Double, plutonium239: Double, plutonium241: Double, lower: Double = 2,
    upper: Double = 8
  ) {
    precondition(lower > 0 && lower < upper && upper.isFinite, "0 < lower < upper")
    self.uranium235 = uranium235
    self.uranium238 = uranium238
    self.plutonium239 = plutonium239
    self.plutonium241 = plutonium241
    self.lower = lower
    self.upper = upper
    let fractions = [uranium235, uranium238, plutonium239, plutonium241]
    let count = max(1, Int((4 * (upper - lower)).rounded(.up)))
    let edges = (0...count).map { $0 == count ? upper : lower + (upper - lower) * Double($0) / Double(count) }
    var cumulative = [FluxMoments](repeating: .zero, count: count + 1)
    for k in stride(from: count - 1, through: 0, by: -1) {
      cumulative[k] = cumulative[k + 1] + Self.integral(from: edges[k], to: edges[k + 1], fractions)
    }
    self.edges = edges
    self.cumulative = cumulative
  }

  package var lines: [(energy: Double, weight: Double)] { [] }

  package var breakEnergies: [Double] { [lower, upper] }

  package var endpoint: Double { upper }

  package func density(at energy: Double) -> Double {
    guard energy >= lower, energy <= upper else { return 0 }
    return Self.sum(energy, [uranium235, uranium238, plutonium239, plutonium241])
  }

  /// Tabulated moments at quarter-MeV steps plus 20-point Gauss quadrature of the rest; relative accuracy 1e-14.
  package func moments(above threshold: Double) -> FluxMoments {
    guard threshold > lower else { return cumulative[0] }
    guard threshold < upper else { return .zero }
    let next = edges.firstIndex { $0 > threshold } ?? edges.count - 1
    let fractions = [uranium235, uranium238, plutonium239, plutonium241]
    return Self.integral(from: threshold, to: edges[next], fractions) + cumulative[next]
  }

  // MARK: - Fits

  /// Coefficients a_0 ... a_5 of ln S(E), E in MeV, S in 1/(MeV fission), in the order of the fractions.
  private static let fits: [[Double]] = [
    [4.367, -4.577, 2.100, -0.5294, 0.06186, -0.002777],
    [0.4833, 0.1927, -0.1283, -0.006762, 0.002233, -0.0001536],
    [4.757, -5.392, 2.563, -0.6596, 0.07820, -0.003536],
    [2.990, -2.882, 1.278, -0.3343, 0.03905, -0.001754],
  ]

  private static let rule = GaussLegendre.rule(20)

  private static func sum(_ energy: Double, _ fractions: [Double]) -> Double {
    var total = 0.0
    for (fit, fraction) in zip(fits, fractions) where fraction != 0 {
      total += fraction * exp(fit.reversed().reduce(0) { $0 * energy + $1 })
    }
    return total
  }

  private static func integral(from a: Double, to b: Double, _ fractions: [Double]) -> FluxMoments {
    let (center, half) = (0.5 * (a + b), 0.5 * (b - a))
    var moments = FluxMoments.zero
    for (node, weight) in zip(rule.nodes, rule.weights) {
      let energy = center + half * node
      moments = moments + FluxMoments.line(energy: energy, weight: half * weight * sum(energy, fractions))
    }
    return moments
  }
}
