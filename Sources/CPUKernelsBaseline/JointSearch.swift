import CVec

/// Fits of rows whose gain is estimated below this are left out [UPS-38].
private let negligibleGain = 1e-12

/// Minimum of eight data sets over rows, strength and pulls.
struct JointSearchResult {
  var statistic: F64x8
  var row: SIMD8<Int64>
  var strength: F64x8
  var converged: F64x8.Mask
}

extension JointFit {
  /// The minimum over `range`; `best` of the scratch then holds its factors and strength.
  /// - Parameter first: the row to begin with, at the factors and the strength in `scratch.factors`
  @inline(never) func search(_ range: JointRange, first: Int) -> JointSearchResult {
    let everywhere = Self.everywhere
    guard range.fitsStrength, let overlaps = range.overlaps, range.end - range.first > 1 else {
      return exhaustive(range, everywhere)
    }
    var result = JointSearchResult(
      statistic: F64x8(0), row: SIMD8(repeating: Int64(first)), strength: F64x8(0), converged: everywhere)
    load(rows: result.row)
    let fit = minimise(fitsStrength: true, active: everywhere)
    result.statistic = fit.statistic
    result.converged = fit.converged
    keep(everywhere)
    let zero = F64x8(0)
    for row in range.first..<range.end { scratch.rows[vector: row] = F64x8(1) }
    scratch.rows[vector: first] = zero
    var current = result.row
    while true {
      let next = mostPromising(range, overlaps, after: current)
      if !next.alive.any { break }
      start(row: next.row, overlaps, range, result, gradient: next.gradient, alive: next.alive)
      load(rows: next.row)
      let fit = minimise(fitsStrength: true, active: next.alive)
      result.converged = result.converged & (fit.converged | !next.alive)
      let better = next.alive & (fit.statistic < result.statistic)
      result.statistic = select(better, fit.statistic, result.statistic)
      result.row.replace(with: next.row, where: better.lanes .!= 0)
      keep(better)
      current = next.row
    }
    result.strength = scratch.best[vector: plan.pulls]
    return result
  }

  /// Every row on its own, the lowest of them, the first of equals.
  private func exhaustive(_ range: JointRange, _ everywhere: F64x8.Mask) -> JointSearchResult {
    let pulls = plan.pulls
    var result = JointSearchResult(
      statistic: F64x8(.infinity), row: SIMD8(repeating: Int64(range.first)), strength: F64x8(0),
      converged: everywhere)
    for row in range.first..<range.end {
      load(rows: SIMD8(repeating: Int64(row)))
      if !range.fitsStrength { scratch.factors[vector: pulls] = F64x8(range.strength) }
      let fit = minimise(fitsStrength: range.fitsStrength, active: everywhere)
      result.converged = result.converged & fit.converged
      let better = fit.statistic < result.statistic
      result.statistic = select(better, fit.statistic, result.statistic)
      result.row.replace(with: SIMD8(repeating: Int64(row)), where: better.lanes .!= 0)
      keep(better)
    }
    result.strength = scratch.best[vector: pulls]
    return result
  }

  /// Copies factors and strength of the lanes to `best`.
  @inline(__always) private func keep(_ lanes: F64x8.Mask) {
    for k in 0..<unknowns {
      scratch.best[vector: k] = select(lanes, scratch.factors[vector: k], scratch.best[vector: k])
    }
  }

  private struct Candidate {
    var row: SIMD8<Int64>
    var gradient: F64x8
    var alive: F64x8.Mask
  }

  /// Strikes out the rows that cannot fit better than the row just fitted, whose slopes are in `slope`, and returns the one
  /// of the others that promises most, by G = sum u s and the overlaps.
  private func mostPromising(
    _ range: JointRange, _ overlaps: UnsafePointer<Double>, after current: SIMD8<Int64>
  ) -> Candidate {
    let zero = F64x8(0)
    let total = plan.tables.rows
    var found = Candidate(row: current, gradient: zero, alive: zero < zero)
    var gain = zero
    for row in range.first..<range.end {
      let alive = zero < scratch.rows[vector: row]
      if !alive.any { continue }
      let template = plan.tables.templates + row * plan.bins
      var gradient = zero
      for b in 0..<plan.bins { gradient = fma(scratch.slope[vector: b], F64x8(template[b]), gradient) }
      var own = SIMD8<Double>()
      var cross = SIMD8<Double>()
      for lane in 0..<8 {
        let other = Int(current[lane])
        own[lane] = overlaps[other * total + other]
        cross[lane] = overlaps[row * total + other]
      }
      let norm = F64x8(Swift.max(overlaps[row * total + row], 1e-300))
      let apart = norm - (F64x8(cross) * F64x8(cross)) / max(F64x8(own), F64x8(1e-300))
      let square = gradient * gradient
      let like = scratch.factors[vector: plan.pulls] * (F64x8(cross) / norm)
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
    for lane in 0..<8 where found.alive.lanes[lane] != 0 { scratch.rows[8 * Int(found.row[lane]) + lane] = 0 }
    return found
  }

  /// Factors of the best fit so far, and the strength of a row that makes most nearly the same signal.
  private func start(
    row: SIMD8<Int64>, _ overlaps: UnsafePointer<Double>, _ range: JointRange, _ best: JointSearchResult,
    gradient: F64x8, alive: F64x8.Mask
  ) {
    let pulls = plan.pulls
    for k in 0..<pulls { scratch.factors[vector: k] = scratch.best[vector: k] }
    let total = plan.tables.rows
    var cross = SIMD8<Double>()
    var norm = SIMD8<Double>()
    for lane in 0..<8 {
      let r = Int(row[lane])
      cross[lane] = overlaps[r * total + Int(best.row[lane])]
      norm[lane] = overlaps[r * total + r]
    }
    let inverse = F64x8(1) / max(F64x8(norm), F64x8(1e-300))
    let like = scratch.best[vector: pulls] * (F64x8(cross) * inverse)
    let zero = F64x8(0)
    // from nothing: where the slope alone would lead
    scratch.factors[vector: pulls] = select(zero < like, like, max(-gradient * inverse, zero))
  }
}
