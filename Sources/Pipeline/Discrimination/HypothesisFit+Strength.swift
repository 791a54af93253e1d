import ScanCore
import Statistics

/// The coupling of a model that interferes: chi2 may have several minima [UPS-50].
extension HypothesisFitter {
  /// Between sampled strengths within reach, standard deviations.
  static let spacing = 0.5
  /// Minima this much above the lowest sample are narrowed too.
  private static let contenders = 1.0
  private static let mostSamples = 40_000
  private static let mostDoublings = 400
  private static let doublings = 8
  private static let mostRounds = 200

  struct Sample {
    var strength: Double
    var statistic: Double
    var pulls: [Double]
    /// 1/deviation^2 of every bin around it
    var weights: [Double]
    /// Factor of the pulls on the signal, the largest of the experiments.
    var scale: Double
  }

  /// Samples the statistic on every side of zero so closely that no minimum within reach is lost, and narrows the lowest ones.
  func interferingFit(_ signal: HypothesisSignal, reach: Double) throws -> HypothesisFit.AtMass {
    let metric = signal.metric(observed: data.observed, variance: hypothesis.joint.plan.variance)
    var known = try samples(signal, metric, [0])
    if let metric {
      let zero = known[0]
      for side in hypothesis.isSigned ? [1.0, -1.0] : [1.0] {
        known += try outward(signal, metric, side: side, zero: zero, reach: reach)
      }
      known.sort { $0.strength < $1.strength }
      try refine(&known, signal, metric, reach: reach)
    }
    let sampled = known.map { (strength: $0.strength, statistic: $0.statistic) }
    let best = try narrowed(signal, metric, known)
    return HypothesisFit.AtMass(
      signal: signal, strength: best.strength, statistic: best.statistic, pulls: best.pulls, sampled: sampled)
  }

  private func samples(
    _ signal: HypothesisSignal, _ metric: StrengthMetric?, _ strengths: [Double]
  ) throws -> [Sample] {
    let plan = hypothesis.joint.plan
    let templates = try strengths.map { try signal.events(strength: $0) }
    let points = strengths.indices.map { JointPoint(set: 0, row: $0, strength: 1) }
    let result = try likelihood.profile(points, data: data, templates: templates.flatMap(\.self))
    try requireConverged(result.unconverged, signal.mass)
    let count = plan.pullCount
    return strengths.indices.map { index in
      let pulls = Array(result.pulls[index * count..<(index + 1) * count])
      let expected = plan.expectation(factors: pulls.map { 1 + $0 }, signal: templates[index], strength: 1)
      let scales = plan.blocks.map { block in zip(block.signalShares, pulls).reduce(1) { $0 + $1.0 * $1.1 } }
      return Sample(
        strength: strengths[index], statistic: result.statistic[index], pulls: pulls,
        weights: metric?.weights(expected: expected) ?? [], scale: scales.map(abs).max() ?? 1)
    }
  }

  /// Doubles the strength until the signal only grows and chi2 is far above the least.
  private func outward(
    _ signal: HypothesisSignal, _ metric: StrengthMetric, side: Double, zero: Sample, reach: Double
  ) throws -> [Sample] {
    var found: [Sample] = []
    var u = metric.natural
    var lowest = zero.statistic
    while found.count < Self.mostDoublings {
      var strengths: [Double] = []
      while strengths.count < Self.doublings {
        strengths.append(side * u)
        u *= 2
      }
      let more = try samples(signal, metric, strengths)
      lowest = min(lowest, more.map(\.statistic).min() ?? lowest)
      for sample in more {
        found.append(sample)
        if abs(sample.strength) > 2.5 * metric.turningPoint, sample.statistic > lowest + reach {
          return found
        }
      }
    }
    throw unresolved(
      signal, "chi2 does not rise above its least value by \(reach) up to strength \(side * u)")
  }

  private func unresolved(_ signal: HypothesisSignal, _ what: String) -> BackendError {
    BackendError(
      .deviceFailure,
      "\(hypothesis.label): at mass \(signal.mass) MeV \(what), so that no minimum is stated. Fit it at other masses (masses=A:B:N), or "
        + "report the case.")
  }

  /// Halves every interval that may hold chi2 within reach of the least and is wider than `spacing`.
  private func refine(
    _ known: inout [Sample], _ signal: HypothesisSignal, _ metric: StrengthMetric, reach: Double
  ) throws {
    for _ in 0..<Self.mostRounds {
      let level = ((known.map(\.statistic).min() ?? 0) + reach).squareRoot()
      let cuts = zip(known, known.dropFirst()).compactMap { cut($0, $1, metric, level: level) }
      if cuts.isEmpty { return }
      guard known.count + cuts.count <= Self.mostSamples else { break }
      known = (known + (try samples(signal, metric, cuts))).sorted { $0.strength < $1.strength }
    }
    throw unresolved(signal, "chi2 is not resolved by \(known.count) strengths")
  }

  private func cut(_ a: Sample, _ b: Sample, _ metric: StrengthMetric, level: Double) -> Double? {
    let width = b.strength - a.strength
    let scale = max(a.scale, b.scale)
    let steepness = (
      metric.steepness(weights: a.weights, from: a.strength, to: b.strength),
      metric.steepness(weights: b.weights, from: a.strength, to: b.strength)
    )
    if scale * min(steepness.0, steepness.1) * width <= Self.spacing { return nil }
    // factors that chi2 within the level allows are not much above those at the ends
    let fall = 1.5 * max(scale, 1)
    let least = StrengthMetric.leastChi(
      (max(a.statistic, 0).squareRoot(), max(b.statistic, 0).squareRoot()),
      fall: (fall * steepness.0, fall * steepness.1), width: width)
    let middle = a.strength + width / 2
    return least < level && a.strength < middle && middle < b.strength ? middle : nil
  }

  /// Six rounds of nine cuts leave 1e-4 of the interval between the neighbours of a low sample, one standard deviation wide:
  /// chi2 is off by 1e-8 at most.
  private func narrowed(
    _ signal: HypothesisSignal, _ metric: StrengthMetric?, _ samples: [Sample]
  ) throws -> Sample {
    let least = samples.map(\.statistic).min() ?? 0
    var best = samples.min { $0.statistic < $1.statistic } ?? samples[0]
    for index in samples.indices where samples[index].statistic <= least + Self.contenders {
      let low = max(index - 1, 0)
      let high = min(index + 1, samples.count - 1)
      guard samples[index].statistic <= min(samples[low].statistic, samples[high].statistic) else { continue }
      let found = try narrowed(signal, metric, bracket: Array(samples[low...high]))
      if found.statistic < best.statistic { best = found }
    }
    return best
  }

  private func narrowed(
    _ signal: HypothesisSignal, _ metric: StrengthMetric?, bracket: [Sample]
  ) throws -> Sample {
    var points = bracket
    for _ in 0..<6 {
      guard let index = points.indices.min(by: { points[$0].statistic < points[$1].statistic }) else { break }
      points = Array(points[max(index - 1, 0)...min(index + 1, points.count - 1)])
      guard let low = points.first?.strength, let high = points.last?.strength, low < high else { break }
      let inner = (1..<9).map { low + (high - low) * Double($0) / 9 }
        .filter { cut in points.allSatisfy { $0.strength != cut } }
      points = (points + (try samples(signal, metric, inner))).sorted { $0.strength < $1.strength }
    }
    return points.min { $0.statistic < $1.statistic } ?? bracket[0]
  }
}
