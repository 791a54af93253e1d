import Foundation
import Numerical

/// Quadrature of efficiency times smearing density over one bin of the reconstructed quantity [UPS-9]:
///
///     W = integral over the bin of epsilon(x) P(x | E_ee) dx
///
/// The bin is cut into panels on which epsilon is smooth. A panel on which ln P varies little uses fixed
/// nodes; one with a steep flank or a narrow peak is cut at the mode and trimmed to where P has fallen by
/// exp(-`trimDrop`), so that tails keep their relative accuracy.
struct SmearedBin: Sendable {
  private let panels: [SmearingPanel]

  init(lower: Double, upper: Double, efficiency: EnergyEfficiency) {
    panels = Self.cuts(lower: lower, upper: upper, efficiency: efficiency)
      .compactMap { SmearingPanel(lower: $0, upper: $1, efficiency: efficiency) }
  }

  func weight<Density: SmearingDensity>(_ density: Density) -> Double {
    var sum = 0.0
    for panel in panels { sum += panel.integral(density) }
    return sum
  }

  /// Panel edges: kinks of the efficiency, and geometric steps towards x = 0 where P ~ x^b has a branch
  /// point.
  private static func cuts(
    lower: Double, upper: Double, efficiency: EnergyEfficiency
  ) -> [(Double, Double)] {
    let range = lower...upper
    var edges = [lower, upper] + efficiency.kinks(in: range) + efficiency.smoothCuts(in: range)
    let smallest = lower > 0 ? lower : upper / 64
    var x = upper / 8
    while x > smallest {
      edges.append(x)
      x /= 8
    }
    if lower == 0 { edges.append(smallest) }
    edges.sort()
    return zip(edges, edges.dropFirst()).filter { $0 < $1 }
  }
}

/// One smooth piece of a bin with its fixed nodes.
struct SmearingPanel: Sendable {
  /// ln P may vary by this much over a panel whose mode lies outside before nodes are placed afresh ...
  private static let flankDrop = 50.0
  /// ... and by this much when the mode lies inside.
  private static let peakDrop = 15.0
  /// P below exp(-trimDrop) of its largest value in the panel is dropped.
  private static let trimDrop = 45.0
  private static let rule = GaussLegendre.rule(32)
  /// Next to x = 0 the substitution x = upper y^8 tames the branch point; it needs more nodes.
  private static let originRule = GaussLegendre.rule(64)

  private let lower: Double
  private let upper: Double
  private let efficiency: EnergyEfficiency
  private let nodes: [Double]
  private let logNodes: [Double]
  private let weights: [Double]

  /// nil where the efficiency is zero.
  init?(lower: Double, upper: Double, efficiency: EnergyEfficiency) {
    guard efficiency.value(at: 0.5 * (lower + upper)) > 0 else { return nil }
    self.lower = lower
    self.upper = upper
    self.efficiency = efficiency
    var points: [(x: Double, weight: Double)] = []
    Self.forEachNode(lower, upper) { points.append(($0, $1 * efficiency.value(at: $0))) }
    nodes = points.map(\.x)
    logNodes = points.map { log($0.x) }
    weights = points.map(\.weight)
  }

  func integral<Density: SmearingDensity>(_ density: Density) -> Double {
    let peak = min(max(density.mode, lower), upper)
    let top = logDensity(density, peak)
    let leftDrop = peak > lower ? top - logDensity(density, lower) : 0
    let rightDrop = peak < upper ? top - logDensity(density, upper) : 0
    let inside = peak > lower && peak < upper
    if max(leftDrop, rightDrop) <= (inside ? Self.peakDrop : Self.flankDrop) {
      return fixedIntegral(density)
    }
    guard top > -800 else { return 0 }  // below the smallest number a Double can hold
    if lower == 0 { return originIntegral(density, peak: peak, top: top) }
    return trimmedIntegral(density, from: peak, to: lower, top: top)
      + trimmedIntegral(density, from: peak, to: upper, top: top)
  }

  private func logDensity<Density: SmearingDensity>(_ density: Density, _ x: Double) -> Double {
    density.logValue(x, logX: log(x))
  }

  private func fixedIntegral<Density: SmearingDensity>(_ density: Density) -> Double {
    var sum = 0.0
    for i in nodes.indices {
      sum += weights[i] * exp(density.logValue(nodes[i], logX: logNodes[i]))
    }
    return sum
  }

  /// Integral over a panel that starts at x = 0, where P ~ x^b: from 0 in the substituted variable, unless P
  /// has already died out well before 0.
  private func originIntegral<Density: SmearingDensity>(_ density: Density, peak: Double, top: Double)
    -> Double
  {
    let cut = trim(density, from: peak, to: upper, top: top)
    let early = cut / 64
    if early < peak, top - logDensity(density, early) > Self.trimDrop {
      return trimmedIntegral(density, from: peak, to: early, top: top)
        + trimmedIntegral(density, from: peak, to: cut, top: top)
    }
    var sum = 0.0
    Self.forEachNode(0, cut) { x, weight in
      sum += weight * efficiency.value(at: x) * exp(logDensity(density, x))
    }
    return sum
  }

  /// Integral between the peak and one end, cut where the density has fallen far enough.
  private func trimmedIntegral<Density: SmearingDensity>(
    _ density: Density, from peak: Double, to end: Double, top: Double
  ) -> Double {
    guard peak != end else { return 0 }
    let cut = trim(density, from: peak, to: end, top: top)
    var sum = 0.0
    Self.forEachNode(min(peak, cut), max(peak, cut)) { x, weight in
      sum += weight * efficiency.value(at: x) * exp(logDensity(density, x))
    }
    return sum
  }

  /// A point between peak and end where ln P has fallen by `trimDrop` to 1.3 times that, or the end.
  private func trim<Density: SmearingDensity>(
    _ density: Density, from peak: Double, to end: Double, top: Double
  ) -> Double {
    guard !(top - logDensity(density, end) <= 1.3 * Self.trimDrop) else { return end }
    var (near, far) = (peak, end)
    for _ in 0..<200 {
      let middle = 0.5 * (near + far)
      let drop = top - logDensity(density, middle)
      if drop >= Self.trimDrop && drop <= 1.3 * Self.trimDrop { return middle }
      if drop < Self.trimDrop { near = middle } else { far = middle }
    }
    return far
  }

  /// Nodes and weights of the rule mapped to lower...upper, in x.
  private static func forEachNode(_ lower: Double, _ upper: Double, _ body: (Double, Double) -> Void) {
    if lower > 0 {
      let (half, center) = (0.5 * (upper - lower), 0.5 * (upper + lower))
      for (node, weight) in zip(rule.nodes, rule.weights) { body(center + half * node, half * weight) }
      return
    }
    for (node, weight) in zip(originRule.nodes, originRule.weights) {
      let y = 0.5 * (1 + node)
      let sixth = y * y * y * y * y * y
      body(upper * sixth * y * y, upper * 4 * sixth * y * weight)
    }
  }
}
