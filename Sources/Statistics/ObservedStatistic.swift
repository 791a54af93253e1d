import ScanCore

/// A hypothesis: a row of templates with a strength.
package struct JointHypothesis: Codable, Hashable, Sendable {
  package var row: Int
  package var strength: Double

  package init(row: Int, strength: Double) {
    self.row = row
    self.strength = strength
  }
}

/// A test of a hypothesis on data: what toys of that hypothesis are compared with.
package struct ObservedStatistic: Hashable, Sendable {
  package var hypothesis: JointHypothesis
  /// t [UPS-39]
  package var value: Double
  /// Fit at the hypothesis; its factors are the truth of toys of the ensemble `profiled`.
  package var fit: JointFit
  package var best: JointBest

  /// The point that throws toys of the hypothesis and tests it.
  package func toyPoint(key: UInt64) -> ToyPoint {
    ToyPoint(key: key, row: hypothesis.row, strength: hypothesis.strength, factors: fit.factors)
  }
}

extension JointModel {
  /// Returns the statistic of every hypothesis on one data set.
  /// - Parameters:
  ///   - search: rows the minimum is taken over; nil: the row of each hypothesis
  package func observed(
    _ statistic: TestStatistic, _ hypotheses: [JointHypothesis], data: JointData, search: Range<Int>? = nil
  ) throws -> [ObservedStatistic] {
    for tested in hypotheses {
      try statistic.check(testedRow: tested.row, testedStrength: tested.strength, rows: search)
    }
    let fits = try fits(
      hypotheses.map { JointPoint(set: 0, row: $0.row, strength: $0.strength) }, data: data)
    var minima: [Range<Int>: JointBest] = [:]
    for tested in hypotheses {
      let rows = search ?? tested.row..<tested.row + 1
      if minima[rows] == nil { minima[rows] = try best(JointSearch(rows: rows), data: data).first }
    }
    return try zip(hypotheses, fits).map { tested, fit in
      guard let best = minima[search ?? tested.row..<tested.row + 1] else {
        throw StatisticsError("There is no data set; it must be one.")
      }
      let value = statistic.value(
        tested: fit.statistic, minimum: best.statistic, bestStrength: best.strength,
        testedStrength: tested.strength)
      guard !value.isNaN else {
        throw BackendError(
          .deviceFailure,
          "The minimum of the data, \(best.statistic), lies above the value at row \(tested.row), strength "
            + "\(tested.strength), which is \(fit.statistic): it was missed. Run with --backend reference, and report the case."
        )
      }
      return ObservedStatistic(hypothesis: tested, value: value, fit: fit, best: best)
    }
  }
}
