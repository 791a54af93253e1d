import ReferenceBackend
import SIMDBackend
import ScanCore

@testable import Statistics

/// One Poisson bin: q events over a known background, no pull.
func countingModel(background: Double, signal: Double = 1, on backend: any Backend = ReferenceBackend())
  throws -> JointModel
{
  let plan = JointPlan(
    rest: [background], variance: [0], pulls: [],
    blocks: [JointBlock(name: "bin", bins: 0..<1, signalShares: [])])
  return try JointModel(plan: plan, templates: [signal], on: backend)
}

/// One Gaussian bin of unit variance whose mean is q >= 0.
func gaussianModel(on backend: any Backend = ReferenceBackend()) throws -> JointModel {
  let plan = JointPlan(
    rest: [0], variance: [1], pulls: [],
    blocks: [JointBlock(name: "bin", bins: 0..<1, signalShares: [])])
  return try JointModel(plan: plan, templates: [1], on: backend)
}

/// A joint likelihood whose every answer is not a number, or as told.
struct BrokenJoint: LoadedJoint {
  var plan: JointPlan
  var unconverged = 0
  var value = Double.nan
  /// Toys whose number is a multiple of this give `value`, the others 1.
  var brokenEvery = 1

  func profile(
    _ points: [JointPoint], data: JointData, templates: [Double]
  ) throws(BackendError) -> ProfileResult {
    ProfileResult(
      statistic: points.map { _ in value }, pulls: points.flatMap { _ in plan.pulls.map { _ in 0 } },
      unconverged: unconverged)
  }

  func minima(
    _ search: JointSearch, data: JointData, templates: [Double]
  ) throws(BackendError) -> JointMinima {
    let sets = data.observed.count / plan.binCount
    return JointMinima(
      statistic: (0..<sets).map { _ in value }, row: (0..<sets).map { _ in 0 },
      strength: (0..<sets).map { _ in 0 }, pulls: (0..<sets * plan.pullCount).map { _ in 0 },
      unconverged: unconverged)
  }

  func toys(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> ToyResult {
    let tested = batch.points.flatMap { _ in
      batch.toys.map { $0.isMultiple(of: brokenEvery) ? value : 1 }
    }
    return ToyResult(
      tested: tested, minimum: tested.map { _ in 0 }, bestRow: tested.map { _ in 0 },
      bestStrength: tested.map { _ in 0 }, unconverged: batch.points.map { _ in unconverged },
      clipped: batch.points.map { _ in 0 })
  }

  func thrown(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> JointData {
    let sets = batch.toyCount
    return JointData(observed: [Double](repeating: 0, count: sets * plan.binCount))
  }
}

/// What throws and fits toys in these tests: the quick one.
let toyBackend: any Backend = (try? CPUBackend()) ?? ReferenceBackend()
