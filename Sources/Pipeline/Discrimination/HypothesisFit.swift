import Foundation
import ScanCore
import Statistics

/// The best fit of a model to one data set, over the pulls, its coupling and its mass.
package struct HypothesisFit: Sendable {
  /// At one mass.
  struct AtMass: Sendable {
    var signal: HypothesisSignal
    var strength: Double
    var statistic: Double
    /// eta_k
    var pulls: [Double]
    /// Where the statistic was sampled: strengths, ascending, and its values; for models that interfere.
    var sampled: [(strength: Double, statistic: Double)] = []
  }

  var best: AtMass
  /// On the masses of the hypothesis.
  var masses: [AtMass]

  package var mass: Double { best.signal.mass }
  package var strength: Double { best.strength }
  package var statistic: Double { best.statistic }
  package var pulls: [Double] { best.pulls }
  /// By how much chi2 on the masses of the hypothesis lies above the minimum between them.
  package var massAxisLoss: Double { (masses.map(\.statistic).min() ?? best.statistic) - best.statistic }

  /// The best mass is the first or last of several: the minimum may lie beyond.
  package var isAtAxisEnd: Bool {
    guard masses.count > 1, best.strength != 0 else { return false }
    return [masses.first, masses.last].contains { abs(($0?.statistic ?? .infinity) - best.statistic) < 1e-6 }
  }
}

/// Finds best fits through `profile` and `minima` of a loaded likelihood [UPS-50].
struct HypothesisFitter {
  let hypothesis: Hypothesis
  let likelihood: any LoadedJoint
  /// one set
  let data: JointData

  /// Standard deviations between sampled strengths.
  static let stepSize = 0.5
  /// Strengths are sampled up to this chi2 above the least.
  static let reach = 64.0
  private static let chunk = 32
  private static let mostSteps = 1024
  private static let massCuts = 14
  /// Below this there is nothing left to refine.
  private static let negligible = 1e-9

  func run() throws -> HypothesisFit {
    let fits = try hypothesis.masses.map { try fit(mass: $0) }
    guard let first = fits.indices.min(by: { fits[$0].statistic < fits[$1].statistic }) else {
      throw RequestError("\(hypothesis.label): no masses to fit it at. Give at least one.")
    }
    var best = fits[first]
    if fits.count > 1, best.statistic > Self.negligible, best.strength != 0 {
      let (low, high) = (max(first - 1, 0), min(first + 1, fits.count - 1))
      best = try refined(best, from: hypothesis.masses[low], to: hypothesis.masses[high])
    }
    return HypothesisFit(best: best, masses: fits)
  }

  /// Golden sections in ln m (in m where the interval begins at zero).
  private func refined(
    _ start: HypothesisFit.AtMass, from low: Double, to high: Double
  ) throws -> HypothesisFit.AtMass {
    let logarithmic = low > 0
    func place(_ mass: Double) -> Double { logarithmic ? log(mass) : mass }
    func mass(_ place: Double) -> Double { logarithmic ? exp(place) : place }
    let golden = (5.0.squareRoot() - 1) / 2
    var (a, b) = (place(low), place(high))
    var (c, d) = (b - golden * (b - a), a + golden * (b - a))
    var (left, right) = (try fit(mass: mass(c)), try fit(mass: mass(d)))
    var best = start
    for _ in 0..<Self.massCuts {
      for trial in [left, right] where trial.statistic < best.statistic { best = trial }
      if left.statistic <= right.statistic {
        (b, d, right) = (d, c, left)
        c = b - golden * (b - a)
        left = try fit(mass: mass(c))
      } else {
        (a, c, left) = (c, d, right)
        d = a + golden * (b - a)
        right = try fit(mass: mass(d))
      }
    }
    return best
  }

  private func fit(mass: Double) throws -> HypothesisFit.AtMass {
    let signal = try hypothesis.signal(mass: mass)
    guard signal.additive == nil else {
      let minimum = try likelihood.minima(
        JointSearch(rows: 0..<1), data: data, templates: signal.additive ?? [])
      try requireConverged(minimum.unconverged, mass)
      return HypothesisFit.AtMass(
        signal: signal, strength: minimum.strength[0], statistic: minimum.statistic[0], pulls: minimum.pulls)
    }
    return try interferingFit(signal)
  }

