import CVec

private let outwardMean = 32.0
private let negligibleTerm = 1e-20

/// Counts and constraint centres of eight toys of one point [UPS-37].
struct ToyThrower {
  let truth: JointTruth

  /// Fills counts, inverse counts, centres and the starting factors.
  /// - Returns: lanes in which a Poisson bin was expected below zero
  @inline(__always) func fill(_ fit: JointFit) -> F64x8.Mask {
    let (plan, scratch) = (fit.plan, fit.scratch)
    let pulls = plan.pulls
    for k in 0..<pulls {
      let pull = plan.pull(k)
      let u = uniform(k)
      var factor = F64x8(truth.factors[k])
      var centre = F64x8(1)
      switch truth.ensemble {
      case 0:
        if pull[2] > 0 {
          factor = fma(F64x8(pull[2]), normalQuantile(fma(F64x8(1 - pull[3]), u, F64x8(pull[3]))), F64x8(1))
        }
      case 1: centre = fma(F64x8(pull[2]), normalQuantile(u), factor)
      default: break
      }
      scratch.factors[vector: k] = factor
      scratch.centres[vector: k] = centre
    }
    let template = plan.tables.templates + truth.row * plan.bins
    for bin in 0..<plan.bins { scratch.signal[vector: bin] = F64x8(template[bin]) }
    let zero = F64x8(0)
    var clipped = zero < zero
    for index in 0..<plan.blocks {
      let block = plan.block(index)
      let scaled = fit.scale(block, scratch.factors) * F64x8(truth.strength)
      for b in 0..<block.bins {
        let bin = block.first + b
        let mean = fit.expectation(block, b, scratch.factors, scaled)
        let u = uniform(pulls + bin)
        let count: F64x8
        if block.isGaussian {
          count = fma(F64x8(plan.deviation[bin]), normalQuantile(u), mean)
        } else {
          clipped = clipped | (mean < zero)
          count = poisson(mean: max(mean, zero), u)
        }
        fit.set(bin, count: count)
      }
    }
    return clipped
  }

  // MARK: - Random numbers

  @inline(__always) private func uniform(_ draw: Int) -> F64x8 {
    let toys = SIMD8<UInt64>(0, 1, 2, 3, 4, 5, 6, 7) &+ SIMD8(repeating: UInt64(truth.firstToy))
    let words = cvec_philox(
      SIMD8(repeating: UInt64(draw / 2)), toys, SIMD8(repeating: truth.key & 0xffff_ffff),
      SIMD8(repeating: truth.key >> 32), UInt32(truncatingIfNeeded: truth.seed),
      UInt32(truth.seed >> 32), draw % 2 == 0 ? 0 : 1)
    return F64x8(cvec_unit(words))
  }
}

// MARK: - Distributions

/// The Poisson distribution inverted at u; a mean of 0 gives 0.
@inline(never) func poisson(mean: F64x8, _ u: F64x8) -> F64x8 {
  let small = mean < F64x8(outwardMean)
  var count = F64x8(0)
  if small.any { count = poissonFromZero(mean: select(small, mean, F64x8(0)), u) }
  if small.all { return count }
  return select(small, count, poissonOutwards(mean: select(small, F64x8(outwardMean), mean), u))
}

@inline(__always) private func poissonFromZero(mean: F64x8, _ u: F64x8) -> F64x8 {
  var term = exp(-mean)
  var sum = term
  var count = F64x8(0)
  var active = sum < u
  var number = 0.0
  while active.any {
    number += 1
    term = (term * mean) * F64x8(1 / number)
    sum = sum + term
    count = select(active, F64x8(number), count)
    active = active & (sum < u) & ((F64x8(number) < mean) | (F64x8(negligibleTerm) < term))
  }
  return count
}

/// From the mode m: m, m + 1, m - 1, m + 2, ...; ln P(m) = m ln(mu/m) + (m - mu) - ln(2 pi m)/2 - 1/(12 m) + 1/(360 m^3) -
/// 1/(1260 m^5) by Stirling's series.
@inline(__always) private func poissonOutwards(mean: F64x8, _ u: F64x8) -> F64x8 {
  let zero = F64x8(0)
  let one = F64x8(1)
  let mode = floor(mean)
  let inverse = one / mode
  let inverse2 = inverse * inverse
  let series =
    inverse * fma(inverse2, fma(inverse2, F64x8(-1.0 / 1260), F64x8(1.0 / 360)), F64x8(-1.0 / 12))
  let half = F64x8(0.5) * log(F64x8(2 * 3.141592653589793) * mode)
  var up = exp(fma(mode, log(mean * inverse), mode - mean) - half + series)
  var down = up
  var sum = up
  var high = mode
  var low = mode
  var count = mode
  var active = sum < u
  while active.any {
    high = high + one
    up = up * (mean / high)
    sum = sum + up
    count = select(active, high, count)
    active = active & (sum < u)
    let lower = zero < low
    down = down * (low / mean)
    low = max(low - one, zero)
    sum = sum + down
    count = select(active & lower, low, count)
    active =
      active & (sum < u) & ((F64x8(negligibleTerm) < up) | ((zero < low) & (F64x8(negligibleTerm) < down)))
  }
  return count
}

/// z with Phi(z) = u, 0 < u < 1, by the rational approximations of algorithm AS 241 (Wichura, Appl. Statist. 37 (1988)
/// 477), within 1e-15 of the true value.
@inline(never) func normalQuantile(_ u: F64x8) -> F64x8 {
  let q = u - F64x8(0.5)
  let r = fma(-q, q, F64x8(0.180625))
  let central =
    q
    * polynomial(
      r, 2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4,
      4.5921953931549871457e+4, 1.3731693765509461125e+4, 1.9715909503065514427e+3,
      1.3314166789178437745e+2, 3.3871328727963666080e+0)
    / polynomial(
      r, 5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4,
      2.1213794301586595867e+4, 5.3941960214247511077e+3, 6.8718700749205790830e+2,
      4.2313330701600911252e+1, 1)
  let zero = F64x8(0)
  let isCentral = !(r < zero)
  if isCentral.all { return central }
  let tail = sqrt(-log(min(u, F64x8(1) - u)))
  let near = tail - F64x8(1.6)
  let nearTail =
    polynomial(
      near, 7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
      1.27045825245236838258e+0, 3.64784832476320460504e+0, 5.76949722146069140550e+0,
      4.63033784615654529590e+0, 1.42343711074968357734e+0)
    / polynomial(
      near, 1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
      1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e+0,
      2.05319162663775882187e+0, 1)
  let far = tail - F64x8(5)
  let farTail =
    polynomial(
      far, 2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
      2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e+0,
      5.46378491116411436990e+0, 6.65790464350110377720e+0)
    / polynomial(
      far, 2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
      7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
      5.99832206555887937690e-1, 1)
  let outer = select(F64x8(5) < tail, farTail, nearTail)
  return select(isCentral, central, select(q < zero, -outer, outer))
}

/// Highest power first.
@inline(__always) private func polynomial(
  _ x: F64x8, _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double, _ g: Double,
  _ h: Double
) -> F64x8 {
  var p = fma(F64x8(a), x, F64x8(b))
  p = fma(p, x, F64x8(c))
  p = fma(p, x, F64x8(d))
  p = fma(p, x, F64x8(e))
  p = fma(p, x, F64x8(f))
  p = fma(p, x, F64x8(g))
  return fma(p, x, F64x8(h))
}
