// profile_poisson [UPS-12], profile_gaussian [UPS-13]
// index space: dim 0 = points (row * columns + column), one item per point, padded to the local size
// in:  templates         rows x BINS, signal events at q = 1
//      likelihood        packed likelihood (Kernels/README.md)
//      coupling_squares  q per point
// out: statistic         per point
//      pulls             points x PULLS
//      flags             1 = minimum found, 0 = step limit reached
#include "common.clh"
#include "statistic.clh"

__kernel void profile_poisson(const uint count, const uint columns, __global const real *restrict templates,
                              __global const real *restrict likelihood, __global const real *restrict coupling_squares,
                              __global accum *restrict statistic, __global accum *restrict pulls,
                              __global int *restrict flags) {
  const uint point = get_global_id(0);
  if (point >= count) return;
  __global const real *row = templates + (point / columns) * BINS;
  store_profile(minimise_poisson(row, likelihood, coupling_squares[point]), point, statistic, pulls, flags);
}

__kernel void profile_gaussian(const uint count, const uint columns, __global const real *restrict templates,
                               __global const real *restrict likelihood,
                               __global const real *restrict coupling_squares, __global accum *restrict statistic,
                               __global accum *restrict pulls, __global int *restrict flags) {
  const uint point = get_global_id(0);
  if (point >= count) return;
  __global const real *row = templates + (point / columns) * BINS;
  store_profile(minimise_gaussian(row, likelihood, coupling_squares[point]), point, statistic, pulls, flags);
}
