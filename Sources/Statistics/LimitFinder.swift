import ScanCore

/// Where the statistic of one mass rises through minimum + threshold.
package struct CouplingLimit: Codable, Hashable, Sendable {
  package enum Outcome: Codable, Hashable, Sendable {
    /// q = (d / referenceCoupling)^2 at the limit
    case found(couplingSquare: Double)
    /// The experiment sees no signal at this mass, at any coupling.
    case noSignal
    /// The statistic stays below the threshold up to this q: a wide normalisation pull can absorb any signal.
    case notReached(largestCouplingSquare: Double)
  }
  package var minimum: RowMinimum
  package var outcome: Outcome
  /// Upward crossings seen between the minimum and the largest q evaluated. More than one contradicts quasi-convexity: of
  /// one experiment it means that the statistic is not accurate enough; several may prefer different signals. The last is
  /// reported.
  package var crossings: Int
  /// q at the lower end of the allowed interval; nil where no signal at all is allowed too.
  package var lowerCouplingSquare: Double?

  /// q at the limit, if there is one.
  package var couplingSquare: Double? {
    if case .found(let q) = outcome { return q }
    return nil
  }
}

/// Finds the limit of many masses at once by root finding, without a grid in d [UPS-14].
///
/// The root is that of sqrt(Delta chi2) - sqrt(threshold), nearly a straight line in q, by Ridders' method (IEEE Trans.
/// Circuits Syst. 26 (1979) 979) to 1e-12 in d, relative. Deterministic.
package struct LimitFinder: Sendable {
  private let finder: RowMinimumFinder
  private static let maximumSteps = 60

  /// - Parameters:
  ///   - plan: sets the number of bins and the natural scale of q
  ///   - profile: the same plan, loaded on a backend
  package init(plan: LikelihoodPlan, profile: any LoadedProfile) {
    finder = RowMinimumFinder(plan: plan, profile: profile)
  }

  /// - Parameters:
  ///   - variances: per bin, about those of the counts without signal
  ///   - profile: of the same bins
  package init(variances: [Double], profile: any LoadedProfile) {
    finder = RowMinimumFinder(variances: variances, profile: profile)
  }

  /// - Parameters:
  ///   - plan: sets the number of bins and the natural scale of q
  ///   - pointwise: evaluates a statistic of its own, as with non-linear pulls
  package init(plan: LikelihoodPlan, pointwise: any LoadedPointwise) {
    finder = RowMinimumFinder(plan: plan, pointwise: pointwise)
  }

  /// Returns the limit of every mass.
  /// - Parameters:
  ///   - masses: MeV
  ///   - templates: masses x bins, signal events at q = 1
  ///   - threshold: Delta chi2 of the limit, > 0 (`ConfidenceLevel.threshold`)
  package func limits(
    masses: [Double], templates: [Double], threshold: Double
  ) throws(BackendError) -> [CouplingLimit] {
    precondition(threshold > 0 && threshold.isFinite, "threshold")
    let sampler = try finder.sampler(masses: masses, templates: templates)
    var curves = try finder.curves(sampler)
    try extend(&curves, threshold: threshold, sampler)
    var limits = masses.indices.map { row in
      let minimum = RowMinimumFinder.minimum(mass: masses[row], curves[row])
      let largest = curves[row].couplingSquares.last ?? 0
      let outcome: CouplingLimit.Outcome =
        sampler.naturalScale(row) == nil ? .noSignal : .notReached(largestCouplingSquare: largest)
      return CouplingLimit(
        minimum: minimum, outcome: outcome, crossings: crossings(curves[row], threshold: threshold).count)
    }
    try refine(&limits, curves, threshold: threshold, sampler)
    return limits
  }

  // MARK: - Crossings

  /// Index of the point behind which the statistic falls below the level, towards the minimum; nil if q = 0 is allowed.
  private func lowerCrossing(_ curve: SampledCurve, threshold: Double) -> Int? {
    let level = curve.statistic[curve.best] + threshold
    return (0..<curve.best).last { curve.statistic[$0] >= level && curve.statistic[$0 + 1] < level }
  }

  /// Indices of the points behind which the statistic rises through the level, above the minimum.
  private func crossings(_ curve: SampledCurve, threshold: Double) -> [Int] {
    let level = curve.statistic[curve.best] + threshold
    return (curve.best..<curve.statistic.count - 1).filter {
      curve.statistic[$0] < level && curve.statistic[$0 + 1] >= level
    }
  }

  /// Goes on to larger couplings where the level has not been reached, up to about 1e6 natural scales, where the
  /// floor of the pulls (1 + eta >= 1e-6) does not show yet.
  private func extend(
    _ curves: inout [SampledCurve], threshold: Double, _ sampler: RowSampler
  ) throws(BackendError) {
    for _ in 0..<Self.maximumSteps {
      let rows = curves.indices.filter { row in
        guard let scale = sampler.naturalScale(row), let largest = curves[row].couplingSquares.last else {
          return false
        }
        return crossings(curves[row], threshold: threshold).isEmpty && largest < 1e5 * scale
      }
      if rows.isEmpty { return }
      let points = rows.map { row in
        let largest = curves[row].couplingSquares.last ?? 0
        return [4 * largest, 16 * largest, 64 * largest]
      }
      let values = try sampler.evaluate(rows: rows, couplingSquares: points)
      for (index, row) in rows.enumerated() {
        for (q, value) in zip(points[index], values[index]) { curves[row].insert(q, value) }
      }
    }
  }

  // MARK: - Roots

  /// An interval of q in which h = sqrt(Delta chi2) - sqrt(threshold) changes its sign: h < 0 at its inner end, which is
  /// allowed, h >= 0 at its outer end; the outer end lies above for the limit, below for the other end of an interval.
  private struct Bracket {
    let row: Int
    let isLower: Bool
    let bottom: Double
    let threshold: Double
    var inner: (q: Double, h: Double)
    var outer: (q: Double, h: Double)
    var root: Double
    var isDone = false

    init(row: Int, _ limit: CouplingLimit, threshold: Double, _ curve: SampledCurve, inner: Int, outer: Int) {
      self.row = row
      isLower = outer < inner
      bottom = limit.minimum.statistic
      self.threshold = threshold
      root = curve.couplingSquares[outer]
      self.inner = (curve.couplingSquares[inner], 0)
      self.outer = (root, 0)
      self.inner.h = height(curve.statistic[inner])
      self.outer.h = height(curve.statistic[outer])
    }

    func height(_ statistic: Double) -> Double {
      max(statistic - bottom, 0).squareRoot() - threshold.squareRoot()
    }

    var middle: Double { inner.q + (outer.q - inner.q) / 2 }

    /// Ridders' estimate from the ends and the middle: the secant of h times the exponential that straightens it.
    func estimate(middleHeight h: Double) -> Double {
      let root = (h * h - inner.h * outer.h).squareRoot()
      return root > 0 ? middle - (middle - inner.q) * h / root : middle
    }

    mutating func narrow(_ q: Double, _ h: Double) {
      guard q > min(inner.q, outer.q) && q < max(inner.q, outer.q) else { return }
      if h < 0 { inner = (q, h) } else { outer = (q, h) }
    }

    mutating func settle(_ q: Double) {
      isDone = abs(q - root) <= 1e-12 * q || abs(outer.q - inner.q) <= 1e-12 * q
      root = q
    }
  }

  private func refine(
    _ limits: inout [CouplingLimit], _ curves: [SampledCurve], threshold: Double, _ sampler: RowSampler
  ) throws(BackendError) {
    var brackets: [Bracket] = []
    for row in limits.indices {
      func add(inner: Int, outer: Int) {
        brackets.append(
          Bracket(row: row, limits[row], threshold: threshold, curves[row], inner: inner, outer: outer))
      }
      if let index = crossings(curves[row], threshold: threshold).last { add(inner: index, outer: index + 1) }
      if let index = lowerCrossing(curves[row], threshold: threshold) { add(inner: index + 1, outer: index) }
    }
    for _ in 0..<Self.maximumSteps {
      let active = brackets.indices.filter { !brackets[$0].isDone }
      if active.isEmpty { break }
      try step(active, &brackets, sampler)
    }
    for bracket in brackets {
      if bracket.isLower {
        limits[bracket.row].lowerCouplingSquare = bracket.root
      } else {
        limits[bracket.row].outcome = .found(couplingSquare: bracket.root)
      }
    }
  }

  /// One step for all active brackets: their middles in one tile, then their estimates in another.
  private func step(
    _ active: [Int], _ brackets: inout [Bracket], _ sampler: RowSampler
  ) throws(BackendError) {
    let rows = active.map { brackets[$0].row }
    let middles = active.map { brackets[$0].middle }
    let middleValues = try sampler.evaluate(rows: rows, couplingSquares: middles.map { [$0] })
    var estimates: [Double] = []
    for (n, index) in active.enumerated() {
      let h = brackets[index].height(middleValues[n][0])
      estimates.append(brackets[index].estimate(middleHeight: h))
      brackets[index].narrow(middles[n], h)
    }
    let values = try sampler.evaluate(rows: rows, couplingSquares: estimates.map { [$0] })
    for (n, index) in active.enumerated() {
      brackets[index].narrow(estimates[n], brackets[index].height(values[n][0]))
      brackets[index].settle(estimates[n])
    }
  }
}
