import ScanCore
import Statistics

/// Throws toys over the plane and compares them with the data [UPS-41].
package struct ToyScan {
  let subject: ScanSubject
  let joint: JointAnalysis
  let backend: any Backend
  let request: ToyScanRequest

  package init(
    _ subject: ScanSubject, backend: any Backend, request: ToyScanRequest
  ) throws {
    self.subject = subject
    joint = try subject.joint ?? JointAnalysis(subject.analyses)
    self.backend = backend
    self.request = request
  }

  /// - Parameter progress: after every call to the backend
  package func run(progress: (AdaptiveToys.Progress) throws -> Void) throws -> ToyScanResult {
    let fit = try FitModel(joint, data: joint.data, on: backend)
    let model = try JointModel(
      plan: joint.plan, joint: fit.loaded, templates: fit.templates(request.masses.values))
    let strengths = request.couplings.values.map { fit.strength(of: request.scale.toInternal($0)) }
    let rows = 0..<request.masses.count
    let hypotheses = rows.flatMap { row in
      strengths.map { JointHypothesis(row: row, strength: $0) }
    }
    let search = request.level.degreesOfFreedom == 2 ? rows : nil
    let observed = try model.observed(.deltaChiSquare, hypotheses, data: joint.data, search: search)
    let toys = try AdaptiveToys(
      model, seed: request.seed, ensemble: request.ensemble, statistic: .deltaChiSquare, search: search,
      settings: request.settings)
    let verdicts = try toys.run(
      observed.enumerated().map { $1.toyPoint(key: UInt64($0)) }, observed: observed.map(\.value),
      level: request.level.level, asymptotic: request.level.threshold, progress: progress)
    return ToyScanResult(
      verdicts: verdicts, masses: request.masses.count, couplings: request.couplings.count)
  }
}
