/// Monochromatic neutrinos, for example of electron capture [UPS-8].
package struct LineSpectrum: NeutrinoSpectrum, Hashable {
  /// MeV, ascending.
  package let energies: [Double]
  package let weights: [Double]

  /// Lines in any order; energies (MeV) positive and finite, as many as weights, at least one.
  package init(energies: [Double], weights: [Double]) {
    precondition(
      !energies.isEmpty && energies.count == weights.count, "one weight per line, at least one line")
    precondition(energies.allSatisfy { $0 > 0 && $0.isFinite }, "line energies are positive")
    let order = energies.indices.sorted { energies[$0] < energies[$1] }
    self.energies = order.map { energies[$0] }
    self.weights = order.map { weights[$0] }
  }

  /// Chromium-51: 0.7473 (81.63 %), 0.7521 (8.49 %), 0.4272 (8.95 %), 0.4320 MeV (0.93 %) (Bellenghi et al., EPJC 79
  /// (2019) 727, arXiv:1905.10611).
  package static let chromium51 = LineSpectrum(
    energies: [0.7473, 0.7521, 0.4272, 0.4320], weights: [0.8163, 0.0849, 0.0895, 0.0093])

  package func density(at energy: Double) -> Double { 0 }

  package func moments(above threshold: Double) -> FluxMoments {
    var sum = FluxMoments.zero
    for (energy, weight) in zip(energies, weights) where energy >= threshold {
      sum = sum + FluxMoments.line(energy: energy, weight: weight)
    }
    return sum
  }

  package var lines: [(energy: Double, weight: Double)] {
    zip(energies, weights).map { (energy: $0, weight: $1) }
  }

  package var breakEnergies: [Double] { energies }

  package var endpoint: Double { energies[energies.count - 1] }
}
