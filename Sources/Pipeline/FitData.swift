import Planning
import ScanCore

/// What is fitted: data, the expectation of a truth, or a toy of it.
enum FitData {
  /// - Parameters:
  ///   - truth: nil takes the data of the experiments
  ///   - toy: of the truth; auxiliary measurements of the pulls fluctuate too (`ToyEnsemble.profiled`, true pulls at their nominal values)
  static func make(
    _ joint: JointAnalysis, truth: FitRequest.Truth?, toy: FitRequest.Toy?, on backend: any Backend
  ) throws -> JointData {
    guard let truth else { return joint.data }
    let source = try FitModel(joint, data: joint.data, on: backend)
    let signal = try source.templates([truth.mass])
    let nominal = joint.plan.pulls.map { _ in 1.0 }
    let strength = source.strength(of: truth.coupling)
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
      part.centres = alone.plan.pulls.map { pull in
        let name = shared.contains(pull.name) ? pull.name : "\(block.name) \(pull.name)"
        return joint.plan.pulls.firstIndex { $0.name == name }.map { data.centres[$0] } ?? 1
      }
    }
    return part
  }

  /// Experiments whose Gaussian bins keep the variances they have without the signal that is put in.
  static func keepsVariance(_ joint: JointAnalysis, truth: FitRequest.Truth?) -> [String] {
    guard truth != nil else { return [] }
    return joint.members.filter {
      $0.likelihood.statistic == .gaussian && $0.model.uncertainties == nil && $0.model.fluxRatioLimit == nil
    }.map(\.model.name)
  }
}
