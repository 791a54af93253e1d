import Experiments
import Foundation
import Numerical

/// Fractions of an arrival-time distribution in the time bins of a channel, with or without the time
/// efficiency [UPS-11].
struct TimeBinning: Sendable {
  /// Microseconds; empty when the channel has no time axis.
  let edges: [Double]
  let efficiency: TimeEfficiencySpec

  var binCount: Int { max(1, edges.count - 1) }

  /// One number per time bin: integral over the bin of the density times (when asked) the efficiency. A
  /// single 1 without a time axis.
  func masses(of distribution: TimeDistributionSpec, efficiencyApplies: Bool) throws(RateModelError)
    -> [Double]
  {
    guard edges.count >= 2 else { return [1] }
    let applied = efficiencyApplies ? efficiency : .unity
    switch distribution {
    case .histogram(let times, let masses):
      return bins { Self.histogramMass(times, masses, from: $0, to: $1, efficiency: applied) }
    case .exponential(let rate):
      let whole = Self.exponentialMass(
        rate: rate, from: max(0, edges[0]), to: edges[edges.count - 1], efficiency: .unity)
      guard whole > 0 else { return [Double](repeating: 0, count: binCount) }
      return bins { Self.exponentialMass(rate: rate, from: max(0, $0), to: $1, efficiency: applied) / whole }
    case .gaussianPulse(let center, let width, let delayed):
      return try pulseMasses(
        ArrivalDensity(center: center, width: width, delayed: delayed), efficiency: applied)
    }
  }

  private func bins(_ mass: (Double, Double) -> Double) -> [Double] {
    zip(edges, edges.dropFirst()).map(mass)
  }

  private func pulseMasses(
    _ density: ArrivalDensity, efficiency: TimeEfficiencySpec
  ) throws(RateModelError) -> [Double] {
    var cuts = density.breakTimes
    if case .delayedExponential(let start, _) = efficiency { cuts.append(start) }
    var masses: [Double] = []
    for (lower, upper) in zip(edges, edges.dropFirst()) {
      do throws(IntegrationError) {
        let estimate = try integrateAdaptively(
          lower, upper, breakpoints: cuts.filter { $0 > lower && $0 < upper }, relativeTolerance: 1e-13,
          absoluteTolerance: 1e-300, maximumIntervals: 2000
        ) { density.value(at: $0) * Self.efficiency(efficiency, at: $0) }
        masses.append(estimate.value)
      } catch {
        throw RateModelError(
          "The arrival times of a Gaussian pulse centred at \(density.center) us with width "
            + "\(density.width) us "
            + "cannot be integrated over \(lower) to \(upper) us: \(error). Check centre, width and time "
            + "edges."
        )
      }
    }
    return masses
  }

  /// epsilon(t): 1 before `start`, exp(-rate (t - start)) after [UPS-9].
  static func efficiency(_ spec: TimeEfficiencySpec, at t: Double) -> Double {
    switch spec {
    case .unity: 1
    case .delayedExponential(let start, let rate): t < start ? 1 : exp(-rate * (t - start))
    }
  }

  /// Integral of the efficiency over lower...upper, in closed form.
  static func efficiencyIntegral(_ spec: TimeEfficiencySpec, from lower: Double, to upper: Double) -> Double {
    guard upper > lower else { return 0 }
    guard case .delayedExponential(let start, let rate) = spec else { return upper - lower }
    let flat = max(0, min(upper, start) - lower)
    guard upper > start else { return flat }
    let from = max(lower, start)
    return flat + exp(-rate * (from - start)) * decayIntegral(rate: rate, length: upper - from)
  }

  /// (1 - exp(-rate length))/rate, which tends to `length` for a small rate.
  private static func decayIntegral(rate: Double, length: Double) -> Double {
    rate == 0 ? length : -expm1(-rate * length) / rate
  }

  private static func histogramMass(
    _ times: [Double], _ masses: [Double], from lower: Double, to upper: Double,
    efficiency: TimeEfficiencySpec
  ) -> Double {
    var sum = 0.0
    for (index, mass) in masses.enumerated() {
      let overlap = (max(lower, times[index]), min(upper, times[index + 1]))
      guard overlap.1 > overlap.0 else { continue }
      let width = times[index + 1] - times[index]
      sum += mass / width * efficiencyIntegral(efficiency, from: overlap.0, to: overlap.1)
    }
    return sum
  }

  /// Integral of exp(-r t) epsilon(t), in closed form; `spec` adds its rate after its start.
  private static func exponentialMass(
    rate: Double, from lower: Double, to upper: Double, efficiency spec: TimeEfficiencySpec
  ) -> Double {
    guard upper > lower else { return 0 }
    guard case .delayedExponential(let start, let extra) = spec, upper > start else {
      return exp(-rate * lower) * decayIntegral(rate: rate, length: upper - lower)
    }
    let from = max(lower, start)
    let early = exp(-rate * lower) * decayIntegral(rate: rate, length: from - lower)
    let late =
      exp(-rate * from - extra * (from - start)) * decayIntegral(rate: rate + extra, length: upper - from)
    return early + late
  }
}
