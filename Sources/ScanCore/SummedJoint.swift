extension Backend {
  /// A joint plan whose signals in parts are fitted through their sums, which stay at or above `lowestFactor` [UPS-46]; without
  /// sums the plan itself.
  package func load(_ plan: JointPlan, sums: [SignalSum]) throws(BackendError) -> any LoadedJoint {
    sums.isEmpty ? try load(plan) : try SummedJoint(plan, sums: sums, on: self)
  }
}

/// The likelihood of a plan in parts, minimised with the sums as unknowns. Data, templates, pulls and toys are those of the plan in
/// parts: nobody outside sees the bins that hold the constraints of the own parts.
struct SummedJoint: LoadedJoint {
  /// As the planner made it.
  private let plan: JointPlan
  private let summed: SummedPlan
  /// Throws toys: pulls are drawn part by part.
  private let parts: any LoadedJoint
  /// Fits.
  private let sums: any LoadedJoint
  /// Numbers of a batch of toys that are held at a time.
  private static let valuesHeld = 1 << 22

  init(_ plan: JointPlan, sums: [SignalSum], on backend: any Backend) throws(BackendError) {
    self.plan = plan
    summed = SummedPlan(plan, sums: sums)
    parts = try backend.load(plan)
    self.sums = try backend.load(summed.plan)
  }

  func profile(
    _ points: [JointPoint], data: JointData, templates: [Double]
  ) throws(BackendError) -> ProfileResult {
    try plan.check(points, sets: plan.check(data), rows: plan.check(templates: templates))
    var result = try sums.profile(
      points, data: summed.extended(data), templates: summed.extended(templates: templates))
    result.pulls = summed.parts(result.pulls)
    return result
  }

  func minima(
    _ search: JointSearch, data: JointData, templates: [Double]
  ) throws(BackendError) -> JointMinima {
    _ = try plan.check(data)
    try plan.check(search, rows: plan.check(templates: templates))
    var minima = try sums.minima(
      search, data: summed.extended(data), templates: summed.extended(templates: templates))
    minima.pulls = summed.parts(minima.pulls)
    return minima
  }

  func thrown(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> JointData {
    try parts.thrown(batch, templates: templates)
  }

  /// The toys of the plan in parts, fitted through the sums. Their constraints are centred where the ensemble puts those of the
  /// parts, for the own part as the observation of its bin.
  func toys(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> ToyResult {
    try plan.check(batch, rows: plan.check(templates: templates))
    var result = ToyResult(
      tested: [], minimum: [], bestRow: [], bestStrength: [],
      unconverged: batch.points.map { _ in 0 }, clipped: batch.points.map { _ in 0 })
    let step = max(1, Self.valuesHeld / plan.binCount)
    for (index, point) in batch.points.enumerated() {
      let search = batch.search ?? JointSearch(rows: point.testedRow..<point.testedRow + 1)
      for first in stride(from: batch.toys.lowerBound, to: batch.toys.upperBound, by: step) {
        var some = batch
        some.points = [point]
        some.toys = first..<min(first + step, batch.toys.upperBound)
        let data = try parts.thrown(some, templates: templates)
        let tested = try profile(
          some.toys.indices.map {
            JointPoint(set: $0 - first, row: point.testedRow, strength: point.testedStrength)
          }, data: data, templates: templates)
        let best = try minima(search, data: data, templates: templates)
        result.tested += tested.statistic
        result.minimum += best.statistic
        result.bestRow += best.row.map { Int32($0) }
        result.bestStrength += best.strength
        result.unconverged[index] += min(some.toys.count, tested.unconverged + best.unconverged)
        result.clipped[index] += try clipped(some, templates)
      }
    }
    return result
  }

  /// Toys of one point in which a bin would expect less than nothing: counted where they are thrown, beside fits without signal.
  private func clipped(_ batch: ToyBatch, _ templates: [Double]) throws(BackendError) -> Int {
    let point = batch.points[0]
    guard batch.ensemble == .constraints || point.factors.isEmpty else {
      let signal = templates[point.row * plan.binCount..<(point.row + 1) * plan.binCount]
      let mu = plan.expectation(factors: point.factors, signal: signal, strength: point.strength)
      return zip(mu, plan.variance).contains { $0 < 0 && $1 == 0 } ? batch.toys.count : 0
    }
    var batch = batch
    batch.points[0].testedStrength = 0
    batch.search = JointSearch(rows: point.testedRow..<point.testedRow + 1, strength: 0)
    return try parts.toys(batch, templates: templates).clipped[0]
  }
}
