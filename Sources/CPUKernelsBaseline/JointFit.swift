import CVec

private let maximumSteps = 96
/// A step that promises less is the last, whatever it changes: a strength next to zero may go on for ever.
private let noDecrement = 1e-20
/// Events of signal that may vanish in one step.
private let negligibleSignal = 1e-12
/// From this step on where chi2 is convex, steps with a decrement that rounding cannot blur are halved until the statistic
/// falls.
private let firstSearchedStep = 8
private let searchedDecrement = 1e-5
private let maximumHalvings = 40
/// Rounding of the statistic, in units of itself and the counts.
private let statisticNoise = 1e-14
private let smallestRatio = 1e-300
private let smallestExpectation = 1e-30
/// Of a Poisson bin without events, per event below zero: raised step by step up to `JointPlan.stiffness`, so that the bins
/// at zero are found before they are stiff.
private let stiffnesses = (first: 1e2, growth: 1e2, last: 1e10)
/// What a step may leave of the statistic for it to be the last.
private let remainderTolerance = 1e-13
/// Above this square of the largest relative change of an expectation a step is never the last.
private let largestLastShift = 0.01

/// The joint likelihood of eight data sets, each with a row and a strength of its own [UPS-36]. The unknowns are the factors
/// and, behind them, the strength. The order of operations is that of Kernels/src/joint.clh.
struct JointFit {
  let plan: JointView
  let scratch: JointScratch
  let pulls: Int
  let unknowns: Int
  /// True: the last unknown is Q = q (rho + sum kappa f), in which mu is linear, so that chi2 is convex.
  private let isLinear: Bool

  @inline(__always) init(_ plan: JointView, _ scratch: JointScratch, isLinear: Bool = false) {
    self.plan = plan
    self.scratch = scratch
    self.isLinear = isLinear
    pulls = plan.pulls
    unknowns = pulls + 1
  }

  static var everywhere: F64x8.Mask { F64x8(0) < F64x8(1) }

  // MARK: - Data and signal

  @inline(__always) func set(_ bin: Int, count: F64x8) {
    scratch.counts[vector: bin] = count
    let zero = F64x8(0)
    scratch.inverseCounts[vector: bin] = select(zero < count, F64x8(1) / count, zero)
  }

  /// Signal of the row of each lane.
  @inline(__always) func load(rows: SIMD8<Int64>) {
    let bins = plan.bins
    let templates = plan.tables.templates
    let first = rows[0]
    if rows == SIMD8(repeating: first) {
      let row = templates + Int(first) * bins
      for b in 0..<bins { scratch.signal[vector: b] = F64x8(row[b]) }
      return
    }
    for lane in 0..<8 {
      let row = templates + Int(rows[lane]) * bins
      for b in 0..<bins { scratch.signal[8 * b + lane] = row[b] }
    }
  }

  // MARK: - Expectation

  /// What the factors make of the signal of a block.
  @inline(__always) func scale(_ block: JointBlockView, _ f: UnsafeMutablePointer<Double>) -> F64x8 {
    if isLinear { return F64x8(1) }
    var scale = F64x8(block.rho)
    for a in 0..<block.active {
      scale = fma(F64x8(block.shares[a]), f[vector: Int(block.pulls[a])], scale)
    }
    return scale
  }

  /// - Parameter scaled: strength times `scale`
  @inline(__always) func expectation(
    _ block: JointBlockView, _ b: Int, _ f: UnsafeMutablePointer<Double>, _ scaled: F64x8
  ) -> F64x8 {
    let bin = block.first + b
    let events = block.events + b * block.eventStride
    var mu = fma(scaled, scratch.signal[vector: bin], F64x8(plan.rest[bin]))
    for a in 0..<block.active { mu = fma(f[vector: Int(block.pulls[a])], F64x8(events[a]), mu) }
    return mu
  }

  /// Events below zero that a Poisson bin without events is expected to have.
  @inline(__always) private func deficit(_ expected: F64x8, _ n: F64x8) -> F64x8 {
    let zero = F64x8(0)
    return select(zero < n, zero, min(expected, zero))
  }

