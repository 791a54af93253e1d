import Planning
import ReferenceBackend
import ScanCore

/// A joint likelihood with the data set to be fitted, and the backend that evaluates both.
struct FitModel {
  let joint: JointAnalysis
  let data: JointData
  let backend: any Backend
  let loaded: any LoadedJoint
  let redone = Redone()
  private let reference: any LoadedJoint

  init(_ joint: JointAnalysis, data: JointData, on backend: any Backend) throws {
    self.joint = joint
    self.data = data
    self.backend = backend
    loaded = try backend.load(joint.plan)
    reference = try ReferenceBackend().load(joint.plan)
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
    var found = try loaded.minima(search, data: data, templates: templates)
    if found.unconverged > 0 {
      found = try reference.minima(search, data: data, templates: templates)
      redone.count += 1
      try requireConverged(found.unconverged)
    }
    return RowFit(statistic: found.statistic[0], strength: found.strength[0], pulls: found.pulls)
  }

  /// chi2 and pulls with q given, rows x strengths.
  func profile(_ templates: [Double], strengths: [Double]) throws -> ProfileResult {
    let points = (0..<templates.count / plan.binCount).flatMap { row in
      strengths.map { JointPoint(set: 0, row: row, strength: $0) }
    }
    return try profile(points[...], templates)
  }

  /// Points that the backend does not converge at are looked for by halves, and done again on the reference.
  private func profile(_ points: ArraySlice<JointPoint>, _ templates: [Double]) throws -> ProfileResult {
    let result = try loaded.profile(Array(points), data: data, templates: templates)
    if result.unconverged == 0 { return result }
    if points.count == 1 {
      let again = try reference.profile(Array(points), data: data, templates: templates)
      redone.count += 1
      try requireConverged(again.unconverged)
      return again
    }
    let middle = points.startIndex + points.count / 2
    let (first, second) = (
      try profile(points[..<middle], templates), try profile(points[middle...], templates)
    )
    return ProfileResult(
      statistic: first.statistic + second.statistic, pulls: first.pulls + second.pulls, unconverged: 0)
  }

  private func requireConverged(_ unconverged: Int) throws {
    if unconverged == 0 { return }
    throw FitError(
      "\(unconverged) minimisations over the pulls did not converge, on the reference either. Look at the widths of the pulls and at "
        + "bins without expectation.")
  }

  /// How many fits were done again on the reference.
  final class Redone {
    var count = 0
  }
}

/// A fit whose numbers cannot be trusted: what happened, and the cure.
package struct FitError: Error, CustomStringConvertible {
  package var message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}
