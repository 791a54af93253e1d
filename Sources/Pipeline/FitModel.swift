import Planning
import ScanCore

/// A joint likelihood with the data set to be fitted, and the backend that evaluates both.
struct FitModel {
  let joint: JointAnalysis
  let data: JointData
  let backend: any Backend
  let loaded: any LoadedJoint

  init(_ joint: JointAnalysis, data: JointData, on backend: any Backend) throws {
    self.joint = joint
    self.data = data
    self.backend = backend
    loaded = try backend.load(joint.plan)
  }

  var plan: JointPlan { joint.plan }

  // MARK: - Couplings

  /// q of a coupling (internal units).
  func strength(of coupling: Double) -> Double {
    if let interaction = joint.members.first?.interaction { return interaction.strength(of: coupling) }
    let ratio = coupling / joint.referenceCoupling
    return ratio * ratio
  }

  func coupling(ofStrength q: Double) -> Double {
    if let interaction = joint.members.first?.interaction { return interaction.coupling(ofStrength: q) }
    return joint.referenceCoupling * q.squareRoot()
  }

  // MARK: - Fits

  /// The minimum over q >= 0 and the pulls at one mass.
  struct RowFit {
    var statistic: Double
    var strength: Double
    var pulls: [Double]
  }

  func templates(_ masses: [Double]) throws -> [Double] {
    try joint.templates(masses: masses, on: backend)
  }

  /// One fit per row of templates.
  func rowFits(_ templates: [Double]) throws -> [RowFit] {
    try (0..<templates.count / plan.binCount).map {
      try minimum(JointSearch(rows: $0..<$0 + 1), templates)
    }
  }

  /// Without any signal.
  func withoutSignal(_ templates: [Double]) throws -> RowFit {
    try minimum(JointSearch(rows: 0..<1, strength: 0), templates)
  }

  private func minimum(_ search: JointSearch, _ templates: [Double]) throws -> RowFit {
    let found = try loaded.minima(search, data: data, templates: templates)
    try requireConverged(found.unconverged)
    return RowFit(statistic: found.statistic[0], strength: found.strength[0], pulls: found.pulls)
  }

  /// chi2 and pulls with q given, rows x strengths.
  func profile(_ templates: [Double], strengths: [Double]) throws -> ProfileResult {
    let points = (0..<templates.count / plan.binCount).flatMap { row in
      strengths.map { JointPoint(set: 0, row: row, strength: $0) }
    }
    let result = try loaded.profile(points, data: data, templates: templates)
    try requireConverged(result.unconverged)
    return result
  }

  private func requireConverged(_ unconverged: Int) throws {
    if unconverged == 0 { return }
    throw FitError(
      "\(unconverged) minimisations over the pulls did not converge. Try --backend reference; if it does not either, look "
        + "at the widths of the pulls and at bins without expectation.")
  }
}

/// A fit whose numbers cannot be trusted: what happened, and the cure.
package struct FitError: Error, CustomStringConvertible {
  package var message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}
