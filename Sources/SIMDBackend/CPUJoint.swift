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
    let fits = run(points.count, by: Self.lanes, data, templates) { tables, sets, group, scratch, out in
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
    let fits = run(sets, by: jointBlockSize, data, templates) { tables, pointers, block, scratch, out in
      let first = block * jointBlockSize
      // whole groups of eight, the last set repeated
      let indices = (0..<jointBlockSize).map { Int64(min(first + $0, sets - 1)) }
      withRange(search, overlaps) { range in
        indices.withUnsafeBufferPointer { indices in
          guard let indices = indices.baseAddress else { return }
          instructionSet.jointMinima(
            tables, active: packed.largestActiveCount,
            JointSets(observed: pointers.observed, centres: pointers.centres, sets: indices),
            count: min(jointBlockSize, sets - first), range, scratch: scratch, out)
        }
      }
      return 0
    }
    var minima = JointMinima(statistic: [], row: [], strength: [], pulls: [], unconverged: 0)
    let unknowns = plan.pullCount + 1
    for index in 0..<sets {
      minima.statistic.append(fits.statistic[index])
      minima.row.append(Int(fits.row[index]))
      let factors = (0..<unknowns).map { fits.factors[index * unknowns + $0] }
      minima.strength.append(factors[plan.pullCount])
      minima.pulls += factors.dropLast().map { $0 - 1 }
      if fits.converged[index] == 0 { minima.unconverged += 1 }
    }
    return minima
  }

  func toys(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> ToyResult {
    try plan.check(batch, rows: try plan.check(templates: templates))
    let toys = batch.toys.count
    let perPoint = blocks(toys, by: jointBlockSize)
    let count = batch.points.count * toys
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
        let first = block % perPoint * jointBlockSize
        let search = batch.search ?? JointSearch(rows: point.testedRow..<point.testedRow + 1)
        withRange(search, overlaps) { range in
          withTruth(batch, point, firstToy: batch.toys.lowerBound + first) { truth in
            instructionSet.jointToys(
              shared.value, active: packed.largestActiveCount, truth,
              count: min(jointBlockSize, toys - first),
              range, scratch: scratch[worker], out.value.moved(by: block / perPoint * toys + first))
          }
        }
      }
    }
    var result = ToyResult(
      tested: [], minimum: [], bestRow: [], bestStrength: [],
      unconverged: [Int](repeating: 0, count: batch.points.count),
      clipped: [Int](repeating: 0, count: batch.points.count))
    result.tested = tested.values(0..<count)
    result.minimum = minimum.values(0..<count)
    result.bestRow = (0..<count).map { Int32(row[$0]) }
    result.bestStrength = strength.values(0..<count)
    for point in batch.points.indices {
      let own = point * toys..<(point + 1) * toys
      result.unconverged[point] = own.count { converged[$0] == 0 }
      result.clipped[point] = own.count { clipped[$0] != 0 }
    }
    return result
  }

  func thrown(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> JointData {
    try plan.check(batch, rows: try plan.check(templates: templates))
    let (bins, pulls, toys) = (plan.binCount, plan.pullCount, batch.toys.count)
    let perPoint = blocks(toys, by: Self.lanes)
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

  private func blocks(_ count: Int, by size: Int) -> Int { (count + size - 1) / size }

  private struct Fits {
    let statistic: Lanes<Double>
    let row: Lanes<Int64>
    let converged: Lanes<Int64>
    let factors: Lanes<Double>
    var sweeps = 0

    /// eta of a point, where `factors` holds (pulls + 1) x 8 per group of eight.
    func pulls(_ index: Int, _ count: Int) -> [Double] {
      (0..<count).map { factors[(index / 8 * (count + 1) + $0) * 8 + index % 8] - 1 }
    }
  }

  private struct DataPointers {
    let observed: UnsafePointer<Double>
    let centres: UnsafePointer<Double>?
  }

  /// Calls `body` for blocks of `size` of the `count` fits.
  private func run(
    _ count: Int, by size: Int, _ data: JointData, _ templates: [Double],
    _ body: @Sendable (JointTables, DataPointers, Int, UnsafeMutablePointer<Double>, JointLanes) -> Int
  ) -> Fits {
    let blocks = blocks(count, by: size)
    let lanes = blocks * size
    var fits = Fits(
      statistic: Lanes(lanes, of: 0), row: Lanes(lanes, of: 0), converged: Lanes(lanes, of: 0),
      factors: Lanes(lanes * (plan.pullCount + 1), of: 0))
    guard count > 0 else { return fits }
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
          pool.run(blocks: blocks) { block, worker in
            let used = body(
              shared.value, pointers.value, block, scratch[worker],
              out.value.moved(by: block * size, unknowns: unknowns))
            sweeps.add(used * size, ordering: .relaxed)
          }
        }
      }
    }
    fits.sweeps = sweeps.load(ordering: .relaxed)
    return fits
  }
}
