import Foundation
import ScanCore

/// Asymptotic CLs upper limits on the strength of one row [UPS-42].
package struct CLsLimit: Hashable, Sendable {
  package var observed: StrengthLimit
  /// Of background-only data whose best strength lies -2, -1, 0, 1, 2 standard deviations off: the median in the middle.
  package var expected: [StrengthLimit]
  /// Best strength of the data.
  package var bestStrength: Double
}

/// Where the strength q of a row is limited.
package typealias StrengthLimit = CouplingLimit.Outcome

extension StrengthLimit {
  /// q at the limit, if there is one.
  package var strength: Double? {
    if case .found(let q) = self { return q }
    return nil
  }
}

/// CLs of any joint likelihood from the asymptotic distributions of q~, and the strength where it is 1 - CL [UPS-42].
///
/// The Asimov set is that of the background alone, with the pulls fitted to the data at q = 0, which are also its auxiliary
/// measurements. So the expected limits depend on the data through the pulls.
package struct AsymptoticCLs: Sendable {
  package let model: JointModel
  /// Set 0: the data; set 1: the Asimov set.
  package let sets: JointData

  /// - Parameter data: one data set
  package init(_ model: JointModel, data: JointData) throws {
    self.model = model
    try requireDomain(
      data.observed.count == model.plan.binCount, "The data hold \(data.observed.count) bins",
      "one data set of \(model.plan.binCount)")
    let background = try model.fits([JointPoint(set: 0, row: 0, strength: 0)], data: data)
    let asimov = try model.asimov(
      row: 0, strength: 0, factors: background.first?.factors ?? model.nominalFactors)
    let centres = data.centres.isEmpty ? model.nominalFactors : data.centres
    sets = JointData(observed: data.observed + asimov.observed, centres: centres + asimov.centres)
  }

  /// CLs of a strength: observed, and expected for fluctuations of -2, -1, 0, 1, 2 standard deviations of the background.
  package func values(row: Int, strengths: [Double]) throws -> [(observed: CLsValue, expected: [CLsValue])] {
    let best = try self.best(row: row)
    let statistics = try self.statistics(strengths.map { (row: row, strength: $0, best: best) })
    return try statistics.map { statistic in
      (
        observed: try CLsValue(statistic: statistic.data, asimovStatistic: statistic.asimov),
        expected: try Self.bands.map {
          try CLsValue(fluctuation: -$0, asimovStatistic: statistic.asimov)
        }
      )
    }
  }

  /// Fluctuations of the best strength, in standard deviations.
  package static let bands: [Double] = [-2, -1, 0, 1, 2]

  /// Returns the limits of every row, to a relative 1e-9 in q where the statistic is that smooth.
  /// - Parameter level: confidence level
  package func limits(rows: Range<Int>, level: Double) throws -> [CLsLimit] {
    try requireConfidenceLevel(level)
    let bests = try rows.map { try best(row: $0) }
    var curves: [CrossingSearch.Curve] = []
    var labels: [(row: Int, band: Double?)] = []
    for row in rows {
      guard let scale = try model.naturalScale(row: row) else { continue }
      for band in [nil] + Self.bands.map(Optional.some) {
        curves.append(CrossingSearch.Curve(start: 0, scale: scale, largest: JointModel.reach * scale))
        labels.append((row, band))
      }
    }
    let crossings = try CrossingSearch(tolerance: 1e-9).crossings(curves) {
      indices, strengths throws(any Error) in
      let statistics = try self.statistics(
        zip(indices, strengths).map {
          (row: labels[$0].row, strength: $1, best: bests[labels[$0].row - rows.lowerBound])
        })
      return try zip(indices, statistics).map { index, statistic in
        let cls =
          try labels[index].band.map {
            try CLsValue(fluctuation: -$0, asimovStatistic: statistic.asimov)
          } ?? CLsValue(statistic: statistic.data, asimovStatistic: statistic.asimov)
        return log1p(-level) - cls.logarithm
      }
    }
    return try collect(rows, bests, labels.map(\.row), crossings)
  }

  private func collect(
    _ rows: Range<Int>, _ bests: [Best], _ labels: [Int], _ crossings: [Double?]
  ) throws -> [CLsLimit] {
    try rows.map { row in
      let best = bests[row - rows.lowerBound].data.strength
      guard let scale = try model.naturalScale(row: row) else {
        return CLsLimit(
          observed: .noSignal, expected: Self.bands.map { _ in .noSignal }, bestStrength: best)
      }
      let own = zip(labels, crossings).filter { $0.0 == row }.map { pair -> StrengthLimit in
        pair.1.map { .found(couplingSquare: $0) }
          ?? .notReached(largestCouplingSquare: JointModel.reach * scale)
      }
      return CLsLimit(observed: own[0], expected: Array(own.dropFirst()), bestStrength: best)
    }
  }

  // MARK: - Statistics

  private struct Best {
    var data: JointBest
    var asimov: JointBest
  }

  private func best(row: Int) throws -> Best {
    _ = try model.signal(row: row)
    let found = try model.best(JointSearch(rows: row..<row + 1), data: sets)
    return Best(data: found[0], asimov: found[1])
  }

  /// q~ of both sets.
  private func statistics(
    _ points: [(row: Int, strength: Double, best: Best)]
  ) throws -> [(data: Double, asimov: Double)] {
    for point in points {
      try TestStatistic.oneSided.check(testedRow: point.row, testedStrength: point.strength, rows: nil)
    }
    let fits = try model.fits(
      points.flatMap { point in
        [0, 1].map { JointPoint(set: $0, row: point.row, strength: point.strength) }
      }, data: sets)
    return points.indices.map { index in
      func value(_ fit: JointFit, _ best: JointBest) -> Double {
        let value = TestStatistic.oneSided.value(
          tested: fit.statistic, minimum: best.statistic, bestStrength: best.strength,
          testedStrength: points[index].strength)
        return value
      }
      return (
        data: value(fits[2 * index], points[index].best.data),
        asimov: value(fits[2 * index + 1], points[index].best.asimov)
      )
    }
  }
}