  private func requireConverged(_ unconverged: Int, _ mass: Double) throws(BackendError) {
    if unconverged == 0 { return }
    throw BackendError(
      .deviceFailure,
      "\(hypothesis.label): the pulls of \(unconverged) points at mass \(mass) MeV did not converge, so that no minimum is stated. "
        + "Run with --backend reference, and report the case.")
  }

  // MARK: - Interference

  private struct Sample {
    var strength: Double
    var statistic: Double
    var pulls: [Double]
  }

  private func samples(_ signal: HypothesisSignal, _ strengths: [Double]) throws -> [Sample] {
    let templates = try strengths.flatMap { try signal.events(strength: $0) }
    let points = strengths.indices.map { JointPoint(set: 0, row: $0, strength: 1) }
    let result = try likelihood.profile(points, data: data, templates: templates)
    try requireConverged(result.unconverged, signal.mass)
    let pulls = result.pulls.count / max(strengths.count, 1)
    return strengths.indices.map {
      Sample(
        strength: strengths[$0], statistic: result.statistic[$0],
        pulls: Array(result.pulls[$0 * pulls..<($0 + 1) * pulls]))
    }
  }

  /// Samples the statistic from zero outwards, on both sides where the coupling has a sign, and narrows the lowest minimum.
  private func interferingFit(_ signal: HypothesisSignal) throws -> HypothesisFit.AtMass {
    var known = try samples(signal, [0])
    if let step = signal.step(
      observed: data.observed, variance: hypothesis.joint.plan.variance, size: Self.stepSize)
    {
      for side in hypothesis.isSigned ? [1.0, -1.0] : [1.0] {
        known += try walk(signal, step, side: side, zero: known[0])
      }
    }
    known.sort { $0.strength < $1.strength }
    let sampled = known.map { (strength: $0.strength, statistic: $0.statistic) }
    let best = try narrowed(signal, known)
    return HypothesisFit.AtMass(
      signal: signal, strength: best.strength, statistic: best.statistic, pulls: best.pulls, sampled: sampled)
  }

  private func walk(
    _ signal: HypothesisSignal, _ step: StrengthStep, side: Double, zero: Sample
  ) throws -> [Sample] {
    var found: [Sample] = []
    var u = 0.0
    var lowest = zero.statistic
    while found.count < Self.mostSteps {
      var strengths: [Double] = []
      for _ in 0..<Self.chunk {
        u += side * step.length(at: u)
        strengths.append(u)
      }
      let more = try samples(signal, strengths)
      found += more
      lowest = min(lowest, more.map(\.statistic).min() ?? lowest)
      let isBeyond = (found.last?.statistic ?? 0) > lowest + Self.reach
      if isBeyond && abs(u) > 2.5 * step.turningPoint { break }
    }
    return found
  }

  /// Four rounds of nine cuts leave 0.1 % of the interval between the neighbours of the lowest sample, one standard deviation wide:
  /// chi2 is off by 1e-6 at most.
  private func narrowed(_ signal: HypothesisSignal, _ samples: [Sample]) throws -> Sample {
    var points = samples
    for _ in 0..<4 {
      guard let index = points.indices.min(by: { points[$0].statistic < points[$1].statistic }) else { break }
      let bracket = points[max(index - 1, 0)...min(index + 1, points.count - 1)]
      guard let low = bracket.first?.strength, let high = bracket.last?.strength, low < high else { break }
      let inner = (1..<9).map { low + (high - low) * Double($0) / 9 }
        .filter { cut in bracket.allSatisfy { $0.strength != cut } }
      points = (try self.samples(signal, inner) + bracket).sorted { $0.strength < $1.strength }
    }
    return points.min { $0.statistic < $1.statistic } ?? samples[0]
  }
}
