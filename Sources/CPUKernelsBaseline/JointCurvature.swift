import CVec

/// Gradient and Hessian of chi2 in one sweep over the bins [UPS-36]. The order of operations is that of
/// Kernels/src/joint_curvature.clh.
extension JointFit {
  /// Half the gradient and half the Hessian of chi2, prior included: one sweep over the bins.
  @inline(__always) func curvature(fitsStrength: Bool) {
    let g = scratch.gradient
    let h = scratch.hessian
    let zero = F64x8(0)
    for k in 0..<unknowns * unknowns { h[vector: k] = zero }
    for k in 0..<pulls {
      let pull = plan.pull(k)
      g[vector: k] = F64x8(pull[0]) * (scratch.factors[vector: k] - scratch.centres[vector: k])
      h[vector: k * unknowns + k] = F64x8(pull[0])
    }
    g[vector: pulls] = zero
    scratch.deficit[vector: 0] = zero
    for k in 0..<pulls { scratch.cross[vector: k] = zero }
    for index in 0..<plan.blocks {
      let block = plan.block(index)
      let withSignal = fitsStrength || (block.scalesSignal && !isLinear)
      weigh(block, withSignal: withSignal)
      let signalSums = accumulate(block, withSignal: withSignal)
      add(block, signalSums, fitsStrength: fitsStrength)
    }
  }

  /// u = 1 - n/mu, w = n/mu^2 and w s per bin; (mu - n)/V, 1/V and s/V for Gaussian bins.
  @inline(__always) private func weigh(_ block: JointBlockView, withSignal: Bool) {
    let f = scratch.factors
    let one = F64x8(1)
    let scaled = scale(block, f) * f[vector: pulls]
    for b in 0..<block.bins {
      let bin = block.first + b
      let n = scratch.counts[vector: bin]
      let mu = expectation(block, b, f, scaled)
      var weight: F64x8
      if block.isGaussian {
        weight = F64x8(plan.inverseVariance[bin])
        scratch.slope[vector: bin] = (mu - n) * weight
      } else {
        let inverse = one / max(mu, F64x8(NewtonRules.smallestExpectation))
        let t = n * inverse
        var slope = one - t
        weight = t * inverse
        if plan.hasShapes {
          let deficit = deficit(mu, n)
          let stiffness = scratch.stiffness[vector: 0]
          slope = fma(stiffness, deficit, slope)
          weight = select(deficit < F64x8(0), stiffness, weight)
          scratch.deficit[vector: 0] = min(scratch.deficit[vector: 0], deficit)
        }
        scratch.slope[vector: bin] = slope
      }
      scratch.weight[vector: bin] = weight
      if withSignal { scratch.weightedSignal[vector: bin] = weight * scratch.signal[vector: bin] }
    }
  }

