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
  /// Ascending: the masses of the hypothesis, and those the fit added.
  var masses: [AtMass]

  package var mass: Double { best.signal.mass }
  package var strength: Double { best.strength }
  package var statistic: Double { best.statistic }
  package var pulls: [Double] { best.pulls }
  /// What the spacing of the masses may cost data whose best mass lies between two of them [UPS-50].
  package var massAxisLoss: Double { massIntervals.map(\.loss).max() ?? 0 }

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

  /// Strengths are sampled where chi2 may be up to this above the least.
  static let reach = 64.0
  /// While a mass is sought.
  private static let closeReach = 4.0
  private static let massCuts = 14
  /// Minima on the axis that are followed between its masses.
  private static let followedMinima = 3
  private static let axisRounds = 8
  private static let mostAddedMasses = 60
  /// Below this there is nothing left to refine.
  private static let negligible = 1e-9

  func run() throws -> HypothesisFit {
    let fits = try hypothesis.masses.map { try fit(mass: $0, reach: Self.reach) }
    guard var best = fits.min(by: { $0.statistic < $1.statistic }) else {
      throw RequestError("\(hypothesis.label): no masses to fit it at. Give at least one.")
    }
    if fits.count > 1, best.statistic > Self.negligible, best.strength != 0 {
      for index in minima(fits) {
        let (low, high) = (max(index - 1, 0), min(index + 1, fits.count - 1))
        let found = try refined(fits[index], from: hypothesis.masses[low], to: hypothesis.masses[high])
        if found.statistic < best.statistic { best = found }
      }
    }
    var result = HypothesisFit(best: best, masses: fits)
    if hypothesis.addsMasses { try addMasses(&result) }
    return result
  }

  /// The lowest of the local minima over masses, lowest first.
  private func minima(_ fits: [HypothesisFit.AtMass]) -> [Int] {
    let found = fits.indices.filter { index in
      fits[index].strength != 0 && (index == 0 || fits[index].statistic <= fits[index - 1].statistic)
        && (index == fits.count - 1 || fits[index].statistic <= fits[index + 1].statistic)
    }
    return Array(found.sorted { fits[$0].statistic < fits[$1].statistic }.prefix(Self.followedMinima))
  }

  /// Halves the intervals of the mass axis that cost too much.
  private func addMasses(_ result: inout HypothesisFit) throws {
    guard result.masses.count > 1, result.best.strength != 0 else { return }
    let count = result.masses.count + Self.mostAddedMasses
    if !result.masses.contains(where: { $0.signal.mass == result.mass }) {
      result.masses.append(try fit(mass: result.mass, reach: Self.reach))
    }
    for _ in 0..<Self.axisRounds {
      result.masses.sort { $0.signal.mass < $1.signal.mass }
      let cuts = result.massIntervals.filter { $0.loss > HypothesisFit.acceptedLoss }
      if cuts.isEmpty { return }
      for cut in cuts where result.masses.count < count {
        let more = try fit(mass: cut.middle, reach: Self.reach)
        if more.statistic < result.best.statistic { result.best = more }
        result.masses.append(more)
      }
    }
    result.masses.sort { $0.signal.mass < $1.signal.mass }
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
    var (left, right) = (
      try fit(mass: mass(c), reach: Self.closeReach), try fit(mass: mass(d), reach: Self.closeReach)
    )
    var best = start
    for _ in 0..<Self.massCuts {
      for trial in [left, right] where trial.statistic < best.statistic { best = trial }
      if left.statistic <= right.statistic {
        (b, d, right) = (d, c, left)
        c = b - golden * (b - a)
        left = try fit(mass: mass(c), reach: Self.closeReach)
      } else {
        (a, c, left) = (c, d, right)
        d = a + golden * (b - a)
        right = try fit(mass: mass(d), reach: Self.closeReach)
      }
    }
    return best
  }

  private func fit(mass: Double, reach: Double) throws -> HypothesisFit.AtMass {
    let signal = try hypothesis.signal(mass: mass)
    guard signal.additive == nil else {
      let minimum = try likelihood.minima(
        JointSearch(rows: 0..<1), data: data, templates: signal.additive ?? [])
      try requireConverged(minimum.unconverged, mass)
      return HypothesisFit.AtMass(
        signal: signal, strength: minimum.strength[0], statistic: minimum.statistic[0], pulls: minimum.pulls)
    }
    return try interferingFit(signal, reach: reach)
  }

  func requireConverged(_ unconverged: Int, _ mass: Double) throws(BackendError) {
    if unconverged == 0 { return }
    throw BackendError(
      .deviceFailure,
      "\(hypothesis.label): the pulls of \(unconverged) points at mass \(mass) MeV did not converge, so that no minimum is stated. "
        + "Run with --backend reference, and report the case.")
  }
}
