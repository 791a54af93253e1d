// What a device can do at most: the yardstick of `benchmark`. Nothing of a scan uses these kernels.
#include "common.clh"

// Chains per lane: 16 hide the latency of every device; 6 fit the registers of CPUs where a vector takes two of sixteen.
#ifndef CHAINS
#define CHAINS 16
#endif
#define FEW(step) step(0) step(1) step(2) step(3) step(4) step(5)
#if CHAINS == 6
#define EACH(step) FEW(step)
#else
#define EACH(step) FEW(step) step(6) step(7) step(8) step(9) step(10) step(11) step(12) step(13) step(14) step(15)
#endif
#define BEGIN(k) accums x##k = W(k) + b;
#define STEP(k) x##k = fma(x##k, a, b);
#define ADD(k) sum = sum + x##k;

// probe_multiply_add: independent chains of fused multiply-adds, nothing but registers
// index space: dim 0 = items, a multiple of the local size; 2 CHAINS VEC operations per item and round
// out: out            VEC per item, depends on every operation
__kernel void probe_multiply_add(const uint rounds, __global accum *restrict out) {
  const accums a = W(1.0 - 0x1p-20);
  const accums b = W(1 + get_global_id(0) % 64);
  EACH(BEGIN)
  for (uint n = 0; n < rounds; n++) {
    EACH(STEP)
  }
  accums sum = W(0);
  EACH(ADD)
  STORE(sum, out + get_global_id(0) * VEC);
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
