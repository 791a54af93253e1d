// Vector arithmetic for the CPU kernels as static inline clang vectors, imported into Swift as
// SIMD8<Double>. Swift's own floating-point SIMD operators are element loops that do not always
// re-join into vector instructions; these always are. Contraction is off: fma only where written.
#pragma once
#include <stdint.h>
#include "views.h"
#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"
typedef double cvec_d8 __attribute__((ext_vector_type(8)));
typedef int64_t cvec_i8 __attribute__((ext_vector_type(8)));
#define CVEC static inline __attribute__((always_inline, const))
CVEC cvec_d8 cvec_add(cvec_d8 a, cvec_d8 b) { return a + b; }
CVEC cvec_d8 cvec_sub(cvec_d8 a, cvec_d8 b) { return a - b; }
CVEC cvec_d8 cvec_mul(cvec_d8 a, cvec_d8 b) { return a * b; }
CVEC cvec_d8 cvec_div(cvec_d8 a, cvec_d8 b) { return a / b; }
CVEC cvec_d8 cvec_neg(cvec_d8 a) { return -a; }
CVEC cvec_d8 cvec_fma(cvec_d8 a, cvec_d8 b, cvec_d8 c) { return __builtin_elementwise_fma(a, b, c); }
CVEC cvec_d8 cvec_sqrt(cvec_d8 a) { return __builtin_elementwise_sqrt(a); }
CVEC cvec_d8 cvec_min(cvec_d8 a, cvec_d8 b) { return __builtin_elementwise_min(a, b); }
CVEC cvec_d8 cvec_max(cvec_d8 a, cvec_d8 b) { return __builtin_elementwise_max(a, b); }
CVEC cvec_d8 cvec_floor(cvec_d8 a) { return __builtin_elementwise_floor(a); }
CVEC cvec_d8 cvec_convert(cvec_i8 a) { return __builtin_convertvector(a, cvec_d8); }
CVEC cvec_i8 cvec_less(cvec_d8 a, cvec_d8 b) { return a < b; }  // lanes: -1 where true, 0 elsewhere
CVEC cvec_d8 cvec_select(cvec_i8 mask, cvec_d8 a, cvec_d8 b) {  // mask ? a : b
  return (cvec_d8)((mask & (cvec_i8)a) | (~mask & (cvec_i8)b));
}
CVEC _Bool cvec_any(cvec_i8 mask) { return __builtin_reduce_or(mask) != 0; }
CVEC _Bool cvec_all(cvec_i8 mask) { return __builtin_reduce_and(mask) != 0; }
// Philox4x32-10 of Salmon, Moraes, Dror and Shaw, SC11 (2011), eight counters side by side in the low halves of 64-bit lanes:
// the first or the second 64-bit word pair of a block.
typedef uint64_t cvec_u8 __attribute__((ext_vector_type(8)));
CVEC cvec_u8 cvec_philox(cvec_u8 c0, cvec_u8 c1, cvec_u8 c2, cvec_u8 c3, uint32_t key0, uint32_t key1, int second) {
  const cvec_u8 low = 0xffffffff;
  for (int round = 0; round < 10; round++) {
    const cvec_u8 a = c0 * 0xD2511F53u, b = c2 * 0xCD9E8D57u;
    c0 = ((b >> 32) ^ c1 ^ key0) & low;
    c1 = b & low;
    c2 = ((a >> 32) ^ c3 ^ key1) & low;
    c3 = a & low;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return second ? (c2 << 32) | c3 : (c0 << 32) | c1;
}
// (floor(w / 2^12) + 1/2) / 2^52, exactly
CVEC cvec_d8 cvec_unit(cvec_u8 w) {
  const cvec_d8 whole = (cvec_d8)((w >> 12) | 0x4330000000000000) - 0x1p52;
  return (whole + 0.5) * 0x1p-52;
}
CVEC double cvec_fma1(double a, double b, double c) { return __builtin_fma(a, b, c); }
