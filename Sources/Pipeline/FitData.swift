import Planning
import ScanCore
import Statistics

/// What is fitted: data, the expectation of a truth, or a toy of it.
enum FitData {
  /// - Parameters:
  ///   - truth: nil takes the data of the experiments
  ///   - scale: of couplings in messages
  ///   - toy: of the truth; auxiliary measurements of the pulls fluctuate too (`ToyEnsemble.profiled`, true pulls at their nominal values)
  static func make(
    _ joint: JointAnalysis, truth: FitRequest.Truth?, toy: FitRequest.Toy?, on backend: any Backend,
    scale: CouplingScale = CouplingScale(.d)
  ) throws -> JointData {
    guard let truth else { return joint.data }
    let source = try FitModel(joint, data: joint.data, on: backend)
    let signal = try source.templates([truth.mass])
    let nominal = joint.plan.pulls.map { _ in 1.0 }
    let strength = source.strength(of: truth.coupling)
    let most = signal.reduce(0) { max($0, strength * $1) }
    guard most <= ToySettings.largestMean else {
      throw RequestError(
        "--inject-m4 \(truth.mass), --inject-d \(scale.fromInternal(truth.coupling)): "
          + TooManyEvents.text(most, of: scale))
    }
    guard let toy else {
      return JointData(
        observed: joint.asimov(signal: signal[...], strength: strength, factors: nominal))
    }
    let batch = ToyBatch(
      seed: toy.seed, ensemble: .profiled, toys: toy.number..<toy.number + 1,
      points: [ToyPoint(key: 0, row: 0, strength: strength, factors: nominal)], search: nil)
    return try source.loaded.thrown(batch, templates: signal)
  }

  /// The part of a data set that belongs to one member of a combination.
  /// - Parameter alone: that member's own analysis
  static func part(
    of data: JointData, _ joint: JointAnalysis, member: Int, alone: JointAnalysis, shared: Set<String>
  ) -> JointData {
    let block = joint.plan.blocks[member]
    var part = JointData(observed: Array(data.observed[block.bins]))
    if !data.centres.isEmpty {
      let analysis = joint.members[member]
      let parts = analysis.model.systematics.signalParts.map(\.name).filter(shared.contains)
      part.centres = alone.plan.pulls.map { pull in
        let own = shared.contains(pull.name) ? pull.name : "\(block.name) \(pull.name)"
        // the pull of the signal measures what its parts measure together [UPS-46]
        let names = pull.name == analysis.pullNames.first ? parts + [own] : [own]
        return joint.plan.pulls.indices.filter { names.contains(joint.plan.pulls[$0].name) }
          .reduce(1) { $0 + data.centres[$1] - 1 }
      }
    }
    return part
  }

  /// Experiments whose Gaussian bins stand for counts: their variances are those of the expectation without a signal, whatever
  /// is put in or thrown.
  static func keepsVariance(_ joint: JointAnalysis) -> [String] {
    joint.members.filter {
      $0.likelihood.statistic == .gaussian && $0.model.uncertainties == nil && $0.model.fluxRatioLimit == nil
    }.map(\.model.name)
  }
}

/// A signal that no experiment can mean.
enum TooManyEvents {
  /// - Parameter events: in one bin
  static func text(_ events: Double, of scale: CouplingScale) -> String {
    let unit = scale.unit == "1" ? "" : " in \(scale.unit)"
    return
      "\(NumberWords.short(events)) events in one bin, more than the \(NumberWords.short(ToySettings.largestMean)) that toys and fits take. "
      + "\(scale.symbol) is read\(unit): check the unit\(scale.convention == nil ? "" : " (--coupling)") and the powers of ten, and stay near "
      + "the limits that `upscatter limit` finds."
  }
}
