import ScanCore

/// The plain path: `Double`, one loop after another, library functions, no lanes and no threads.
///
/// It is written from the definitions of the plans, apart from the kernels, so that agreement with them means
/// something; it may be slow.
package struct ReferenceBackend: Backend {
  package let identity = BackendIdentity(
    backend: "reference", device: "plain loops, 1 thread", driver: "", precision: .double)

  /// Points per tile: only sets how often progress is reported.
  package let preferredTilePoints = 4096

  package init() {}

  package func load(_ plan: RatePlan) throws(BackendError) -> any LoadedRates {
    ReferenceRates(plan: try plan.validated())
  }

  package func load(_ plan: LikelihoodPlan) throws(BackendError) -> any LoadedProfile {
    ReferenceProfile(plan: try plan.validated())
  }

  package func load(_ plan: PulledRatePlan) throws(BackendError) -> any LoadedPulledRates {
    ReferencePulledRates(plan: try plan.validated())
  }

  package func load(_ plan: JointPlan) throws(BackendError) -> any LoadedJoint {
    ReferenceJoint(plan: try plan.validated())
  }

  package func load(_ rates: RatePlan, _ likelihood: LikelihoodPlan) throws(BackendError)
    -> any LoadedPointwise
  {
    try likelihood.checkCompatible(with: rates)
    return ReferencePointwise(
      rates: ReferenceRates(plan: try rates.validated()), likelihood: try likelihood.validated())
  }
}

/// Fold and profile at every point, from the rates of its mass.
///
/// The kernels redo the integrals at each point. Here they are done once per row: every point of a row has the same
/// mass, and the integrals depend on nothing else, so the numbers are the same.
struct ReferencePointwise: LoadedPointwise {
  let rates: ReferenceRates
  let likelihood: LikelihoodPlan

  func evaluate(_ tile: Tile) throws(BackendError) -> ProfileResult {
    try tile.check()
    let perMass = rates.plan.valuesPerMass
    let events = try rates.evaluate(masses: tile.masses)
    var templates: [Double] = []
    templates.reserveCapacity(tile.rows * likelihood.binCount)
    for row in 0..<tile.rows {
      templates += likelihood.fold.fold(events[row * perMass..<(row + 1) * perMass])
    }
    return try ReferenceProfile(plan: likelihood).evaluate(tile, templates: templates)
  }
}
