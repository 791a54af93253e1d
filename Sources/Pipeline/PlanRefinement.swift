import Planning
import Rates
import ScanCore

/// Chooses quadrature orders and table spacing: two successive levels must agree on every bin, relative to its
/// component's total, to the tolerance, on a sample of the masses to be scanned. The later one is used; the difference is
/// the plan's error estimate.
///
/// The backend that judges is always a double-precision one of this machine's CPU, whatever runs the scan, so that
/// every backend and precision is given the same plan.
package struct PlanRefinement {
  let model: RateModel
  let mode: IntegralMode
  let tolerance: Double
  let backend: any Backend
  private let sampler: ResponseSampler

  /// One level of effort: Gauss-Legendre orders of the recoil panels and of the energy segments, rows of the response
  /// tables per unit of ln T, and whether recoil windows end at bin edges.
  private struct Level {
    var recoil: Int
    var energy: Int
    var rows: Int
    var splits = false
  }

  /// Raised together: the difference of two levels covers all of them. Responses sharp against the range of recoils need
  /// windows that end at bin edges, where their steps are. Rows double: a grid reuses those of the one before.
  private static let levels = [
    Level(recoil: 32, energy: 6, rows: 256), Level(recoil: 48, energy: 8, rows: 512),
    Level(recoil: 64, energy: 12, rows: 1024), Level(recoil: 96, energy: 16, rows: 2048),
    Level(recoil: 48, energy: 16, rows: 1024, splits: true),
    Level(recoil: 72, energy: 24, rows: 2048, splits: true),
    Level(recoil: 112, energy: 32, rows: 4096, splits: true),
    Level(recoil: 176, energy: 48, rows: 8192, splits: true),
    Level(recoil: 280, energy: 48, rows: 16384, splits: true),
  ]
  static let sampleSize = 24

  package init(model: RateModel, mode: IntegralMode, tolerance: Double, backend: any Backend) {
    self.model = model
    self.mode = mode
    self.tolerance = tolerance
    self.backend = backend
    sampler = ResponseSampler(model.response)
  }

  package func plan(_ process: PlannedProcess, masses: [Double]) throws -> RatePlan {
    let sample = Self.sample(masses)
    var coarse = try planned(process, Self.levels[0])
    var coarseValues = try backend.load(coarse).evaluate(masses: sample)
    var smallest = Double.infinity
    for level in Self.levels.dropFirst() {
      var fine = try planned(process, level)
      let fineValues = try backend.load(fine).evaluate(masses: sample)
      let estimate = Self.difference(coarseValues, fineValues, plan: fine)
      smallest = min(smallest, estimate)
      if estimate <= tolerance {
        // the later level is kept: its own error is as a rule far below the difference
        fine.estimatedError += estimate
        return fine
      }
      (coarse, coarseValues) = (fine, fineValues)
    }
    throw PlanningError(
      "The quadrature does not reach the tolerance \(tolerance): the finest two of \(Self.levels.count) levels "
        + "still differ by \(smallest) relative. Ask for a looser --tolerance, or for a coarser resolution: "
        + "a response that is sharp against the range of recoils, or jumps, needs more nodes than are tried.")
  }

  private func planned(_ process: PlannedProcess, _ level: Level) throws
    -> RatePlan
  {
    try RatePlanner(
      model: model, process: process, mode: mode, recoilOrder: level.recoil, energyOrder: level.energy,
      rowsPerUnit: level.rows, splitsAtBinEdges: level.splits,
      tolerance: tolerance, sampler: sampler
    ).plan()
  }

  /// Ends and evenly spread members of the masses.
  static func sample(_ masses: [Double]) -> [Double] {
    if masses.count <= sampleSize { return masses }
    return (0..<sampleSize).map { masses[$0 * (masses.count - 1) / (sampleSize - 1)] }
  }

  /// Largest |fine - coarse| of any bin, relative to the total of its component; components that fade out at
  /// threshold are measured against a millionth of their largest total over the masses.
  static func difference(_ coarse: [Double], _ fine: [Double], plan: RatePlan) -> Double {
    let bins = plan.binCount
    let components = plan.componentCount
    let rows = fine.count / max(1, plan.valuesPerMass)
    var worst = 0.0
    for c in 0..<components {
      let totals = (0..<rows).map { row in
        (0..<bins).reduce(0.0) { $0 + fine[row * components * bins + c * bins + $1] }
      }
      let floor = 1e-6 * (totals.max() ?? 0)
      for row in 0..<rows {
        let scale = max(totals[row], floor, .leastNormalMagnitude)
        for b in 0..<bins {
          let i = row * components * bins + c * bins + b
          worst = max(worst, abs(fine[i] - coarse[i]) / scale)
        }
      }
    }
    return worst
  }
}
