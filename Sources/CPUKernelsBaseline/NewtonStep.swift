/// Half the gradient and half the Hessian of the statistic in the four factors.
struct Curvature {
  var g0 = F64x8(0)
  var g1 = F64x8(0)
  var g2 = F64x8(0)
  var g3 = F64x8(0)
  var h00 = F64x8(0)
  var h01 = F64x8(0)
  var h02 = F64x8(0)
  var h03 = F64x8(0)
  var h11 = F64x8(0)
  var h12 = F64x8(0)
  var h13 = F64x8(0)
  var h22 = F64x8(0)
  var h23 = F64x8(0)
  var h33 = F64x8(0)
}

/// The Newton step of eight points by LDL^T of the 4 x 4 Hessian. A factor on its floor that would go lower, by itself
/// or with the others, is held: taken out of the step.
struct NewtonStep {
  var step: Factors
  /// How much the quadratic model promises: g^T H^-1 g.
  var decrement: F64x8

  @inline(__always) init(_ c: Curvature, at f: Factors) {
    let zero = F64x8(0)
    let one = F64x8(1)
    let floor = (onFloor(f.f0), onFloor(f.f1), onFloor(f.f2), onFloor(f.f3))
    var held = (
      floor.0 & (zero < c.g0), floor.1 & (zero < c.g1), floor.2 & (zero < c.g2), floor.3 & (zero < c.g3)
    )
    var s0 = zero
    var s1 = zero
    var s2 = zero
    var s3 = zero
    decrement = zero
    var pass = 0
    while pass < 4 {
      let y0 = -select(held.0, zero, c.g0)
      let a01 = select(held.0 | held.1, zero, c.h01)
      let a02 = select(held.0 | held.2, zero, c.h02)
      let a03 = select(held.0 | held.3, zero, c.h03)
      let a12 = select(held.1 | held.2, zero, c.h12)
      let a13 = select(held.1 | held.3, zero, c.h13)
      let a23 = select(held.2 | held.3, zero, c.h23)
      let i0 = one / c.h00
      let l10 = a01 * i0
      let l20 = a02 * i0
      let l30 = a03 * i0
      let i1 = one / fma(-l10, a01, c.h11)
      let b12 = fma(-l10, a02, a12)
      let b13 = fma(-l10, a03, a13)
      let l21 = b12 * i1
      let l31 = b13 * i1
      let i2 = one / fma(-l21, b12, fma(-l20, a02, c.h22))
      let c23 = fma(-l21, b13, fma(-l20, a03, a23))
      let l32 = c23 * i2
      let i3 = one / fma(-l32, c23, fma(-l31, b13, fma(-l30, a03, c.h33)))
      let r1 = -select(held.1, zero, c.g1)
      let r2 = -select(held.2, zero, c.g2)
      let r3 = -select(held.3, zero, c.g3)
      let y1 = fma(-l10, y0, r1)
      let y2 = fma(-l21, y1, fma(-l20, y0, r2))
      let y3 = fma(-l32, y2, fma(-l31, y1, fma(-l30, y0, r3)))
      s3 = y3 * i3
      s2 = fma(-l32, s3, y2 * i2)
      s1 = fma(-l31, s3, fma(-l21, s2, y1 * i1))
      s0 = fma(-l30, s3, fma(-l20, s2, fma(-l10, s1, y0 * i0)))
      decrement = fma(r3, s3, fma(r2, s2, fma(r1, s1, y0 * s0)))
      let lower = (floor.0 & (s0 < zero), floor.1 & (s1 < zero), floor.2 & (s2 < zero), floor.3 & (s3 < zero))
      if !(lower.0 | lower.1 | lower.2 | lower.3).any { break }
      held = (held.0 | lower.0, held.1 | lower.1, held.2 | lower.2, held.3 | lower.3)
      pass += 1
    }
    step = Factors(f0: s0, f1: s1, f2: s2, f3: s3)
  }

  /// Square of the largest relative change of a factor.
  @inline(__always) func shift(_ f: Factors) -> F64x8 {
    let t0 = step.f0 / f.f0
    let t1 = step.f1 / f.f1
    let t2 = step.f2 / f.f2
    let t3 = step.f3 / f.f3
    return max(max(t0 * t0, t1 * t1), max(t2 * t2, t3 * t3))
  }

  /// The factors after this part of the step.
  @inline(__always) func moved(_ f: Factors, _ scale: F64x8) -> Factors {
    Factors(
      f0: stepped(f.f0, scale, step.f0), f1: stepped(f.f1, scale, step.f1),
      f2: stepped(f.f2, scale, step.f2), f3: stepped(f.f3, scale, step.f3))
  }

  /// The largest part of the step, at most one, in which no factor shrinks more than tenfold.
  @inline(__always) func limit(_ f: Factors) -> F64x8 {
    stepLimit(
      stepLimit(stepLimit(stepLimit(F64x8(1), f.f0, step.f0), f.f1, step.f1), f.f2, step.f2), f.f3, step.f3)
  }
}

@inline(__always) private func onFloor(_ factor: F64x8) -> F64x8.Mask { !(F64x8(lowestFactor) < factor) }
