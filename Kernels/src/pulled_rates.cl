// evaluate_pulled_rates [UPS-19]
// index space: dim 0 = requests x COMPONENTS, one item per request and output row, padded to the local size
// in:  ints, reals          packed rate plan without response values (Kernels/README.md)
//      pulled_ints, tables  how its responses move (PackedPulledPlan)
//      masses               requests, MeV
//      pulls                requests x PARAMETERS, units of their widths
// out: out                  requests x (1 + PARAMETERS) x COMPONENTS x ENERGY_BINS, events at the reference coupling,
//                           then their derivatives with respect to each parameter
// one number per item and quantity, on CPUs too
#undef VEC
#define VEC 1
#include "common.clh"
#include "integrand.clh"
#include "rates.clh"
#include "pulled_rates.clh"

__kernel void evaluate_pulled_rates(const uint items, __global const int *restrict ints,
                                    __global const real *restrict reals, __global const int *restrict pulled_ints,
                                    __global const real *restrict tables, __global const real *restrict masses,
                                    __global const real *restrict pulls, __global accum *restrict out) {
  const uint item = get_global_id(0);
  if (item >= items) return;
  const uint request = item / COMPONENTS, output = item % COMPONENTS;
  real theta[PARAMETERS + 1];
  for (uint k = 0; k < PARAMETERS; k++) theta[k] = pulls[request * PARAMETERS + k];
  accum sums[QUANTITIES * ENERGY_BINS];
  pulled_rate_row(ints, reals, pulled_ints, tables, theta, (int)output, masses[request], sums);
  __global accum *rows = out + request * (QUANTITIES * COMPONENTS * ENERGY_BINS) + output * ENERGY_BINS;
  for (uint k = 0; k < QUANTITIES; k++) {
    for (uint j = 0; j < ENERGY_BINS; j++) {
      rows[k * (COMPONENTS * ENERGY_BINS) + j] = sums[k * ENERGY_BINS + j];
    }
  }
}
