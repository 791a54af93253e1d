import Foundation
import ScanCore

/// Makes the responses of a synthetic rate plan move with invented pulls, with functions of the recoil known in closed
/// form [UPS-19]:
///
///     x_0 = 0.1 T (T/T_ref)^0.2,   x_k = width_k x_0 (1 + 0.3 sin((k + 1) v))
///     g = height exp(-steepness_r(v) theta_r), cut after the power factorDegree;  S_i bells in ln x
struct SyntheticPulls {
  /// Width of each parameter's effect on the visible energy; 0 for none.
  var energyWidths: [Double]
  var factorDegree = 0
  var factorParameter = 0
  /// d ln g / dtheta at the reference recoil
  var steepness = 0.05
  /// One response and smearing table per channel instead of one for all.
  var isPerChannel = false
  var smearingRows = 160
  /// How far the smearing table reaches beyond the images of the recoil window, in ln x; negative: held inside them.
  var margin = 2.0

  func plan(for rates: RatePlan) -> PulledRatePlan {
    let rates = ratePlan(rates, at: energyWidths.map { _ in 0 })
    let curves = rates.responses.indices.map { self.curves(of: rates, $0) }
    return PulledRatePlan(
      rates: rates, parameterCount: energyWidths.count,
      responses: rates.responses.indices.map { response(curves[$0], rates.responses[$0], smearing: $0) },
      smearings: curves.map { smearing($0, bins: rates.binCount) })
  }

  /// The rate plan whose responses are tabulated at fixed theta: what the moving one should give there, apart from
  /// interpolation. For visible energies that stay above zero.
  func ratePlan(_ rates: RatePlan, at theta: [Double]) -> RatePlan {
    var rates = rates
    if isPerChannel {
      rates.responses = rates.channels.map { rates.responses[$0.response] }
      for index in rates.channels.indices { rates.channels[index].response = index }
    }
    for index in rates.responses.indices {
      rates.responses[index].values = values(
        curves(of: rates, index), rates.responses[index], bins: rates.binCount, at: theta)
    }
    return rates
  }

  /// The functions of one response table; the tables of a plan differ in their heights.
  private func curves(of rates: RatePlan, _ index: Int) -> Curves {
    let table = rates.responses[index]
    let isContact = rates.channels.contains { $0.response == index && $0.process.isContact }
    return Curves(
      pulls: self, reference: table.referenceRecoil, height: 1 - 0.2 * Double(index),
      includesRecoil: isContact,
      first: table.firstLog, last: table.firstLog + table.logStep * Double(table.rowCount - 1))
  }

  private func values(
    _ curves: Curves, _ table: ResponseTable, bins: Int, at theta: [Double]
  ) -> [Double] {
    let argument = factorDegree > 0 ? theta[factorParameter] : 0
    return (0..<table.rowCount).flatMap { row -> [Double] in
      let v = table.firstLog + table.logStep * Double(row)
      let factor = (0...factorDegree).reversed().reduce(0) { $0 * argument + curves.factor($1, at: v) }
      let energy = theta.indices.reduce(curves.energy(at: v)) { $0 + theta[$1] * curves.shift($1, at: v) }
      return (0..<bins).map { factor * curves.smearing($0, of: bins, at: log(energy)) }
    }
  }

  private func response(_ curves: Curves, _ table: ResponseTable, smearing: Int) -> PulledResponse {
    let rows = (0..<table.rowCount).map { table.firstLog + table.logStep * Double($0) }
    return PulledResponse(
      visibleEnergy: rows.flatMap { v in
        [curves.energy(at: v)] + energyWidths.indices.map { curves.shift($0, at: v) }
      },
      factor: rows.flatMap { v in (0...factorDegree).map { curves.factor($0, at: v) } },
      factorDegree: factorDegree, factorParameter: factorParameter, smearing: smearing)
  }

  private func smearing(_ curves: Curves, bins: Int) -> SmearingTable {
    let (low, high) = (curves.logRange.lowerBound - margin, curves.logRange.upperBound + margin)
    let step = (high - low) / Double(smearingRows - 1)
    let values = (0..<smearingRows).flatMap { row in
      (0..<bins).map { curves.smearing($0, of: bins, at: low + step * Double(row)) }
    }
    return SmearingTable(firstLog: low, logStep: step, rowCount: smearingRows, values: values)
  }

  private struct Curves {
    let pulls: SyntheticPulls
    let reference: Double
    let height: Double
    /// The factor of a contact channel holds the measure T.
    let includesRecoil: Bool
    let first: Double
    let last: Double

    func energy(at v: Double) -> Double { 0.1 * reference * exp(1.2 * v) }

    func shift(_ k: Int, at v: Double) -> Double {
      pulls.energyWidths[k] * energy(at: v) * (1 + 0.3 * sin(Double(k + 1) * v))
    }

    /// Coefficient of theta_r^n.
    func factor(_ n: Int, at v: Double) -> Double {
      let slope = -pulls.steepness * exp(0.3 * v)
      let power = (1..<n + 1).reduce(1) { $0 * slope / Double($1) }
      return height * (includesRecoil ? exp(v) : 1) * power
    }

    /// Images of the recoil window in ln x.
    var logRange: ClosedRange<Double> { log(energy(at: first))...log(energy(at: last)) }

    func smearing(_ bin: Int, of bins: Int, at u: Double) -> Double {
      let length = logRange.upperBound - logRange.lowerBound
      let width = max(0.8 * length / Double(bins), 0.1)
      let offset = (u - logRange.lowerBound - length * (Double(bin) + 0.5) / Double(bins)) / width
      return (0.4 + 0.6 / Double(bin + 1)) * exp(-offset * offset / 2)
    }
  }
}
