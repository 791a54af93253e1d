// evaluate_rates [UPS-10]
// index space: dim 0 = rows (masses), one item per row, padded to the local size
// in:  ints, reals    packed plan (Kernels/README.md)
//      masses         rows, MeV
// out: out            rows x COMPONENTS x ENERGY_BINS, events at the reference coupling
#include "common.clh"
#include "integrand.clh"
#include "rates.clh"

__kernel void evaluate_rates(const uint rows, __global const int *restrict ints, __global const real *restrict reals_of_plan,
                             __global const real *restrict masses, __global accum *restrict out) {
  const uint row = get_global_id(0);
  if (row >= rows) return;
  accum sums[COMPONENTS * BIN_STRIDE];
  rate_row(ints, reals_of_plan, masses[row], sums);
  for (uint c = 0; c < COMPONENTS; c++) {
    for (uint j = 0; j < ENERGY_BINS; j++) out[(row * COMPONENTS + c) * ENERGY_BINS + j] = sums[c * BIN_STRIDE + j];
  }
}
