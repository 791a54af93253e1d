import CVec

/// chi2 = sum (r - a t)^2/V + v0 a^2 with a = sum r t/V / (sum t^2/V + v0), r = n - base - q s, t = D0 + kappa q s
/// [UPS-13]: the sum of squares, whose digits do not cancel.
@inline(__always) func minimiseGaussian(
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
    let r = F64x8(bin[0]) - (fma(qFixed, s, F64x8(bin[2])) + t)
    let tv = t * F64x8(bin[7])
    rt = fma(tv, r, rt)
    tt = fma(tv, t, tt)
  }
  let pull = max(rt / (tt + F64x8(likelihood[0])), F64x8(lowestFactor) - one)
  let factor = one + pull
  var sum = zero
  for b in 0..<bins {
    let bin = data + b * binNumbers
    let s = source.signal(b)
    let r = F64x8(bin[0]) - fma(factor, fma(kq, s, F64x8(bin[3])), fma(qFixed, s, F64x8(bin[2])))
    sum = fma(r * F64x8(bin[7]), r, sum)
  }
  return ProfileVector(
    statistic: fma(F64x8(likelihood[0]) * pull, pull, sum),
    factors: Factors(f0: factor, f1: one, f2: one, f3: one),
    converged: SIMD8(repeating: -1), sweeps: 1)
}
