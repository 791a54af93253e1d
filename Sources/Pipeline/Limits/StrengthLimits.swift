import Planning
import ScanCore
import Statistics

/// Limits of every method, with bands and discovery, of one experiment or of several [UPS-42, UPS-43, UPS-53].
package struct StrengthLimits {
  let subject: ScanSubject
  let backend: any Backend
  let request: StrengthLimitRequest
  let begin: (String) -> Void

  /// - Parameter begin: called with the name of every stage
  package init(
    _ subject: ScanSubject, backend: any Backend, request: StrengthLimitRequest,
    begin: @escaping (String) -> Void = { _ in }
  ) {
    (self.subject, self.backend, self.request, self.begin) = (subject, backend, request, begin)
  }

  /// Templates of the masses in the joint likelihood, and how strengths become couplings.
  struct Templates {
    var fit: FitModel
    var model: JointModel
    var rows: Range<Int> { 0..<model.rowCount }
    var data: JointData { fit.data }
  }

  package func run(masses: [Double]) throws -> StrengthLimitResult {
    let threshold = try request.method.threshold(request.level)
    let templates = try request.needsTemplates ? templates(masses) : nil
    begin("limits")
    let fits = try subject.limitJob(on: backend).run(masses: masses, threshold: threshold)
    var rows = fits.map(row)
    guard let templates else { return StrengthLimitResult(rows: rows, best: nil, notes: []) }
    var notes = [Self.ensembleNote(request)].compactMap(\.self)
    if request.method == .cls { try addCLs(&rows, templates) }
    if request.bandToys != nil { try addBands(&rows, templates, threshold: threshold) }
    if request.toys != nil { try addToys(&rows, templates) }
    let best = try request.discovery ? addDiscovery(&rows, templates) : nil
    if let best, best.toys == nil, masses.count > 1 {
      notes.append(
        "the significance of the best fit over all masses is local, without the look-elsewhere effect; --toys give the global p-value"
      )
    }
    return StrengthLimitResult(rows: rows, best: best, notes: notes)
  }

  /// Throws where the likelihood is not one of a strength times a template.
  private func templates(_ masses: [Double]) throws -> Templates {
    begin("signal at every mass")
    do {
      let joint = try subject.joint ?? JointAnalysis(subject.analyses)
      let fit = try FitModel(joint, data: joint.data, on: backend)
      let model = try JointModel(
        plan: joint.plan, joint: fit.loaded, templates: fit.templates(masses))
      return Templates(fit: fit, model: model)
    } catch let error as PlanningError {
      throw PlanningError(
        "\(error.message) `--method likelihood` (the default) and one-sided without --toys, --bands and --discovery take it."
      )
    }
  }

  private func row(_ fit: LimitJob.Row) -> StrengthLimitRow {
    guard request.method != .likelihood else {
      return StrengthLimitRow(
        fit: fit, coupling: fit.coupling, lowerCoupling: fit.lowerCoupling,
        notes: [fit.note].compactMap(\.self))
    }
    let note = fit.note == LimitJob.zeroExcluded ? nil : fit.note
    return StrengthLimitRow(fit: fit, coupling: fit.coupling, notes: [note].compactMap(\.self))
  }

  private static func ensembleNote(_ request: StrengthLimitRequest) -> String? {
    guard let toys = request.toys ?? request.bandToys else { return nil }
    return "toys: \(toys) of each kind, seed \(request.seed), pulls \(request.ensemble.rawValue)"
  }

  // MARK: - Asymptotic

  private func addCLs(_ rows: inout [StrengthLimitRow], _ templates: Templates) throws {
    begin("CLs")
    let limits = try AsymptoticCLs(templates.model, data: templates.data)
      .limits(rows: templates.rows, level: request.level.level)
    for (index, limit) in limits.enumerated() {
      let fit = templates.fit
      rows[index].coupling = limit.observed.strength.map { fit.coupling(ofStrength: $0) }
      switch limit.observed {
      case .found: rows[index].notes = []
      case .noSignal: rows[index].notes = [LimitJob.noSignal]
      case .notReached:
        rows[index].notes = ["the normalisation pull absorbs any signal: CLs never falls to 1 - CL"]
      }
      if request.bands, limit.observed != .noSignal {
        rows[index].expected = limit.expected.map {
          $0.strength.map { fit.coupling(ofStrength: $0) } ?? Double.infinity
        }
      }
    }
  }

  /// Of toys without a signal, each with its limit at the asymptotic level.
  private func addBands(
    _ rows: inout [StrengthLimitRow], _ templates: Templates, threshold: Double
  ) throws {
    guard let toys = request.bandToys else { return }
    begin("expected limits of \(toys) toys")
    let expected = try ExpectedLimits(templates.model, seed: request.seed, ensemble: request.ensemble)
      .limits(rows: templates.rows, threshold: threshold, toys: toys)
    for (index, limit) in expected.enumerated() {
      rows[index].expected = limit.bands.map {
        $0.value.isFinite ? templates.fit.coupling(ofStrength: $0.value) : Double.infinity
      }
      // rows without a signal have their note
      if let problem = limit.problem, try templates.model.naturalScale(row: index) != nil {
        rows[index].notes.append("no expected limits: \(problem)")
      } else if limit.bands.contains(where: { $0.value == .infinity }) {
        rows[index].notes.append("\(limit.notReached) of \(limit.toys) toys set no limit")
      }
    }
  }
}
