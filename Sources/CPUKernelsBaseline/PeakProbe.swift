import CVec

/// Runs `rounds` rounds of 16 independent fused multiply-adds on eight lanes each and returns a number that depends on
/// all of them: 256 floating-point operations a round, nothing but registers.
package func probeMultiplyAdd(rounds: Int, seed: Double) -> Double {
  let a = F64x8(1 - 0x1p-20)
  let b = F64x8(seed)
  var x0 = F64x8(seed)
  var x1 = x0 + b
  var x2 = x1 + b
  var x3 = x2 + b
  var x4 = x3 + b
  var x5 = x4 + b
  var x6 = x5 + b
  var x7 = x6 + b
  var y0 = x7 + b
  var y1 = y0 + b
  var y2 = y1 + b
  var y3 = y2 + b
  var y4 = y3 + b
  var y5 = y4 + b
  var y6 = y5 + b
  var y7 = y6 + b
  for _ in 0..<rounds {
    x0 = fma(x0, a, b)
    x1 = fma(x1, a, b)
    x2 = fma(x2, a, b)
    x3 = fma(x3, a, b)
    x4 = fma(x4, a, b)
    x5 = fma(x5, a, b)
    x6 = fma(x6, a, b)
    x7 = fma(x7, a, b)
    y0 = fma(y0, a, b)
    y1 = fma(y1, a, b)
    y2 = fma(y2, a, b)
    y3 = fma(y3, a, b)
    y4 = fma(y4, a, b)
    y5 = fma(y5, a, b)
    y6 = fma(y6, a, b)
    y7 = fma(y7, a, b)
  }
  let x = ((x0 + x1) + (x2 + x3)) + ((x4 + x5) + (x6 + x7))
  let y = ((y0 + y1) + (y2 + y3)) + ((y4 + y5) + (y6 + y7))
  return (x + y).v.sum()
}

/// The same with six: what fits the registers where eight lanes take two of sixteen.
package func probeMultiplyAddNarrow(rounds: Int, seed: Double) -> Double {
  let a = F64x8(1 - 0x1p-20)
  let b = F64x8(seed)
  var x0 = F64x8(seed)
  var x1 = x0 + b
  var x2 = x1 + b
  var x3 = x2 + b
  var x4 = x3 + b
  var x5 = x4 + b
  for _ in 0..<rounds {
    x0 = fma(x0, a, b)
    x1 = fma(x1, a, b)
    x2 = fma(x2, a, b)
    x3 = fma(x3, a, b)
    x4 = fma(x4, a, b)
    x5 = fma(x5, a, b)
  }
  return (((x0 + x1) + (x2 + x3)) + (x4 + x5)).v.sum()
}

/// Operations of one round of `probeMultiplyAdd` and of `probeMultiplyAddNarrow`.
package let probeOperationsPerRound = 16 * 8 * 2
package let narrowProbeOperationsPerRound = 6 * 8 * 2

/// a[i] = b[i] + s c[i] over `count` doubles (a multiple of 8): 24 bytes moved per element.
package func probeTriad(
  _ a: UnsafeMutablePointer<Double>, _ b: UnsafePointer<Double>, _ c: UnsafePointer<Double>, scalar: Double,
  count: Int
) {
  let s = F64x8(scalar)
  var i = 0
  while i < count {
    fma(s, F64x8(load: c + i), F64x8(load: b + i)).store(to: a + i)
    i += 8
  }
}