  /// chi2 at given factors and strength; leaves d chi2 / d mu / 2 per bin in `slope`.
  @inline(never) func statistic(_ f: UnsafeMutablePointer<Double>) -> F64x8 {
    let zero = F64x8(0)
    let one = F64x8(1)
    var sum = zero
    for index in 0..<plan.blocks {
      let block = plan.block(index)
      let scaled = scale(block, f) * f[vector: pulls]
      for b in 0..<block.bins {
        let bin = block.first + b
        let n = scratch.counts[vector: bin]
        let expected = expectation(block, b, f, scaled)
        if block.isGaussian {
          let residual = expected - n
          let slope = residual * F64x8(plan.inverseVariance[bin])
          scratch.slope[vector: bin] = slope
          sum = fma(F64x8(0.5) * residual, slope, sum)
        } else {
          let mu = max(expected, F64x8(smallestExpectation))
          let ratio = max(mu * scratch.inverseCounts[vector: bin], F64x8(smallestRatio))
          var slope = one - n / mu
          sum = sum + fma(-n, log(ratio), mu - n)
          if plan.hasShapes {
            let deficit = deficit(expected, n)
            let stiffness = scratch.stiffness[vector: 0]
            slope = fma(stiffness, deficit, slope)
            sum = sum + fma(F64x8(0.5) * stiffness * deficit, deficit, deficit)
          }
          scratch.slope[vector: bin] = slope
        }
      }
    }
    var statistic = sum + sum
    for k in 0..<pulls {
      let distance = f[vector: k] - scratch.centres[vector: k]
      statistic = fma(F64x8(plan.pull(k)[0]) * distance, distance, statistic)
    }
    return statistic
  }

  // MARK: - Minimum

  typealias Minimum = (statistic: F64x8, converged: F64x8.Mask, sweeps: Int)

  /// Newton steps from the factors and the strength in `scratch.factors`, which then hold the minimum.
  /// - Returns: chi2 and the lanes that converged
  @inline(__always) func minimise(fitsStrength: Bool, active: F64x8.Mask) -> Minimum {
    if !fitsStrength { return newton(fitsStrength: false, active: active) }
    if !plan.scalesSignalUniformly { return minimiseOwnSignals(active: active) }
    let f = scratch.factors
    let block = plan.block(0)
    f[vector: pulls] = f[vector: pulls] * scale(block, f)
    let found = JointFit(plan, scratch, isLinear: true).newton(fitsStrength: true, active: active)
    f[vector: pulls] = f[vector: pulls] / scale(block, f)
    return found
  }

  /// sum |s| of the row of each lane.
  @inline(__always) func signalTotal() -> F64x8 {
    var total = F64x8(0)
    for bin in 0..<plan.bins {
      total = total + max(scratch.signal[vector: bin], -scratch.signal[vector: bin])
    }
    return total
  }

  /// Where a search begins that knows nothing: the strength that makes up for the missing events.
  @inline(__always) func startingStrength() -> F64x8 {
    let zero = F64x8(0)
    let f = scratch.factors
    var (missing, signal) = (zero, zero)
    for index in 0..<plan.blocks {
      let block = plan.block(index)
      let scale = scale(block, f)
      for b in 0..<block.bins {
        let bin = block.first + b
        missing = missing + (scratch.counts[vector: bin] - expectation(block, b, f, zero))
        signal = fma(scale, scratch.signal[vector: bin], signal)
      }
    }
    return select((zero < missing) & (zero < signal), missing / signal, zero)
  }

