import CVec

/// chi2 = 2 sum[mu - n + n ln(n/mu)] + sum v (f - 1)^2 of eight points [UPS-12], with
/// mu = rest + (q - kappa q) s + f0 (D0 + kappa q s) + f1 D1 + f2 D2 + f3 D3.
/// The order of operations is that of Kernels/src/poisson.clh.
struct PoissonProblem<Source: SignalSource> {
  let source: Source
  let likelihood: UnsafePointer<Double>
  let data: UnsafePointer<Double>
  let bins: Int
  /// kappa q and q - kappa q: what the first factor multiplies and what it leaves
  let kq, qFixed: F64x8

  @inline(__always) init(_ source: Source, _ row: ProfileRow, q: F64x8) {
    self.source = source
    likelihood = row.likelihood
    data = row.likelihood + headerNumbers
    bins = row.bins
    kq = F64x8(row.likelihood[4]) * q
    qFixed = q - kq
  }

  @inline(__always) var v0: F64x8 { F64x8(likelihood[0]) }
  @inline(__always) var v1: F64x8 { F64x8(likelihood[1]) }
  @inline(__always) var v2: F64x8 { F64x8(likelihood[2]) }
  @inline(__always) var v3: F64x8 { F64x8(likelihood[3]) }

  /// The first factor that matches the total count, the positive root of v f^2 + b f - c = 0.
  @inline(__always) func startingFactor() -> F64x8 {
    let zero = F64x8(0)
    let signalSum = source.total
    let scaledTotal = fma(kq, signalSum, F64x8(likelihood[7]))
    let otherTotal = fma(qFixed, signalSum, F64x8(likelihood[6]))
    let share = (v0 * otherTotal) / scaledTotal
    let b = (scaledTotal - v0) + share
    let c = (F64x8(likelihood[5]) - otherTotal) + share
    let root = sqrt(max(fma(b, b, (F64x8(4) * v0) * c), zero))
    let start = select(b < zero, (root - b) / (F64x8(2) * v0), (F64x8(2) * c) / (b + root))
    return select(zero < scaledTotal, max(start, F64x8(1e-3)), F64x8(1))
  }

  // MARK: - Four factors

  /// Newton steps until every lane has converged.
  @inline(__always) func minimised(from start: Factors) -> ProfileVector {
    var f = start
    var converged = F64x8.Mask(lanes: SIMD8(repeating: 0))
    var step = 0
    while step < NewtonRules.maximumSteps && !converged.all {
      let newton = NewtonStep(curvature(at: f), at: f)
      var scale = newton.limit(f)
      if step >= NewtonRules.firstSearchedStep {
        scale = searched(
          scale, decrement: newton.decrement,
          accepted: converged | !(F64x8(NewtonRules.searchedDecrement) < newton.decrement)
        ) { part in statistic(part.map { newton.moved(f, $0) } ?? f) }
      }
      let last = NewtonRules.isLast(newton.shift(f), newton.decrement)
      let next = newton.moved(f, scale)
      f.f0 = select(converged, f.f0, next.f0)
      f.f1 = select(converged, f.f1, next.f1)
      f.f2 = select(converged, f.f2, next.f2)
      f.f3 = select(converged, f.f3, next.f3)
      converged = converged | (!(scale < F64x8(1)) & last)
      step += 1
    }
    return ProfileVector(statistic: statistic(f), factors: f, converged: converged.lanes, sweeps: step)
  }

  /// Half the gradient and half the Hessian of chi2, prior included: one sweep over the bins.
  @inline(__always) private func curvature(at f: Factors) -> Curvature {
    let one = F64x8(1)
    var c = Curvature()
    var b = 0
    while b < bins {
      let bin = data + b * binNumbers
      let s = source.signal(b)
      let d0 = fma(kq, s, F64x8(bin[3]))
      let d1 = F64x8(bin[4])
      let d2 = F64x8(bin[5])
      let d3 = F64x8(bin[6])
      var mu = fma(qFixed, s, F64x8(bin[2]))
      mu = fma(f.f0, d0, mu)
      mu = fma(f.f1, d1, mu)
      mu = fma(f.f2, d2, mu)
      mu = max(fma(f.f3, d3, mu), F64x8(NewtonRules.smallestExpectation))
      let inverse = one / mu
      let t = F64x8(bin[0]) * inverse
      let u = one - t
      let w = t * inverse
      let w0 = w * d0
      let w1 = w * d1
      let w2 = w * d2
      let w3 = w * d3
      c.g0 = fma(d0, u, c.g0)
      c.g1 = fma(d1, u, c.g1)
      c.g2 = fma(d2, u, c.g2)
      c.g3 = fma(d3, u, c.g3)
      c.h00 = fma(w0, d0, c.h00)
      c.h01 = fma(w0, d1, c.h01)
      c.h02 = fma(w0, d2, c.h02)
      c.h03 = fma(w0, d3, c.h03)
      c.h11 = fma(w1, d1, c.h11)
      c.h12 = fma(w1, d2, c.h12)
      c.h13 = fma(w1, d3, c.h13)
      c.h22 = fma(w2, d2, c.h22)
      c.h23 = fma(w2, d3, c.h23)
      c.h33 = fma(w3, d3, c.h33)
      b += 1
    }
    c.g0 = fma(v0, f.f0 - one, c.g0)
    c.g1 = fma(v1, f.f1 - one, c.g1)
    c.g2 = fma(v2, f.f2 - one, c.g2)
    c.g3 = fma(v3, f.f3 - one, c.g3)
    c.h00 = c.h00 + v0
    c.h11 = c.h11 + v1
    c.h22 = c.h22 + v2
    c.h33 = c.h33 + v3
    return c
  }

