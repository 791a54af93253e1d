import Dispatch
import ScanCore

/// The statistic profiled over linear and non-linear pulls [UPS-20], from any source of pulled rates: exact ones redo the
/// integrals at every trial, morphed ones interpolate.
///
/// Every row (mass) of a tile is a chain: a point starts from the minimum of its left neighbour, the first from zero
/// pulls. All rows advance together, one batch of rates per step, and leave the batch when they have converged. So a
/// result depends on the couplings of its own row to the left of it, and not on how rows are grouped into tiles.
package struct PulledProfiler: LoadedPointwise {
  package let plan: PulledLikelihoodPlan
  private let signal: any LoadedPulledRates
  private let standardModel: any LoadedPulledRates
  private let criteria: PulledCriteria

  /// - Parameters:
  ///   - signal, standardModel: the rates of `plan.signal` and `plan.standardModel`
  ///   - precision: of these rates; sets where the minimiser stops
  package init(
    plan: PulledLikelihoodPlan, signal: any LoadedPulledRates, standardModel: any LoadedPulledRates,
    precision: Precision
  ) {
    self.plan = plan
    self.signal = signal
    self.standardModel = standardModel
    criteria = PulledCriteria(precision)
  }

  /// - Parameter morphed: interpolates the rates between templates instead of redoing the integrals
  package init(
    _ plan: PulledLikelihoodPlan, on backend: any Backend, morphed: Bool
  ) throws(BackendError) {
    let plan = try plan.validated()
    guard plan.rateParameterCount > 0 else {
      self.init(
        plan: plan, signal: FixedRates(try backend.load(plan.signal.rates)),
        standardModel: FixedRates(try backend.load(plan.standardModel.rates)),
        precision: backend.identity.precision)
      return
    }
    let signal = try backend.load(plan.signal)
    let standardModel = try backend.load(plan.standardModel)
    self.init(
      plan: plan, signal: morphed ? MorphedRates(signal, plan: plan.signal) : signal,
      standardModel: morphed ? MorphedRates(standardModel, plan: plan.standardModel) : standardModel,
      precision: backend.identity.precision)
  }

  /// Statistic and pulls (eta_k, then theta_k) of every point.
  package func evaluate(_ tile: Tile) throws(BackendError) -> ProfileResult {
    try tile.check()
    let pulls = plan.pullCount
    var result = ProfileResult(
      statistic: [Double](repeating: 0, count: tile.count),
      pulls: [Double](repeating: 0, count: tile.count * pulls), unconverged: 0)
    var points = (0..<tile.rows).map { _ in PulledPoint(plan: plan) }
    for column in 0..<tile.columns {
      for row in points.indices {
        points[row].restart(couplingSquare: tile.couplingSquares[row * tile.columns + column])
      }
      try converge(&points, masses: tile.masses)
      for row in points.indices {
        let index = row * tile.columns + column
        result.statistic[index] = points[row].value
        if points[row].state != .converged { result.unconverged += 1 }
        for (k, factor) in points[row].factors.enumerated() { result.pulls[index * pulls + k] = factor - 1 }
        for (k, theta) in points[row].theta.enumerated() {
          result.pulls[index * pulls + plan.linear.pullCount + k] = theta
        }
      }
    }
    return result
  }

  // MARK: - Rounds

  private func converge(_ points: inout [PulledPoint], masses: [Double]) throws(BackendError) {
    var active = Array(points.indices)
    while !active.isEmpty {
      let trials = active.flatMap { points[$0].trial.prefix(plan.rateParameterCount) }
      let signals = try signal.evaluate(masses: active.map { masses[$0] }, pulls: trials)
      let standards = try standardModel.evaluate(masses: active.map { _ in 0 }, pulls: trials)
      advance(&points, active, signals, standards)
      active = active.filter { points[$0].state == .searching }
    }
  }

  private static let pointsPerBlock = 8

  /// One step of every active point, blocks of points in parallel; a point is changed by one block only.
  private func advance(
    _ points: inout [PulledPoint], _ active: [Int], _ signals: [Double], _ standards: [Double]
  ) {
    let blocks = (active.count + Self.pointsPerBlock - 1) / Self.pointsPerBlock
    let (signalStride, standardStride) = (plan.signal.valuesPerRequest, plan.standardModel.valuesPerRequest)
    points.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let points = buffer
      DispatchQueue.concurrentPerform(iterations: blocks) { block in
        var statistic = PulledStatistic(plan: plan)
        let first = block * Self.pointsPerBlock
        for index in first..<min(first + Self.pointsPerBlock, active.count) {
          signals.withUnsafeBufferPointer { signal in
            standards.withUnsafeBufferPointer { standard in
              points[active[index]].advance(
                &statistic, criteria,
                signal: UnsafeBufferPointer(
                  rebasing: signal[index * signalStride..<(index + 1) * signalStride]),
                standardModel: UnsafeBufferPointer(
                  rebasing: standard[index * standardStride..<(index + 1) * standardStride]))
            }
          }
        }
      }
    }
  }
}

