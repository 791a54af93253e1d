import CVec

/// Doubles of working memory that the kernels below need.
/// - Parameter active: the largest number of pulls that act on one block
package func jointScratchCount(_ tables: JointTables, active: Int) -> Int {
  let plan = JointView(tables)
  return JointScratch.count(bins: plan.bins, pulls: plan.pulls, active: active, rows: tables.rows)
    + JointBlock.count(bins: plan.bins, pulls: plan.pulls, rows: tables.rows)
}

extension JointFit {
  @inline(__always) init(
    _ tables: JointTables, active: Int, scratch base: UnsafeMutablePointer<Double>
  ) {
    let plan = JointView(tables)
    self.init(plan, JointScratch(base, bins: plan.bins, pulls: plan.pulls, active: active))
  }

  /// Counts and centres of eight data sets; factors start at 1.
  @inline(__always) fileprivate func fill(_ data: JointSets) {
    let pulls = plan.pulls
    for bin in 0..<plan.bins {
      var counts = SIMD8<Double>()
      for lane in 0..<8 { counts[lane] = data.observed[Int(data.sets[lane]) * plan.bins + bin] }
      set(bin, count: F64x8(counts))
    }
    for k in 0..<pulls {
      var centres = SIMD8<Double>(repeating: 1)
      if let source = data.centres {
        for lane in 0..<8 { centres[lane] = source[Int(data.sets[lane]) * pulls + k] }
      }
      scratch.centres[vector: k] = F64x8(centres)
      scratch.factors[vector: k] = F64x8(1)
    }
  }
}

extension UnsafeMutablePointer<Int64> {
  @inline(__always) func store(_ lanes: SIMD8<Int64>) {
    for lane in 0..<8 { self[lane] = lanes[lane] }
  }
}

@inline(__always) private func lanes(_ source: UnsafePointer<Int64>) -> SIMD8<Int64> {
  var lanes = SIMD8<Int64>()
  for lane in 0..<8 { lanes[lane] = source[lane] }
  return lanes
}

/// Minimises eight data sets over the pulls, each at a row and a strength of its own; returns the sweeps over the bins.
package func jointProfile(
  _ tables: JointTables, active: Int, _ data: JointSets, rows: UnsafePointer<Int64>,
  strengths: UnsafePointer<Double>, scratch: UnsafeMutablePointer<Double>, _ out: JointLanes
) -> Int {
  let fit = JointFit(tables, active: active, scratch: scratch)
  let pulls = fit.plan.pulls
  fit.fill(data)
  fit.scratch.factors[vector: pulls] = F64x8(load: strengths)
  fit.load(rows: lanes(rows))
  let found = fit.minimise(fitsStrength: false, active: JointFit.everywhere)
  for k in 0...pulls { out.factors[vector: k] = fit.scratch.factors[vector: k] }
  found.statistic.store(to: out.statistic)
  out.converged.store(found.converged.lanes)
  return found.sweeps
}

/// Data sets that one call of the kernels below takes at most.
package let jointBlockSize = JointBlock.capacity

/// Minimises up to `jointBlockSize` data sets over the pulls, the rows and the strength.
/// - Parameter count: data sets
package func jointMinima(
  _ tables: JointTables, active: Int, _ data: JointSets, count: Int, _ range: JointRange,
  scratch: UnsafeMutablePointer<Double>, _ out: JointLanes
) {
  let fit = JointFit(tables, active: active, scratch: scratch)
  let pulls = fit.plan.pulls
  let block = fit.block(scratch, active: active)
  var queued = 0
  for group in 0..<(count + 7) / 8 {
    fit.fill(JointSets(observed: data.observed, centres: data.centres, sets: data.sets + 8 * group))
    fit.load(rows: SIMD8(repeating: Int64(range.first)))
    fit.scratch.factors[vector: pulls] = fit.startingStrength()
    let lanes = Swift.min(8, count - 8 * group)
    fit.search(block, group: group, range, first: range.first, lanes: lanes, queued: &queued)
  }
  if let overlaps = range.overlaps { fit.finish(block, range, overlaps, queued: queued) }
  for set in 0..<count {
    out.statistic[set] = block.statistic[set]
    out.row[set] = Int64(block.row[set])
    out.converged[set] = block.converged[set] > 0 ? -1 : 0
    for k in 0...pulls { out.factors[set * (pulls + 1) + k] = block.best[set * (pulls + 1) + k] }
  }
}

