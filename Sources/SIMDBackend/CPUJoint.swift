import CPUKernelsBaseline
import CVec
import ScanCore
import Synchronization

/// The joint likelihood on the CPU: eight data sets side by side, groups of them shared among the workers [UPS-36].
struct CPUJoint: LoadedJoint {
  private static let lanes = 8

  let plan: JointPlan
  let packed: PackedJointPlan
  let instructionSet: InstructionSet
  let pool: WorkerPool

  init(_ plan: JointPlan, _ instructionSet: InstructionSet, _ pool: WorkerPool) {
    self.plan = plan
    packed = PackedJointPlan(plan)
    self.instructionSet = instructionSet
    self.pool = pool
  }

  // MARK: - Jobs

  func profile(
    _ points: [JointPoint], data: JointData, templates: [Double]
  ) throws(BackendError) -> ProfileResult {
    let sets = try plan.check(data)
    try plan.check(points, sets: sets, rows: try plan.check(templates: templates))
    let fits = run(groups: groups(points.count), data, templates) { tables, sets, group, scratch, out in
      var indices = [Int64](repeating: 0, count: Self.lanes)
      var rows = indices
      var strengths = [Double](repeating: 0, count: Self.lanes)
      for lane in 0..<Self.lanes {
        let point = points[min(group * Self.lanes + lane, points.count - 1)]
        (indices[lane], rows[lane], strengths[lane]) = (Int64(point.set), Int64(point.row), point.strength)
      }
      return withAddresses(indices, rows, strengths) { indices, rows, strengths in
        instructionSet.jointProfile(
          tables, active: packed.largestActiveCount,
          JointSets(observed: sets.observed, centres: sets.centres, sets: indices), rows: rows,
          strengths: strengths, scratch: scratch, out)
      }
    }
    var result = ProfileResult(statistic: [], pulls: [], unconverged: 0, sweeps: fits.sweeps)
    result.statistic.reserveCapacity(points.count)
    result.pulls.reserveCapacity(points.count * plan.pullCount)
    for index in points.indices {
      result.statistic.append(fits.statistic[index])
      result.pulls += fits.pulls(index, plan.pullCount)
      if fits.converged[index] == 0 { result.unconverged += 1 }
    }
    return result
  }

  func minima(
    _ search: JointSearch, data: JointData, templates: [Double]
  ) throws(BackendError) -> JointMinima {
    let sets = try plan.check(data)
    try plan.check(search, rows: try plan.check(templates: templates))
    let overlaps = plan.overlaps(templates, for: search)
    let fits = run(groups: groups(sets), data, templates) { tables, pointers, group, scratch, out in
      var indices = [Int64](repeating: 0, count: Self.lanes)
      for lane in 0..<Self.lanes { indices[lane] = Int64(min(group * Self.lanes + lane, sets - 1)) }
      withRange(search, overlaps) { range in
        indices.withUnsafeBufferPointer { indices in
          guard let indices = indices.baseAddress else { return }
          instructionSet.jointMinima(
            tables, active: packed.largestActiveCount,
            JointSets(observed: pointers.observed, centres: pointers.centres, sets: indices), range,
            scratch: scratch, out)
        }
      }
      return 0
    }
    var minima = JointMinima(statistic: [], row: [], strength: [], pulls: [], unconverged: 0)
    for index in 0..<sets {
      minima.statistic.append(fits.statistic[index])
      minima.row.append(Int(fits.row[index]))
      minima.strength.append(fits.strength(index, plan.pullCount))
      minima.pulls += fits.pulls(index, plan.pullCount)
      if fits.converged[index] == 0 { minima.unconverged += 1 }
    }
    return minima
  }

