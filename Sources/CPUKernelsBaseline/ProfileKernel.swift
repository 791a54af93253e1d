import CVec

/// Where the signal of a likelihood bin comes from: eight points that share a row's template, or eight points with
/// rates of their own (component, energy bin, lane) folded over time.
protocol SignalSource {
  func signal(_ bin: Int) -> F64x8
}

struct TemplateSignal: SignalSource {
  let row: UnsafePointer<Double>
  @inline(__always) func signal(_ bin: Int) -> F64x8 { F64x8(row[bin]) }
}

struct VectorSignal: SignalSource {
  let lanes: UnsafePointer<Double>  // bins x 8
  @inline(__always) func signal(_ bin: Int) -> F64x8 { F64x8(load: lanes + bin * 8) }
}

/// Results of eight points, written by the caller's stride.
struct ProfileVector {
  var statistic: F64x8
  var pulls: (F64x8, F64x8, F64x8, F64x8)
  var converged: SIMD8<Int64>
}

private let maximumSteps = 96
/// From this step on, steps with a decrement that rounding cannot blur are halved until the statistic falls.
private let firstSearchedStep = 8
private let searchedDecrement = 1e-6
private let maximumHalvings = 40
/// Rounding of the statistic, in units of itself and the counts.
private let statisticNoise = 1e-14
private let smallestRatio = 1e-300
/// Factors 1 + eta stay at or above this.
private let lowestFactor = 1e-6
private let decrementTolerance = 1e-9
private let headerNumbers = 8
private let binNumbers = 8

/// Profiles `count` (1...8) points of one row that share a signal template [UPS-12]; `poisson` false: [UPS-13].
/// Returns how many did not converge.
package func profileTemplatePoints(
  template: UnsafePointer<Double>, likelihood: UnsafePointer<Double>, bins: Int, poisson: Bool,
  couplingSquares: UnsafePointer<Double>, count: Int, pullCount: Int, statistic: UnsafeMutablePointer<Double>,
  pulls: UnsafeMutablePointer<Double>
) -> Int {
  let q = loadPadded(couplingSquares, count)
  let source = TemplateSignal(row: template)
  let result =
    poisson
    ? minimisePoisson(source, likelihood, bins: bins, q: q)
    : minimiseGaussian(source, likelihood, bins: bins, q: q)
  return store(result, count: count, pullCount: pullCount, statistic: statistic, pulls: pulls)
}

/// The same with rates of each point's own: `rates` is 8 x (components x energy bins), `signals` is scratch of bins x 8.
package func profileRatePoints(
  rates: UnsafePointer<Double>, fold: UnsafePointer<Double>, components: Int, energyBins: Int, timeBins: Int,
  signals: UnsafeMutablePointer<Double>, likelihood: UnsafePointer<Double>, poisson: Bool,
  couplingSquares: UnsafePointer<Double>, count: Int, pullCount: Int, statistic: UnsafeMutablePointer<Double>,
  pulls: UnsafeMutablePointer<Double>
) -> Int {
  let stride = components * energyBins
  for i in 0..<energyBins {
    for j in 0..<timeBins {
      var sum = F64x8(0)
      for c in 0..<components {
        var lanes = SIMD8<Double>()
        for lane in 0..<8 { lanes[lane] = rates[Swift.min(lane, count - 1) * stride + c * energyBins + i] }
        sum = fma(F64x8(lanes), F64x8(fold[c * timeBins + j]), sum)
      }
      sum.store(to: signals + (i * timeBins + j) * 8)
    }
  }
  let q = loadPadded(couplingSquares, count)
  let source = VectorSignal(lanes: signals)
  let bins = energyBins * timeBins
  let result =
    poisson
    ? minimisePoisson(source, likelihood, bins: bins, q: q)
    : minimiseGaussian(source, likelihood, bins: bins, q: q)
  return store(result, count: count, pullCount: pullCount, statistic: statistic, pulls: pulls)
}

private func loadPadded(_ values: UnsafePointer<Double>, _ count: Int) -> F64x8 {
  if count == 8 { return F64x8(load: values) }
  var lanes = SIMD8<Double>()
  for lane in 0..<8 { lanes[lane] = values[Swift.min(lane, count - 1)] }
  return F64x8(lanes)
}

