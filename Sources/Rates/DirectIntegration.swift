import Foundation
import Numerical

/// Expected events per energy bin with an estimate of the absolute error of each.
package struct DirectCounts: Hashable, Sendable {
  package var values: [Double]
  package var errors: [Double]
  package init(values: [Double], errors: [Double]) {
    self.values = values
    self.errors = errors
  }
}

/// How the integral over neutrino energy inside a direct count is done.
package enum InnerIntegral: Hashable, Sendable {
  /// closed form, from the flux moments
  case moments
  /// adaptive quadrature, to this relative tolerance
  case quadrature(relativeTolerance: Double)
}

/// Adaptive integration over the recoil energy, in ln T and cut at every known kink [UPS-10]: slow,
/// independent of every plan, and with an error estimate.
package struct DirectIntegration: Sendable {
  package let response: DetectorResponse
  package var relativeTolerance = 1e-11
  package var innerIntegral = InnerIntegral.moments

  package init(response: DetectorResponse) { self.response = response }

  /// N_i = integral of W_i(T) dR/dT over T, summed over the terms.
  package func counts(_ terms: [RateTerm]) throws(IntegrationError) -> DirectCounts {
    var counts = DirectCounts(
      values: [Double](repeating: 0, count: response.binCount),
      errors: [Double](repeating: 0, count: response.binCount))
    for kind in [RecoilKind.nuclear, .electron] {
      try add(terms.filter { $0.recoilKind == kind }, kind, to: &counts)
    }
    return counts
  }

  private func add(
    _ terms: [RateTerm], _ kind: RecoilKind, to counts: inout DirectCounts
  ) throws(IntegrationError) {
    guard let window = window(of: terms, kind) else { return }
    let cuts = cuts(of: terms, kind, in: window)
    let smallest = 1e-20 * roughTotal(terms, window)
    for bin in 0..<response.binCount {
      let estimate = try integrate(window, cuts, absoluteTolerance: smallest) {
        (T) throws(IntegrationError) in
        let weight = response.weight(recoil: T, kind: kind, bin: bin)
        return weight > 0 ? try weight * rate(terms, T) : 0
      }
      counts.values[bin] += estimate.value
      counts.errors[bin] += estimate.error
    }
  }

  /// Integral of f(T) dT over the window, done in ln T; the first failure inside the integrand is thrown.
  private func integrate(
    _ window: ClosedRange<Double>, _ cuts: [Double], absoluteTolerance: Double,
    _ f: (Double) throws(IntegrationError) -> Double
  ) throws(IntegrationError) -> IntegralEstimate {
    var failure: IntegrationError?
    let estimate = try integrateAdaptively(
      log(window.lowerBound), log(window.upperBound), breakpoints: cuts.map { log($0) },
      relativeTolerance: relativeTolerance, absoluteTolerance: absoluteTolerance, maximumIntervals: 20_000
    ) { logT in
      let T = exp(logT)
      guard failure == nil else { return 0 }
      do throws(IntegrationError) {
        return try T * f(T)
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return estimate
  }

  private func rate(_ terms: [RateTerm], _ T: Double) throws(IntegrationError) -> Double {
    var sum = 0.0
    for term in terms {
      switch innerIntegral {
      case .moments: sum += term.differentialRate(recoil: T)
      case .quadrature(let tolerance):
        sum += try term.differentialRateByQuadrature(recoil: T, relativeTolerance: tolerance).value
      }
    }
    return sum
  }

  /// Recoils that some term reaches and the detector sees.
  private func window(of terms: [RateTerm], _ kind: RecoilKind) -> ClosedRange<Double>? {
    let reached = terms.compactMap(\.recoilRange)
    guard let lowest = reached.map(\.lowerBound).min(), let highest = reached.map(\.upperBound).max(),
      let seen = response.support(kind)
    else { return nil }
    let lower = max(lowest, seen.lowerBound, response.recoilFloor(kind))
    let upper = min(highest, seen.upperBound)
    return lower < upper ? lower...upper : nil
  }

  /// Kinks of the rate, edges of the response, and a cut every factor e^(1/2) so that no peak hides between
  /// nodes.
  private func cuts(of terms: [RateTerm], _ kind: RecoilKind, in window: ClosedRange<Double>) -> [Double] {
    var cuts = terms.flatMap(\.breakRecoils) + response.breakRecoils(kind, in: window)
    var T = window.lowerBound * exp(0.5)
    while T < window.upperBound {
      cuts.append(T)
      T *= exp(0.5)
    }
    return Set(cuts.filter { $0 > window.lowerBound && $0 < window.upperBound }).sorted()
  }

  /// Events the window would hold with perfect detection, to a few per cent: sets the scale of what is
  /// negligible.
  private func roughTotal(_ terms: [RateTerm], _ window: ClosedRange<Double>) -> Double {
    let count = 256
    let step = log(window.upperBound / window.lowerBound) / Double(count)
    var sum = 0.0
    for i in 0..<count {
      let T = window.lowerBound * exp((Double(i) + 0.5) * step)
      for term in terms { sum += abs(term.differentialRate(recoil: T)) * T * step }
    }
    return sum
  }
}
