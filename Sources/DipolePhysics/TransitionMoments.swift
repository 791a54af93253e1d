/// Majorana transition moments between the mass states 1, 2, 3 and a sterile state 4 [UPS-16] (arXiv:2109.09545): an
/// antisymmetric matrix lambda_ij, in any one unit (Bohr magnetons or GeV^-1).
package struct TransitionMoments: Hashable, Sendable {
  package var lambda12: Complex
  package var lambda13: Complex
  package var lambda23: Complex
  package var lambda14: Complex
  package var lambda24: Complex
  package var lambda34: Complex

  package init(
    lambda12: Complex = Complex(0), lambda13: Complex = Complex(0), lambda23: Complex = Complex(0),
    lambda14: Complex = Complex(0), lambda24: Complex = Complex(0), lambda34: Complex = Complex(0)
  ) {
    self.lambda12 = lambda12
    self.lambda13 = lambda13
    self.lambda23 = lambda23
    self.lambda14 = lambda14
    self.lambda24 = lambda24
    self.lambda34 = lambda34
  }

  /// Rows: initial active states 1, 2, 3; columns: final states 1, 2, 3, 4.
  package var matrix: [[Complex]] {
    let zero = Complex(0)
    return [
      [zero, lambda12, lambda13, lambda14],
      [-1 * lambda12, zero, lambda23, lambda24],
      [-1 * lambda13, -1 * lambda23, zero, lambda34],
    ]
  }

  /// Effective squared moment of a beam born with one flavour:
  ///
  ///     mu^2 = sum over j of |sum over i of U*_ai exp(-i phi_i) lambda_ij|^2     (U and lambda* for antineutrinos)
  ///
  /// as the Lagrangian is Hermitian: a_+^dagger lambda lambda^dagger a_+ of arXiv:2109.09545 for antineutrinos. Without phases of
  /// propagation neutrinos and antineutrinos scatter alike.
  ///
  /// - Parameters:
  ///   - flavourFamily: "e", "mu" or "tau".
  ///   - phases: propagation phases m_i^2 L/(2E) of the three states; zero at short baselines.
  package func coherentSquaredMoment(
    flavourFamily: String, mixing: LeptonMixing, antineutrino: Bool = false, phases: [Double] = [0, 0, 0]
  ) -> Double {
    precondition(phases.count == 3, "one phase per mass state")
    let row = mixing.row(flavourFamily)
    let amplitudes = (0..<3).map { i in
      (antineutrino ? row[i] : row[i].conjugate) * Complex.phase(-phases[i])
    }
    let moments = antineutrino ? matrix.map { $0.map(\.conjugate) } : matrix
    return (0..<4).reduce(0) { sum, j in
      let amplitude = (0..<3).reduce(Complex(0)) { $0 + amplitudes[$1] * moments[$1][j] }
      return sum + amplitude.squaredMagnitude
    }
  }

  /// Sum over i of |U_ai|^2 |lambda_i4|^2: active-sterile moments only, without cross terms, as after decoherence.
  package func incoherentSterileSquaredMoment(flavourFamily: String, mixing: LeptonMixing) -> Double {
    let moments = matrix
    return zip(mixing.row(flavourFamily), moments).reduce(0) { sum, pair in
      sum + pair.0.squaredMagnitude * pair.1[3].squaredMagnitude
    }
  }
}
