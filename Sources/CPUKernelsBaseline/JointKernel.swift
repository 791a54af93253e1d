import CVec

/// Doubles of working memory that the kernels below need.
/// - Parameter active: the largest number of pulls that act on one block
package func jointScratchCount(_ tables: JointTables, active: Int) -> Int {
  let plan = JointView(tables)
  return JointScratch.count(bins: plan.bins, pulls: plan.pulls, active: active, rows: tables.rows)
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

/// Minimises eight data sets over the pulls, the rows and the strength.
package func jointMinima(
  _ tables: JointTables, active: Int, _ data: JointSets, _ range: JointRange,
  scratch: UnsafeMutablePointer<Double>, _ out: JointLanes
) {
  let fit = JointFit(tables, active: active, scratch: scratch)
  let pulls = fit.plan.pulls
  fit.fill(data)
  fit.scratch.factors[vector: pulls] = F64x8(range.fitsStrength ? 0 : range.strength)
  let found = fit.search(range, first: range.first)
  for k in 0...pulls { out.factors[vector: k] = fit.scratch.best[vector: k] }
  found.statistic.store(to: out.statistic)
  out.row.store(found.row)
  out.converged.store(found.converged.lanes)
}

/// Throws eight toys and fits them.
package func jointToys(
  _ tables: JointTables, active: Int, _ truth: JointTruth, _ range: JointRange,
  scratch: UnsafeMutablePointer<Double>, _ out: ToyLanes
) {
  let fit = JointFit(tables, active: active, scratch: scratch)
  let pulls = fit.plan.pulls
  out.clipped.store(ToyThrower(truth: truth).fill(fit).lanes)
  let f = fit.scratch.factors
  f[vector: pulls] = F64x8(truth.testedStrength)
  fit.load(rows: SIMD8(repeating: Int64(truth.testedRow)))
  let tested = fit.minimise(fitsStrength: false, active: JointFit.everywhere)
  let inside = truth.testedRow >= range.first && truth.testedRow < range.end
  if range.fitsStrength { f[vector: pulls] = F64x8(Swift.max(truth.testedStrength, 0)) }
  let best = fit.search(range, first: inside ? truth.testedRow : range.first)
  tested.statistic.store(to: out.tested)
  best.statistic.store(to: out.minimum)
  best.strength.store(to: out.strength)
  out.row.store(best.row)
  out.converged.store((tested.converged & best.converged).lanes)
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
