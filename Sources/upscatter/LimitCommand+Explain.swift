import Pipeline
import ScanCore
import Statistics

extension LimitCommand {
  /// What the limits of this request would be.
  func explanation(
    _ limits: LimitRequest?, _ subject: ScanSubject, _ backend: any Backend, masses: Axis,
    level: ConfidenceLevel
  ) throws -> Explanation {
    let begun = RunStart.seconds
    let time = try LimitSample.estimate(masses: masses, begun: begun) { some in
      if let limits {
        _ = try StrengthLimits(subject, backend: backend, request: limits.request).run(masses: some)
      } else {
        _ = try subject.limitJob(on: backend).run(masses: some, threshold: level.threshold)
      }
    }
    var settings = ["level": "\(level.level), 1 dof", "method": methodOptions.method.rawValue]
    if let toys = methodOptions.toys { settings["toys"] = "\(toys) of each kind" }
    let interaction = subject.interaction
    let hasMass = interaction.map { $0.mass != nil } ?? true
    return Explanation(
      command: "limit", experiments: subject.explained,
      axes: hasMass
        ? [
          Explanation.Range(
            masses, symbol: analysisOptions.scale(interaction).mass?.symbol ?? "m4", unit: "MeV")
        ]
        : [],
      points: masses.count, backends: ["\(backend.identity)"], settings: settings,
      files: limits.flatMap { request in
        request.output.map { StrengthLimits.files($0, plots: request.plots).map { Explanation.File($0) } }
      } ?? [],
      time: time, memory: MemoryEstimate.bytes(growing: 0),
      memoryModel: MemoryEstimate.model("nothing that grows with the masses"), notes: subject.warnings)
  }
}
