import Reporting
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
    joint = try subject.jointAnalysis()
    self.backend = backend
    self.request = request
  }

  /// Throws where a point means more events than can be thrown, and where no point states anything.
  /// - Parameter progress: after every call to the backend
  package func run(progress: (AdaptiveToys.Progress) throws -> Void) throws -> ToyScanResult {
    let fit = try FitModel(joint, data: joint.data, on: backend)
    let model = try JointModel(
      plan: joint.plan, joint: fit.loaded, templates: fit.templates(request.masses.values))
    let strengths = request.couplings.values.map { fit.strength(of: request.scale.toInternal($0)) }
    try requireThrowable(model, strengths)
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
    let result = ToyScanResult(
      verdicts: verdicts, masses: request.masses.count, couplings: request.couplings.count,
      minima: try rows.map { row in
        try model.best(JointSearch(rows: row..<row + 1), data: joint.data).first?.statistic ?? .infinity
      },
      rowsWithoutSignal: try rows.filter { try model.naturalScale(row: $0) == nil })
    try requireStatement(result)
    return result
  }

  private func requireThrowable(_ model: JointModel, _ strengths: [Double]) throws {
    guard let strength = strengths.max(), let coupling = request.couplings.values.last else { return }
    for (row, mass) in request.masses.values.enumerated() {
      let mean = try model.largestMean(row: row, strength: strength, factors: [])
      guard mean <= ToySettings.largestMean else {
        throw RequestError(
          "--d \(coupling) at \(massSymbol) = \(NumberWords.short(mass)) MeV: "
            + TooManyEvents.text(mean, of: request.scale))
      }
    }
  }

  private func requireStatement(_ result: ToyScanResult) throws(FitError) {
    guard let problems = result.problems, problems.count == result.verdicts.count else { return }
    throw FitError(
      "None of the \(problems.count) points states anything, so there is no corrected contour, and nothing was written. The first point: "
        + problems.first)
  }

  var massSymbol: String { request.scale.mass?.symbol ?? "m4" }
}
