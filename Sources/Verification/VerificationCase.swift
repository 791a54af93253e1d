import ScanCore

/// A pair of plans with the points at which backends are compared.
package struct VerificationCase: Sendable {
  package var name: String
  package var rates: RatePlan
  package var likelihood: LikelihoodPlan
  /// m4, MeV
  package var masses: [Double]
  /// q = (d / referenceCoupling)^2, the same for every mass
  package var couplingSquares: [Double]

  package init(
    name: String, rates: RatePlan, likelihood: LikelihoodPlan, masses: [Double], couplingSquares: [Double]
  ) {
    self.name = name
    self.rates = rates
    self.likelihood = likelihood
    self.masses = masses
    self.couplingSquares = couplingSquares
  }

  /// All masses times all couplings.
  package var tile: Tile {
    Tile(
      masses: masses, couplingSquares: masses.flatMap { _ in couplingSquares }, columns: couplingSquares.count
    )
  }
}
