import CVec

/// A step that promises less is the last, whatever it changes: a strength next to zero may go on for ever.
private let noDecrement = 1e-20

/// Newton steps of the joint likelihood, one after the other [UPS-36]. The order of operations is that of
/// Kernels/src/joint_newton.clh.
extension JointFit {
  typealias Minimum = (statistic: F64x8, converged: F64x8.Mask, sweeps: Int)

  @inline(never) func newton(fitsStrength: Bool, active: F64x8.Mask) -> Minimum {
    let f = scratch.factors
    // without convexity a step may lead into another valley
    let firstSearched = fitsStrength && !isLinear ? 0 : NewtonRules.firstSearchedStep
    var converged = !active
    var step = 0
    scratch.stiffness[vector: 0] = F64x8(Stiffness.first)
    while step < NewtonRules.maximumSteps && !converged.all {
      curvature(fitsStrength: fitsStrength)
      let decrement = newtonStep(fitsStrength: fitsStrength)
      var scale = F64x8(1)
      var shift = F64x8(0)
      limitStep(&scale, &shift, fitsStrength: fitsStrength)
      if step >= firstSearched {
        scale = searched(
          scale, decrement: decrement,
          accepted: converged | !(F64x8(NewtonRules.searchedDecrement) < decrement))
      }
      for k in 0..<unknowns {
        f[vector: k] = select(converged, f[vector: k], moved(k, f[vector: k], scale))
      }
      let judged = fitsStrength && !isLinear ? stiffened(decrement) : decrement
      let last = NewtonRules.isLast(shift, judged) | (decrement < F64x8(noDecrement))
      let ends = !(scale < F64x8(1)) & last
      if plan.hasShapes {
        let stiffness = scratch.stiffness[vector: 0]
        let isSoft = (scratch.deficit[vector: 0] < F64x8(0)) & (stiffness < F64x8(Stiffness.last))
        scratch.stiffness[vector: 0] = select(
          ends & isSoft, F64x8(Stiffness.growth) * stiffness, stiffness)
        converged = converged | (ends & !isSoft)
      } else {
        converged = converged | ends
      }
      step += 1
    }
    return (finalStatistic(f), converged, step)
  }

  @inline(__always) private func moved(_ k: Int, _ value: F64x8, _ scale: F64x8) -> F64x8 {
    let floor = k < pulls ? plan.pull(k)[1] : -1e300
    return max(fma(scale, scratch.step[vector: k], value), F64x8(floor))
  }

  /// Halves the step in the lanes that are not accepted until the statistic falls by a fair part of what the slope
  /// promises (Armijo).
  @inline(never) private func searched(
    _ limit: F64x8, decrement: F64x8, accepted: F64x8.Mask
  ) -> F64x8 {
    var accepted = accepted
    var scale = limit
    if accepted.all { return scale }
    let f = scratch.factors
    let start = statistic(f)
    var counts = F64x8(0)
    for bin in 0..<plan.bins { counts = counts + scratch.counts[vector: bin] }
    let allowed = fma(F64x8(NewtonRules.statisticNoise), start + counts, start)
    let trial = scratch.start + 8 * unknowns
    var halving = 0
    while halving < NewtonRules.maximumHalvings && !accepted.all {
      for k in 0..<unknowns { trial[vector: k] = moved(k, f[vector: k], scale) }
      accepted = accepted | !(fma(F64x8(-1e-4) * scale, decrement, allowed) < statistic(trial))
      scale = select(accepted, scale, F64x8(0.5) * scale)
      halving += 1
    }
    return scale
  }
}
