import DipolePhysics

/// The effective squared moment of a flux component as a quadratic form of the transition moments lambda_i4 [UPS-52]:
///
///     mu^2 = sum over i, j of conj(lambda_i) M_ij lambda_j
///
/// M_ij = conj(a_i) a_j for a flavour that arrives with all phases, a = U*, antineutrinos alike; the same without i != j for a
/// decohered beam; 1 in one place for a mass state.
package struct MomentForm: Hashable, Sendable {
  /// Hermitian, 3 x 3.
  package let matrix: [[Complex]]

  /// nil for a component that arrives as a flavour where no beam says how its mass states add up.
  package init?(_ component: FluxComponentModel, beam: FlavourBeam?) {
    let zero = Complex(0)
    var matrix = [[Complex]](repeating: [zero, zero, zero], count: 3)
    if let state = component.massState {
      matrix[state - 1][state - 1] = Complex(1)
      self.matrix = matrix
      return
    }
    guard let beam else { return nil }
    let amplitudes = beam.mixing.row(component.flavour.family).map(\.conjugate)
    for i in 0..<3 {
      for j in 0..<3 where i == j || beam.isCoherent {
        matrix[i][j] = amplitudes[i].conjugate * amplitudes[j]
      }
    }
    self.matrix = matrix
  }

  /// mu^2, in the square of the unit of the moments; rounding leaves none below zero.
  package func squaredMoment(_ lambda: [Complex]) -> Double {
    var sum = 0.0
    for i in 0..<3 {
      sum += matrix[i][i].real * lambda[i].squaredMagnitude
      for j in i + 1..<3 { sum += 2 * (lambda[i].conjugate * matrix[i][j] * lambda[j]).real }
    }
    return max(sum, 0)
  }

  /// Derivatives of mu^2 with respect to the three sizes |lambda_i|, then the three phases.
  package func gradient(sizes: [Double], phases: [Double]) -> [Double] {
    let unit = phases.map { Complex.phase($0) }
    let lambda = (0..<3).map { sizes[$0] * unit[$0] }
    let product = (0..<3).map { i in (0..<3).reduce(Complex(0)) { $0 + matrix[i][$1] * lambda[$1] } }
    return (0..<3).map { 2 * (unit[$0].conjugate * product[$0]).real }
      + (0..<3).map { 2 * (lambda[$0].conjugate * product[$0]).imaginary }
  }
}

/// A dipole of one and the same size in every component of the flux, mass states where the source knows them: rates that a
/// `MomentForm` multiplies.
package struct UnitMoments: Interaction {
  package init() {}

  package var name: String { "transition" }
  package var title: String { "transition moments" }
  package var coupling: ScannedCoupling { .dipole(symbol: "lambda") }
  package var mass: ScannedMass? { .heavyNeutrino }
  package var actsOnMassStates: Bool { true }
  package func dipoleShare(of component: FluxComponentModel) -> Double { 1 }
}