extension JointFit {
  /// The block behind the scratch of the fits.
  @inline(__always) fileprivate func block(
    _ base: UnsafeMutablePointer<Double>, active: Int
  ) -> JointBlock {
    let rows = plan.tables.rows
    let used = JointScratch.count(bins: plan.bins, pulls: plan.pulls, active: active, rows: rows)
    return JointBlock(base + used, bins: plan.bins, pulls: plan.pulls, rows: rows)
  }

  @inline(__always) fileprivate func search(
    _ block: JointBlock, group: Int, _ range: JointRange, first: Int, lanes: Int, queued: inout Int
  ) {
    if let overlaps = range.overlaps {
      begin(block, group: group, range, overlaps, first: first, lanes: lanes, queued: &queued)
    } else {
      exhaustive(block, group: group, range, lanes: lanes)
    }
  }
}

/// Throws up to `jointBlockSize` toys and fits them.
/// - Parameter count: toys
package func jointToys(
  _ tables: JointTables, active: Int, _ truth: JointTruth, count: Int, _ range: JointRange,
  scratch: UnsafeMutablePointer<Double>, _ out: ToyLanes
) {
  let fit = JointFit(tables, active: active, scratch: scratch)
  let pulls = fit.plan.pulls
  let block = fit.block(scratch, active: active)
  let inside = truth.testedRow >= range.first && truth.testedRow < range.end
  let f = fit.scratch.factors
  var queued = 0
  for group in 0..<(count + 7) / 8 {
    var toys = truth
    toys.firstToy += UInt32(8 * group)
    let clipped = ToyThrower(truth: toys).fill(fit).lanes
    f[vector: pulls] = F64x8(truth.testedStrength)
    fit.load(rows: SIMD8(repeating: Int64(truth.testedRow)))
    let tested = fit.minimise(fitsStrength: false, active: JointFit.everywhere)
    let lanes = Swift.min(8, count - 8 * group)
    for lane in 0..<lanes {
      out.tested[8 * group + lane] = tested.statistic.v[lane]
      out.converged[8 * group + lane] = tested.converged.lanes[lane]
      out.clipped[8 * group + lane] = clipped[lane]
    }
    let first = inside ? truth.testedRow : range.first
    if range.fitsStrength {
      fit.load(rows: SIMD8(repeating: Int64(first)))
      f[vector: pulls] =
        inside && truth.testedStrength > 0 ? F64x8(truth.testedStrength) : fit.startingStrength()
    }
    fit.search(block, group: group, range, first: first, lanes: lanes, queued: &queued)
  }
  if let overlaps = range.overlaps { fit.finish(block, range, overlaps, queued: queued) }
  for toy in 0..<count {
    out.minimum[toy] = block.statistic[toy]
    out.row[toy] = Int64(block.row[toy])
    out.strength[toy] = block.best[toy * (pulls + 1) + pulls]
    if block.converged[toy] == 0 { out.converged[toy] = 0 }
  }
}

/// The counts (bins x 8) and centres (pulls x 8) of eight toys.
package func throwToys(
  _ tables: JointTables, active: Int, _ truth: JointTruth, scratch: UnsafeMutablePointer<Double>,
  counts: UnsafeMutablePointer<Double>, centres: UnsafeMutablePointer<Double>
) {
  let fit = JointFit(tables, active: active, scratch: scratch)
  _ = ToyThrower(truth: truth).fill(fit)
  for b in 0..<fit.plan.bins { counts[vector: b] = fit.scratch.counts[vector: b] }
  for k in 0..<fit.plan.pulls { centres[vector: k] = fit.scratch.centres[vector: k] }
}
