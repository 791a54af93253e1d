/// Cumulative flux moments I_n(E0) = integral over E > E0 of phi(E) E^-n dE [UPS-8]: i0 in units of phi dE, i1 with
/// 1/MeV, i2 with 1/MeV^2.
package struct FluxMoments: Hashable, Sendable {
  package var i0: Double
  package var i1: Double
  package var i2: Double

  package init(i0: Double, i1: Double, i2: Double) {
    self.i0 = i0
    self.i1 = i1
    self.i2 = i2
  }

  package static let zero = FluxMoments(i0: 0, i1: 0, i2: 0)

  /// A monochromatic line of the given weight at energy E (MeV).
  package static func line(energy E: Double, weight: Double) -> FluxMoments {
    FluxMoments(i0: weight, i1: weight / E, i2: weight / (E * E))
  }

  package static func + (a: FluxMoments, b: FluxMoments) -> FluxMoments {
    FluxMoments(i0: a.i0 + b.i0, i1: a.i1 + b.i1, i2: a.i2 + b.i2)
  }
}

/// Energy spectrum phi(E) of one flux component: a continuous density plus lines [UPS-8]. Energies in MeV, density in
/// 1/MeV (times whatever the normalisation counts: 1, or per fission).
package protocol NeutrinoSpectrum: Sendable {
  /// phi(E) of the continuous part, 0 outside its range.
  func density(at energy: Double) -> Double
  /// I_0, I_1, I_2 above a threshold (MeV); lines at the threshold itself are included.
  func moments(above threshold: Double) -> FluxMoments
  /// Monochromatic lines.
  var lines: [(energy: Double, weight: Double)] { get }
  /// Ascending energies at which density or moments have a kink or jump: nodes, lines, ends of the range.
  var breakEnergies: [Double] { get }
  /// Largest energy with flux.
  var endpoint: Double { get }
}
