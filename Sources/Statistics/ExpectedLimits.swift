import Foundation
import Numerical
import ScanCore

/// Limits that background-only experiments would set on one row [UPS-43].
package struct ExpectedLimit: Hashable, Sendable {
  /// Quantiles of q at the limit for -2, -1, 0, 1, 2 standard deviations, the median in the middle; infinite where that
  /// many toys set no limit. Empty where `problem` says why.
  package var bands: [ToyQuantile]
  package var toys: Int
  /// Toys whose statistic stays below the threshold up to `JointModel.reach`, or whose best strength lies
  /// beyond: they count as an infinite limit.
  package var notReached: Int
  /// Toys without a limit, left out, and toys that did not converge, kept.
  package var failed: Int
  package var unconverged: Int
  package var problem: String?
}

/// Median and bands of the limit at a fixed height of Delta chi2, from toys without a signal [UPS-43].
///
/// The limit of every toy is found by root finding in q, all toys in step, so that the bands are quantiles of limits and
/// not of statistics. Toys depend on their number alone: all rows see the same.
package struct ExpectedLimits: Sendable {
  package let model: JointModel
  package let seed: UInt64
  package let ensemble: ToyEnsemble
  /// Toys of one call to the backend; never changes results.
  package var toysPerCall = 1 << 14
  /// Nothing is stated where more than this share of toys, and more than two, failed or did not converge.
  package var largestFailedShare = 1e-3
  /// Of the limit of a toy, relative.
  static let tolerance = 1e-7

  package init(_ model: JointModel, seed: UInt64, ensemble: ToyEnsemble) {
    self.model = model
    self.seed = seed
    self.ensemble = ensemble
  }

  /// - Parameters:
  ///   - threshold: Delta chi2 of the limit (`ConfidenceLevel.threshold`, one degree of freedom)
  ///   - factors: true factors of the pulls; nil: none is moved
  ///   - progress: called with toys done and all toys; what it throws ends the run
  package func limits(
    rows: Range<Int>, threshold: Double, toys: Int, factors: [Double]? = nil, key: UInt64 = 0,
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws -> [ExpectedLimit] {
    try requireDomain(
      threshold.isFinite && threshold > 0, "The threshold is \(threshold)", "a finite number > 0")
    try requireDomain(toys >= 1 && toys <= 1 << 26, "The number of toys is \(toys)", "1 to 67108864")
    for row in rows { _ = try model.signal(row: row) }
    let point = ToyPoint(
      key: key, row: rows.lowerBound, strength: 0, factors: factors ?? model.nominalFactors)
    var limits = rows.map { _ in ToyDistribution() }
    for first in stride(from: 0, to: toys, by: max(toysPerCall, 1)) {
      let numbers = first..<min(first + max(toysPerCall, 1), toys)
      let data = try model.joint.thrown(
        ToyBatch(seed: seed, ensemble: ensemble, toys: numbers, points: [point], search: nil),
        templates: model.templates)
      for (index, row) in rows.enumerated() {
        let found = try self.limits(row: row, data: data, threshold: threshold)
        limits[index].add(found.values, unconverged: found.unconverged)
      }
      try progress(numbers.upperBound, toys)
    }
    return try zip(rows, limits).map { try summary(row: $0, $1) }
  }

  private func summary(row: Int, _ limits: ToyDistribution) throws -> ExpectedLimit {
    var expected = ExpectedLimit(
      bands: [], toys: limits.toys, notReached: limits.values.count { $0 == .infinity },
      failed: limits.failed, unconverged: limits.unconverged)
    do {
      guard try model.naturalScale(row: row) != nil else {
        throw StatisticsError("Row \(row) has no signal in any bin, so no experiment limits it.")
      }
      try limits.check(largestFailedShare: largestFailedShare)
      expected.bands = try AsymptoticCLs.bands.map { band throws(StatisticsError) in
        try limits.quantile(normalCDF(band))
      }
    } catch let error as StatisticsError {
      expected.problem = error.message
    }
    return expected
  }

  /// q at the limit of every data set; infinite where it is not reached, NaN where a fit failed.
  private func limits(
    row: Int, data: JointData, threshold: Double
  ) throws -> (values: [Double], unconverged: Int) {
    let sets = data.observed.count / model.plan.binCount
    guard let scale = try model.naturalScale(row: row) else {
      return ([Double](repeating: .infinity, count: sets), 0)
    }
    let minima = try model.joint.minima(
      JointSearch(rows: row..<row + 1), data: data, templates: model.templates)
    var values = [Double](repeating: .nan, count: sets)
    var sound: [Int] = []
    for set in 0..<sets where minima.statistic[set].isFinite && minima.strength[set].isFinite {
      if minima.strength[set] < JointModel.reach * scale {
        sound.append(set)
      } else {
        values[set] = .infinity
      }
    }
    var unconverged = minima.unconverged
    let curves = sound.map {
      CrossingSearch.Curve(start: minima.strength[$0], scale: scale, largest: JointModel.reach * scale)
    }
    var broken: Set<Int> = []
    let crossings = try CrossingSearch(tolerance: Self.tolerance).crossings(curves) {
      indices, strengths throws(any Error) in
      let points = zip(indices, strengths).map { JointPoint(set: sound[$0], row: row, strength: $1) }
      let result = try model.joint.profile(points, data: data, templates: model.templates)
      unconverged += result.unconverged
      return zip(indices, result.statistic).map { index, statistic in
        if statistic.isNaN { broken.insert(index) }
        return max(statistic - minima.statistic[sound[index]], 0).squareRoot() - threshold.squareRoot()
      }
    }
    for (index, crossing) in crossings.enumerated() where !broken.contains(index) {
      values[sound[index]] = crossing ?? .infinity
    }
    return (values, min(unconverged, sets))
  }
}
