import ScanCore

/// Times limits by finding those at some of the masses.
package enum LimitSample {
  /// - Parameters:
  ///   - begun: seconds that were spent before the first limit, as they will be again
  ///   - find: limits at some masses
  package static func estimate(
    masses: Axis, begun: Double, find: ([Double]) throws -> Void
  ) throws -> RunEstimate {
    let clock = ContinuousClock()
    let samples = try SampleBudget.grow(from: 2) { size in
      let some = masses.thinned(to: size).values
      let start = clock.now
      try find(some)
      let seconds = (clock.now - start) / .seconds(1)
      return (StageSample(count: some.count, seconds: seconds), seconds, some.count == masses.count)
    }
    var estimate = RunEstimate()
    estimate.add("start, planning of the integrals", seconds: begun, basis: "measured")
    estimate.add("limits", samples, to: masses.count, unit: "masses")
    return estimate
  }
}
