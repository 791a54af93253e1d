import Foundation
import Reporting
import ScanCore
import Scanning
import Statistics

/// Measures what morphed rates cost: a seeded sample of the points of a scan, and the limit at some of its masses, with
/// the integrals redone [UPS-20].
struct MorphingCheck {
  /// Only points near the contour count: deep inside the excluded region a statistic of thousands may be off by one.
  static let largestStatistic = 25.0
  private static let samplePoints = 64
  private static let sampleMasses = 5

  private let plan: ScanPlan
  private var generator: SeededGenerator
  private var sample: [(row: Int, column: Int)] = []
  private var seen = 0

  /// nil for a scan that does not morph.
  init?(plan: ScanPlan, seed: UInt64 = 20_080_527) {
    guard let pulled = plan.pulled, pulled.rateParameterCount > 0, plan.job == .factored else { return nil }
    self.plan = plan
    generator = SeededGenerator(seed: seed)
  }

  /// Takes part of the points of a row into the sample, all with the same chance (reservoir sampling).
  /// - Parameter statistic: Delta chi2 per coupling
  mutating func offer(row: Int, statistic: ArraySlice<Double>) {
    for (column, value) in statistic.enumerated() where value <= Self.largestStatistic {
      seen += 1
      if sample.count < Self.samplePoints {
        sample.append((row, column))
      } else {
        let place = Int(generator.next() % UInt64(seen))
        if place < sample.count { sample[place] = (row, column) }
      }
    }
  }

  /// nil when a sampled point does not converge with the integrals redone.
  /// - Parameter threshold: Delta chi2 of the limit
  func measure(analysis: Analysis, backend: any Backend, threshold: Double) throws -> MorphingReport? {
    let squares = plan.couplingSquares
    let tile = Tile(
      masses: sample.map { plan.masses[$0.row] }, couplingSquares: sample.map { squares[$0.column] },
      columns: 1)
    var worst = 0.0
    if let pulled = plan.pulled, !sample.isEmpty {
      let morphed = try PulledProfiler(pulled, on: backend, morphed: true).evaluate(tile)
      let exact = try PulledProfiler(pulled, on: backend, morphed: false).evaluate(tile)
      guard exact.unconverged == 0 && morphed.unconverged == 0 else { return nil }
      worst = zip(morphed.statistic, exact.statistic).map { abs($0 - $1) }.max() ?? 0
    }
    let masses = Self.spread(plan.masses)
    let limits = try [true, false].map { morphed in
      try LimitJob(analysis: analysis, backend: backend, morphed: morphed).run(
        masses: masses, threshold: threshold
      )
      .map(\.coupling)
    }
    let ratios = zip(limits[0], limits[1]).compactMap { morphed, exact in
      exact.flatMap { exact in morphed.map { abs($0 / exact - 1) } }
    }
    let oneSided = zip(limits[0], limits[1]).count { ($0 == nil) != ($1 == nil) }
    return MorphingReport(
      points: sample.count, worstStatistic: worst, masses: ratios.count, worstLimit: ratios.max() ?? 0,
      oneSided: oneSided)
  }

  private static func spread(_ masses: [Double]) -> [Double] {
    if masses.count <= sampleMasses { return masses }
    return (0..<sampleMasses).map { masses[$0 * (masses.count - 1) / (sampleMasses - 1)] }
  }
}

extension MorphingReport {
  /// One sentence for people.
  var note: String {
    let oneSided =
      oneSided > 0 ? "; at \(oneSided) masses only one of the two has a limit: use --job pointwise there" : ""
    let limits =
      masses > 0 ? ", of the limit \(String(format: "%.2g", 100 * worstLimit)) % at \(masses) masses" : ""
    return
      "morphing: worst difference of the statistic \(String(format: "%.2g", worstStatistic)) at \(points) points with "
      + "Delta chi2 below \(String(format: "%g", MorphingCheck.largestStatistic))\(limits), against pointwise\(oneSided)"
  }
}
