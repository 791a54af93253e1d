import Contours
import Reporting
import ScanCore

/// The limits of the members of a joint scan, each alone, for its figure.
enum MemberCurves {
  /// More points than a figure shows.
  static let mostMasses = 200

  /// Limits at the masses of the request, by root finding; none for a region in the plane or an interaction of either sign,
  /// which are not one curve.
  static func limits(
    of subject: ScanSubject, _ request: ScanRequest, on backend: any Backend
  ) throws -> [OverlayCurve] {
    guard let joint = subject.joint, joint.source.standardModel == nil, request.level.degreesOfFreedom == 1
    else { return [] }
    let all = request.masses.values
    let step = max(1, (all.count + mostMasses - 1) / mostMasses)
    let masses = stride(from: 0, to: all.count, by: step).map { all[$0] }
    return try zip(subject.specs, subject.analyses).map { spec, analysis in
      let rows = try LimitJob(analysis: analysis, backend: backend, morphed: true)
        .run(masses: masses, threshold: request.level.threshold)
      let points = rows.compactMap { row in
        row.coupling.map { ContourPoint(m4: row.m4, d: request.scale.fromInternal($0)) }
      }
      return OverlayCurve(
        label: "\(spec.title) alone", points: points,
        style: analysis.settings.dataSet == .observed ? .limit : .projection, reference: "")
    }
  }
}
