import ScanCore
import Scanning
import Statistics

/// Who waits for toys, and may end them.
package struct ToyWatch {
  package var progress: (AdaptiveToys.Progress) -> Void
  /// Asked after every call to the backend; true ends the run with `ScanStopped`.
  package var isStopped: () -> Bool

  package init(
    progress: @escaping (AdaptiveToys.Progress) -> Void = { _ in },
    isStopped: @escaping () -> Bool = { false }
  ) {
    self.progress = progress
    self.isStopped = isStopped
  }

  func note(_ state: AdaptiveToys.Progress) throws {
    progress(state)
    if isStopped() { throw ScanStopped() }
  }
}

extension ToySettings {
  /// Points whose toys are thrown together and kept together.
  var pointsPerTile: Int { max(1, min(toysPerCall / first, statisticsHeld / most)) }
}

/// The toys of points that an earlier process has finished, in a store.
struct KeptToys {
  static let stage = RunStage("toys", arrays: ["statistic"])
  private let store: (any TileStore)?
  private let finished: [Range<Int>]

  init(_ store: (any TileStore)?) throws {
    self.store = store
    finished = try store?.finished(Self.stage.name) ?? []
  }

  /// `range` in pieces, ascending: those that are kept, and what lies between them in pieces of at most `most`.
  func tiles(of range: Range<Int>, most: Int) -> [Range<Int>] {
    let open = range.gaps(in: finished).flatMap { gap in
      stride(from: gap.lowerBound, to: gap.upperBound, by: most).map { $0..<min($0 + most, gap.upperBound) }
    }
    return (open + finished).sorted { $0.lowerBound < $1.lowerBound }
  }

  /// nil where an earlier process has not been.
  func toys(of range: Range<Int>) throws -> [ToyDistribution]? {
    guard let store, finished.contains(range) else { return nil }
    let tile = try store.tile(Self.stage.name, from: range.lowerBound)
    let counts = try ["stated", "failed", "unconverged", "clipped"].map {
      try tile.array($0, count: range.count).map { Int($0) }
    }
    let values = try tile.array("statistic", count: counts[0].reduce(0, +))
    var next = 0
    return (0..<range.count).map { index in
      defer { next += counts[0][index] }
      return ToyDistribution(
        kept: Array(values[next..<next + counts[0][index]]), failed: counts[1][index],
        unconverged: counts[2][index], clipped: counts[3][index])
    }
  }

  func save(_ toys: [ToyDistribution], of range: Range<Int>) throws {
    try store?.save(
      StoredTile(
        range: range,
        arrays: [
          "statistic": toys.flatMap(\.values), "stated": toys.map { Double($0.count) },
          "failed": toys.map { Double($0.failed) }, "unconverged": toys.map { Double($0.unconverged) },
          "clipped": toys.map { Double($0.clipped) },
        ]), as: Self.stage.name)
  }
}
