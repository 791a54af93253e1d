// pointwise_poisson, pointwise_gaussian: the double integrals redone at every point, then profiled
// [UPS-10, UPS-12, UPS-13]
// index space: dim 0 = points (row * columns + column), one item per point, padded to the local size
// in:  ints, reals       packed rate plan
//      masses            MeV, one per row
//      fold              COMPONENTS x TIME_BINS
//      likelihood        packed likelihood
//      coupling_squares  q per point
// out: statistic, pulls, flags as in profile.cl
#define FUSED
#include "common.clh"
#include "integrand.clh"
#include "rates.clh"
#include "statistic.clh"

static void rates_of_point(__global const int *restrict ints, __global const real *restrict reals, real m4,
                           real *restrict rates) {
  accum sums[COMPONENTS * ENERGY_BINS];
  rate_row(ints, reals, m4, sums);
  for (int i = 0; i < COMPONENTS * ENERGY_BINS; i++) rates[i] = R(sums[i]);
}

__kernel void pointwise_poisson(const uint count, const uint columns, __global const int *restrict ints,
                                __global const real *restrict reals, __global const real *restrict masses,
                                __global const real *restrict fold, __global const real *restrict likelihood,
                                __global const real *restrict coupling_squares, __global accum *restrict statistic,
                                __global accum *restrict pulls, __global int *restrict flags) {
  const uint point = get_global_id(0);
  if (point >= count) return;
  real rates[COMPONENTS * ENERGY_BINS];
  rates_of_point(ints, reals, masses[point / columns], rates);
  store_profile(minimise_poisson(rates, fold, likelihood, coupling_squares[point]), point, statistic, pulls, flags);
}

__kernel void pointwise_gaussian(const uint count, const uint columns, __global const int *restrict ints,
                                 __global const real *restrict reals, __global const real *restrict masses,
                                 __global const real *restrict fold, __global const real *restrict likelihood,
                                 __global const real *restrict coupling_squares, __global accum *restrict statistic,
                                 __global accum *restrict pulls, __global int *restrict flags) {
  const uint point = get_global_id(0);
  if (point >= count) return;
  real rates[COMPONENTS * ENERGY_BINS];
  rates_of_point(ints, reals, masses[point / columns], rates);
  store_profile(minimise_gaussian(rates, fold, likelihood, coupling_squares[point]), point, statistic, pulls, flags);
}
