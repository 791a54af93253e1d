import Foundation
import ScanCore

/// Where p-values of toys fall to 1 - CL, on one row [UPS-53].
package struct ToyLimit: Hashable, Sendable {
  /// One end of the allowed strengths.
  package struct End: Hashable, Sendable {
    /// q where the p-value crosses 1 - CL.
    package var strength: Double
    /// q between which the binomial error of the p-value leaves the end, from the slope there; nil: the p-value does not fall, so
    /// that these toys do not decide.
    package var range: ClosedRange<Double>?
  }

  /// nil where `problem` says why.
  package var upper: End?
  /// nil where no signal at all is allowed too.
  package var lower: End?
  /// Thrown for the last answer at one strength, of each kind.
  package var toys: Int
  package var problem: String?
}

/// Limits from toys by root finding in the strength [UPS-53]. All strengths and rows see the same toys (one key), so that p-values
/// change as little between near strengths as the likelihood does.
package struct ToyLimits: Sendable {
  /// What crosses 1 - CL.
  package enum Quantity: Hashable, Sendable {
    /// Share of toys of the tested signal with at least the statistic of the data.
    case pValue(TestStatistic)
    /// CLs+b / CLb of q~.
    case cls
  }

  /// Where to look on a row.
  package struct Start: Hashable, Sendable {
    package var row: Int
    /// Best strength of the data.
    package var best: Double
    /// Asymptotic limit, above it.
    package var guess: Double

    package init(row: Int, best: Double, guess: Double) {
      (self.row, self.best, self.guess) = (row, best, guess)
    }
  }

  let model: JointModel
  let data: JointData
  let quantity: Quantity
  let level: Double
  private let seed: UInt64
  private let ensemble: ToyEnsemble
  let toys: Int
  /// Of the strength, relative; the error of the toys is larger.
  static let tolerance = 1e-3
  /// Slopes are taken over this fraction of the distance to the best strength, on both sides.
  static let step = 0.15
  /// The search ends at this multiple of the distance of the asymptotic limit.
  private static let reach = 64.0

  /// - Parameters:
  ///   - data: one data set
  ///   - toys: of each kind, at every strength
  package init(
    _ model: JointModel, data: JointData, quantity: Quantity, level: Double, toys: Int, seed: UInt64,
    ensemble: ToyEnsemble
  ) throws(StatisticsError) {
    try requireConfidenceLevel(level)
    try ToySettings.fixed(toys).check()
    (self.model, self.data, self.quantity, self.level) = (model, data, quantity, level)
    (self.seed, self.ensemble, self.toys) = (seed, ensemble, toys)
  }

  /// Returns the limit of every row of `starts`.
  package func limits(_ starts: [Start]) throws -> [ToyLimit] {
    var run = Search(self)
    let upper = try run.crossings(
      starts.enumerated().map { index, start in
        Side(
          index: index, start: start, isUpper: true, distance: start.guess - start.best,
          largest: Self.reach * (start.guess - start.best))
      })
    var below: [Side] = []
    if quantity == .pValue(.deltaChiSquare) {
      let candidates = starts.indices.filter { starts[$0].best > 0 && run.problems[$0] == nil }
      let nothing = try run.values(
        candidates.map { (index: $0, row: starts[$0].row, strength: 0) })
      for (index, value) in zip(candidates, nothing) where value.map({ $0.value <= 1 - level }) == true {
        below.append(
          Side(
            index: index, start: starts[index], isUpper: false, distance: starts[index].best / 2,
            largest: starts[index].best))
      }
    }
    let lower = try run.crossings(below)
    return starts.indices.map { index in
      var limit = ToyLimit(upper: upper[index], lower: lower[index], toys: toys, problem: run.problems[index])
      if limit.upper == nil, limit.problem == nil {
        limit.problem =
          "toys set no limit up to \(Int(Self.reach)) times the distance of the asymptotic one from the best fit"
      }
      if limit.problem != nil { (limit.upper, limit.lower) = (nil, nil) }
      return limit
    }
  }

  // MARK: - Toys

  func evaluate(_ hypotheses: [JointHypothesis]) throws -> [Result<Share, StatisticsError>] {
    switch quantity {
    case .cls:
      let found = try ToyCLs(model, seed: seed, ensemble: ensemble, settings: .fixed(toys))
        .values(hypotheses, data: data, level: level) { _ in 0 }
      return found.map { cls in
        if let problem = cls.problem { return .failure(StatisticsError(problem)) }
        guard let value = cls.value, let error = cls.error else {
          return .failure(
            StatisticsError(
              "no toy of the background is as extreme as the data, so CLs is not stated; more --toys may decide"
            ))
        }
        return .success(Share(value: value, error: error))
      }
    case .pValue(let statistic):
      let observed = try model.observed(statistic, hypotheses, data: data)
      let verdicts = try AdaptiveToys(
        model, seed: seed, ensemble: ensemble, statistic: statistic, settings: .fixed(toys)
      ).run(observed.map { $0.toyPoint(key: 0) }, observed: observed.map(\.value), level: level)
      return verdicts.map { verdict in
        guard let p = verdict.pValue else {
          return .failure(StatisticsError(verdict.problem ?? "nothing is stated"))
        }
        return .success(Share(value: p.value, error: p.error))
      }
    }
  }
}
