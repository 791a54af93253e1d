// profile_points: the test statistic of stored templates, minimised over the pulls. Poisson [UPS-12], or Gaussian [UPS-13]
// with -DGAUSSIAN=1.
// index space: dim 0 = groups of VEC chains, dim 1 = rows, both padded to the local size; one item per group and row
// in:  length            columns per chain
//      templates         rows x BINS, signal events at q = 1
//      likelihood        packed likelihood (Kernels/README.md)
//      coupling_squares  q, rows x columns
// out: statistic         rows x columns
//      pulls             PULLS x rows x columns
//      flags             rows x columns, Newton sweeps, negative where the step limit was reached
// local: tables          with -DSTAGED=1, the likelihood and the templates of the rows of a work-group
#include "common.clh"
#include "statistic.clh"
#include "poisson.clh"
#include "gaussian.clh"
#include "chains.clh"

__kernel void profile_points(const uint rows, const uint columns, const uint length,
                      __global const real *restrict templates,
                      __global const real *restrict likelihood, __global const real *restrict coupling_squares,
                      __global accum *restrict statistic, __global accum *restrict pulls,
                      __global int *restrict flags
#if STAGED
                      ,
                      __local real *restrict tables
#endif
) {
  const uint first = get_global_id(0) * VEC * length;
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
  if (row >= rows || first >= columns) return;
  real sum = R(0);
  for (int b = 0; b < BINS; b++) sum = sum + row_template[b];
  walker w;
  w.last = w.before = w.third = unit_factors();
  for (uint step = 0; step < length && first + step < columns; step++) {
    const reals q = load_couplings(coupling_squares + row * columns, first, length, step, columns);
    const profile found = advance(&w, step, row_template, data, q, V(sum));
    store_profile(found, row * columns, first, length, step, columns, rows * columns, statistic, pulls, flags);
  }
}
