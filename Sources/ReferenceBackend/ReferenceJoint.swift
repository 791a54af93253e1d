import Foundation
import ScanCore

/// The joint likelihood, one data set and one point after the other [UPS-36].
struct ReferenceJoint: LoadedJoint {
  let plan: JointPlan

  func profile(
    _ points: [JointPoint], data: JointData, templates: [Double]
  ) throws(BackendError) -> ProfileResult {
    let sets = try plan.check(data)
    try plan.check(points, sets: sets, rows: try plan.check(templates: templates))
    var result = ProfileResult(statistic: [], pulls: [], unconverged: 0)
    for point in points {
      let set = DataSet(plan, data, point.set)
      let minimum = self.minimum(set, signal: signal(templates, point.row), strength: point.strength)
      result.statistic.append(minimum.statistic)
      result.pulls += minimum.pulls
      if !minimum.converged { result.unconverged += 1 }
    }
    return result
  }

  func minima(
    _ search: JointSearch, data: JointData, templates: [Double]
  ) throws(BackendError) -> JointMinima {
    let sets = try plan.check(data)
    try plan.check(search, rows: try plan.check(templates: templates))
    var minima = JointMinima(statistic: [], row: [], strength: [], pulls: [], unconverged: 0)
    for index in 0..<sets {
      let best = best(DataSet(plan, data, index), search, templates)
      minima.statistic.append(best.minimum.statistic)
      minima.row.append(best.row)
      minima.strength.append(best.strength)
      minima.pulls += best.minimum.pulls
      if !best.minimum.converged { minima.unconverged += 1 }
    }
    return minima
  }