  /// Sums over the bins of a block into `sums`: sum u D, sum w s D per active pull, sum w D D per pair.
  /// - Returns: sum u s, sum w s s
  @inline(__always) private func accumulate(
    _ block: JointBlockView, withSignal: Bool
  ) -> (slope: F64x8, curvature: F64x8) {
    let sums = scratch.sums
    let stride = block.eventStride
    let u = scratch.slope + 8 * block.first
    let w = scratch.weight + 8 * block.first
    let ws = scratch.weightedSignal + 8 * block.first
    let s = scratch.signal + 8 * block.first
    let zero = F64x8(0)
    var us = zero
    var wss = zero
    var a = 0
    while a < stride {
      var (u0, u1, u2, u3) = (zero, zero, zero, zero)
      var (s0, s1, s2, s3) = (zero, zero, zero, zero)
      if withSignal {
        for b in 0..<block.bins {
          let d = block.events + b * stride + a
          let (uv, sv) = (u[vector: b], ws[vector: b])
          u0 = fma(uv, F64x8(d[0]), u0)
          u1 = fma(uv, F64x8(d[1]), u1)
          u2 = fma(uv, F64x8(d[2]), u2)
          u3 = fma(uv, F64x8(d[3]), u3)
          s0 = fma(sv, F64x8(d[0]), s0)
          s1 = fma(sv, F64x8(d[1]), s1)
          s2 = fma(sv, F64x8(d[2]), s2)
          s3 = fma(sv, F64x8(d[3]), s3)
        }
      } else {
        for b in 0..<block.bins {
          let d = block.events + b * stride + a
          let uv = u[vector: b]
          u0 = fma(uv, F64x8(d[0]), u0)
          u1 = fma(uv, F64x8(d[1]), u1)
          u2 = fma(uv, F64x8(d[2]), u2)
          u3 = fma(uv, F64x8(d[3]), u3)
        }
      }
      sums[vector: a] = u0
      sums[vector: a + 1] = u1
      sums[vector: a + 2] = u2
      sums[vector: a + 3] = u3
      sums[vector: stride + a] = s0
      sums[vector: stride + a + 1] = s1
      sums[vector: stride + a + 2] = s2
      sums[vector: stride + a + 3] = s3
      a += 4
    }
    if withSignal {
      for b in 0..<block.bins {
        let sv = s[vector: b]
        us = fma(u[vector: b], sv, us)
        wss = fma(ws[vector: b], sv, wss)
      }
    }
    let pairs = sums + 8 * 2 * stride
    var p = 0
    while p < block.productStride {
      var (h0, h1, h2, h3) = (zero, zero, zero, zero)
      for b in 0..<block.bins {
        let d = block.products + b * block.productStride + p
        let wv = w[vector: b]
        h0 = fma(wv, F64x8(d[0]), h0)
        h1 = fma(wv, F64x8(d[1]), h1)
        h2 = fma(wv, F64x8(d[2]), h2)
        h3 = fma(wv, F64x8(d[3]), h3)
      }
      pairs[vector: p] = h0
      pairs[vector: p + 1] = h1
      pairs[vector: p + 2] = h2
      pairs[vector: p + 3] = h3
      p += 4
    }
    return (us, wss)
  }

  /// Adds the sums of a block to gradient and Hessian, the share of pulls in the signal put in. What the product of strength
  /// and factors adds to the second derivatives stands apart, in `cross`: it may make the Hessian indefinite.
  @inline(__always) private func add(
    _ block: JointBlockView, _ signal: (slope: F64x8, curvature: F64x8), fitsStrength: Bool
  ) {
    let g = scratch.gradient
    let h = scratch.hessian
    let sums = scratch.sums
    let mixed = sums + 8 * block.eventStride
    let pairs = sums + 16 * block.eventStride
    let q = scratch.factors[vector: pulls]
    let factor = scale(block, scratch.factors)
    var pair = 0
    for a in 0..<block.active {
      let k = Int(block.pulls[a])
      let ka = share(block, a) * q
      g[vector: k] = g[vector: k] + fma(ka, signal.slope, sums[vector: a])
      for c in 0...a {
        let l = Int(block.pulls[c])
        let kc = share(block, c) * q
        let cross = fma(ka, mixed[vector: c], kc * mixed[vector: a])
        let sum = pairs[vector: pair] + fma(ka * kc, signal.curvature, cross)
        // active pulls ascend
        h[vector: k * unknowns + l] = h[vector: k * unknowns + l] + sum
        pair += 1
      }
    }
    guard fitsStrength else { return }
    g[vector: pulls] = fma(factor, signal.slope, g[vector: pulls])
    let row = pulls * unknowns
    h[vector: row + pulls] = fma(factor * factor, signal.curvature, h[vector: row + pulls])
    for a in 0..<block.active {
      let k = Int(block.pulls[a])
      let share = share(block, a)
      h[vector: row + k] =
        h[vector: row + k] + factor * fma(share * q, signal.curvature, mixed[vector: a])
      scratch.cross[vector: k] = fma(share, signal.slope, scratch.cross[vector: k])
    }
  }

  /// kappa of an active pull.
  @inline(__always) private func share(_ block: JointBlockView, _ a: Int) -> F64x8 {
    F64x8(isLinear ? 0 : block.shares[a])
  }
}
