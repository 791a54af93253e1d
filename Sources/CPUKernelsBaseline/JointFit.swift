import CVec

/// The joint likelihood of eight data sets, each with a row and a strength of its own [UPS-36]. The unknowns are the factors
/// and, behind them, the strength. The order of operations is that of Kernels/src/joint.clh.
struct JointFit {
  let plan: JointView
  let scratch: JointScratch
  let pulls: Int
  let unknowns: Int
  /// True: the last unknown is Q = q (rho + sum kappa f), in which mu is linear, so that chi2 is convex.
  let isLinear: Bool

  @inline(__always) init(_ plan: JointView, _ scratch: JointScratch, isLinear: Bool = false) {
    self.plan = plan
    self.scratch = scratch
    self.isLinear = isLinear
    pulls = plan.pulls
    unknowns = pulls + 1
  }

  static var everywhere: F64x8.Mask { F64x8(0) < F64x8(1) }

  /// Of a Poisson bin without events, per event below zero: raised step by step up to `JointPlan.stiffness`, so that the bins
  /// at zero are found before they are stiff.
  enum Stiffness {
    static var first: Double { 1e2 }
    static var growth: Double { 1e2 }
    static var last: Double { 1e10 }
  }

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
  @inline(__always) func deficit(_ expected: F64x8, _ n: F64x8) -> F64x8 {
    let zero = F64x8(0)
    return select(zero < n, zero, min(expected, zero))
  }

  // MARK: - Statistic

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
          let mu = max(expected, F64x8(NewtonRules.smallestExpectation))
          let ratio = max(mu * scratch.inverseCounts[vector: bin], F64x8(NewtonRules.smallestRatio))
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

  /// chi2 of a minimum; leaves its slopes.
  @inline(never) func finalStatistic(_ f: UnsafeMutablePointer<Double>) -> F64x8 {
    scratch.stiffness[vector: 0] = F64x8(Stiffness.last)
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
}