  func toys(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> ToyResult {
    try plan.check(batch, rows: try plan.check(templates: templates))
    var result = ToyResult(
      tested: [], minimum: [], bestRow: [], bestStrength: [],
      unconverged: batch.points.map { _ in 0 }, clipped: batch.points.map { _ in 0 })
    let thrower = ReferenceToys(plan: plan, batch: batch)
    for (index, point) in batch.points.enumerated() {
      let search = batch.search ?? JointSearch(rows: point.testedRow..<point.testedRow + 1)
      for toy in batch.toys {
        let thrown = thrower.toy(toy, of: point, signal: signal(templates, point.row))
        let set = DataSet(observed: thrown.counts, centres: thrown.centres)
        let tested = minimum(
          set, signal: signal(templates, point.testedRow), strength: point.testedStrength)
        let best = best(set, search, templates)
        result.tested.append(tested.statistic)
        result.minimum.append(best.minimum.statistic)
        result.bestRow.append(Int32(best.row))
        result.bestStrength.append(best.strength)
        if !tested.converged || !best.minimum.converged { result.unconverged[index] += 1 }
        if thrown.wasClipped { result.clipped[index] += 1 }
      }
    }
    return result
  }

  func thrown(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> JointData {
    try plan.check(batch, rows: try plan.check(templates: templates))
    let thrower = ReferenceToys(plan: plan, batch: batch)
    var data = JointData(observed: [])
    for point in batch.points {
      for toy in batch.toys {
        let thrown = thrower.toy(toy, of: point, signal: signal(templates, point.row))
        data.observed += thrown.counts
        data.centres += thrown.centres
      }
    }
    return data
  }

  private func signal(_ templates: [Double], _ row: Int) -> ArraySlice<Double> {
    templates[row * plan.binCount..<(row + 1) * plan.binCount]
  }

  // MARK: - Fits

  /// One data set.
  struct DataSet {
    var observed: [Double]
    var centres: [Double]

    init(observed: [Double], centres: [Double]) {
      self.observed = observed
      self.centres = centres
    }

    init(_ plan: JointPlan, _ data: JointData, _ index: Int) {
      let (bins, pulls) = (plan.binCount, plan.pullCount)
      observed = Array(data.observed[index * bins..<(index + 1) * bins])
      centres =
        data.centres.isEmpty
        ? plan.pulls.map { _ in 1 } : Array(data.centres[index * pulls..<(index + 1) * pulls])
    }
  }

  private func minimum(_ set: DataSet, signal: ArraySlice<Double>, strength q: Double) -> PullMinimum {
    var constant = plan.rest
    var templates = plan.pulls.map(\.events)
    for block in plan.blocks {
      let own = 1 - block.signalShares.reduce(0, +)
      for bin in block.bins {
        let events = q * signal[signal.startIndex + bin]
        constant[bin] += own * events
        for k in templates.indices { templates[k][bin] += block.signalShares[k] * events }
      }
    }
    for bin in constant.indices where plan.variance[bin] == 0 {
      // what counts as no expectation at all
      if constant[bin] == 0 && templates.allSatisfy({ $0[bin] == 0 }) {
        constant[bin] = JointPlan.smallestExpectation
      }
    }
    let problem = PullProblem(
      observed: set.observed, constant: constant, templates: templates, widths: plan.pullWidths,
      centres: set.centres,
      floors: plan.pulls.map { $0.isNormalisation ? JointPlan.lowestFactor : -.infinity },
      variance: plan.variance)
    return problem.minimum()
  }

  private struct Best {
    var row: Int
    var strength: Double
    var minimum: PullMinimum
  }

  /// Every row of the search on its own, the lowest of them; the first of equals.
  private func best(_ set: DataSet, _ search: JointSearch, _ templates: [Double]) -> Best {
    var best: Best?
    for row in search.rows {
      let signal = signal(templates, row)
      let found: Best
      if let strength = search.strength {
        found = Best(
          row: row, strength: strength, minimum: minimum(set, signal: signal, strength: strength))
      } else {
        found = bestStrength(set, signal, row)
      }
      if best == nil || found.minimum.statistic < best?.minimum.statistic ?? .infinity { best = found }
    }
    // rows are not empty: checked
    return best
      ?? Best(row: 0, strength: 0, minimum: PullMinimum(statistic: .nan, pulls: [], converged: false))
  }

  /// Where the slope of the profiled statistic in q changes sign: a bracket by doubling, then halved and cut by secants
  /// (Illinois) until neither end moves. The slope is that of chi2 at fixed pulls, since these are at their minimum.
  private func bestStrength(_ set: DataSet, _ signal: ArraySlice<Double>, _ row: Int) -> Best {
    func fit(_ q: Double) -> (minimum: PullMinimum, slope: Double) {
      let minimum = minimum(set, signal: signal, strength: q)
      return (minimum, slope(set, signal, q, minimum.pulls))
    }
    let start = fit(0)
    let total = signal.reduce(0) { $0 + abs($1) }
    if total == 0 || start.slope >= 0 { return Best(row: row, strength: 0, minimum: start.minimum) }
    var (low, lowSlope) = (0.0, start.slope)
    var high = 1 / total
    var highSlope = fit(high).slope
    while highSlope < 0 && high < 1e30 / total {
      (low, lowSlope) = (high, highSlope)
      high *= 4
      highSlope = fit(high).slope
    }
    var strength = highSlope == 0 ? high : low
    var best = fit(strength)
    for _ in 0..<200 where highSlope > 0 {
      let cut = low - lowSlope * (high - low) / (highSlope - lowSlope)
      let next = cut > low && cut < high ? cut : (low + high) / 2
      if next <= low || next >= high { break }
      let trial = fit(next)
      if trial.minimum.statistic <= best.minimum.statistic { (best, strength) = (trial, next) }
      if trial.slope == 0 { break }
      if trial.slope < 0 {
        (low, lowSlope) = (next, trial.slope)
        highSlope /= 2
      } else {
        (high, highSlope) = (next, trial.slope)
        lowSlope /= 2
      }
      if high - low <= 1e-13 * high { break }
    }
    return Best(row: row, strength: strength, minimum: best.minimum)
  }

  /// d chi2 / dq at fixed pulls, over 2.
  private func slope(
    _ set: DataSet, _ signal: ArraySlice<Double>, _ q: Double, _ pulls: [Double]
  ) -> Double {
    let mu = plan.expectation(factors: pulls.map { 1 + $0 }, signal: signal, strength: q)
    var slope = 0.0
    for block in plan.blocks {
      var scale = 1.0
      for k in pulls.indices { scale += block.signalShares[k] * pulls[k] }
      for bin in block.bins {
        let s = scale * signal[signal.startIndex + bin]
        let n = set.observed[bin]
        if plan.variance[bin] > 0 {
          slope += s * (mu[bin] - n) / plan.variance[bin]
        } else {
          slope +=
            n > 0
            ? s * (1 - n / max(mu[bin], JointPlan.smallestExpectation))
            : s * (1 + JointPlan.stiffness * min(mu[bin], 0))
        }
      }
    }
    return slope
  }
}
