import ScanCore
import Scanning
import Statistics

/// Delta chi2 over couplings of an interaction, per mass.
package struct CouplingProfile: Codable, Sendable {
  package struct Row: Codable, Sendable {
    /// MeV
    package var mass: Double
    /// statistic minus its minimum over the physical range
    package var delta: [Double]
    package var minimumStatistic: Double
  }
  package var rows: [Row]
  /// internal unit
  package var couplings: [Double]
}

extension LimitJob {
  /// - Parameter couplings: in the internal unit of the interaction, of either sign where it interferes linearly
  package func profile(masses: [Double], couplings: [Double]) throws -> CouplingProfile {
    let plan = ScanPlan(
      analysis, joint: joint, masses: masses, couplings: couplings, job: morphed ? .factored : .pointwise,
      degreesOfFreedom: 1)
    let scan = try LoadedScan(plan, on: backend)
    let minima = try scan.minima(masses: masses)
    let strengths = plan.couplingSquares
    let result = try scan.evaluate(
      Tile(
        masses: masses, couplingSquares: masses.flatMap { _ in strengths }, columns: strengths.count))
    guard result.unconverged == 0 else {
      throw BackendError(
        .deviceFailure,
        "The pulls of \(result.unconverged) points did not converge. Run with --backend reference, and report the case."
      )
    }
    let rows = minima.enumerated().map { index, minimum in
      CouplingProfile.Row(
        mass: minimum.mass,
        delta: result.statistic[index * strengths.count..<(index + 1) * strengths.count].map {
          $0 - minimum.statistic
        }, minimumStatistic: minimum.statistic)
    }
    return CouplingProfile(rows: rows, couplings: couplings)
  }
}
