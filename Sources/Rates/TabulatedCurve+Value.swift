import Experiments

extension TabulatedCurve {
  /// The straight line of the segment that holds `anchor`, at x; nil where the anchor lies outside the nodes.
  func value(at x: Double, onBranchOf anchor: Double) -> Double? {
    guard let (low, part) = segment(of: anchor, at: x) else { return nil }
    return values[low] + part * (values[low + 1] - values[low])
  }

  /// The same, constant beyond the first and the last node.
  func clampedValue(at x: Double, onBranchOf anchor: Double) -> Double {
    if anchor < nodes[0] { return values[0] }
    return value(at: x, onBranchOf: anchor) ?? values[values.count - 1]
  }

  /// First and last node between which the curve is not zero; nil for a curve of zeros.
  var support: ClosedRange<Double>? {
    guard let first = values.firstIndex(where: { $0 > 0 }), let last = values.lastIndex(where: { $0 > 0 })
    else { return nil }
    return nodes[max(first - 1, 0)]...nodes[min(last + 1, nodes.count - 1)]
  }

  private func segment(of anchor: Double, at x: Double) -> (low: Int, part: Double)? {
    nodes.segment(of: anchor).map { ($0, (x - nodes[$0]) / (nodes[$0 + 1] - nodes[$0])) }
  }
}

extension ResponseMatrixSpec {
  /// Probability of each bin at recoil T (MeV), linear between the two nodes around `anchor`; nil where that lies outside
  /// the table.
  func probabilities(recoil T: Double, onBranchOf anchor: Double, bins: Int) -> [Double]? {
    guard let low = recoils.segment(of: anchor) else { return nil }
    let part = (T - recoils[low]) / (recoils[low + 1] - recoils[low])
    return (0..<bins).map { bin in
      let (a, b) = (probabilities[low * bins + bin], probabilities[(low + 1) * bins + bin])
      return a + part * (b - a)
    }
  }

  /// Recoils (MeV) between which some probability is not zero.
  func support(bins: Int) -> ClosedRange<Double>? {
    let largest = recoils.indices.map { probabilities[$0 * bins..<($0 + 1) * bins].max() ?? 0 }
    return TabulatedCurve(nodes: recoils, values: largest).support
  }
}

extension [Double] {
  /// Index of the interval between ascending nodes that holds x, ends included; nil outside.
  fileprivate func segment(of x: Double) -> Int? {
    guard count >= 2, x >= self[0], x <= self[count - 1] else { return nil }
    var (low, high) = (0, count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if self[middle] <= x { low = middle } else { high = middle }
    }
    return low
  }
}

extension GaussianResolution {
  /// sigma in keV at visible energy E (keV) [UPS-27].
  func width(at energy: Double) -> Double {
    let terms = (noise, stochastic * energy.squareRoot(), constant * energy)
    if noise == 0 && constant == 0 { return terms.1 }
    return switch combination {
    case .sum: terms.0 + terms.1 + terms.2
    case .quadrature: (terms.0 * terms.0 + terms.1 * terms.1 + terms.2 * terms.2).squareRoot()
    }
  }
}
