import CVec

/// Of the signal of another row: less is none.
private let smallestPart = 1e-12

/// Fits of rows whose gain is estimated below this are left out [UPS-38].
private let negligibleGain = 1e-12

extension JointFit {
  // MARK: - Pruned

  /// Finds the minimum over the rows and the strength of the sets of a block. The set in lane l of group g begins with
  /// `first`, at the factors and the strength left in the scratch, when `begin` is called for its group; `finish` then fits
  /// what may be better.
  @inline(never) func begin(
    _ block: JointBlock, group: Int, _ range: JointRange, _ overlaps: UnsafePointer<Double>, first: Int,
    lanes: Int, queued: inout Int
  ) {
    block.keep(scratch, as: 8 * group)
    for row in range.first..<range.end { scratch.rows[vector: row] = F64x8(row == first ? 0 : 1) }
    let rows = SIMD8(repeating: Int64(first))
    let sets = SIMD8<Int64>(0, 1, 2, 3, 4, 5, 6, 7) &+ SIMD8(repeating: Int64(8 * group))
    fit(block, range, overlaps, sets: sets, rows: rows, lanes: lanes, queued: &queued)
  }

  @inline(never) func finish(
    _ block: JointBlock, _ range: JointRange, _ overlaps: UnsafePointer<Double>, queued: Int
  ) {
    var queued = queued
    while queued > 0 {
      let lanes = Swift.min(8, queued)
      var sets = SIMD8<Int64>()
      var rows = SIMD8<Int64>()
      for lane in 0..<8 {
        sets[lane] = block.queued(queued - 1 - Swift.min(lane, lanes - 1))
        rows[lane] = Int64(block.next[Int(sets[lane])])
      }
      queued -= lanes
      block.load(sets, into: scratch)
      start(block, overlaps, sets: sets, rows: rows)
      fit(block, range, overlaps, sets: sets, rows: rows, lanes: lanes, queued: &queued)
    }
  }

  /// One fit per lane, and what it says of the other rows.
  @inline(__always) private func fit(
    _ block: JointBlock, _ range: JointRange, _ overlaps: UnsafePointer<Double>, sets: SIMD8<Int64>,
    rows: SIMD8<Int64>, lanes: Int, queued: inout Int
  ) {
    load(rows: rows)
    let active = cvec_less(SIMD8(0, 1, 2, 3, 4, 5, 6, 7), SIMD8(repeating: Double(lanes)))
    let found = minimise(fitsStrength: true, active: F64x8.Mask(lanes: active))
    let next = mostPromising(range, overlaps, after: rows)
    for lane in 0..<lanes {
      let set = Int(sets[lane])
      block.take(
        scratch, lane: lane, set: set, row: rows[lane], statistic: found.statistic.v[lane],
        converged: found.converged.lanes[lane] != 0)
      guard next.alive.lanes[lane] != 0 else { continue }
      block.next[set] = Double(next.row[lane])
      block.slope[set] = next.gradient.v[lane]
      block.enqueue(set, at: queued)
      queued += 1
    }
  }

  private struct Candidate {
    var row: SIMD8<Int64>
    var gradient: F64x8
    var alive: F64x8.Mask
  }

  /// Strikes out the rows that cannot fit better than the row just fitted, whose slopes are in `slope`, and returns the one
  /// of the others that promises most, by G = sum u s and the overlaps.
  @inline(never) private func mostPromising(
    _ range: JointRange, _ overlaps: UnsafePointer<Double>, after current: SIMD8<Int64>
  ) -> Candidate {
    let zero = F64x8(0)
    let total = plan.tables.rows
    var found = Candidate(row: current, gradient: zero, alive: zero < zero)
    var gain = zero
    var own = SIMD8<Double>()
    for lane in 0..<8 { own[lane] = overlaps[Int(current[lane]) * total + Int(current[lane])] }
    var first = range.first
    while first < range.end {
      let count = Swift.min(4, range.end - first)
      var anyAlive = zero < zero
      for offset in 0..<count { anyAlive = anyAlive | (zero < scratch.rows[vector: first + offset]) }
      if anyAlive.any {
        let gradients = gradients(first, last: range.end - 1)
        for offset in 0..<count {
          let gradient =
            switch offset {
            case 0: gradients.0
            case 1: gradients.1
            case 2: gradients.2
            default: gradients.3
            }
          judge(first + offset, gradient, overlaps, current, own: F64x8(own), total, &found, &gain)
        }
      }
      first += 4
    }
    for lane in 0..<8 where found.alive.lanes[lane] != 0 { scratch.rows[8 * Int(found.row[lane]) + lane] = 0 }
    return found
  }