  /// Halves the step in the lanes that are not accepted until the statistic falls by a fair part of what the slope
  /// promises (Armijo).
  /// - Parameter statistic: after this part of the step; nil: before it
  @inline(never) private func searched(
    _ limit: F64x8, decrement: F64x8, accepted: F64x8.Mask, statistic: (F64x8?) -> F64x8
  ) -> F64x8 {
    var accepted = accepted
    var scale = limit
    if accepted.all { return scale }
    let start = statistic(nil)
    let allowed = fma(F64x8(NewtonRules.statisticNoise), start + F64x8(likelihood[5]), start)
    var halving = 0
    while halving < NewtonRules.maximumHalvings && !accepted.all {
      accepted = accepted | !(fma(F64x8(-1e-4) * scale, decrement, allowed) < statistic(scale))
      scale = select(accepted, scale, F64x8(0.5) * scale)
      halving += 1
    }
    return scale
  }

  /// chi2 at given factors.
  @inline(__always) private func statistic(_ f: Factors) -> F64x8 {
    let zero = F64x8(0)
    let one = F64x8(1)
    var sum = zero
    for b in 0..<bins {
      let bin = data + b * binNumbers
      let s = source.signal(b)
      var mu = fma(qFixed, s, F64x8(bin[2]))
      mu = fma(f.f0, fma(kq, s, F64x8(bin[3])), mu)
      mu = fma(f.f1, F64x8(bin[4]), mu)
      mu = fma(f.f2, F64x8(bin[5]), mu)
      mu = fma(f.f3, F64x8(bin[6]), mu)
      sum = sum + deviance(bin, mu)
    }
    let e0 = f.f0 - one
    let e1 = f.f1 - one
    let e2 = f.f2 - one
    let e3 = f.f3 - one
    var statistic = sum + sum
    statistic = fma(v0 * e0, e0, statistic)
    statistic = fma(v1 * e1, e1, statistic)
    statistic = fma(v2 * e2, e2, statistic)
    return fma(v3 * e3, e3, statistic)
  }

  /// mu - n + n ln(n/mu)
  @inline(__always) private func deviance(_ bin: UnsafePointer<Double>, _ mu: F64x8) -> F64x8 {
    let n = F64x8(bin[0])
    let logarithm = bin[0] > 0 ? log(max(mu * F64x8(bin[1]), F64x8(NewtonRules.smallestRatio))) : F64x8(0)
    return fma(-n, logarithm, mu - n)
  }

  // MARK: - One factor

  /// The same for plans with one pull (or none): the others stay at one and cost nothing.
  @inline(__always) func minimisedOverFirst(from start: Factors) -> ProfileVector {
    let zero = F64x8(0)
    let one = F64x8(1)
    var f0 = start.f0
    var converged = F64x8.Mask(lanes: SIMD8(repeating: 0))
    var step = 0
    while step < NewtonRules.maximumSteps && !converged.all {
      var g = zero
      var h = zero
      for b in 0..<bins {
        let bin = data + b * binNumbers
        let s = source.signal(b)
        let d0 = fma(kq, s, F64x8(bin[3]))
        let mu = max(fma(f0, d0, fma(qFixed, s, F64x8(bin[2]))), F64x8(NewtonRules.smallestExpectation))
        let ratio = d0 / mu
        let t = F64x8(bin[0]) * ratio
        g = g + (d0 - t)
        h = fma(t, ratio, h)
      }
      g = fma(v0, f0 - one, g)
      h = h + v0
      let held = !(F64x8(lowestFactor) < f0) & (zero < g)
      let move = select(held, zero, -(g / h))
      let decrement = -(g * move)
      var scale = stepLimit(one, f0, move)
      if step >= NewtonRules.firstSearchedStep {
        scale = searched(
          scale, decrement: decrement,
          accepted: converged | !(F64x8(NewtonRules.searchedDecrement) < decrement)
        ) { part in statisticOverFirst(part.map { stepped(f0, $0, move) } ?? f0) }
      }
      let shift = move / f0
      f0 = select(converged, f0, stepped(f0, scale, move))
      converged = converged | (!(scale < one) & NewtonRules.isLast(shift * shift, decrement))
      step += 1
    }
    return ProfileVector(
      statistic: statisticOverFirst(f0), factors: Factors(f0: f0, f1: one, f2: one, f3: one),
      converged: converged.lanes, sweeps: step)
  }

  @inline(__always) private func statisticOverFirst(_ f0: F64x8) -> F64x8 {
    var sum = F64x8(0)
    for b in 0..<bins {
      let bin = data + b * binNumbers
      let s = source.signal(b)
      sum = sum + deviance(bin, fma(f0, fma(kq, s, F64x8(bin[3])), fma(qFixed, s, F64x8(bin[2]))))
    }
    let e0 = f0 - F64x8(1)
    return fma(v0 * e0, e0, sum + sum)
  }
}

@inline(__always) func stepped(_ factor: F64x8, _ scale: F64x8, _ step: F64x8) -> F64x8 {
  max(fma(scale, step, factor), F64x8(lowestFactor))
}

/// No factor may shrink more than tenfold in one step.
@inline(__always) func stepLimit(_ limit: F64x8, _ factor: F64x8, _ step: F64x8) -> F64x8 {
  let bound = min(limit, (F64x8(-0.9) * factor) / step)
  return select(step < F64x8(0), bound, limit)
}
