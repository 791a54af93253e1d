// What a device can do at most: the yardstick of `benchmark`. Nothing of a scan uses these kernels.
#include "common.clh"

// probe_multiply_add: 16 independent chains of fused multiply-adds per lane, nothing but registers
// index space: dim 0 = items, a multiple of the local size; 32 VEC operations per item and round
// out: out            VEC per item, depends on every operation
__kernel void probe_multiply_add(const uint rounds, __global accum *restrict out) {
  const accums a = W(1.0 - 0x1p-20);
  const accums b = W(1 + get_global_id(0) % 64);
  accums x0 = b, x1 = x0 + b, x2 = x1 + b, x3 = x2 + b, x4 = x3 + b, x5 = x4 + b, x6 = x5 + b, x7 = x6 + b;
  accums y0 = x7 + b, y1 = y0 + b, y2 = y1 + b, y3 = y2 + b, y4 = y3 + b, y5 = y4 + b, y6 = y5 + b, y7 = y6 + b;
  for (uint n = 0; n < rounds; n++) {
    x0 = fma(x0, a, b);
    x1 = fma(x1, a, b);
    x2 = fma(x2, a, b);
    x3 = fma(x3, a, b);
    x4 = fma(x4, a, b);
    x5 = fma(x5, a, b);
    x6 = fma(x6, a, b);
    x7 = fma(x7, a, b);
    y0 = fma(y0, a, b);
    y1 = fma(y1, a, b);
    y2 = fma(y2, a, b);
    y3 = fma(y3, a, b);
    y4 = fma(y4, a, b);
    y5 = fma(y5, a, b);
    y6 = fma(y6, a, b);
    y7 = fma(y7, a, b);
  }
  const accums x = ((x0 + x1) + (x2 + x3)) + ((x4 + x5) + (x6 + x7));
  const accums y = ((y0 + y1) + (y2 + y3)) + ((y4 + y5) + (y6 + y7));
  STORE(x + y, out + get_global_id(0) * VEC);
}

// probe_triad: a = b + c / 2, or with `fill` b = 1 and c = 2
// index space: dim 0 = elements / VEC, a multiple of the local size
__kernel void probe_triad(const uint fill, __global accum *restrict a, __global accum *restrict b,
                          __global accum *restrict c) {
  const uint i = get_global_id(0) * VEC;
  if (fill) {
    STORE(W(1), b + i);
    STORE(W(2), c + i);
  } else {
    STORE(fma(W(0.5), LOAD(c + i), LOAD(b + i)), a + i);
  }
}
