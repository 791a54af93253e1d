import Planning
import Rates
import ScanCore

/// Chooses quadrature orders and table spacing: two successive levels must agree on every bin, relative to its
/// component's total, to the tolerance, on a sample of the masses to be scanned. The later one is used; the difference is
/// the plan's error estimate.
///
/// The backend that judges is always a double-precision one of this machine's CPU, whatever runs the scan, so that
/// every backend and precision is given the same plan.
package struct PlanRefinement: Sendable {
  let model: RateModel
  let mode: IntegralMode
  let tolerance: Double
  let backend: any Backend
  private let sampler: ResponseSampler

  /// One level of effort: Gauss-Legendre orders of the recoil panels and of the energy segments, rows of the response
  /// tables per unit of ln T, and whether recoil windows end at bin edges.
  private struct Level: Sendable {
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
    var (plan, estimate, _) = try refined(shape: \RatePlan.self) { level in
      let plan = try planner(process, level).plan()
      return (plan, try backend.load(plan).evaluate(masses: sample))
    }
    // the later level is kept: its own error is as a rule far below the difference
    plan.estimatedError += estimate
    return plan
  }

  /// The plan that moves with the shape pulls: two levels must agree at theta = 0 and at -6 and 6 of every parameter.
  package func pulledPlan(
    _ process: PlannedProcess, masses: [Double], pulls: ShapePulls
  ) throws -> PulledRatePlan {
    let requests = Self.requests(Self.sample(masses), parameterCount: pulls.count)
    var (plan, estimate, _) = try refined(shape: \PulledRatePlan.rates) { level in
      let plan = try planner(process, level).pulledPlan(pulls)
      let values = try backend.load(plan).evaluate(masses: requests.masses, pulls: requests.pulls)
      let stride = plan.valuesPerRequest
      return (
        plan, requests.masses.indices.flatMap { values[$0 * stride..<$0 * stride + plan.rates.valuesPerMass] }
      )
    }
    plan.rates.estimatedError += estimate
    return plan
  }

  /// What makes plans of several processes, each at its masses, good to the tolerance: planners at the highest level one of
  /// them needs, and the largest estimate.
  func effort(
    _ processes: [(process: PlannedProcess, masses: [Double])]
  ) throws -> (planner: @Sendable (PlannedProcess) -> RatePlanner, estimate: Double) {
    var highest = 1
    var largest = 0.0
    for (process, masses) in processes {
      let (_, estimate, level) = try refined(shape: \RatePlan.self, from: highest - 1) { level in
        let plan = try planner(process, level).plan()
        return (plan, try backend.load(plan).evaluate(masses: masses))
      }
      highest = max(highest, level)
      largest = max(largest, estimate)
    }
    let level = Self.levels[highest]
    return ({ planner($0, level) }, largest)
  }

  /// A planner of ordinary effort, for what does not depend on the level.
  func planner(_ process: PlannedProcess) -> RatePlanner { planner(process, Self.levels[0]) }

  /// Raises the level until the events of two successive plans agree; returns the later one, the difference and the level.
  /// - Parameters:
  ///   - shape: the rates of a plan
  ///   - make: a plan and its events at the sampled points, `valuesPerMass` each
  private func refined<Plan>(
    shape: KeyPath<Plan, RatePlan>, from first: Int = 0,
    make: (Level) throws -> (plan: Plan, events: [Double])
  ) throws -> (plan: Plan, estimate: Double, level: Int) {
    var coarse = try make(Self.levels[first])
    var smallest = Double.infinity
    for level in Self.levels.indices.dropFirst(first + 1) {
      let fine = try make(Self.levels[level])
      let estimate = Self.difference(coarse.events, fine.events, plan: fine.plan[keyPath: shape])
      smallest = min(smallest, estimate)
      if estimate <= tolerance { return (fine.plan, estimate, level) }
      coarse = fine
    }
    throw PlanningError(
      "The quadrature does not reach the tolerance \(tolerance): the finest two of \(Self.levels.count) levels "
        + "still differ by \(smallest) relative. Ask for a looser --tolerance, or for a coarser resolution: "
        + "a response that is sharp against the range of recoils, or jumps, needs more nodes than are tried.")
  }

  private func planner(_ process: PlannedProcess, _ level: Level) -> RatePlanner {
    RatePlanner(
      model: model, process: process, mode: mode, recoilOrder: level.recoil, energyOrder: level.energy,
      rowsPerUnit: level.rows, splitsAtBinEdges: level.splits,
      tolerance: tolerance, sampler: sampler
    )
  }

  /// Every mass with all pulls at zero, and with each in turn at either end of its range.
  static func requests(_ masses: [Double], parameterCount: Int) -> (masses: [Double], pulls: [Double]) {
    let ends = (0..<parameterCount).flatMap { parameter in
      [-PulledRatePlan.largestPull, PulledRatePlan.largestPull].map { (end: Double) -> [Double] in
        (0..<parameterCount).map { $0 == parameter ? end : 0.0 }
      }
    }
    let settings = [[Double](repeating: 0, count: parameterCount)] + ends
    return (
      masses.flatMap { mass in settings.map { _ in mass } },
      masses.flatMap { _ in settings.flatMap { $0 } }
    )
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
        total(fine[row * components * bins + c * bins..<row * components * bins + (c + 1) * bins])
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

  /// Sum over bins; of magnitudes where interference makes some of them negative.
  private static func total(_ bins: ArraySlice<Double>) -> Double {
    let sum = bins.reduce(0, +)
    let size = bins.reduce(0) { $0 + abs($1) }
    return size - abs(sum) <= 1e-9 * size ? abs(sum) : size
  }
}