/// Where the search for a minimum ends.
struct PulledCriteria: Sendable {
  /// Newton decrement below which a point has converged: twice what the statistic may still fall. Above a
  /// statistic of a thousand, where rounding stops the search earlier, it grows in proportion.
  let decrement: Double
  /// Decrement up to which a search that rounding has stopped counts as converged.
  let stalled: Double
  /// Curved valleys of statistics in the thousands take hundreds of rounds; most points take five.
  let maximumRounds = 1000

  init(_ precision: Precision) {
    switch precision {
    case .double: (decrement, stalled) = (1e-11, 1e-7)
    case .mixed, .single: (decrement, stalled) = (1e-5, 1e-2)
    }
  }
}

/// The search for the minimum over theta at one point: Newton steps on phi(theta) within |theta| <= 6, halved until the
/// statistic falls by a fair part of what its slope promises (Armijo).
struct PulledPoint {
  enum State { case searching, converged, failed }

  private(set) var state = State.searching
  /// Where the rates are wanted next.
  private(set) var trial: [Double]
  /// The best so far: parameters, factors 1 + eta and statistic.
  private(set) var theta: [Double]
  private(set) var factors: [Double]
  private(set) var value = Double.infinity
  private var couplingSquare = 0.0
  private var gradient: [Double]
  private var direction: [Double]
  private var decrement = Double.infinity
  private var scale = 1.0
  private var rounds = 0
  /// Largest change of a parameter in one step.
  private static let longestStep = 2.0

  init(plan: PulledLikelihoodPlan) {
    theta = [Double](repeating: 0, count: plan.parameterCount)
    trial = theta
    gradient = theta
    direction = theta
    factors = [Double](repeating: 1, count: plan.linear.pullCount)
  }

  /// The next coupling of the row, from where the last one ended.
  mutating func restart(couplingSquare q: Double) {
    couplingSquare = q
    trial = theta
    value = .infinity
    decrement = .infinity
    rounds = 0
    state = .searching
  }

  mutating func advance(
    _ statistic: inout PulledStatistic, _ criteria: PulledCriteria, signal: UnsafeBufferPointer<Double>,
    standardModel: UnsafeBufferPointer<Double>
  ) {
    rounds += 1
    statistic.expectation.fill(
      signal: signal, standardModel: standardModel, theta: trial[...], couplingSquare: couplingSquare)
    let solved = statistic.minimise(from: factors[...])
    statistic.differentiate(at: trial[...])
    guard solved, rounds < criteria.maximumRounds else { return state = .failed }
    if isAcceptable(statistic.value) {
      (theta, factors, value) = (trial, statistic.factors, statistic.value)
      gradient = statistic.gradient
      guard value.isFinite else { return state = .failed }
      findDirection(statistic.hessian)
      if decrement < criteria.decrement * max(1, 1e-3 * value) { return state = .converged }
      scale = min(1, Self.longestStep / (direction.map { abs($0) }.max() ?? 1))
    } else {
      scale *= 0.25
      if scale < 1e-8 { return state = decrement < criteria.stalled ? .converged : .failed }
    }
    let limit = PulledRatePlan.largestPull
    for k in trial.indices { trial[k] = min(max(theta[k] + scale * direction[k], -limit), limit) }
  }

  /// The first value, and then any that falls by 1e-4 of what the slope promises.
  private func isAcceptable(_ reached: Double) -> Bool {
    if value == .infinity { return true }
    var promised = 0.0
    for k in theta.indices { promised += gradient[k] * (theta[k] - trial[k]) }
    return reached <= value - 1e-4 * promised
  }

  /// -H^-1 g on the parameters that are free: not at an end of their range with the slope pointing outwards.
  private mutating func findDirection(_ hessian: [Double]) {
    let limit = PulledRatePlan.largestPull
    let free = theta.indices.filter { abs(theta[$0]) < limit || gradient[$0] * theta[$0] > 0 }
    let n = free.count
    let p = theta.count
    var solution = free.map { -gradient[$0] }
    // a Hessian without its second derivatives of mu may fail to be positive far from the minimum
    var shift = 0.0
    while true {
      var matrix = [Double](repeating: 0, count: n * n)
      for i in 0..<n {
        for j in 0...i { matrix[i * n + j] = hessian[free[i] * p + free[j]] + (i == j ? shift : 0) }
      }
      if SmallMatrix.factor(&matrix, n) {
        SmallMatrix.solve(matrix, n, &solution)
        break
      }
      shift = shift == 0 ? 2 : 4 * shift
      if !(shift < 1e15) { break }  // not finite: the gradient alone, which the search will shorten
    }
    for k in direction.indices { direction[k] = 0 }
    decrement = 0
    for (i, k) in free.enumerated() {
      direction[k] = solution[i]
      decrement -= gradient[k] * solution[i]
    }
  }
}
