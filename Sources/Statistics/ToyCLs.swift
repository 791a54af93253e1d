import ScanCore

/// CLs of one strength from toys [UPS-42].
package struct ToyCLsValue: Hashable, Sendable {
  package var hypothesis: JointHypothesis
  /// q~ of the data.
  package var observed: Double
  /// Shares of toys at least as extreme as the data, thrown with the signal and without; nil where `problem` says why not.
  package var signalPlusBackground: PValue?
  package var background: PValue?
  /// Of both kinds of toys together.
  package var failed: Int
  package var unconverged: Int
  package var clipped: Int
  package var problem: String?

  /// CLs+b / CLb; nil where no toy of the background is that extreme, or nothing is stated.
  package var value: Double? {
    guard let signalPlusBackground, let background, background.value > 0 else { return nil }
    return signalPlusBackground.value / background.value
  }

  /// Standard deviation of the ratio from those of both shares.
  package var error: Double? {
    guard let value, let signalPlusBackground, let background else { return nil }
    let signalPart = signalPlusBackground.error / background.value
    let backgroundPart = value * background.error / background.value
    return (signalPart * signalPart + backgroundPart * backgroundPart).squareRoot()
  }
}

/// CLs from toys under both hypotheses [UPS-42]. Source: Read, J. Phys. G 28 (2002) 2693.
///
/// Both are thrown with the factors fitted to the data under their own hypothesis. With the ensemble `profiled` auxiliary
/// measurements fluctuate too; this is what pyhf does.
package struct ToyCLs: Sendable {
  private let toys: AdaptiveToys

  package init(
    _ model: JointModel, seed: UInt64, ensemble: ToyEnsemble, settings: ToySettings
  ) throws(StatisticsError) {
    toys = try AdaptiveToys(
      model, seed: seed, ensemble: ensemble, statistic: .oneSided, settings: settings)
  }

  /// Returns CLs of every hypothesis.
  /// - Parameters:
  ///   - data: one data set
  ///   - level: confidence level at which adaptive settings look for a decision about CLs+b
  ///   - key: of a hypothesis by its index; its background toys have the key with the highest bit flipped
  package func values(
    _ hypotheses: [JointHypothesis], data: JointData, level: Double, key: (Int) -> UInt64,
    progress: (AdaptiveToys.Progress) throws -> Void = { _ in }
  ) throws -> [ToyCLsValue] {
    let model = toys.model
    let observed = try model.observed(.oneSided, hypotheses, data: data)
    let background = try model.fits(
      hypotheses.map { JointPoint(set: 0, row: $0.row, strength: 0) }, data: data)
    var points: [ToyPoint] = []
    for (index, statistic) in observed.enumerated() {
      let tested = statistic.hypothesis
      points.append(statistic.toyPoint(key: key(index)))
      points.append(
        ToyPoint(
          key: key(index) ^ 1 << 63, row: tested.row, strength: 0, factors: background[index].factors,
          testedRow: tested.row, testedStrength: tested.strength))
    }
    let verdicts = try toys.run(
      points, observed: observed.flatMap { [$0.value, $0.value] }, level: level, progress: progress)
    return observed.indices.map { index in
      let (signal, background) = (verdicts[2 * index], verdicts[2 * index + 1])
      return ToyCLsValue(
        hypothesis: observed[index].hypothesis, observed: observed[index].value,
        signalPlusBackground: signal.pValue, background: background.pValue,
        failed: signal.failed + background.failed, unconverged: signal.unconverged + background.unconverged,
        clipped: signal.clipped + background.clipped, problem: signal.problem ?? background.problem)
    }
  }
}
