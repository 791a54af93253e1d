import Planning
import Rates
import ScanCore

/// Chooses the quadrature orders: two successive orders must agree on every component total to the tolerance, on a
/// sample of the masses to be scanned. The difference is the plan's error estimate.
///
/// The backend that judges is always a double-precision one of this machine's CPU, whatever runs the scan, so that
/// every backend and precision is given the same plan.
package struct PlanRefinement {
  let model: RateModel
  let mode: IntegralMode
  let tolerance: Double
  let backend: any Backend
  /// Gauss-Legendre orders of the recoil panels and of the energy segments, raised together.
  static let orders = [(32, 6), (48, 8), (64, 12), (96, 16), (128, 24), (192, 32), (256, 32), (384, 48)]
  static let sampleSize = 24

  package init(model: RateModel, mode: IntegralMode, tolerance: Double, backend: any Backend) {
    self.model = model
    self.mode = mode
    self.tolerance = tolerance
    self.backend = backend
  }

  package func plan(_ process: PlannedProcess, masses: [Double]) throws -> RatePlan {
    let sample = Self.sample(masses)
    var coarse = try planned(process, Self.orders[0])
    var coarseValues = try backend.load(coarse).evaluate(masses: sample)
    var smallest = Double.infinity
    for order in Self.orders.dropFirst() {
      let fine = try planned(process, order)
      let fineValues = try backend.load(fine).evaluate(masses: sample)
      let estimate = Self.difference(coarseValues, fineValues, plan: fine)
      smallest = min(smallest, estimate)
      if estimate <= tolerance {
        // the coarser of the two agreeing orders is kept: the finer one vouches for it
        coarse.estimatedError = estimate
        return coarse
      }
      (coarse, coarseValues) = (fine, fineValues)
    }
    throw PlanningError(
      "The quadrature does not reach the tolerance \(tolerance): orders up to \(Self.orders.last?.0 ?? 0) still "
        + "differ by \(smallest) relative. Ask for a looser --tolerance, or look for a discontinuity in the "
        + "experiment's response.")
  }

  private func planned(_ process: PlannedProcess, _ order: (recoil: Int, energy: Int)) throws -> RatePlan {
    try RatePlanner(
      model: model, process: process, mode: mode, recoilOrder: order.recoil, energyOrder: order.energy,
      tolerance: tolerance
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
