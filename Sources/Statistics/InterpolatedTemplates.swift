/// Signal templates between the masses they were computed for: cubic in ln m4 per bin, with three-point slopes, never negative.
package struct InterpolatedTemplates: Sendable {
  /// ln m4, ascending
  package let nodes: [Double]
  package let binCount: Int
  /// nodes x bins
  package let templates: [Double]
  private let slopes: [Double]

  /// - Parameters:
  ///   - nodes: ln m4, at least two, ascending
  ///   - templates: nodes x bins
  package init(nodes: [Double], templates: [Double]) throws(StatisticsError) {
    try requireDomain(
      nodes.count >= 2 && templates.count.isMultiple(of: nodes.count)
        && zip(nodes, nodes.dropFirst()).allSatisfy { $0 < $1 },
      "There are \(nodes.count) nodes and \(templates.count) template values",
      "two ascending nodes or more, with the same bins each")
    let bins = templates.count / nodes.count
    self.nodes = nodes
    self.templates = templates
    binCount = bins
    slopes = nodes.indices.flatMap { i in
      (0..<bins).map { b in
        // parabola through the node and its neighbours; at an end through the three last nodes
        let middle = min(max(i, 1), nodes.count - 2)
        func secant(_ k: Int) -> Double {
          (templates[(k + 1) * bins + b] - templates[k * bins + b]) / (nodes[k + 1] - nodes[k])
        }
        guard nodes.count > 2 else { return secant(0) }
        let (before, after) = (secant(middle - 1), secant(middle))
        let curvature = (after - before) / (nodes[middle + 1] - nodes[middle - 1])
        return before + curvature * (2 * nodes[i] - nodes[middle - 1] - nodes[middle])
      }
    }
  }

  /// Signal events per bin at ln m4, which is cut to the range of the nodes.
  package func signal(at logMass: Double) -> [Double] {
    var (low, high) = (0, nodes.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if nodes[middle] <= logMass { low = middle } else { high = middle }
    }
    let width = nodes[high] - nodes[low]
    let t = min(max((logMass - nodes[low]) / width, 0), 1)
    let s = 1 - t
    let weights = (s * s * (1 + 2 * t), s * s * t * width, t * t * (1 + 2 * s), -t * t * s * width)
    return (0..<binCount).map { b in
      let (i, j) = (low * binCount + b, high * binCount + b)
      return max(
        0, weights.0 * templates[i] + weights.1 * slopes[i] + weights.2 * templates[j] + weights.3 * slopes[j]
      )
    }
  }
}
