import Experiments
import Foundation

/// Probability that an event reconstructed at x passes the selection [UPS-9].
struct EnergyEfficiency: Sendable {
  let spec: EnergyEfficiencySpec

  /// epsilon(x), between 0 and whatever the file says; exactly 0 where the formula is negative or above its
  /// maximum.
  func value(at x: Double) -> Double {
    switch spec {
    case .unity: 1
    case .logistic(let a, let b, let c, let d, let maximum):
      x > maximum ? 0 : max(0, a / (1 + exp(-b * (x - c))) + d)
    case .table(let curve): curve.value(at: x, onBranchOf: x) ?? 0
    }
  }

  /// The smooth branch that holds `anchor`, continued to x: the logistic curve without its cuts, one segment of a table.
  func branchValue(at x: Double, anchor: Double) -> Double {
    switch spec {
    case .unity: 1
    case .logistic(let a, let b, let c, let d, _): a / (1 + exp(-b * (x - c))) + d
    case .table(let curve): curve.value(at: x, onBranchOf: anchor) ?? 0
    }
  }

  var isUnity: Bool { spec == .unity }

  /// Where the curve stops being smooth inside lo...hi: its zero and its maximum, or its nodes, ascending.
  func kinks(in range: ClosedRange<Double>) -> [Double] {
    if case .table(let curve) = spec {
      return curve.nodes.filter { $0 > range.lowerBound && $0 < range.upperBound }
    }
    guard case .logistic(let a, let b, let c, let d, let maximum) = spec else { return [] }
    let odds = -a / d - 1
    var kinks = [maximum]
    if d != 0, b != 0, odds > 0 { kinks.append(c - log(odds) / b) }
    return kinks.filter { $0 > range.lowerBound && $0 < range.upperBound }.sorted()
  }

  /// Points that cut lo...hi into pieces on which a Gauss rule sees the poles at c +- i pi/b from far enough.
  func smoothCuts(in range: ClosedRange<Double>) -> [Double] {
    guard case .logistic(_, let b, let c, _, _) = spec, b != 0 else { return [] }
    let step = 2 * Double.pi / abs(b)
    guard range.upperBound - range.lowerBound > step else { return [] }
    // Seven steps on either side the logistic is constant to 1e-17.
    return (-7...7).map { c + Double($0) * step }
      .filter { $0 > range.lowerBound && $0 < range.upperBound }
  }
}