  @inline(never) func newton(fitsStrength: Bool, active: F64x8.Mask) -> Minimum {
    let f = scratch.factors
    // without convexity a step may lead into another valley
    let firstSearched = fitsStrength && !isLinear ? 0 : firstSearchedStep
    var converged = !active
    var step = 0
    scratch.stiffness[vector: 0] = F64x8(stiffnesses.first)
    while step < maximumSteps && !converged.all {
      curvature(fitsStrength: fitsStrength)
      let decrement = newtonStep(fitsStrength: fitsStrength)
      var scale = F64x8(1)
      var shift = F64x8(0)
      limitStep(&scale, &shift, fitsStrength: fitsStrength)
      if step >= firstSearched {
        scale = searched(
          scale, decrement: decrement, accepted: converged | !(F64x8(searchedDecrement) < decrement))
      }
      for k in 0..<unknowns {
        f[vector: k] = select(converged, f[vector: k], moved(k, f[vector: k], scale))
      }
      let last =
        ((shift < F64x8(largestLastShift)) & (shift * decrement < F64x8(remainderTolerance)))
        | (decrement < F64x8(noDecrement))
      let ends = !(scale < F64x8(1)) & last
      if plan.hasShapes {
        let stiffness = scratch.stiffness[vector: 0]
        let isSoft = (scratch.deficit[vector: 0] < F64x8(0)) & (stiffness < F64x8(stiffnesses.last))
        scratch.stiffness[vector: 0] = select(
          ends & isSoft, F64x8(stiffnesses.growth) * stiffness, stiffness)
        converged = converged | (ends & !isSoft)
      } else {
        converged = converged | ends
      }
      step += 1
    }
    return (finalStatistic(f), converged, step)
  }

  /// chi2 of a minimum; leaves its slopes.
  @inline(never) func finalStatistic(_ f: UnsafeMutablePointer<Double>) -> F64x8 {
    scratch.stiffness[vector: 0] = F64x8(stiffnesses.last)
    let value = statistic(f)
    return plan.hasShapes ? value + parabolas(f) : value
  }

  /// What the parabolas below zero leave of chi2 at its minimum, K mu^2: with the minimum lower by as much, chi2 is that with
  /// mu held at zero up to the square of 1/K.
  @inline(never) private func parabolas(_ f: UnsafeMutablePointer<Double>) -> F64x8 {
    var sum = F64x8(0)
    for index in 0..<plan.blocks {
      let block = plan.block(index)
      if block.isGaussian { continue }
      let scaled = scale(block, f) * f[vector: pulls]
      for b in 0..<block.bins {
        let deficit = deficit(expectation(block, b, f, scaled), scratch.counts[vector: block.first + b])
        sum = fma(deficit, deficit, sum)
      }
    }
    return scratch.stiffness[vector: 0] * sum
  }

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
        let inverse = one / max(mu, F64x8(smallestExpectation))
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

  // MARK: - Step

  /// The Newton step by LDL^T, the strength last, into `step`; pulls on their floor that would go lower are held, as is a
  /// strength at zero that would go below.
  /// - Returns: what the quadratic model promises, g^T H^-1 g
  @inline(__always) private func newtonStep(fitsStrength: Bool) -> F64x8 {
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

  @inline(__always) private func moved(_ k: Int, _ value: F64x8, _ scale: F64x8) -> F64x8 {
    let floor = k < pulls ? plan.pull(k)[1] : -1e300
    return max(fma(scale, scratch.step[vector: k], value), F64x8(floor))
  }

  /// The largest part of the step, at most one, in which no factor shrinks more than tenfold, and with shapes no expectation;
  /// and the square of the largest relative change.
  @inline(__always) private func limitStep(
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
        let mu = max(before, F64x8(smallestExpectation))
        let change = after - mu
        let ratio = change / mu
        let low = min(before, after)
        let passesZero = (low < zero) & !(max(before, after) < zero)
        let left = select(
          passesZero & (F64x8(remainderTolerance) < scratch.stiffness[vector: 0] * low * low), F64x8(1), zero)
        shift = max(shift, select(holdsEvents, ratio * ratio, left))
        scale = select(holdsEvents, stepLimit(scale, mu, change), scale)
      }
    }
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
    let allowed = fma(F64x8(statisticNoise), start + counts, start)
    let trial = scratch.start + 8 * unknowns
    var halving = 0
    while halving < maximumHalvings && !accepted.all {
      for k in 0..<unknowns { trial[vector: k] = moved(k, f[vector: k], scale) }
      accepted = accepted | !(fma(F64x8(-1e-4) * scale, decrement, allowed) < statistic(trial))
      scale = select(accepted, scale, F64x8(0.5) * scale)
      halving += 1
    }
    return scale
  }
}
