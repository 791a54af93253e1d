import CVec

/// Eight doubles whose operators call the C vector header: plain vector instructions at the level this module is
/// compiled for, correctly rounded, never contracted.
struct F64x8 {
  var v: SIMD8<Double>

  @inline(__always) init(_ v: SIMD8<Double>) { self.v = v }
  @inline(__always) init(_ scalar: Double) { v = SIMD8(repeating: scalar) }
  @inline(__always) init(load p: UnsafePointer<Double>) {
    v = UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Double>.self)
  }
  @inline(__always) func store(to p: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(p).storeBytes(of: v, as: SIMD8<Double>.self)
  }
  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(cvec_add(a.v, b.v)) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(cvec_sub(a.v, b.v)) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(cvec_mul(a.v, b.v)) }
  @inline(__always) static func / (a: Self, b: Self) -> Self { Self(cvec_div(a.v, b.v)) }
  @inline(__always) static prefix func - (a: Self) -> Self { Self(cvec_neg(a.v)) }
  @inline(__always) static func < (a: Self, b: Self) -> Mask { Mask(lanes: cvec_less(a.v, b.v)) }

  /// -1 in the lanes that hold, 0 elsewhere.
  struct Mask {
    var lanes: SIMD8<Int64>
    @inline(__always) init(lanes: SIMD8<Int64>) { self.lanes = lanes }
    @inline(__always) static func & (a: Mask, b: Mask) -> Mask { Mask(lanes: a.lanes & b.lanes) }
    @inline(__always) static func | (a: Mask, b: Mask) -> Mask { Mask(lanes: a.lanes | b.lanes) }
    @inline(__always) static prefix func ! (a: Mask) -> Mask { Mask(lanes: ~a.lanes) }
    @inline(__always) var any: Bool { cvec_any(lanes) }
    @inline(__always) var all: Bool { cvec_all(lanes) }
  }
}

@inline(__always) func fma(_ a: F64x8, _ b: F64x8, _ c: F64x8) -> F64x8 { F64x8(cvec_fma(a.v, b.v, c.v)) }
@inline(__always) func floor(_ a: F64x8) -> F64x8 { F64x8(cvec_floor(a.v)) }
@inline(__always) func sqrt(_ a: F64x8) -> F64x8 { F64x8(cvec_sqrt(a.v)) }
@inline(__always) func max(_ a: F64x8, _ b: F64x8) -> F64x8 { F64x8(cvec_max(a.v, b.v)) }
@inline(__always) func min(_ a: F64x8, _ b: F64x8) -> F64x8 { F64x8(cvec_min(a.v, b.v)) }
@inline(__always) func select(_ mask: F64x8.Mask, _ a: F64x8, _ b: F64x8) -> F64x8 {
  F64x8(cvec_select(mask.lanes, a.v, b.v))
}
@inline(__always) func fma(_ a: Double, _ b: Double, _ c: Double) -> Double { cvec_fma1(a, b, c) }

// MARK: - Elementary functions, the same operations as `ups_exp` and `ups_log` of Kernels/src/common.clh

/// exp(x), |x| <= 708, within 1.4 ulp of the true value (docs/verification.md).
@inline(__always) func exp(_ x: F64x8) -> F64x8 {
  let magic = F64x8(0x1.8p52)
  let t = fma(x, F64x8(0x1.71547652b82fep+0), magic)
  let n = t - magic
  var r = fma(n, F64x8(-0x1.62e42fefa39efp-1), x)
  r = fma(n, F64x8(-0x1.abc9e3b39803fp-56), r)
  var p = F64x8(0x1.6124613a86d09p-33)
  p = fma(p, r, F64x8(0x1.1eed8eff8d898p-29))
  p = fma(p, r, F64x8(0x1.ae64567f544e4p-26))
  p = fma(p, r, F64x8(0x1.27e4fb7789f5cp-22))
  p = fma(p, r, F64x8(0x1.71de3a556c734p-19))
  p = fma(p, r, F64x8(0x1.a01a01a01a01ap-16))
  p = fma(p, r, F64x8(0x1.a01a01a01a01ap-13))
  p = fma(p, r, F64x8(0x1.6c16c16c16c17p-10))
  p = fma(p, r, F64x8(0x1.1111111111111p-7))
  p = fma(p, r, F64x8(0x1.5555555555555p-5))
  p = fma(p, r, F64x8(0x1.5555555555555p-3))
  p = fma(p, r, F64x8(0.5))
  p = fma(p, r, F64x8(1))
  p = fma(p, r, F64x8(1))
  let bits = unsafeBitCast(p.v, to: SIMD8<Int64>.self)
  let exponent = unsafeBitCast(t.v, to: SIMD8<Int64>.self) &<< 52
  return F64x8(unsafeBitCast(bits &+ exponent, to: SIMD8<Double>.self))
}

/// ln(x), x normal and positive, within 2 ulp of the true value (docs/verification.md).
@inline(__always) func log(_ x: F64x8) -> F64x8 {
  let bits = unsafeBitCast(x.v, to: SIMD8<Int64>.self)
  let e = (bits &- SIMD8(repeating: 0x3fe6_a09e_667f_3bcd)) &>> 52
  let m = F64x8(unsafeBitCast(bits &- (e &<< 52), to: SIMD8<Double>.self))
  let k = F64x8(cvec_convert(e))
  let one = F64x8(1)
  let s = (m - one) / (m + one)
  let z = s * s
  var p = F64x8(0x1.8618618618618p-5)
  p = fma(p, z, F64x8(0x1.af286bca1af28p-5))
  p = fma(p, z, F64x8(0x1.e1e1e1e1e1e1ep-5))
  p = fma(p, z, F64x8(0x1.1111111111111p-4))
  p = fma(p, z, F64x8(0x1.3b13b13b13b14p-4))
  p = fma(p, z, F64x8(0x1.745d1745d1746p-4))
  p = fma(p, z, F64x8(0x1.c71c71c71c71cp-4))
  p = fma(p, z, F64x8(0x1.2492492492492p-3))
  p = fma(p, z, F64x8(0x1.999999999999ap-3))
  p = fma(p, z, F64x8(0x1.5555555555555p-2))
  let twoS = s + s
  let low = fma(k, F64x8(0x1.abc9e3b39803fp-56), twoS * (z * p))
  return fma(k, F64x8(0x1.62e42fefa39efp-1), twoS + low)
}
