/// A finished piece of a long calculation: numbers by name.
package struct StoredTile: Hashable, Sendable {
  /// Rows, points: what the calculation counts.
  package var range: Range<Int>
  package var arrays: [String: [Double]]

  package init(range: Range<Int>, arrays: [String: [Double]]) {
    self.range = range
    self.arrays = arrays
  }
}

/// A stage of a calculation, and those of its arrays that hold the same numbers however it is cut into pieces.
package struct RunStage: Hashable, Sendable {
  package var name: String
  package var arrays: [String]

  package init(_ name: String, arrays: [String]) {
    self.name = name
    self.arrays = arrays
  }
}

/// Keeps finished pieces so that they survive the process. A calculation has one stage or several, each with its own ranges.
///
/// Safe to use from several threads.
package protocol TileStore: Sendable {
  /// Ranges of the pieces that are kept, ascending, none overlapping.
  func finished(_ stage: String) throws -> [Range<Int>]
  /// The piece that begins at `first`; one of `finished`.
  func tile(_ stage: String, from first: Int) throws -> StoredTile
  /// Keeps a piece; durable when this returns.
  func save(_ tile: StoredTile, as stage: String) throws
}

extension Range<Int> {
  /// What of this range none of `finished` (ascending) covers, ascending.
  package func gaps(in finished: [Range<Int>]) -> [Range<Int>] {
    var gaps: [Range<Int>] = []
    var next = lowerBound
    for done in finished.map({ $0.clamped(to: self) }) where !done.isEmpty {
      if done.lowerBound > next { gaps.append(next..<done.lowerBound) }
      next = Swift.max(next, done.upperBound)
    }
    return next < upperBound ? gaps + [next..<upperBound] : gaps
  }
}
