import ScanCore

/// Throws toys at the points of a grid until each is decided, and tells what they say [UPS-41].
///
/// Toys are numbered from 0 at every point, and a later round goes on where the last ended: a point that got n toys got the
/// same as in any other run with its key, whatever the rounds, the calls, or the other points of the run.
package struct AdaptiveToys: Sendable {
  package struct Progress: Hashable, Sendable {
    package var pointsDone: Int
    package var points: Int
    package var toysThrown: Int

    package init(pointsDone: Int, points: Int, toysThrown: Int) {
      self.pointsDone = pointsDone
      self.points = points
      self.toysThrown = toysThrown
    }
  }

  package let model: JointModel
  package let seed: UInt64
  package let ensemble: ToyEnsemble
  /// Rows the minimum is taken over; nil: the tested row of each point.
  package let search: Range<Int>?
  package let statistic: TestStatistic
  package let settings: ToySettings

  package init(
    _ model: JointModel, seed: UInt64, ensemble: ToyEnsemble, statistic: TestStatistic,
    search: Range<Int>? = nil, settings: ToySettings
  ) throws(StatisticsError) {
    try settings.check()
    self.model = model
    self.seed = seed
    self.ensemble = ensemble
    self.search = search
    self.statistic = statistic
    self.settings = settings
  }

  /// Returns what the toys of every point say.
  /// - Parameters:
  ///   - points: truth and tested hypothesis
  ///   - observed: statistic of the data at every point (`observedStatistic`)
  ///   - level: confidence level of the critical value
  ///   - asymptotic: critical value whose coverage is wanted too
  ///   - progress: called after every call to the backend; what it throws ends the run
  package func run(
    _ points: [ToyPoint], observed: [Double], level: Double, asymptotic: Double? = nil,
    progress: (Progress) throws -> Void = { _ in }
  ) throws -> [ToyVerdict] {
    try check(points, observed: observed)
    var state = Progress(pointsDone: 0, points: points.count, toysThrown: 0)
    var verdicts: [ToyVerdict] = []
    let group = max(1, settings.statisticsHeld / settings.most)
    for first in stride(from: 0, to: points.count, by: group) {
      let range = first..<min(first + group, points.count)
      let (some, seen) = (Array(points[range]), Array(observed[range]))
      let toys = try distributions(some, observed: seen, level: level, &state, progress: progress)
      verdicts += some.indices.map {
        verdict(some[$0], observed: seen[$0], toys[$0], level: level, asymptotic: asymptotic)
      }
    }
    return verdicts
  }

  /// What the toys of one point say.
  package func verdict(
    _ point: ToyPoint, observed: Double, _ toys: ToyDistribution, level: Double, asymptotic: Double? = nil
  ) -> ToyVerdict {
    ToyVerdict(
      point: point, observed: observed, toys, level: level, asymptotic: asymptotic,
      largestFailedShare: settings.largestFailedShare)
  }

  private func check(_ points: [ToyPoint], observed: [Double]) throws(StatisticsError) {
    try requireDomain(
      observed.count == points.count, "There are \(observed.count) observed statistics",
      "one per point, \(points.count)")
    for (index, point) in points.enumerated() {
      try requireDomain(
        observed[index].isFinite && observed[index] >= 0,
        "The observed statistic of point \(index) (row \(point.testedRow), strength \(point.testedStrength)) is "
          + "\(observed[index])", "a finite number >= 0; a backend that gives others is at fault, try another"
      )
      try statistic.check(testedRow: point.testedRow, testedStrength: point.testedStrength, rows: search)
      let mean = try model.largestMean(row: point.row, strength: point.strength, factors: point.factors)
      try requireDomain(
        mean <= ToySettings.largestMean,
        "Toys of row \(point.row), strength \(point.strength) would have \(mean) events in a Poisson bin",
        "up to \(ToySettings.largestMean); ask for smaller couplings")
    }
  }

  // MARK: - Rounds

  /// Returns the statistics of the toys of some points, all rounds of them, held at a time.
  /// - Parameter state: counts on
  package func distributions(
    _ points: [ToyPoint], observed: [Double], level: Double, _ state: inout Progress,
    progress: (Progress) throws -> Void = { _ in }
  ) throws -> [ToyDistribution] {
    try requireConfidenceLevel(level)
    try check(points, observed: observed)
    var toys = points.map { _ in ToyDistribution() }
    var active = Array(points.indices)
    var (done, next) = (0, settings.first)
    while !active.isEmpty {
      try throwToys(done..<next, of: active, points, &toys, &state, progress)
      (done, next) = (next, settings.next(after: next))
      let before = active.count
      if done == settings.most {
        active = []
      } else {
        active.removeAll { isDone(verdict(points[$0], observed: observed[$0], toys[$0], level: level)) }
      }
      state.pointsDone += before - active.count
      try progress(state)
    }
    return toys
  }

  private func isDone(_ verdict: ToyVerdict) -> Bool {
    if verdict.problem != nil { return true }
    if let sigma = settings.clearAt, verdict.isClear(at: sigma) { return true }
    guard let accuracy = settings.accuracy, let critical = verdict.criticalValue else { return false }
    return critical.error <= accuracy
  }

  /// Toys of one range of numbers, in calls of bounded size.
  func throwToys(
    _ range: Range<Int>, of active: [Int], _ points: [ToyPoint], _ toys: inout [ToyDistribution],
    _ state: inout Progress, _ progress: (Progress) throws -> Void
  ) throws {
    let toysEach = min(range.count, settings.toysPerCall)
    let pointsEach = max(1, settings.toysPerCall / toysEach)
    for first in stride(from: 0, to: active.count, by: pointsEach) {
      let indices = Array(active[first..<min(first + pointsEach, active.count)])
      var values = indices.map { _ in [Double]() }
      var counts = indices.map { _ in (unconverged: 0, clipped: 0) }
      for start in stride(from: range.lowerBound, to: range.upperBound, by: toysEach) {
        let numbers = start..<min(start + toysEach, range.upperBound)
        let batch = ToyBatch(
          seed: seed, ensemble: ensemble, toys: numbers, points: indices.map { points[$0] },
          search: search.map { JointSearch(rows: $0) })
        let result = try model.joint.toys(batch, templates: model.templates)
        for (n, index) in indices.enumerated() {
          values[n] += statistics(result, n, numbers.count, testedStrength: points[index].testedStrength)
          counts[n].unconverged += result.unconverged[n]
          counts[n].clipped += result.clipped[n]
        }
        state.toysThrown += batch.toyCount
        try progress(state)
      }
      for (n, index) in indices.enumerated() {
        toys[index].add(values[n], unconverged: counts[n].unconverged, clipped: counts[n].clipped)
      }
    }
  }

  private func statistics(
    _ result: ToyResult, _ point: Int, _ toys: Int, testedStrength: Double
  ) -> [Double] {
    (point * toys..<(point + 1) * toys).map { index in
      statistic.value(
        tested: result.tested[index], minimum: result.minimum[index],
        bestStrength: result.bestStrength[index], testedStrength: testedStrength)
    }
  }
}
