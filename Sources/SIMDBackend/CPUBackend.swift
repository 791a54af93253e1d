import CVec
import ScanCore
import Synchronization

/// Double precision on the CPU: eight lanes per vector, one pinned worker per core, blocks sized by the caches.
package struct CPUBackend: Backend {
  package let instructionSet: InstructionSet
  package let topology: Topology
  package let identity: BackendIdentity
  let pool: WorkerPool

  /// - Parameters:
  ///   - workers: how many; nil takes one per usable core
  ///   - instructionSet: nil takes the widest the processor supports
  package init(workers: Int? = nil, instructionSet: InstructionSet? = nil) throws(BackendError) {
    let available = InstructionSet.available
    let level = instructionSet ?? available[0]
    guard available.contains(level) else {
      throw BackendError(
        .unavailable,
        "This processor does not support \(level.rawValue); it can run \(available.map(\.rawValue).joined(separator: ", "))."
      )
    }
    topology = try Topology.current()
    pool = try WorkerPool(topology: topology, workers: workers)
    self.instructionSet = level
    let plural = pool.workerCount == 1 ? "worker" : "workers"
    identity = BackendIdentity(
      backend: "simd", device: "\(level.rawValue), \(pool.workerCount) \(plural)", driver: "",
      precision: .double)
  }

  package var workerCount: Int { pool.workerCount }

  /// Points whose couplings, statistics and pulls fill half of the level-2 caches of all workers.
  package var preferredTilePoints: Int {
    let bytesPerPoint = 8 * (2 + LikelihoodPlan.maximumPulls)
    let cache = topology.level2CacheBytes > 0 ? topology.level2CacheBytes : 1 << 20
    return max(1024, cache / 2 / bytesPerPoint * pool.workerCount)
  }

  package func load(_ plan: RatePlan) throws(BackendError) -> any LoadedRates {
    CPURates(try plan.validated(), instructionSet, pool)
  }

  package func load(_ plan: LikelihoodPlan) throws(BackendError) -> any LoadedProfile {
    CPUProfile(try plan.validated(), instructionSet, pool)
  }

  package func load(_ plan: JointPlan) throws(BackendError) -> any LoadedJoint {
    CPUJoint(try plan.validated(), instructionSet, pool)
  }

  package func load(_ plan: PulledRatePlan) throws(BackendError) -> any LoadedPulledRates {
    CPUPulledRates(try plan.validated(), instructionSet, pool)
  }

  package func load(_ rates: RatePlan, _ likelihood: LikelihoodPlan) throws(BackendError)
    -> any LoadedPointwise
  {
    try likelihood.checkCompatible(with: rates)
    return CPUPointwise(
      CPURates(try rates.validated(), instructionSet, pool),
      CPUProfile(try likelihood.validated(), instructionSet, pool))
  }
}

struct CPURates: LoadedRates {
  let packed: PackedRatePlan
  let valuesPerMass: Int
  let instructionSet: InstructionSet
  let pool: WorkerPool

  init(_ plan: RatePlan, _ instructionSet: InstructionSet, _ pool: WorkerPool) {
    packed = PackedRatePlan(plan, binAlignment: PackedRatePlan.laneCount)
    valuesPerMass = plan.valuesPerMass
    componentCount = plan.componentCount
    self.instructionSet = instructionSet
    self.pool = pool
  }
  let componentCount: Int

  func withPointers<T>(_ body: (RatePointers) -> T) -> T {
    packed.integers.withUnsafeBufferPointer { integers in
      packed.reals.withUnsafeBufferPointer { reals in
        guard let integers = integers.baseAddress, let reals = reals.baseAddress else {
          preconditionFailure("a packed plan has a header")
        }
        return body(
          RatePointers(
            integers: integers, reals: reals, binStride: packed.binStride, valuesPerMass: valuesPerMass,
            scratchCount: componentCount * packed.binStride + Int(packed.integers[6]) * 8 + 56))
      }
    }
  }

  func evaluate(masses: [Double]) throws(BackendError) -> [Double] {
    try checkMasses(masses)
    var out = [Double](repeating: 0, count: masses.count * valuesPerMass)
    withPointers { plan in
      let scratch = Scratch(workers: pool.workerCount, count: plan.scratchCount)
      out.withUnsafeMutableBufferPointer { out in
        let target = SharedPointer(out.baseAddress)
        let shared = SharedValue(plan)
        pool.run(blocks: masses.count) { block, worker in
          guard let base = target.pointer else { return }
          instructionSet.evaluateRateRow(
            shared.value, mass: masses[block], out: base + block * valuesPerMass, scratch: scratch[worker])
        }
      }
    }
    return out
  }
}

struct CPUProfile: LoadedProfile {
  let plan: LikelihoodPlan
  let packed: PackedLikelihood
  let fold: ComponentFold
  let pullCount: Int
  let poisson: Bool
  let instructionSet: InstructionSet
  let pool: WorkerPool

  init(_ plan: LikelihoodPlan, _ instructionSet: InstructionSet, _ pool: WorkerPool) {
    self.plan = plan
    packed = PackedLikelihood(plan)
    fold = plan.fold
    pullCount = plan.pullCount
    poisson = plan.statistic == .poisson
    self.instructionSet = instructionSet
    self.pool = pool
  }

