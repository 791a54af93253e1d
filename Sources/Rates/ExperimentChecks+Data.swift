import DipolePhysics
import Experiments

extension ChannelSpec {
  /// Energy bins times time bins.
  var binCount: Int { (energyEdges.count - 1) * max(1, timeEdges.count - 1) }
}

extension ExperimentChecks {
  /// Observation, uncertainties and tables: counts and domains.
  static func checkData(_ spec: ExperimentSpec) throws(RateModelError) {
    let channel = spec.channel
    if let observed = channel.observed {
      try require(
        observed.count == channel.binCount,
        "The channel lists \(observed.count) observed counts for \(channel.binCount) bins. Give one count per energy "
          + "and time bin.")
    }
    if let uncertainties = channel.uncertainties {
      try require(
        uncertainties.count == channel.binCount && uncertainties.allSatisfy { $0 > 0 && $0.isFinite },
        "The channel needs one uncertainty above zero for each of its \(channel.binCount) bins.")
    }
    if let limit = channel.fluxRatioLimit {
      try require(
        limit.ratio > 1 && limit.ratio.isFinite && limit.confidence > 0 && limit.confidence < 1
          && channel.binCount == 1 && channel.backgrounds.isEmpty && spec.systematics.signalWidth == nil
          && spec.systematics.shapePulls.isEmpty,
        "A flux-ratio limit needs a limit above the prediction, a confidence between 0 and 1, one bin, no background "
          + "and no pull.")
    }
    try checkTables(spec.detector, bins: channel.energyEdges.count - 1)
  }

  private static func checkTables(_ detector: DetectorSpec, bins: Int) throws(RateModelError) {
    if case .table(let curve) = detector.quenching { try check(curve, "quenching", most: .infinity) }
    if case .table(let curve) = detector.energyEfficiency { try check(curve, "efficiency", most: 1) }
    for curve in [detector.recoilEfficiency.nuclear, detector.recoilEfficiency.electron] {
      if let curve { try check(curve, "efficiency against the recoil", most: 1) }
    }
    guard case .matrix(let nuclear, let electron) = detector.response else { return }
    for matrix in [nuclear, electron] {
      guard let matrix else { continue }
      try require(
        matrix.probabilities.count == matrix.recoils.count * bins,
        "The response matrix holds \(matrix.probabilities.count) probabilities for \(matrix.recoils.count) recoils and "
          + "\(bins) bins.")
      let largest = matrix.recoils.indices.map {
        matrix.probabilities[$0 * bins..<($0 + 1) * bins].max() ?? 0
      }
      try check(TabulatedCurve(nodes: matrix.recoils, values: largest), "response matrix", most: 1)
      try require(
        matrix.probabilities.allSatisfy { $0 >= 0 }, "The response matrix holds a probability below zero.")
    }
  }

  private static func check(
    _ curve: TabulatedCurve, _ name: String, most: Double
  ) throws(RateModelError) {
    try require(
      curve.nodes.count >= 2 && curve.nodes.count == curve.values.count
        && zip(curve.nodes, curve.nodes.dropFirst()).allSatisfy { $0 < $1 }
        && curve.nodes.allSatisfy { $0 >= 0 && $0.isFinite }
        && curve.values.allSatisfy { $0 >= 0 && $0 <= most && $0.isFinite }
        && curve.values.contains { $0 > 0 },
      "The table of the \(name) needs two or more ascending nodes, none negative, with values from 0 to \(most), not "
        + "all zero.")
  }
}
