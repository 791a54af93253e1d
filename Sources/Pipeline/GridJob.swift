import Contours
import ReferenceBackend
import ScanCore
import Scanning
import Statistics

/// The test statistic of a whole grid in memory, checked like that of a scan [UPS-14].
package struct GridJob {
  package struct Result: Sendable {
    /// Delta chi2, masses x couplings.
    package var statistic: [Double]
    /// Best pulls, masses x couplings x pulls; empty where they were not asked for.
    package var pulls: [Double]
    /// Limit per mass in the unit of the couplings, nil where there is none on the axis; empty for two degrees of freedom.
    package var limit: [Double?]
    package var contours: [Contour]
    package var summary: ScanSummary
  }

  let subject: ScanSubject
  let devices: [any Backend]

  /// - Parameter devices: share the grid; must give the same bits
  package init(_ subject: ScanSubject, devices: [any Backend]) {
    self.subject = subject
    self.devices = devices
  }

  /// - Parameters:
  ///   - masses: MeV, ascending, above 0
  ///   - couplings: in the unit of `scale`, ascending, above 0
  ///   - report: what happens to devices on the way, one sentence each
  package func run(
    masses: [Double], couplings: [Double], scale: CouplingScale, level: ConfidenceLevel, storePulls: Bool,
    report: @escaping (String) -> Void = { _ in }
  ) throws -> Result {
    let plan = ScanPlan(
      subject.first, joint: subject.joint, masses: masses, couplings: couplings.map(scale.toInternal),
      job: .factored, degreesOfFreedom: level.degreesOfFreedom)
    var contours = try ContourBuilder(m4: masses, d: couplings, level: level.threshold)
    var statistic: [Double] = []
    var pulls: [Double] = []
    var limit: [Double?] = []
    statistic.reserveCapacity(plan.pointCount)
    let summary = try ScanDriver(
      plan: plan, devices: devices, reference: ReferenceBackend(), keepsPulls: storePulls
    )
    .run(watch: ScanWatch(report: report)) { rows in
      statistic += rows.statistic
      if storePulls { pulls += rows.pulls }
      for row in rows.range {
        let values = Array(statistic[row * couplings.count..<(row + 1) * couplings.count])
        try contours.add(row: row, statistic: values)
        if level.degreesOfFreedom == 1 {
          limit.append(try interpolatedCrossing(d: couplings, statistic: values, level: level.threshold))
        }
      }
    }
    return Result(
      statistic: statistic, pulls: pulls, limit: limit, contours: try contours.finish(), summary: summary)
  }
}
