import ScanCore
import Synchronization

/// Pulled rates by interpolation between templates (vertical morphing) [UPS-20]: per mass the rates at theta = 0 and at
/// -1 and 1 of every parameter, combined bin by bin as
///
///     N(theta) = N(0) + sum_k phi_k(theta_k),   phi(t) = a t^2 + b t             for |t| <= 1
///                                               phi(t) = (b +- 2a)(t -+ 1) + a +- b   beyond +-1
///     a = (N_k(1) + N_k(-1)) / 2 - N(0),   b = (N_k(1) - N_k(-1)) / 2
///
/// quadratic inside, linear outside, continuous with its slope: interpolation code 2 of HistFactory
/// (K. Cranmer et al., CERN-OPEN-2012-016). Additive in the parameters. Exact at the templates only; a scan measures the
/// rest against exact rates.
package final class MorphedRates: LoadedPulledRates {
  private let exact: any LoadedPulledRates
  private let parameterCount: Int
  /// components x bins
  private let values: Int
  private let cache = Mutex<[Double: [Double]]>([:])

  /// - Parameters:
  ///   - exact: the rates of `plan`
  package init(_ exact: any LoadedPulledRates, plan: PulledRatePlan) {
    self.exact = exact
    parameterCount = plan.parameterCount
    values = plan.rates.valuesPerMass
  }

  package func evaluate(masses: [Double], pulls: [Double]) throws(BackendError) -> [Double] {
    let templates = try templates(masses)
    let stride = (1 + parameterCount) * values
    var result = [Double](repeating: 0, count: masses.count * stride)
    for (request, mass) in masses.enumerated() {
      guard let template = templates[mass] else { continue }
      let start = request * stride
      for i in 0..<values { result[start + i] = template[i] }
      for k in 0..<parameterCount {
        let t = pulls[request * parameterCount + k]
        let inside = min(max(t, -1), 1)
        let (linear, square) = ((1 + 2 * k) * values, (2 + 2 * k) * values)
        for i in 0..<values {
          let (b, a) = (template[linear + i], template[square + i])
          let slope = b + 2 * a * inside
          // the quadratic up to +-1, then its tangent
          result[start + i] += inside * (b + a * inside) + (t - inside) * slope
          result[start + (k + 1) * values + i] = slope
        }
      }
    }
    return result
  }

  /// N(0), then b and a of every parameter, by mass; what is missing is evaluated in one batch.
  private func templates(_ masses: [Double]) throws(BackendError) -> [Double: [Double]] {
    // only what is asked for: a copy of all would be let go of while others add to it
    let known = cache.withLock { cache in
      Dictionary(masses.compactMap { mass in cache[mass].map { (mass, $0) } }) { first, _ in first }
    }
    let missing = Array(Set(masses.filter { known[$0] == nil })).sorted()
    if missing.isEmpty { return known }
    let settings = 1 + 2 * parameterCount
    var pulls = [Double](repeating: 0, count: settings * parameterCount)
    for k in 0..<parameterCount {
      pulls[(1 + 2 * k) * parameterCount + k] = 1
      pulls[(2 + 2 * k) * parameterCount + k] = -1
    }
    let rates = try exact.evaluate(
      masses: missing.flatMap { mass in (0..<settings).map { _ in mass } },
      pulls: missing.flatMap { _ in pulls })
    let stride = (1 + parameterCount) * values
    var made: [Double: [Double]] = [:]
    for (index, mass) in missing.enumerated() {
      func rate(_ setting: Int, _ i: Int) -> Double { rates[(index * settings + setting) * stride + i] }
      var template = (0..<values).map { rate(0, $0) }
      for k in 0..<parameterCount {
        template += (0..<values).map { 0.5 * (rate(1 + 2 * k, $0) - rate(2 + 2 * k, $0)) }
        template += (0..<values).map { 0.5 * (rate(1 + 2 * k, $0) + rate(2 + 2 * k, $0)) - rate(0, $0) }
      }
      made[mass] = template
    }
    cache.withLock { $0.merge(made) { old, _ in old } }
    return known.merging(made) { old, _ in old }
  }
}
