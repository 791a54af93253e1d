import Foundation

/// A spectrum given on nodes, linear between them and 0 outside; its moments are exact [UPS-8].
package struct TabulatedSpectrum: NeutrinoSpectrum, Hashable {
  /// MeV, strictly ascending.
  package let energies: [Double]
  /// phi at the nodes, 1/MeV.
  package let densities: [Double]
  /// Moments above each node.
  private let cumulative: [FluxMoments]

  /// At least two nodes with strictly ascending energies >= 0 (MeV) and finite densities >= 0, not normalised here.
  package init(energies: [Double], densities: [Double]) {
    precondition(
      energies.count >= 2 && energies.count == densities.count, "two or more nodes, one density each")
    precondition(
      energies[0] >= 0 && zip(energies, energies.dropFirst()).allSatisfy { $0 < $1 }, "ascending nodes")
    precondition(densities.allSatisfy { $0 >= 0 && $0.isFinite }, "densities are finite and not negative")
    self.energies = energies
    self.densities = densities
    var cumulative = [FluxMoments](repeating: .zero, count: energies.count)
    for k in stride(from: energies.count - 2, through: 0, by: -1) {
      let segment = Self.segment(from: energies[k], densities[k], to: energies[k + 1], densities[k + 1])
      cumulative[k] = cumulative[k + 1] + segment
    }
    self.cumulative = cumulative
  }

  package var lines: [(energy: Double, weight: Double)] { [] }

  package var breakEnergies: [Double] { energies }

  package var endpoint: Double { energies[energies.count - 1] }

  package func density(at energy: Double) -> Double {
    guard energy >= energies[0], energy <= endpoint else { return 0 }
    let k = segmentIndex(energy)
    let fraction = (energy - energies[k]) / (energies[k + 1] - energies[k])
    return densities[k] + fraction * (densities[k + 1] - densities[k])
  }

  package func moments(above threshold: Double) -> FluxMoments {
    guard threshold > energies[0] else { return cumulative[0] }
    guard threshold < endpoint else { return .zero }
    let k = segmentIndex(threshold)
    let part = Self.segment(from: threshold, density(at: threshold), to: energies[k + 1], densities[k + 1])
    return part + cumulative[k + 1]
  }

  /// k with energies[k] <= energy < energies[k + 1], the last segment for the end point.
  private func segmentIndex(_ energy: Double) -> Int {
    var (low, high) = (0, energies.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if energies[middle] <= energy { low = middle } else { high = middle }
    }
    return low
  }

  /// Moments of one linear piece over a...b with slope s, d = (b - a)/a:
  ///
  ///     I0 = (phi_a + phi_b)(b - a)/2     I1 = phi_a ln(b/a) + s a (d - ln(1+d))
  ///     I2 = phi_a d/b + s (ln(1+d) - d/(1+d))
  private static func segment(from a: Double, _ phiA: Double, to b: Double, _ phiB: Double) -> FluxMoments {
    let slope = (phiB - phiA) / (b - a)
    let i0 = 0.5 * (phiA + phiB) * (b - a)
    guard a > 0 else {
      return FluxMoments(i0: i0, i1: phiA > 0 ? .infinity : phiB, i2: phiA > 0 || phiB > 0 ? .infinity : 0)
    }
    let d = (b - a) / a
    return FluxMoments(
      i0: i0, i1: phiA * log1p(d) + slope * a * logRemainder(-d),
      i2: phiA * d / b + slope * logRemainder(d / (1 + d)))
  }

  /// -ln(1 - t) - t = t^2/2 + t^3/3 + ... for t < 1, without cancellation at small t.
  private static func logRemainder(_ t: Double) -> Double {
    guard abs(t) < 0.125 else { return -log1p(-t) - t }
    var sum = 0.0
    for k in stride(from: 18, through: 2, by: -1) { sum = sum * t + 1 / Double(k) }
    return sum * t * t
  }
}
