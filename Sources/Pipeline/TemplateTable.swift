import Foundation
import Statistics

/// Templates on as many masses as it takes to interpolate between them [UPS-49].
struct TemplateTable {
  let templates: InterpolatedTemplates
  /// Largest error seen at a mass between two nodes, summed over the bins, as a share of the events there. The nodes include that
  /// mass by now: what is left is smaller.
  let worstError: Double

  private static let firstNodes = 33
  private static let mostNodes = 1200
  private static let rounds = 12
  static let tolerance = 1e-3
  /// Masses whose signal is smaller than this share of the largest count as if they had it.
  private static let negligible = 1e-6

  init(_ model: FitModel, masses: ClosedRange<Double>) throws {
    let bins = model.plan.binCount
    let (low, high) = (log(masses.lowerBound), log(masses.upperBound))
    // ends exact, so that no node lies beyond the axis
    var nodes = (0..<Self.firstNodes).map { low + (high - low) * Double($0) / Double(Self.firstNodes - 1) }
    nodes[nodes.count - 1] = high
    var events = try model.templates(nodes.map { min(max(exp($0), masses.lowerBound), masses.upperBound) })
    func total(_ row: ArraySlice<Double>) -> Double { row.reduce(0) { $0 + abs($1) } }
    let largest = nodes.indices.map { total(events[$0 * bins..<($0 + 1) * bins]) }.max() ?? 0
    var waiting = zip(nodes, nodes.dropFirst()).map { ($0, $1) }
    var worst = 0.0
    for _ in 0..<Self.rounds where !waiting.isEmpty && nodes.count < Self.mostNodes {
      let interpolation = try InterpolatedTemplates(nodes: nodes, templates: events)
      let middles = waiting.map { ($0.0 + $0.1) / 2 }
      let exact = try model.templates(middles.map { exp($0) })
      worst = 0
      var next: [(Double, Double)] = []
      for (i, middle) in middles.enumerated() {
        let row = exact[i * bins..<(i + 1) * bins]
        let error = zip(row, interpolation.signal(at: middle)).reduce(0) { $0 + abs($1.0 - $1.1) }
        let relative = error / max(total(row), Self.negligible * largest, 1e-300)
        worst = max(worst, relative)
        if relative > Self.tolerance {
          next += [(waiting[i].0, middle), (middle, waiting[i].1)]
        }
      }
      var all = nodes.indices.map { (nodes[$0], Array(events[$0 * bins..<($0 + 1) * bins])) }
      all += middles.indices.map { (middles[$0], Array(exact[$0 * bins..<($0 + 1) * bins])) }
      all.sort { $0.0 < $1.0 }
      (nodes, events) = (all.map(\.0), all.flatMap(\.1))
      waiting = next
    }
    templates = try InterpolatedTemplates(nodes: nodes, templates: events)
    worstError = worst
  }
}