  func withPointers<T>(_ body: (LikelihoodPointers) -> T) -> T {
    packed.reals.withUnsafeBufferPointer { reals in
      fold.weights.withUnsafeBufferPointer { weights in
        guard let reals = reals.baseAddress, let weights = weights.baseAddress else {
          preconditionFailure("a packed likelihood has a header and a fold")
        }
        return body(
          LikelihoodPointers(
            reals: reals, fold: weights, components: fold.componentCount, energyBins: fold.energyBins,
            timeBins: fold.timeBins, pullCount: pullCount, poisson: poisson))
      }
    }
  }

  func evaluate(_ tile: Tile, templates: [Double]) throws(BackendError) -> ProfileResult {
    try plan.check(tile, templates: templates)
    let bins = fold.binCount
    return withPointers { likelihood in
      templates.withUnsafeBufferPointer { templates in
        let source = SharedConstPointer(templates.baseAddress)
        return profileTile(tile, pool: pool, pullCount: pullCount, likelihood) { rowIndex, row, group, _ in
          guard let base = source.pointer else { return ChainOutcome() }
          return instructionSet.profile(template: base + rowIndex * bins, row, group)
        }
      }
    }
  }
}

struct CPUPointwise: LoadedPointwise {
  let rates: CPURates
  let profile: CPUProfile

  init(_ rates: CPURates, _ profile: CPUProfile) {
    self.rates = rates
    self.profile = profile
  }

  func evaluate(_ tile: Tile) throws(BackendError) -> ProfileResult {
    try tile.check()
    let instructionSet = rates.instructionSet
    let values = rates.valuesPerMass
    return rates.withPointers { plan in
      profile.withPointers { likelihood in
        let scratch = Scratch(
          workers: rates.pool.workerCount, count: plan.scratchCount + 8 * values + 8 * likelihood.bins)
        let sharedPlan = SharedValue(plan)
        let sharedLikelihood = SharedValue(likelihood)
        return profileTile(tile, pool: rates.pool, pullCount: profile.pullCount, likelihood) {
          rowIndex, row, group, worker in
          let plan = sharedPlan.value
          return instructionSet.profile(
            pointwise: RateTables(integers: plan.integers, reals: plan.reals, binStride: plan.binStride),
            mass: tile.masses[rowIndex], sharedLikelihood.value, scratch: scratch[worker], row, group)
        }
      }
    }
  }
}

/// Cuts a tile into groups of chains (`ChainLayout`) and hands them to `body` (row index, row, group, worker).
private func profileTile(
  _ tile: Tile, pool: WorkerPool, pullCount: Int, _ likelihood: LikelihoodPointers,
  _ body: @Sendable (Int, ProfileRow, ChainGroup, Int) -> ChainOutcome
) -> ProfileResult {
  var statistic = [Double](repeating: 0, count: tile.count)
  var pulls = [Double](repeating: 0, count: max(1, tile.count * pullCount))
  let missed = Atomic<Int>(0)
  let sweeps = Atomic<Int>(0)
  let layout = ChainLayout(columns: tile.columns)
  let columns = tile.columns
  tile.couplingSquares.withUnsafeBufferPointer { couplings in
    statistic.withUnsafeMutableBufferPointer { statistic in
      pulls.withUnsafeMutableBufferPointer { pulls in
        let q = SharedConstPointer(couplings.baseAddress)
        let out = SharedPointer(statistic.baseAddress)
        let outPulls = SharedPointer(pulls.baseAddress)
        let shared = SharedValue(likelihood)
        pool.run(blocks: tile.rows * layout.groups) { block, worker in
          guard let q = q.pointer, let out = out.pointer, let outPulls = outPulls.pointer else { return }
          let index = block / layout.groups
          let start = index * columns
          let row = ProfileRow(
            likelihood: shared.value.reals, bins: shared.value.bins, poisson: shared.value.poisson,
            pullCount: pullCount, couplingSquares: q + start, columns: columns, statistic: out + start,
            pulls: outPulls + start * pullCount)
          let group = ChainGroup(
            first: block % layout.groups * ChainLayout.lanes * layout.length, length: layout.length)
          let outcome = body(index, row, group, worker)
          sweeps.add(outcome.sweeps, ordering: .relaxed)
          if outcome.unconverged > 0 { missed.add(outcome.unconverged, ordering: .relaxed) }
        }
      }
    }
  }
  pulls.removeLast(pulls.count - tile.count * pullCount)
  return ProfileResult(
    statistic: statistic, pulls: pulls, unconverged: missed.load(ordering: .relaxed),
    sweeps: sweeps.load(ordering: .relaxed))
}

// MARK: - Sharing pointers with the workers

/// Pointers handed to workers that write disjoint parts while the owner waits.
struct SharedPointer: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Double>?
  init(_ pointer: UnsafeMutablePointer<Double>?) { self.pointer = pointer }
}

struct SharedConstPointer: @unchecked Sendable {
  let pointer: UnsafePointer<Double>?
  init(_ pointer: UnsafePointer<Double>?) { self.pointer = pointer }
}

struct SharedValue<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}

/// One slab of doubles per worker, a cache line apart.
final class Scratch: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Double>
  private let stride: Int

  init(workers: Int, count: Int) {
    stride = (count + 7) / 8 * 8 + 8
    base = .allocate(capacity: stride * workers)
    base.initialize(repeating: 0, count: stride * workers)
  }
  deinit { base.deallocate() }
  subscript(worker: Int) -> UnsafeMutablePointer<Double> { base + worker * stride }
}
