// pointwise_points: the double integrals redone at every point, then profiled. [UPS-10] with Poisson [UPS-12], or Gaussian
// [UPS-13] with -DGAUSSIAN=1.
// index space: dim 0 = groups of VEC chains, dim 1 = rows, both padded to the local size; one item per group and row
// in:  length            columns per chain
//      ints, reals       packed rate plan
//      masses            MeV, one per row
//      fold              COMPONENTS x TIME_BINS
//      likelihood        packed likelihood
//      coupling_squares  q, rows x columns
// out: statistic, pulls, flags as in profile.cl
// local: tables, sums    with -DSTAGED=1, the likelihood, and the bins of every point of a work-group
#define FUSED
#if STAGED
#define RATE_SUMS __local accum *restrict
#endif
#include "common.clh"
#include "integrand.clh"
#include "rates.clh"
#include "statistic.clh"
#include "poisson.clh"
#include "gaussian.clh"
#include "chains.clh"

#define RATES (COMPONENTS * BIN_STRIDE)

#if VEC > 1
// Signals of VEC points at q = 1, BINS vectors: the integrals of one point after the other, then the fold over time.
static void signals_of_points(__global const int *restrict ints, __global const real *restrict reals_of_plan, real m4,
                              __global const real *restrict fold, reals *restrict signals) {
  real rates[RATES * VEC];
  accum sums[RATES];
  for (uint lane = 0; lane < VEC; lane++) {
    rate_row(ints, reals_of_plan, m4, sums);
    for (uint i = 0; i < RATES; i++) rates[i * VEC + lane] = R(sums[i]);
  }
  for (int i = 0; i < ENERGY_BINS; i++) {
    for (int j = 0; j < TIME_BINS; j++) {
      reals sum = V(0);
      for (int c = 0; c < COMPONENTS; c++)
        sum = fma(LOAD(rates + (c * BIN_STRIDE + i) * VEC), V(fold[c * TIME_BINS + j]), sum);
      signals[i * TIME_BINS + j] = sum;
    }
  }
}
#endif

__kernel void pointwise_points(const uint rows, const uint columns, const uint length,
                        __global const int *restrict ints,
                        __global const real *restrict reals_of_plan, __global const real *restrict masses,
                        __global const real *restrict fold, __global const real *restrict likelihood,
                        __global const real *restrict coupling_squares, __global accum *restrict statistic,
                        __global accum *restrict pulls, __global int *restrict flags
#if STAGED
                        ,
                        __local real *restrict tables, __local accum *restrict all_sums
#endif
) {
  const uint first = get_global_id(0) * VEC * length;
  const uint row = get_global_id(1);
#if STAGED
  stage(tables, likelihood, LIKELIHOOD_NUMBERS);
  barrier(CLK_LOCAL_MEM_FENCE);
  TABLE data = tables;
#else
  TABLE data = likelihood;
#endif
  if (row >= rows || first >= columns) return;
#if VEC > 1
  reals signals[BINS];
#elif STAGED
  // an odd distance between the sums of neighbouring items keeps them in different banks
  __local accum *sums = all_sums + (get_local_id(1) * get_local_size(0) + get_local_id(0)) * (RATES | 1);
#else
  accum sums[RATES];
#endif
  walker w;
  w.last = w.before = w.third = unit_factors();
  for (uint step = 0; step < length && first + step < columns; step++) {
    const reals q = load_couplings(coupling_squares + row * columns, first, length, step, columns);
    reals sum = V(0);
#if VEC > 1
    signals_of_points(ints, reals_of_plan, masses[row], fold, signals);
    for (int b = 0; b < BINS; b++) sum = sum + signals[b];
    const profile found = advance(&w, step, signals, data, q, sum);
#else
    rate_row(ints, reals_of_plan, masses[row], sums);
    for (int b = 0; b < BINS; b++) sum = sum + signal(sums, fold, b);
    const profile found = advance(&w, step, sums, fold, data, q, sum);
#endif
    store_profile(found, row * columns, first, length, step, columns, rows * columns, statistic, pulls, flags);
  }
}
