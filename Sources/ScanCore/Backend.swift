/// Floating-point types of a backend: `real` for integrands and per-bin terms, `accum` for sums.
package enum Precision: String, Codable, Sendable, CaseIterable {
  /// real = accum = 64 bit
  case double
  /// real = 32 bit, accum = 64 bit
  case mixed
  /// real = accum = 32 bit
  case single
}

/// Who computes: recorded in every result.
package struct BackendIdentity: Codable, Hashable, Sendable, CustomStringConvertible {
  /// "reference", "simd" or "opencl"
  package var backend: String
  /// Device or instruction set, e.g. "AVX-512, 2 workers".
  package var device: String
  /// Driver and version; empty for the CPU paths.
  package var driver: String
  package var precision: Precision
  package init(backend: String, device: String, driver: String, precision: Precision) {
    self.backend = backend
    self.device = device
    self.driver = driver
    self.precision = precision
  }
  package var description: String {
    let suffix = driver.isEmpty ? "" : ", \(driver)"
    return "\(backend) (\(device)\(suffix), \(precision.rawValue))"
  }
}

/// What a driver, a device or a plan can do wrong. One paragraph: culprit and cure.
package struct BackendError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    case unavailable, unknownDevice, buildFailure, outOfMemory, deviceFailure, unsupportedPlan
    /// A minimisation found no minimum it could vouch for.
    case unconverged
  }
  package var kind: Kind
  package var message: String
  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
  package var description: String { message }
}

/// A rectangle of work for `profile` and `pointwise`: rows of one mass each, `columns` couplings per row.
package struct Tile: Hashable, Sendable {
  /// Heavy-neutrino mass per row, MeV.
  package var masses: [Double]
  /// q = (d / referenceCoupling)^2, rows x columns, columns contiguous.
  package var couplingSquares: [Double]
  package var columns: Int
  package init(masses: [Double], couplingSquares: [Double], columns: Int) {
    precondition(couplingSquares.count == masses.count * columns, "tile shape")
    self.masses = masses
    self.couplingSquares = couplingSquares
    self.columns = columns
  }
  package var rows: Int { masses.count }
  package var count: Int { couplingSquares.count }
}

/// Test statistic and best pulls of a tile.
package struct ProfileResult: Hashable, Sendable {
  /// rows x columns
  package var statistic: [Double]
  /// rows x columns x pulls, pulls contiguous
  package var pulls: [Double]
  /// Points whose minimisation did not meet its criterion within the step limit.
  package var unconverged: Int
  /// Newton sweeps over the bins, summed over the points; 0 where a backend does not count them.
  package var sweeps: Int
  package init(statistic: [Double], pulls: [Double], unconverged: Int, sweeps: Int = 0) {
    self.statistic = statistic
    self.pulls = pulls
    self.unconverged = unconverged
    self.sweeps = sweeps
  }
}

/// A rate plan made ready (tables uploaded, kernels built).
package protocol LoadedRates: Sendable {
  /// masses.count x componentCount x binCount expected events at the reference coupling.
  func evaluate(masses: [Double]) throws(BackendError) -> [Double]
}

/// A likelihood plan made ready. `templates` holds rows x binCount folded signal events at q = 1.
package protocol LoadedProfile: Sendable {
  func evaluate(_ tile: Tile, templates: [Double]) throws(BackendError) -> ProfileResult
}

/// Both plans made ready for the fused job: the integrals are redone at every point.
package protocol LoadedPointwise: Sendable {
  func evaluate(_ tile: Tile) throws(BackendError) -> ProfileResult
}

/// A pulled rate plan made ready.
package protocol LoadedPulledRates: Sendable {
  /// - Parameters:
  ///   - masses: m4 per request, MeV
  ///   - pulls: masses.count x parameterCount, |theta| <= `PulledRatePlan.largestPull`
  /// - Returns: masses.count x (1 + parameterCount) x componentCount x binCount: events at the reference coupling, then
  ///   their derivatives with respect to each theta_k.
  func evaluate(masses: [Double], pulls: [Double]) throws(BackendError) -> [Double]
}

/// An implementation of the jobs. Knows plans only. Loading validates the plan (`PlanValidation`).
package protocol Backend: Sendable {
  var identity: BackendIdentity { get }
  func load(_ plan: RatePlan) throws(BackendError) -> any LoadedRates
  func load(_ plan: LikelihoodPlan) throws(BackendError) -> any LoadedProfile
  func load(_ rates: RatePlan, _ likelihood: LikelihoodPlan) throws(BackendError) -> any LoadedPointwise
  func load(_ plan: PulledRatePlan) throws(BackendError) -> any LoadedPulledRates
  func load(_ plan: JointPlan) throws(BackendError) -> any LoadedJoint
  /// A good number of points per tile for this device (cache sizes, watchdogs); never changes results.
  var preferredTilePoints: Int { get }
}
