// throw_toys: counts and constraint centres of toys [UPS-37], in double precision whatever the fits compute in
// index space: dim 0 = groups of VEC toys, padded to the local size; toy `first + i` of points x per_point
// in:  plan, numbers        packed joint plan (PackedJointPlan), in double precision
//      templates            rows x bins, signal events at q = 1
//      bin_memory, memory   working memory as in joint.cl
//      counters             seed, then per point key and row of the signal; 64-bit numbers as two integers, low one first
//      truths               per point strength, then factors
// out: observed             toys x bins
//      centres, starts      toys x pulls, starts are the true factors
//      clipped              1 where a Poisson bin was expected below zero
#ifndef THROWN_BITS
#define THROWN_BITS REAL_BITS
#endif
#undef REAL_BITS
#undef ACCUM_BITS
#define REAL_BITS 64
#define ACCUM_BITS 64
#include "common.clh"
#include "joint.clh"
#include "toys.clh"

#if THROWN_BITS == 64
typedef double thrown;
#else
typedef float thrown;
#endif

static void store_thrown(reals values, __global thrown *out, uint stride, uint toys) {
  real numbers[VEC];
  STORE(values, numbers);
  for (uint l = 0; l < VEC; l++) {
    if ((uint)get_global_id(0) * VEC + l < toys) out[((uint)get_global_id(0) * VEC + l) * stride] = (thrown)numbers[l];
  }
}

__kernel void throw_toys(const uint toys, __global const int *restrict plan, __global const real *restrict numbers,
                         __global const real *restrict templates, __global real *bin_memory, __global accum *memory,
                         const uint memory_numbers, const uint first, const uint per_point, const uint first_toy,
                         const uint ensemble, __global const uint *restrict counters,
                         __global const real *restrict truths, __global thrown *restrict observed,
                         __global thrown *restrict centres, __global thrown *restrict starts,
                         __global int *restrict clipped) {
  const uint start = (uint)get_global_id(0) * VEC;
  if (start >= toys) return;
  joint j = load_joint(plan, numbers, templates, bin_memory, memory, memory_numbers);
  uint toy[VEC], low[VEC], high[VEC], point[VEC];
  lane row[VEC];
  real strength[VEC];
  for (uint l = 0; l < VEC; l++) {
    const uint index = first + min(start + l, toys - 1);
    point[l] = index / per_point;
    toy[l] = first_toy + index % per_point;
    low[l] = counters[2 + 3 * point[l]];
    high[l] = counters[3 + 3 * point[l]];
    row[l] = counters[4 + 3 * point[l]];
    strength[l] = truths[point[l] * j.unknowns];
  }
  random r;
  r.toy = LOAD(toy);
  r.key_low = LOAD(low);
  r.key_high = LOAD(high);
  r.seed_low = counters[0];
  r.seed_high = counters[1];
  for (uint k = 0; k < j.pulls; k++) {
    __global const real *constraint = pull(&j, k);
    const reals u = uniform(&r, k);
    real truth[VEC];
    for (uint l = 0; l < VEC; l++) truth[l] = truths[point[l] * j.unknowns + 1 + k];
    reals factor = LOAD(truth), centre = V(1);
    if (ensemble == 0) {
      if (constraint[2] > 0) {
        factor = fma(V(constraint[2]), normal_quantile(fma(V(1 - constraint[3]), u, V(constraint[3]))), V(1));
      }
    } else if (ensemble == 1) {
      centre = fma(V(constraint[2]), normal_quantile(u), factor);
    }
    AT(&j, FACTORS(&j) + k) = factor;
    store_thrown(centre, centres + k, j.pulls, toys);
    store_thrown(factor, starts + k, j.pulls, toys);
  }
  load_rows(&j, LOAD(row));
  mask below = NOWHERE;
  for (uint index = 0; index < j.blocks; index++) {
    const block block = load_block(&j, index);
    const reals scaled = signal_scale(&j, &block, FACTORS(&j)) * LOAD(strength);
    for (uint b = 0; b < block.bins; b++) {
      const uint bin = block.first + b;
      const reals mean = joint_expectation(&j, &block, b, FACTORS(&j), scaled);
      const reals u = uniform(&r, j.pulls + bin);
      reals count;
      if (block.is_gaussian) {
        count = fma(V(deviation(&j, bin)), normal_quantile(u), mean);
      } else {
        below = below || mean < V(0);
        count = poisson_count(fmax(mean, V(0)), u);
      }
      store_thrown(count, observed + bin, j.bins, toys);
    }
  }
  lane flags[VEC];
  STORE(below, flags);
  for (uint l = 0; l < VEC && start + l < toys; l++) clipped[start + l] = flags[l] ? 1 : 0;
}
