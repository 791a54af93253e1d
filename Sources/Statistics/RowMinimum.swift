import ScanCore

/// The best coupling at one mass: the minimum of the profiled statistic over q = (d / referenceCoupling)^2 >= 0.
package struct RowMinimum: Codable, Hashable, Sendable {
  /// Heavy-neutrino mass, MeV.
  package var mass: Double
  /// q at the minimum; 0 when any signal makes the fit worse.
  package var couplingSquare: Double
  /// Value of the statistic there.
  package var statistic: Double
  /// Value at q = 0, the Standard Model.
  package var statisticWithoutSignal: Double

  package init(mass: Double, couplingSquare: Double, statistic: Double, statisticWithoutSignal: Double) {
    self.mass = mass
    self.couplingSquare = couplingSquare
    self.statistic = statistic
    self.statisticWithoutSignal = statisticWithoutSignal
  }
}

/// Finds the minimum over q >= 0 for many masses at once [UPS-14]: a coarse grid around the natural scale of each
/// row, then parabolas through the best three points, every step one tile for all rows still at work.
///
/// Deterministic; the statistic comes out within about 1e-11 of its minimum in double precision.
package struct RowMinimumFinder: Sendable {
  private let variances: [Double]
  private let evaluator: RowEvaluator

  /// - Parameters:
  ///   - plan: sets the number of bins and the natural scale of q
  ///   - profile: the same plan, loaded on a backend
  package init(plan: LikelihoodPlan, profile: any LoadedProfile) {
    self.init(variances: plan.searchVariances(), profile: profile)
  }

  /// - Parameters:
  ///   - variances: per bin, about those of the counts without signal; they set the natural scale of q
  ///   - profile: of the same bins
  package init(variances: [Double], profile: any LoadedProfile) {
    self.variances = variances
    evaluator = .profile(profile)
  }

  /// - Parameters:
  ///   - plan: sets the number of bins and the natural scale of q
  ///   - pointwise: evaluates a statistic of its own, as with non-linear pulls
  package init(plan: LikelihoodPlan, pointwise: any LoadedPointwise) {
    variances = plan.searchVariances()
    evaluator = .pointwise(pointwise)
  }

  /// Returns the minimum of every mass.
  /// - Parameters:
  ///   - masses: MeV
  ///   - templates: masses x bins, signal events at q = 1
  package func minima(masses: [Double], templates: [Double]) throws(BackendError) -> [RowMinimum] {
    let sampler = try sampler(masses: masses, templates: templates)
    return zip(masses, try curves(sampler)).map { Self.minimum(mass: $0, $1) }
  }

  func sampler(masses: [Double], templates: [Double]) throws(BackendError) -> RowSampler {
    guard templates.count == masses.count * variances.count else {
      throw BackendError(
        .unsupportedPlan,
        "There are \(templates.count) template values for \(masses.count) masses of \(variances.count) bins. Rebuild the plan."
      )
    }
    return RowSampler(variances: variances, evaluator: evaluator, masses: masses, templates: templates)
  }

  static func minimum(mass: Double, _ curve: SampledCurve) -> RowMinimum {
    RowMinimum(
      mass: mass, couplingSquare: curve.couplingSquares[curve.best], statistic: curve.statistic[curve.best],
      statisticWithoutSignal: curve.statistic[0])
  }

  // MARK: - Search

  private static let coarsePoints = 22
  private static let maximumRounds = 40

  /// The sampled curve of every row, its least point converged.
  func curves(_ sampler: RowSampler) throws(BackendError) -> [SampledCurve] {
    var curves = sampler.masses.map { _ in SampledCurve() }
    let rows = Array(curves.indices)
    try add(rows.map { coarseGrid(sampler, $0) }, to: rows, &curves, sampler)
    for _ in 0..<Self.maximumRounds {
      var active: [Int] = []
      var points: [[Double]] = []
      for row in rows {
        guard let scale = sampler.naturalScale(row), let next = refinement(of: curves[row], scale: scale)
        else { continue }
        active.append(row)
        points.append(next)
      }
      if active.isEmpty { break }
      try add(points, to: active, &curves, sampler)
    }
    return curves
  }

  private func add(
    _ points: [[Double]], to rows: [Int], _ curves: inout [SampledCurve], _ sampler: RowSampler
  ) throws(BackendError) {
    let values = try sampler.evaluate(rows: rows, couplingSquares: points)
    for (index, row) in rows.enumerated() {
      for (q, value) in zip(points[index], values[index]) { curves[row].insert(q, value) }
    }
  }

  /// Zero, then three points per decade from 1e-3 to 1e4 natural scales; all zero for a row without signal.
  private func coarseGrid(_ sampler: RowSampler, _ row: Int) -> [Double] {
    guard let scale = sampler.naturalScale(row) else {
      return [Double](repeating: 0, count: Self.coarsePoints + 1)
    }
    let mantissas = [1.0, 2.0, 5.0]
    var decade = 1e-3
    var grid = [0.0]
    while grid.count <= Self.coarsePoints {
      for mantissa in mantissas where grid.count <= Self.coarsePoints {
        grid.append(scale * decade * mantissa)
      }
      decade *= 10
    }
    return grid
  }

  /// Four points that close in on the minimum, or nil when it is found.
  private func refinement(of curve: SampledCurve, scale: Double) -> [Double]? {
    let best = curve.best
    let q = curve.couplingSquares
    if best == 0 {
      // at q = 0: look closer until nothing deeper than 1e-12 can hide before the next point
      return q[1] <= 1e-8 * scale ? nil : [q[1] / 2, q[1] / 4, q[1] / 16, q[1] / 64]
    }
    if best == q.count - 1 {
      return q[best] >= 1e12 * scale ? nil : [10, 100, 1000, 10_000].map { $0 * q[best] }
    }
    return parabolaPoints(
      q: (q[best - 1], q[best], q[best + 1]),
      f: (curve.statistic[best - 1], curve.statistic[best], curve.statistic[best + 1]))
  }

  /// The vertex of the parabola through three points around the minimum, a close point on either side of it, and the
  /// middle of the wider half (so that the bracket shrinks whatever the shape).
  private func parabolaPoints(
    q: (Double, Double, Double), f: (Double, Double, Double)
  ) -> [Double]? {
    let left = q.1 - q.0
    let right = q.2 - q.1
    let fall = f.0 - f.1
    let rise = f.2 - f.1
    let middle = left > right ? q.1 - left / 2 : q.1 + right / 2
    let curvature = fall * right + rise * left
    let vertex = curvature > 0 ? q.1 + (fall * right * right - rise * left * left) / (2 * curvature) : middle
    let noise = 1e-12 * max(1, abs(f.1))
    if max(fall, rise) <= max(1e-5, noise) || q.2 - q.0 <= 1e-10 * q.2 { return nil }
    let close = 0.02 * (q.2 - q.0)
    return [vertex, max(vertex - close, q.0), min(vertex + close, q.2), middle]
  }
}

extension LikelihoodPlan {
  /// About the variance of every bin without signal: the expectation and one more for counts, where an empty bin still has
  /// a scale.
  /// - Parameter standardModel: events that an interfering signal replaces and the base does not hold; nil without
  package func searchVariances(interferingWith standardModel: [Double]? = nil) -> [Double] {
    if statistic == .gaussian { return variance }
    guard let standardModel else { return base.map { $0 + 1 } }
    return zip(base, standardModel).map { $0 + $1 + 1 }
  }
}
