import Foundation
import Numerical
import ScanCore

/// How far data are from the hypothesis without signal [UPS-42].
package struct Discovery: Hashable, Sendable {
  /// q0 = chi2(q = 0) - min chi2, 0 where the best strength is 0.
  package var statistic: Double
  package var best: JointBest
  /// sqrt(q0), Eq. 53 of arXiv:1007.1727. With several rows searched: local, without the look-elsewhere effect.
  package var significance: Double { statistic.squareRoot() }
  /// 1 - Phi(sqrt(q0)), Eq. 52: asymptotic; that of toys comes from `AdaptiveToys` with the statistic `discovery`.
  package var pValue: Double { normalCDF(-significance) }
}

extension JointModel {
  /// Returns q0 of every data set.
  /// - Parameters:
  ///   - data: observed, or toys
  ///   - rows: of templates, over which the best fit is searched
  package func discovery(rows: Range<Int>, data: JointData) throws -> [Discovery] {
    let minima = try best(JointSearch(rows: rows), data: data)
    let fits = try fits(
      minima.indices.map { JointPoint(set: $0, row: rows.lowerBound, strength: 0) }, data: data)
    return try zip(minima, fits).enumerated().map { set, pair in
      let value = TestStatistic.discovery.value(
        tested: pair.1.statistic, minimum: pair.0.statistic, bestStrength: pair.0.strength, testedStrength: 0)
      guard !value.isNaN else {
        throw BackendError(
          .deviceFailure,
          "The minimum of data set \(set), \(pair.0.statistic), lies above the value without signal, \(pair.1.statistic): it was "
            + "missed. Run with --backend reference, and report the case.")
      }
      return Discovery(statistic: value, best: pair.0)
    }
  }

  /// Returns q0 of the Asimov set of a signal, whose root is the median significance expected of it.
  /// Source: arXiv:1007.1727, Sec. 4.2.
  /// - Parameter factors: of the pulls; nil: none is moved
  package func expectedDiscovery(
    row: Int, strength: Double, factors: [Double]? = nil
  ) throws -> Discovery {
    let data = try asimov(row: row, strength: strength, factors: factors ?? nominalFactors)
    guard let expected = try discovery(rows: row..<row + 1, data: data).first else {
      throw StatisticsError("The Asimov set is empty; it must be one data set.")
    }
    return expected
  }
}
