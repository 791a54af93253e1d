// profile_points: the test statistic of stored templates, minimised over the pulls. Poisson [UPS-12], or Gaussian [UPS-13]
// with -DGAUSSIAN=1.
// index space: dim 0 = groups of VEC columns, dim 1 = rows, both padded to the local size; one item per group and row
// in:  templates         rows x BINS, signal events at q = 1
//      likelihood        packed likelihood (Kernels/README.md)
//      coupling_squares  q, rows x columns
// out: statistic         rows x columns
//      pulls             PULLS x rows x columns
//      flags             rows x columns, 1 = minimum found, 0 = step limit reached
// local: tables          with -DSTAGED=1, the likelihood and the templates of the rows of a work-group
#include "common.clh"
#include "statistic.clh"
#include "points.clh"

__kernel void profile_points(const uint rows, const uint columns, __global const real *restrict templates,
                      __global const real *restrict likelihood, __global const real *restrict coupling_squares,
                      __global accum *restrict statistic, __global accum *restrict pulls,
                      __global int *restrict flags
#if STAGED
                      ,
                      __local real *restrict tables
#endif
) {
  const uint column = get_global_id(0) * VEC;
  const uint row = get_global_id(1);
#if STAGED
  const uint local_row = get_local_id(1), first_row = row - local_row;
  const uint group_rows = min((uint)get_local_size(1), rows - min(first_row, rows));
  stage(tables, likelihood, LIKELIHOOD_NUMBERS);
  stage(tables + LIKELIHOOD_NUMBERS, templates + first_row * BINS, group_rows * BINS);
  barrier(CLK_LOCAL_MEM_FENCE);
  TABLE data = tables;
  TABLE row_template = tables + (LIKELIHOOD_NUMBERS + local_row * BINS);
#else
  TABLE data = likelihood;
  TABLE row_template = templates + row * BINS;
#endif
  if (row >= rows || column >= columns) return;
  const uint point = row * columns + column;
  const uint lanes = min((uint)VEC, columns - column);
  const reals q = load_couplings(coupling_squares, point, lanes);
  store_profile(MINIMISE(row_template, data, q), point, lanes, rows * columns, statistic, pulls, flags);
}
