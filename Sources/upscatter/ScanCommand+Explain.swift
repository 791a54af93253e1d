import Pipeline
import Reporting
import ScanCore
import Scanning

extension ScanCommand {
  /// What a scan of this request would be.
  func explanation(_ request: ScanRequest, _ subject: ScanSubject, _ crew: RunCrew) throws
    -> Explanation
  {
    let begun = RunStart.seconds
    let time = try ScanSample(subject, crew: crew, request: request).estimate(begun: begun)
    let points = request.masses.count * request.couplings.count
    let pulls = subject.pullCount
    let result = ResultFile.size(
      m4Count: request.masses.count, dCount: request.couplings.count,
      pullCount: request.storePulls ? pulls : 0)
    let rows = min(8 * Double(points * (1 + pulls)), Double(ScanSchedule().memoryBytes))
    let endings = ["csv"] + (request.level.degreesOfFreedom == 1 ? ["-limit.csv"] : []) + ["json"]
    let texts = endings.map { request.output + ($0.hasPrefix("-") ? $0 : "." + $0) }
    return Explanation(
      command: "scan", experiments: subject.explained,
      axes: [
        Explanation.Range(request.masses, symbol: request.scale.mass?.symbol ?? "m4", unit: "MeV"),
        Explanation.Range(request.couplings, symbol: request.scale.symbol, unit: request.scale.unit),
      ],
      points: points, backends: crew.devices.map { "\($0.identity)" },
      settings: [
        "job": request.job.rawValue, "level": "\(request.level.level), \(request.level.degreesOfFreedom) dof",
      ],
      files: [Explanation.File(request.output + ".h5", bytes: result)]
        + (texts + request.plots.map { "\(request.output).\($0)" }).map { Explanation.File($0) }
        + [Explanation.File(stateOptions.path(request.output), bytes: result)],
      time: time, memory: MemoryEstimate.bytes(growing: rows),
      memoryModel: MemoryEstimate.model(
        "rows of the grid, of which at most \(ScanSchedule().memoryBytes >> 20) MiB are held"),
      notes: subject.warnings + stateOptions.explained)
  }
}