private func store(
  _ result: ProfileVector, count: Int, pullCount: Int, statistic: UnsafeMutablePointer<Double>,
  pulls: UnsafeMutablePointer<Double>
) -> Int {
  var missed = 0
  for lane in 0..<count {
    statistic[lane] = result.statistic.v[lane]
    if result.converged[lane] == 0 { missed += 1 }
    if pullCount > 0 { pulls[lane * pullCount] = result.pulls.0.v[lane] }
    if pullCount > 1 { pulls[lane * pullCount + 1] = result.pulls.1.v[lane] }
    if pullCount > 2 { pulls[lane * pullCount + 2] = result.pulls.2.v[lane] }
    if pullCount > 3 { pulls[lane * pullCount + 3] = result.pulls.3.v[lane] }
  }
  return missed
}

// MARK: - Poisson

/// chi2 = 2 sum[mu - n + n ln(n/mu)] + sum v eta^2 at its minimum over the pulls; lanes stop one by one.
/// The order of operations is that of `minimise_poisson` in Kernels/src/statistic.clh.
@inline(__always) private func minimisePoisson(
  _ source: some SignalSource, _ likelihood: UnsafePointer<Double>, bins: Int, q: F64x8
) -> ProfileVector {
  let zero = F64x8(0)
  let one = F64x8(1)
  let v0 = F64x8(likelihood[0])
  let v1 = F64x8(likelihood[1])
  let v2 = F64x8(likelihood[2])
  let v3 = F64x8(likelihood[3])
  let kq = F64x8(likelihood[4]) * q
  let qFixed = q - kq
  let data = likelihood + headerNumbers

  var signalSum = zero
  for b in 0..<bins { signalSum = signalSum + source.signal(b) }
  var f0 = startingFactor(likelihood, qFixed: qFixed, kq: kq, signalSum: signalSum)
  var f1 = one
  var f2 = one
  var f3 = one
  var converged = F64x8.Mask(lanes: SIMD8(repeating: 0))

  var step = 0
  while step < maximumSteps && !converged.all {
    var g0 = zero
    var g1 = zero
    var g2 = zero
    var g3 = zero
    var h00 = zero
    var h01 = zero
    var h02 = zero
    var h03 = zero
    var h11 = zero
    var h12 = zero
    var h13 = zero
    var h22 = zero
    var h23 = zero
    var h33 = zero
    var b = 0
    while b < bins {
      let bin = data + b * binNumbers
      let s = source.signal(b)
      let d0 = fma(kq, s, F64x8(bin[3]))
      let d1 = F64x8(bin[4])
      let d2 = F64x8(bin[5])
      let d3 = F64x8(bin[6])
      var mu = fma(qFixed, s, F64x8(bin[2]))
      mu = fma(f0, d0, mu)
      mu = fma(f1, d1, mu)
      mu = fma(f2, d2, mu)
      mu = fma(f3, d3, mu)
      let inverse = one / mu
      let t = F64x8(bin[0]) * inverse
      let positive = zero < mu
      let u = select(positive, one - t, zero)
      let w = select(positive, t * inverse, zero)
      let w0 = w * d0
      let w1 = w * d1
      let w2 = w * d2
      let w3 = w * d3
      g0 = fma(d0, u, g0)
      g1 = fma(d1, u, g1)
      g2 = fma(d2, u, g2)
      g3 = fma(d3, u, g3)
      h00 = fma(w0, d0, h00)
      h01 = fma(w0, d1, h01)
      h02 = fma(w0, d2, h02)
      h03 = fma(w0, d3, h03)
      h11 = fma(w1, d1, h11)
      h12 = fma(w1, d2, h12)
      h13 = fma(w1, d3, h13)
      h22 = fma(w2, d2, h22)
      h23 = fma(w2, d3, h23)
      h33 = fma(w3, d3, h33)
      b += 1
    }
    g0 = fma(v0, f0 - one, g0)
    g1 = fma(v1, f1 - one, g1)
    g2 = fma(v2, f2 - one, g2)
    g3 = fma(v3, f3 - one, g3)
    let a00 = h00 + v0
    let a11 = h11 + v1
    let a22 = h22 + v2
    let a33 = h33 + v3
    // a pull on its floor that would go lower, by itself or with the others, is taken out of this step
    let floor = (onFloor(f0), onFloor(f1), onFloor(f2), onFloor(f3))
    var held = (floor.0 & (zero < g0), floor.1 & (zero < g1), floor.2 & (zero < g2), floor.3 & (zero < g3))
    var s0 = zero
    var s1 = zero
    var s2 = zero
    var s3 = zero
    var decrement = zero
    var pass = 0
    while pass < 4 {
      let y0 = -select(held.0, zero, g0)
      let a01 = select(held.0 | held.1, zero, h01)
      let a02 = select(held.0 | held.2, zero, h02)
      let a03 = select(held.0 | held.3, zero, h03)
      let a12 = select(held.1 | held.2, zero, h12)
      let a13 = select(held.1 | held.3, zero, h13)
      let a23 = select(held.2 | held.3, zero, h23)
      // Newton step by LDL^T of the 4 x 4 Hessian
      let i0 = one / a00
      let l10 = a01 * i0
      let l20 = a02 * i0
      let l30 = a03 * i0
      let i1 = one / fma(-l10, a01, a11)
      let b12 = fma(-l10, a02, a12)
      let b13 = fma(-l10, a03, a13)
      let l21 = b12 * i1
      let l31 = b13 * i1
      let i2 = one / fma(-l21, b12, fma(-l20, a02, a22))
      let c23 = fma(-l21, b13, fma(-l20, a03, a23))
      let l32 = c23 * i2
      let i3 = one / fma(-l32, c23, fma(-l31, b13, fma(-l30, a03, a33)))
      let r1 = -select(held.1, zero, g1)
      let r2 = -select(held.2, zero, g2)
      let r3 = -select(held.3, zero, g3)
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

    // no factor 1 + eta may shrink more than tenfold in one step
    var scale = one
    scale = stepLimit(scale, f0, s0)
    scale = stepLimit(scale, f1, s1)
    scale = stepLimit(scale, f2, s2)
    scale = stepLimit(scale, f3, s3)
    if step >= firstSearchedStep {
      var accepted = converged | !(F64x8(searchedDecrement) < decrement)
      if !accepted.all {
        let start = poissonStatistic(source, likelihood, bins: bins, qFixed, kq, (f0, f1, f2, f3))
        let allowed = fma(F64x8(statisticNoise), start + F64x8(likelihood[5]), start)
        var halving = 0
        while halving < maximumHalvings && !accepted.all {
          let trial = poissonStatistic(
            source, likelihood, bins: bins, qFixed, kq,
            (moved(f0, scale, s0), moved(f1, scale, s1), moved(f2, scale, s2), moved(f3, scale, s3)))
          accepted = accepted | !(fma(F64x8(-1e-4) * scale, decrement, allowed) < trial)
          scale = select(accepted, scale, F64x8(0.5) * scale)
          halving += 1
        }
      }
    }
    f0 = select(converged, f0, moved(f0, scale, s0))
    f1 = select(converged, f1, moved(f1, scale, s1))
    f2 = select(converged, f2, moved(f2, scale, s2))
    f3 = select(converged, f3, moved(f3, scale, s3))
    converged = converged | (!(scale < one) & (decrement < F64x8(decrementTolerance)))
    step += 1
  }

  return ProfileVector(
    statistic: poissonStatistic(source, likelihood, bins: bins, qFixed, kq, (f0, f1, f2, f3)),
    pulls: (f0 - one, f1 - one, f2 - one, f3 - one), converged: converged.lanes)
}

@inline(__always) private func moved(_ factor: F64x8, _ scale: F64x8, _ step: F64x8) -> F64x8 {
  max(fma(scale, step, factor), F64x8(lowestFactor))
}

/// 2 sum[mu - n + n ln(n/mu)] + sum v (f - 1)^2 at given factors.
@inline(__always) private func poissonStatistic(
  _ source: some SignalSource, _ likelihood: UnsafePointer<Double>, bins: Int, _ qFixed: F64x8, _ kq: F64x8,
  _ f: (F64x8, F64x8, F64x8, F64x8)
) -> F64x8 {
  let zero = F64x8(0)
  let one = F64x8(1)
  let data = likelihood + headerNumbers
  var sum = zero
  for b in 0..<bins {
    let bin = data + b * binNumbers
    let s = source.signal(b)
    var mu = fma(qFixed, s, F64x8(bin[2]))
    mu = fma(f.0, fma(kq, s, F64x8(bin[3])), mu)
    mu = fma(f.1, F64x8(bin[4]), mu)
    mu = fma(f.2, F64x8(bin[5]), mu)
    mu = fma(f.3, F64x8(bin[6]), mu)
    let n = F64x8(bin[0])
    let logarithm = bin[0] > 0 ? log(max(mu * F64x8(bin[1]), F64x8(smallestRatio))) : zero
    sum = sum + fma(-n, logarithm, mu - n)
  }
  let e0 = f.0 - one
  let e1 = f.1 - one
  let e2 = f.2 - one
  let e3 = f.3 - one
  var statistic = sum + sum
  statistic = fma(F64x8(likelihood[0]) * e0, e0, statistic)
  statistic = fma(F64x8(likelihood[1]) * e1, e1, statistic)
  statistic = fma(F64x8(likelihood[2]) * e2, e2, statistic)
  return fma(F64x8(likelihood[3]) * e3, e3, statistic)
}

/// The first factor that matches the total count, the positive root of v f^2 + b f - c = 0.
@inline(__always) private func startingFactor(
  _ likelihood: UnsafePointer<Double>, qFixed: F64x8, kq: F64x8, signalSum: F64x8
) -> F64x8 {
  let zero = F64x8(0)
  let v0 = F64x8(likelihood[0])
  let scaledTotal = fma(kq, signalSum, F64x8(likelihood[7]))
  let otherTotal = fma(qFixed, signalSum, F64x8(likelihood[6]))
  let share = (v0 * otherTotal) / scaledTotal
  let b = (scaledTotal - v0) + share
  let c = (F64x8(likelihood[5]) - otherTotal) + share
  let root = sqrt(max(fma(b, b, (F64x8(4) * v0) * c), zero))
  let start = select(b < zero, (root - b) / (F64x8(2) * v0), (F64x8(2) * c) / (b + root))
  return select(zero < scaledTotal, max(start, F64x8(1e-3)), F64x8(1))
}

@inline(__always) private func onFloor(_ factor: F64x8) -> F64x8.Mask { !(F64x8(lowestFactor) < factor) }

@inline(__always) private func stepLimit(_ limit: F64x8, _ factor: F64x8, _ step: F64x8) -> F64x8 {
  let bound = min(limit, (F64x8(-0.9) * factor) / step)
  return select(step < F64x8(0), bound, limit)
}

// MARK: - Gaussian

/// chi2 = sum (r - a t)^2/V + v0 a^2 with a = sum r t/V / (sum t^2/V + v0), r = n - base - q s, t = D0 + kappa q s
/// [UPS-13]: the sum of squares, whose digits do not cancel.
@inline(__always) private func minimiseGaussian(
  _ source: some SignalSource, _ likelihood: UnsafePointer<Double>, bins: Int, q: F64x8
) -> ProfileVector {
  let zero = F64x8(0)
  let one = F64x8(1)
  let kq = F64x8(likelihood[4]) * q
  let qFixed = q - kq
  let data = likelihood + headerNumbers
  var rt = zero
  var tt = zero
  for b in 0..<bins {
    let bin = data + b * binNumbers
    let s = source.signal(b)
    let t = fma(kq, s, F64x8(bin[3]))
    let r = F64x8(bin[0]) - gaussianExpectation(bin, qFixed, kq, s, one)
    let tv = t * F64x8(bin[7])
    rt = fma(tv, r, rt)
    tt = fma(tv, t, tt)
  }
  let pull = max(rt / (tt + F64x8(likelihood[0])), F64x8(lowestFactor) - one)
  let factor = one + pull
  var sum = zero
  for b in 0..<bins {
    let bin = data + b * binNumbers
    let r = F64x8(bin[0]) - gaussianExpectation(bin, qFixed, kq, source.signal(b), factor)
    sum = fma(r * F64x8(bin[7]), r, sum)
  }
  return ProfileVector(
    statistic: fma(F64x8(likelihood[0]) * pull, pull, sum), pulls: (pull, zero, zero, zero),
    converged: SIMD8(repeating: -1))
}

/// Expected events with the first factor free and the others one.
@inline(__always) private func gaussianExpectation(
  _ bin: UnsafePointer<Double>, _ qFixed: F64x8, _ kq: F64x8, _ s: F64x8, _ factor: F64x8
) -> F64x8 {
  let one = F64x8(1)
  var mu = fma(qFixed, s, F64x8(bin[2]))
  mu = fma(factor, fma(kq, s, F64x8(bin[3])), mu)
  mu = fma(one, F64x8(bin[4]), mu)
  mu = fma(one, F64x8(bin[5]), mu)
  return fma(one, F64x8(bin[6]), mu)
}
