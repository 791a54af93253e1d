import Foundation
import ScanCore

/// Times a scan by running small ones: the same experiments, devices and outputs on a few of its masses and couplings, in a
/// folder that is removed.
package struct ScanSample {
  /// What one small scan took, by stage.
  private struct Timing {
    var masses = 0
    var points = 0
    var fits = 0.0
    var grid = 0.0
    /// check of interpolated rates, contours, files, plots
    var rest = 0.0
  }

  /// Masses and couplings of the first sample: as many points as are checked again on the reference whatever the grid.
  private static let firstSize = 6
  /// Points of the check of interpolated rates, at most, and the share of a grid that is near enough to the contour for it.
  private static let checkedPoints = (most: 64, share: 0.6)

  private let subject: ScanSubject
  private let crew: RunCrew
  private let request: ScanRequest

  package init(_ subject: ScanSubject, crew: RunCrew, request: ScanRequest) {
    (self.subject, self.crew, self.request) = (subject, crew, request)
  }

  /// - Parameter begun: seconds that were spent before the first stage, as they will be again
  package func estimate(begun: Double) throws -> RunEstimate {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "upscatter-explain-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let timings = try SampleBudget.grow(from: Self.firstSize) { size in
      let timing = try run(size, in: folder)
      let isWhole = timing.masses == request.masses.count && timing.points == pointCount
      return (timing, timing.fits + timing.grid, isWhole)
    }
    return estimate(timings, begun: begun)
  }

  private var pointCount: Int { request.masses.count * request.couplings.count }

  private func run(_ size: Int, in folder: URL) throws -> Timing {
    var own = request
    own.masses = request.masses.thinned(to: size)
    own.couplings = request.couplings.thinned(to: size)
    own.output = folder.appendingPathComponent("scan").path
    var timing = Timing(masses: own.masses.count)
    timing.points = own.masses.count * own.couplings.count
    let clock = ContinuousClock()
    let start = clock.now
    var (fitted, gridded) = (start, start)
    let watch = RunWatch(progress: { stage in
      switch stage {
      case .fits: (fitted, gridded) = (clock.now, clock.now)
      case .grid: gridded = clock.now
      case .check: break
      }
    })
    _ = try ScanRun(subject, crew: crew, request: own).run(watch: watch)
    (timing.fits, timing.grid) = ((fitted - start) / .seconds(1), (gridded - fitted) / .seconds(1))
    timing.rest = (clock.now - gridded) / .seconds(1)
    return timing
  }

  // MARK: - Extrapolation

  private func estimate(_ timings: [Timing], begun: Double) -> RunEstimate {
    var estimate = RunEstimate()
    estimate.add("start, planning of the integrals", seconds: begun, basis: "measured")
    estimate.add(
      "best fits per mass", timings.map { StageSample(count: $0.masses, seconds: $0.fits) },
      to: request.masses.count, unit: "masses")
    estimate.add(
      "grid", timings.map { StageSample(count: $0.points, seconds: $0.grid) }, to: pointCount,
      unit: "points")
    if subject.hasShapePulls {
      let checked = { (points: Int) in
        min(Self.checkedPoints.most, Int(Self.checkedPoints.share * Double(points)))
      }
      estimate.add(
        "check of interpolated rates, files and plots",
        timings.map { StageSample(count: checked($0.points), seconds: $0.rest) }, to: checked(pointCount),
        unit: "checked points")
    } else {
      estimate.add(
        "files and plots", timings.map { StageSample(count: $0.masses, seconds: $0.rest) },
        to: request.masses.count, unit: "masses")
    }
    return estimate
  }
}