  @inline(__always) private func judge(
    _ row: Int, _ gradient: F64x8, _ overlaps: UnsafePointer<Double>, _ current: SIMD8<Int64>, own: F64x8,
    _ total: Int, _ found: inout Candidate, _ gain: inout F64x8
  ) {
    let zero = F64x8(0)
    let alive = zero < scratch.rows[vector: row]
    var overlap = SIMD8<Double>()
    for lane in 0..<8 { overlap[lane] = overlaps[row * total + Int(current[lane])] }
    let cross = F64x8(overlap)
    let norm = F64x8(Swift.max(overlaps[row * total + row], 1e-300))
    let apart = norm - (cross * cross) / max(own, F64x8(1e-300))
    let square = gradient * gradient
    let like = scratch.factors[vector: plan.pulls] * (cross / norm)
    // from nothing to the best strength; from the row just fitted to one that makes nearly the same signal
    let expected = min(
      square / max(apart, F64x8(1e-12) * norm), fma(F64x8(-4) * like, gradient, square / norm))
    let may = alive & (gradient < zero) & (F64x8(negligibleGain) < expected)
    scratch.rows[vector: row] = select(may, F64x8(1), zero)
    let better = may & (gain < expected)
    gain = select(better, expected, gain)
    found.gradient = select(better, gradient, found.gradient)
    found.row.replace(with: SIMD8(repeating: Int64(row)), where: better.lanes .!= 0)
    found.alive = found.alive | better
  }

  /// G of four rows; beyond the last one, that one again.
  @inline(__always) private func gradients(_ first: Int, last: Int) -> (F64x8, F64x8, F64x8, F64x8) {
    let bins = plan.bins
    let templates = plan.tables.templates
    let t0 = templates + first * bins
    let t1 = templates + Swift.min(first + 1, last) * bins
    let t2 = templates + Swift.min(first + 2, last) * bins
    let t3 = templates + Swift.min(first + 3, last) * bins
    var (g0, g1, g2, g3) = (F64x8(0), F64x8(0), F64x8(0), F64x8(0))
    for b in 0..<bins {
      let u = scratch.slope[vector: b]
      g0 = fma(u, F64x8(t0[b]), g0)
      g1 = fma(u, F64x8(t1[b]), g1)
      g2 = fma(u, F64x8(t2[b]), g2)
      g3 = fma(u, F64x8(t3[b]), g3)
    }
    return (g0, g1, g2, g3)
  }

  /// The factors of the best fits are in place; the strength of a row that makes most nearly the same signal.
  @inline(__always) private func start(
    _ block: JointBlock, _ overlaps: UnsafePointer<Double>, sets: SIMD8<Int64>, rows: SIMD8<Int64>
  ) {
    let total = plan.tables.rows
    var cross = SIMD8<Double>()
    var norm = SIMD8<Double>()
    var slope = SIMD8<Double>()
    for lane in 0..<8 {
      let (set, row) = (Int(sets[lane]), Int(rows[lane]))
      cross[lane] = overlaps[row * total + Int(block.row[set])]
      norm[lane] = overlaps[row * total + row]
      slope[lane] = block.slope[set]
    }
    let inverse = F64x8(1) / max(F64x8(norm), F64x8(1e-300))
    let like = scratch.factors[vector: plan.pulls] * (F64x8(cross) * inverse)
    let zero = F64x8(0)
    // from nothing: where the slope alone would lead
    scratch.factors[vector: plan.pulls] = select(zero < like, like, max(-F64x8(slope) * inverse, zero))
  }

  // MARK: - Every row

  /// Fits every row of the range on its own and keeps the lowest as set 8 g + lane, the first of equals; `factors` of the
  /// scratch hold where the row in `signal` begins. Where chi2 is not convex every row begins there, with as much signal.
  @inline(never) func exhaustive(_ block: JointBlock, group: Int, _ range: JointRange, lanes: Int) {
    block.keep(scratch, as: 8 * group)
    let (f, start, strength) = (scratch.factors, scratch.beginning, plan.pulls)
    let beginsAlike = range.fitsStrength && !plan.scalesSignalUniformly
    let total = signalTotal()
    if beginsAlike { for k in 0...strength { start[vector: k] = f[vector: k] } }
    for row in range.first..<range.end {
      load(rows: SIMD8(repeating: Int64(row)))
      if beginsAlike {
        for k in 0...strength { f[vector: k] = start[vector: k] }
        let own = signalTotal()
        let alike = start[vector: strength] * (total / own)
        f[vector: strength] = select(F64x8(smallestPart) * total < own, alike, start[vector: strength])
      }
      if !range.fitsStrength { scratch.factors[vector: plan.pulls] = F64x8(range.strength) }
      let found = minimise(fitsStrength: range.fitsStrength, active: Self.everywhere)
      for lane in 0..<lanes {
        block.take(
          scratch, lane: lane, set: 8 * group + lane, row: Int64(row), statistic: found.statistic.v[lane],
          converged: found.converged.lanes[lane] != 0)
      }
    }
  }
}
