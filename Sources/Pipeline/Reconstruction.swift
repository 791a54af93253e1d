import Contours
import Foundation
import Planning
import ScanCore
import Statistics

/// Fits (m4, d) to data, to the expectation of a truth or to a toy, of one experiment or of several [UPS-47].
package struct Reconstruction {
  let analyses: [Analysis]
  let backend: any Backend
  let planning: any Backend
  let request: FitRequest
  /// What it is at, for the person who waits.
  let report: (String) -> Void

  /// - Parameters:
  ///   - analyses: of the same interaction, in the order of the combination
  ///   - planning: finds the limits that default axes are made from
  package init(
    analyses: [Analysis], backend: any Backend, planning: any Backend, request: FitRequest,
    report: @escaping (String) -> Void
  ) throws {
    self.analyses = analyses
    self.backend = backend
    self.planning = planning
    self.request = request
    self.report = report
    try checkTruth()
  }

  /// The fit of all, and of each alone if asked for, on the axes of the former.
  func run() throws -> (all: FitOutcome, alone: [FitOutcome]) {
    let joint = try JointAnalysis(analyses, shared: request.shared)
    let data = try FitData.make(
      joint, truth: request.truth, toy: request.toy, on: backend, scale: request.scale)
    let all = try fit(joint, data)
    guard request.alone, analyses.count > 1 else { return (all, []) }
    let axis = [all.plane.couplings.first, all.plane.couplings.last].compactMap(\.self)
    var alone: [FitOutcome] = []
    for (index, analysis) in analyses.enumerated() {
      let single = try JointAnalysis([analysis])
      let part = FitData.part(of: data, joint, member: index, alone: single, shared: request.shared)
      alone.append(try fit(single, part, within: axis))
    }
    return (all, alone)
  }

  private func fit(_ joint: JointAnalysis, _ data: JointData, within ends: [Double]? = nil) throws
    -> FitOutcome
  {
    let names = joint.members.map(\.model.name)
    let text = names.joined(separator: " + ")
    report("\(text): best fits per mass")
    let thresholds = try request.levels.map {
      try chiSquareQuantile(confidenceLevel: $0, degreesOfFreedom: 2)
    }
    let model = try FitModel(joint, data: data, on: backend)
    let refining = request.refines ? thresholds.max() : nil
    var plane = try FitPlane(model, masses: request.masses, refining: refining)
    let best = try BestFit(plane)
    report("\(text): profile likelihood in the plane")
    try plane.fill(couplings: try couplings(joint, best, within: ends), refining: refining)
    let minimum = min(best.statistic, plane.statistic.min() ?? best.statistic)
    let delta = plane.statistic.map { $0 - minimum }
    let slope = try FitErrors.slope(model, best, within: plane.masses)
    var outcome = FitOutcome(
      experiments: names, plane: plane, best: best, delta: delta,
      massProfile: plane.rows.map { max(0, $0.statistic - minimum) },
      couplingProfile: try plane.couplings.map { max(0, try plane.profile(coupling: $0) - minimum) },
      covariance: FitErrors.covariance(model, best, slope: slope),
      truthDelta: try truthStatistic(model).map { max(0, $0 - minimum) }, levels: [], posterior: nil,
      posteriorLevels: [], posteriorDensity: nil, notes: [])
    outcome.levels = try zip(request.levels, thresholds).map {
      try level($0, threshold: $1, outcome, minimum: minimum)
    }
    if let posterior = request.posterior, ends == nil {
      report("\(text): sampling the posterior")
      try outcome.sample(posterior, levels: request.levels, minimum: minimum, scale: request.scale)
    }
    outcome.notes = notes(outcome, joint)
    return outcome
  }

  private func level(
    _ level: Double, threshold: Double, _ outcome: FitOutcome, minimum: Double
  ) throws -> FitLevel {
    let plane = outcome.plane
    let one = try chiSquareQuantile(confidenceLevel: level, degreesOfFreedom: 1)
    // no signal, no mass: every mass fits as well
    let sees = outcome.best.mass != nil
    let withoutSignal = plane.withoutSignal.statistic - minimum
    return FitLevel(
      region: FitRegion(
        level: level, threshold: threshold, inside: outcome.delta.map { $0 <= threshold },
        masses: plane.masses.count, couplings: plane.couplings.count,
        includesNoSignal: withoutSignal <= threshold),
      contours: try outline(outcome, threshold, .open), outlines: try outline(outcome, threshold, .closed),
      intervalThreshold: one,
      masses: sees
        ? try ProfileInterval.intervals(axis: plane.masses, values: outcome.massProfile, level: one) {
          try plane.model.rowFits(plane.model.templates($0)).map { max(0, $0.statistic - minimum) }
        } : [],
      couplings: try ProfileInterval.intervals(
        axis: plane.couplings, values: outcome.couplingProfile, level: one
      ) { try $0.map { max(0, try plane.profile(coupling: $0) - minimum) } })
  }

  private func outline(
    _ outcome: FitOutcome, _ threshold: Double, _ boundary: ContourBuilder.Boundary
  ) throws -> [Contour] {
    try RegionOutline.contours(
      masses: outcome.plane.masses, couplings: outcome.plane.couplings.map(request.scale.fromInternal),
      values: outcome.delta, level: threshold, boundary: boundary)
  }

  /// chi2 of the injected signal.
  private func truthStatistic(_ model: FitModel) throws -> Double? {
    try request.truth.map { truth in
      let template = try model.templates([truth.mass])
      return try model.profile(template, strengths: [model.strength(of: truth.coupling)]).statistic[0]
    }
  }
}
