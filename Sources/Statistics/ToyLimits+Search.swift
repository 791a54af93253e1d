import Foundation
import ScanCore

/// The root finding of limits from toys.
extension ToyLimits {
  /// The way from the best strength of a row up or down.
  struct Side {
    var index: Int
    var start: Start
    var isUpper: Bool
    var distance: Double
    var largest: Double

    func strength(_ way: Double) -> Double { max(start.best + (isUpper ? way : -way), 0) }
  }

  struct Share {
    var value: Double
    var error: Double
  }

  struct Search {
    let limits: ToyLimits
    /// By the index of the start.
    var problems: [Int: String] = [:]

    init(_ limits: ToyLimits) { self.limits = limits }

    /// Ends by the index of their start.
    mutating func crossings(_ sides: [Side]) throws -> [Int: ToyLimit.End] {
      let target = log1p(-limits.level)
      let ways = try CrossingSearch(tolerance: ToyLimits.tolerance).crossings(
        sides.map { CrossingSearch.Curve(start: 0, scale: $0.distance, largest: $0.largest) }
      ) { indices, ways throws(any Error) in
        let values = try self.values(
          zip(indices, ways).map {
            (index: sides[$0].index, row: sides[$0].start.row, strength: sides[$0].strength($1))
          })
        // a row that states nothing is done
        return values.map { $0.map { target - log($0.value) } ?? 0 }
      }
      let found = sides.indices.filter { ways[$0] != nil && problems[sides[$0].index] == nil }
      return try ends(found.map { (sides[$0], ways[$0] ?? 0) })
    }

    private mutating func ends(_ found: [(side: Side, way: Double)]) throws -> [Int: ToyLimit.End] {
      let around = found.map { side, way in
        [0, -ToyLimits.step, ToyLimits.step].map { side.strength(way * (1 + $0)) }
      }
      let values = try self.values(
        zip(found, around).flatMap { entry, strengths in
          strengths.map { (index: entry.side.index, row: entry.side.start.row, strength: $0) }
        })
      var ends: [Int: ToyLimit.End] = [:]
      for (n, entry) in found.enumerated() {
        let strengths = around[n]
        guard let here = values[3 * n], let near = values[3 * n + 1], let far = values[3 * n + 2] else {
          continue
        }
        let slope = (near.value - far.value) / abs(strengths[2] - strengths[1])
        let error = slope > 0 ? here.error / slope : .infinity
        ends[entry.side.index] = ToyLimit.End(
          strength: strengths[0],
          range: error.isFinite ? max(strengths[0] - error, 0)...strengths[0] + error : nil)
      }
      return ends
    }

    /// What crosses 1 - CL, at each hypothesis; nil where nothing is stated.
    mutating func values(
      _ wanted: [(index: Int, row: Int, strength: Double)]
    ) throws -> [Share?] {
      if wanted.isEmpty { return [] }
      let hypotheses = wanted.map { JointHypothesis(row: $0.row, strength: $0.strength) }
      let found = try limits.evaluate(hypotheses)
      for (wanted, answer) in zip(wanted, found) {
        if case .failure(let error) = answer { problems[wanted.index] = error.message }
      }
      return found.map { try? $0.get() }
    }
  }
}
