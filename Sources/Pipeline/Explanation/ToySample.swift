import Foundation
import ScanCore
import Statistics

/// Times toys by throwing a few: at some couplings of every mass, as the minimum of each is searched over all masses.
package struct ToySample {
  private let subject: ScanSubject
  private let crew: RunCrew
  private let request: ToyScanRequest

  package init(_ subject: ScanSubject, crew: RunCrew, request: ToyScanRequest) {
    (self.subject, self.crew, self.request) = (subject, crew, request)
  }

  private static let fewestCouplings = 4

  /// Toys of the first sample at every point: enough that a critical value can be stated.
  private var firstToys: Int {
    let beyond = 8.0
    return min(request.settings.first, max(16, Int((beyond / (1 - request.level.level)).rounded(.up))))
  }

  private struct Timing {
    var points = 0
    var toys = 0
    /// until the last toy
    var run = 0.0
    /// nil where so few toys make no files
    var files: Double?
  }

  /// - Parameter begun: seconds that were spent before the first toy, as they will be again
  package func estimate(begun: Double) throws -> RunEstimate {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "upscatter-explain-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let all = (couplings: request.couplings.count, toys: request.settings.first)
    let timings = try SampleBudget.grow(from: firstToys * Self.fewestCouplings) { perMass in
      // more toys first, then more points
      let couplings = min(all.couplings, max(Self.fewestCouplings, perMass / all.toys))
      let toys = min(all.toys, max(firstToys, perMass / couplings))
      let timing = try run(toys, couplings, in: folder)
      return (timing, timing.run, couplings == all.couplings && toys == all.toys)
    }
    var estimate = RunEstimate()
    let points = request.masses.count * request.couplings.count
    estimate.add("start, planning of the integrals", seconds: begun, basis: "measured")
    estimate.add(
      "toys", timings.map { StageSample(count: $0.toys, seconds: $0.run) },
      to: points * request.settings.first, unit: "toys")
    if let files = timings.last?.files {
      estimate.add("files and plots", seconds: files, basis: "those of the sample timed")
    }
    return estimate
  }

  private func run(_ toys: Int, _ couplings: Int, in folder: URL) throws -> Timing {
    var own = request
    own.couplings = request.couplings.thinned(to: couplings)
    own.settings = .fixed(toys)
    own.output = folder.appendingPathComponent("toys").path
    let clock = ContinuousClock()
    let start = clock.now
    let scan = try ToyScan(subject, crew: crew, request: own)
    let result = try scan.run()
    let thrown = clock.now
    let files = (try? scan.write(result)).map { _ in (clock.now - thrown) / .seconds(1) }
    return Timing(
      points: result.verdicts.count, toys: result.toys, run: (thrown - start) / .seconds(1),
      files: files)
  }
}
