import Pipeline
import ScanCore
import Statistics

extension ToysCommand {
  /// What toys of this request would be.
  func explanation(_ request: ToyScanRequest, _ subject: ScanSubject, _ crew: RunCrew) throws
    -> Explanation
  {
    let begun = RunStart.seconds
    let time = try ToySample(subject, crew: crew, request: request).estimate(begun: begun)
    let points = request.masses.count * request.couplings.count
    let held = 8 * Double(min(points * request.settings.most, request.settings.statisticsHeld))
    let paths =
      [".h5", ".csv", ".json"] + request.plots.flatMap { [".\($0)", "-coverage.\($0)"] }
      + ToyHistograms.endings(histogram.count, plots: request.plots)
    let adaptive =
      request.settings.most > request.settings.first
      ? [
        "time is that of the first round; points near the contour take up to \(request.settings.most) toys, all points together up to "
          + "\(request.settings.most / request.settings.first) times as many"
      ] : []
    return Explanation(
      command: "toys", experiments: subject.explained,
      axes: [
        Explanation.Range(request.masses, symbol: request.scale.mass?.symbol ?? "m4", unit: "MeV"),
        Explanation.Range(request.couplings, symbol: request.scale.symbol, unit: request.scale.unit),
      ],
      points: points, backends: crew.devices.map { "\($0.identity)" },
      settings: [
        "toys": "\(request.settings.first) per point, \(points * request.settings.first) in all",
        "ensemble": request.ensemble.rawValue, "seed": "\(request.seed)",
        "level": "\(request.level.level), \(request.level.degreesOfFreedom) dof",
      ],
      files: (paths.map { request.output + $0 } + [stateOptions.path(request.output)]).map {
        Explanation.File($0)
      },
      time: time,
      memory: MemoryEstimate.bytes(growing: held),
      memoryModel: MemoryEstimate.model("8 bytes per toy of the points that are thrown at a time"),
      notes: subject.warnings + adaptive + stateOptions.explained)
  }
}
