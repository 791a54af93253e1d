import CVec

/// Events of signal that may vanish in one step.
private let negligibleSignal = 1e-12

/// One Newton step, and how much of it may be taken [UPS-36]. The order of operations is that of Kernels/src/joint_step.clh.
extension JointFit {
  /// The Newton step by LDL^T, the strength last, into `step`; pulls on their floor that would go lower are held, as is a
  /// strength at zero that would go below.
  /// - Returns: what the quadratic model promises, g^T H^-1 g
  @inline(__always) func newtonStep(fitsStrength: Bool) -> F64x8 {
    let (f, g, s) = (scratch.factors, scratch.gradient, scratch.step)
    let zero = F64x8(0)
    let held = scratch.start  // as numbers: 1 held, 0 free
    let half = F64x8(0.5)
    for k in 0..<pulls {
      let onFloor = !(F64x8(plan.pull(k)[1]) < f[vector: k]) & (zero < g[vector: k])
      held[vector: k] = select(onFloor, F64x8(1), zero)
    }
    var decrement = zero
    var pass = 0
    while pass < 4 {
      factorise(held)
      // forward: L y = -g
      for k in 0..<pulls {
        var y = -select(half < held[vector: k], zero, g[vector: k])
        for l in 0..<k { y = fma(-scratch.lower[vector: k * unknowns + l], s[vector: l], y) }
        s[vector: k] = y
      }
      if fitsStrength {
        factoriseStrength(held)
        strengthStep()
      } else {
        s[vector: pulls] = zero
      }
      // backward: D L^T s = y
      for k in (0..<pulls).reversed() {
        var x = s[vector: k] * scratch.lower[vector: k * unknowns + k]
        for l in k + 1..<(fitsStrength ? unknowns : pulls) {
          x = fma(-scratch.lower[vector: l * unknowns + k], s[vector: l], x)
        }
        s[vector: k] = select(half < held[vector: k], zero, x)
      }
      decrement = zero
      for k in 0..<unknowns { decrement = fma(-g[vector: k], s[vector: k], decrement) }
      var lowered = zero < zero
      for k in 0..<pulls {
        let onFloor = !(F64x8(plan.pull(k)[1]) < f[vector: k])
        let lower = onFloor & (s[vector: k] < zero)
        held[vector: k] = select(lower, F64x8(1), held[vector: k])
        lowered = lowered | lower
      }
      if !lowered.any { break }
      pass += 1
    }
    return decrement
  }

  /// L below the diagonal, 1/D on it, L D above it; rows of held pulls decoupled.
  @inline(__always) private func factorise(_ held: UnsafeMutablePointer<Double>) {
    let (h, lower) = (scratch.hessian, scratch.lower)
    let zero = F64x8(0)
    let one = F64x8(1)
    let half = F64x8(0.5)
    for k in 0..<pulls {
      let heldRow = half < held[vector: k]
      var pivot = h[vector: k * unknowns + k]
      for l in 0..<k {
        var sum = select(heldRow | (half < held[vector: l]), zero, h[vector: k * unknowns + l])
        for m in 0..<l {
          sum = fma(-lower[vector: l * unknowns + m], lower[vector: m * unknowns + k], sum)
        }
        lower[vector: l * unknowns + k] = sum
        let entry = sum * lower[vector: l * unknowns + l]
        lower[vector: k * unknowns + l] = entry
        pivot = fma(-entry, sum, pivot)
      }
      lower[vector: k * unknowns + k] = one / pivot
    }
  }

  /// The largest part of the step, at most one, in which no factor shrinks more than tenfold, and with shapes no expectation;
  /// and the square of the largest relative change.
  @inline(__always) func limitStep(
    _ scale: inout F64x8, _ shift: inout F64x8, fitsStrength: Bool
  ) {
    let (f, s) = (scratch.factors, scratch.step)
    let zero = F64x8(0)
    if plan.hasShapes {
      limitByExpectation(&scale, &shift)
    }
    for k in 0..<pulls where plan.pull(k)[1] > -1e299 {
      let ratio = s[vector: k] / f[vector: k]
      shift = max(shift, ratio * ratio)
      scale = stepLimit(scale, f[vector: k], s[vector: k])
    }
    guard fitsStrength else { return }
    let q = f[vector: pulls]
    let step = s[vector: pulls]
    var total = zero
    if plan.hasBareBins { for bin in 0..<plan.bins { total = total + scratch.signal[vector: bin] } }
    let ratio = step / q
    shift = max(shift, select((zero < step) | (step < zero), ratio * ratio, zero))
    guard plan.hasBareBins else { return }
    // bins that hold nothing but signal: tenfold at most, until next to nothing is left of it
    let signal = q * total
    scale = select(F64x8(negligibleSignal) < signal, stepLimit(scale, q, step), scale)
  }

  /// Relative changes of the expectations, of which none may shrink more than tenfold. Without events there is nothing to
  /// divide by; a step that takes such a bin through zero is not the last unless it leaves next to nothing.
  @inline(__always) private func limitByExpectation(_ scale: inout F64x8, _ shift: inout F64x8) {
    let f = scratch.factors
    let zero = F64x8(0)
    let next = scratch.start + 8 * unknowns
    for k in 0..<unknowns { next[vector: k] = f[vector: k] + scratch.step[vector: k] }
    for index in 0..<plan.blocks {
      let block = plan.block(index)
      if block.isGaussian { continue }
      let scaled = self.scale(block, f) * f[vector: pulls]
      let scaledNext = self.scale(block, next) * next[vector: pulls]
      for b in 0..<block.bins {
        let holdsEvents = zero < scratch.counts[vector: block.first + b]
        let before = expectation(block, b, f, scaled)
        let after = expectation(block, b, next, scaledNext)
        let mu = max(before, F64x8(NewtonRules.smallestExpectation))
        let change = after - mu
        let ratio = change / mu
        let low = min(before, after)
        let passesZero = (low < zero) & !(max(before, after) < zero)
        let left = select(
          passesZero & (F64x8(NewtonRules.remainderTolerance) < scratch.stiffness[vector: 0] * low * low),
          F64x8(1), zero)
        shift = max(shift, select(holdsEvents, ratio * ratio, left))
        scale = select(holdsEvents, stepLimit(scale, mu, change), scale)
      }
    }
  }
}
