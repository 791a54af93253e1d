import Checkpoints
import Pipeline
import ScanCore
import Scanning

extension ScanCommand: MergeableCommand {
  func merge(_ shards: ShardSet, output: String?, json: Bool) throws {
    let selection = try selection()
    var request = try request(selection)
    if let output { request.output = output }
    try requireWritable(request)
    try requireRoom(for: request, selection)
    let lock = try outputLock(request.output)
    defer { lock.discard() }
    var bar = ProgressBar(label: selection.name)
    defer { bar.finish() }
    bar.begin("planning the integrals")
    let (planning, backend, crew) = try backendOptions.merging(shards)
    let subject = try subject(selection, &request, backend, planning)
    let scan = ScanRun(subject, crew: crew, request: request)
    try shards.require(scan.stateIdentity)
    bar.begin("joining the shards", total: request.masses.count * request.couplings.count, unit: "points")
    let report = try scan.run(
      store: shards, watch: RunWatch(progress: { if case .grid(let done) = $0 { bar.update(done) } }))
    bar.finish()
    try json ? printJSON(Outcome(report, request, crew.identity)) : printText(report, crew.identity)
  }

  static var stages: [RunStage] { ScanDriver.stages }
}
