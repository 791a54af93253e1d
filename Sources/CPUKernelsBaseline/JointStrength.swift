import CVec

/// A curvature of the strength below this part of its own is rounding, or none.
private let smallestPivot = 1e-12

/// The last row of the factorisation and the step in the strength. Where experiments have signal pulls of their own, no scaled
/// strength makes mu linear, and the Hessian may be indefinite far from the minimum.
extension JointFit {
  /// The row of the strength: of the Hessian where that leaves a curvature, else without `cross` (Gauss-Newton), else
  /// decoupled. So every step goes downhill.
  @inline(__always) func factoriseStrength(_ held: UnsafeMutablePointer<Double>) {
    let zero = F64x8(0)
    var weak = strengthRow(held, withoutCross: zero < zero)
    if !weak.any { return }
    weak = strengthRow(held, withoutCross: weak)
    let row = scratch.lower + 8 * pulls * unknowns
    for l in 0..<pulls { row[vector: l] = select(weak, zero, row[vector: l]) }
  }

  /// Leaves the curvature itself on the diagonal.
  /// - Returns: lanes in which too little of it is left
  @inline(__always) private func strengthRow(
    _ held: UnsafeMutablePointer<Double>, withoutCross: F64x8.Mask
  ) -> F64x8.Mask {
    let lower = scratch.lower
    let row = pulls * unknowns
    let zero = F64x8(0)
    let own = scratch.hessian[vector: row + pulls]
    var pivot = own
    for l in 0..<pulls {
      let positive = scratch.hessian[vector: row + l]
      let second = select(withoutCross, positive, positive + scratch.cross[vector: l])
      var sum = select(F64x8(0.5) < held[vector: l], zero, second)
      for m in 0..<l {
        sum = fma(-lower[vector: l * unknowns + m], lower[vector: m * unknowns + pulls], sum)
      }
      lower[vector: l * unknowns + pulls] = sum
      let entry = sum * lower[vector: l * unknowns + l]
      lower[vector: row + l] = entry
      pivot = fma(-entry, sum, pivot)
    }
    lower[vector: row + pulls] = pivot
    return !(F64x8(smallestPivot) * own < pivot)
  }

  /// The step of the strength, never below zero.
  @inline(__always) func strengthStep() {
    let (f, g, s) = (scratch.factors, scratch.gradient, scratch.step)
    let zero = F64x8(0)
    let row = pulls * unknowns
    var y = -g[vector: pulls]
    for l in 0..<pulls { y = fma(-scratch.lower[vector: row + l], s[vector: l], y) }
    let own = scratch.hessian[vector: row + pulls]
    let left = scratch.lower[vector: row + pulls]
    let pivot = select(F64x8(smallestPivot) * own < left, left, own)
    let q = f[vector: pulls]
    let free = y / max(pivot, F64x8(1e-300))
    let step = max(free, -q)
    s[vector: pulls] = select(!(zero < q) & !(zero < y), zero, step)
  }

  /// The decrement, larger by as much as the factors undo of the curvature of the strength: where next to nothing is left of
  /// it, a step that changes little may still change what is left by much.
  @inline(__always) func stiffened(_ decrement: F64x8) -> F64x8 {
    let row = pulls * unknowns
    let zero = F64x8(0)
    let step = scratch.step[vector: pulls]
    let left = max(scratch.lower[vector: row + pulls], F64x8(1e-300))
    let larger = decrement * (scratch.hessian[vector: row + pulls] / left)
    return select((zero < step) | (step < zero), larger, decrement)
  }
}
