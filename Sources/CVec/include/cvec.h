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
CVEC double cvec_fma1(double a, double b, double c) { return __builtin_fma(a, b, c); }