  func toys(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> ToyResult {
    try plan.check(batch, rows: try plan.check(templates: templates))
    let perPoint = groups(batch.toys.count)
    let count = batch.points.count * perPoint * Self.lanes
    let (tested, minimum, strength) = (Lanes(count, of: 0.0), Lanes(count, of: 0.0), Lanes(count, of: 0.0))
    let (row, converged, clipped) = (
      Lanes(count, of: Int64(0)), Lanes(count, of: Int64(0)), Lanes(count, of: Int64(0))
    )
    let out = SharedValue(
      ToyLanes(
        tested: tested.base, minimum: minimum.base, strength: strength.base, row: row.base,
        converged: converged.base, clipped: clipped.base))
    let overlaps = batch.search.flatMap { plan.overlaps(templates, for: $0) }
    withTables(templates) { tables in
      let shared = SharedValue(tables)
      let scratch = Scratch(workers: pool.workerCount, count: scratchCount(tables))
      pool.run(blocks: batch.points.count * perPoint) { block, worker in
        let point = batch.points[block / perPoint]
        let first = batch.toys.lowerBound + block % perPoint * Self.lanes
        let search = batch.search ?? JointSearch(rows: point.testedRow..<point.testedRow + 1)
        withRange(search, overlaps) { range in
          withTruth(batch, point, firstToy: first) { truth in
            instructionSet.jointToys(
              shared.value, active: packed.largestActiveCount, truth, range, scratch: scratch[worker],
              out.value.moved(by: block * Self.lanes))
          }
        }
      }
    }
    var result = ToyResult(
      tested: [], minimum: [], bestRow: [], bestStrength: [],
      unconverged: [Int](repeating: 0, count: batch.points.count),
      clipped: [Int](repeating: 0, count: batch.points.count))
    result.tested.reserveCapacity(batch.toyCount)
    result.minimum.reserveCapacity(batch.toyCount)
    result.bestRow.reserveCapacity(batch.toyCount)
    result.bestStrength.reserveCapacity(batch.toyCount)
    for point in batch.points.indices {
      let lanes = point * perPoint * Self.lanes..<point * perPoint * Self.lanes + batch.toys.count
      result.tested += lanes.map { tested[$0] }
      result.minimum += lanes.map { minimum[$0] }
      result.bestRow += lanes.map { Int32(row[$0]) }
      result.bestStrength += lanes.map { strength[$0] }
      result.unconverged[point] = lanes.count { converged[$0] == 0 }
      result.clipped[point] = lanes.count { clipped[$0] != 0 }
    }
    return result
  }

  func thrown(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> JointData {
    try plan.check(batch, rows: try plan.check(templates: templates))
    let (bins, pulls, toys) = (plan.binCount, plan.pullCount, batch.toys.count)
    let perPoint = groups(toys)
    let counts = Lanes(batch.points.count * perPoint * Self.lanes * bins, of: 0.0)
    let centres = Lanes(batch.points.count * perPoint * Self.lanes * pulls, of: 0.0)
    withTables(templates) { tables in
      let shared = SharedValue(tables)
      let out = SharedValue((counts: counts.base, centres: centres.base))
      let scratch = Scratch(workers: pool.workerCount, count: scratchCount(tables))
      pool.run(blocks: batch.points.count * perPoint) { block, worker in
        withTruth(
          batch, batch.points[block / perPoint],
          firstToy: batch.toys.lowerBound + block % perPoint * Self.lanes
        ) { truth in
          instructionSet.throwToys(
            shared.value, active: packed.largestActiveCount, truth, scratch: scratch[worker],
            counts: out.value.counts + block * Self.lanes * bins,
            centres: out.value.centres + block * Self.lanes * pulls)
        }
      }
    }
    var data = JointData(observed: [])
    data.observed.reserveCapacity(batch.toyCount * bins)
    data.centres.reserveCapacity(batch.toyCount * pulls)
    for point in batch.points.indices {
      for toy in 0..<toys {
        let (block, lane) = (point * perPoint + toy / Self.lanes, toy % Self.lanes)
        for bin in 0..<bins { data.observed.append(counts[(block * bins + bin) * Self.lanes + lane]) }
        for k in 0..<pulls { data.centres.append(centres[(block * pulls + k) * Self.lanes + lane]) }
      }
    }
    return data
  }

  // MARK: - Groups of eight

  private func groups(_ count: Int) -> Int { (count + Self.lanes - 1) / Self.lanes }

  private struct Fits {
    let statistic: Lanes<Double>
    let row: Lanes<Int64>
    let converged: Lanes<Int64>
    /// per group (pulls + 1) x 8
    let factors: Lanes<Double>
    var sweeps = 0

    func pulls(_ index: Int, _ count: Int) -> [Double] {
      (0..<count).map { factors[(index / 8 * (count + 1) + $0) * 8 + index % 8] - 1 }
    }
    func strength(_ index: Int, _ count: Int) -> Double {
      factors[(index / 8 * (count + 1) + count) * 8 + index % 8]
    }
  }

  private struct DataPointers {
    let observed: UnsafePointer<Double>
    let centres: UnsafePointer<Double>?
  }

  private func run(
    groups: Int, _ data: JointData, _ templates: [Double],
    _ body: @Sendable (JointTables, DataPointers, Int, UnsafeMutablePointer<Double>, JointLanes) -> Int
  ) -> Fits {
    let lanes = groups * Self.lanes
    var fits = Fits(
      statistic: Lanes(lanes, of: 0), row: Lanes(lanes, of: 0), converged: Lanes(lanes, of: 0),
      factors: Lanes(lanes * (plan.pullCount + 1), of: 0))
    guard groups > 0 else { return fits }
    let sweeps = Atomic<Int>(0)
    let unknowns = plan.pullCount + 1
    withTables(templates) { tables in
      data.observed.withUnsafeBufferPointer { observed in
        data.centres.withUnsafeBufferPointer { centres in
          guard let observed = observed.baseAddress else { return }
          let pointers = SharedValue(
            DataPointers(observed: observed, centres: data.centres.isEmpty ? nil : centres.baseAddress))
          let shared = SharedValue(tables)
          let out = SharedValue(
            JointLanes(
              statistic: fits.statistic.base, row: fits.row.base, converged: fits.converged.base,
              factors: fits.factors.base))
          let scratch = Scratch(workers: pool.workerCount, count: scratchCount(tables))
          pool.run(blocks: groups) { group, worker in
            let used = body(
              shared.value, pointers.value, group, scratch[worker],
              out.value.moved(by: group * Self.lanes, unknowns: unknowns))
            sweeps.add(used * Self.lanes, ordering: .relaxed)
          }
        }
      }
    }
    fits.sweeps = sweeps.load(ordering: .relaxed)
    return fits
  }
}
