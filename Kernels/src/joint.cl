// The joint likelihood of many data sets [UPS-36].
// index space: dim 0 = groups of VEC points, data sets or toys, padded to the local size
// in:  plan, numbers        packed joint plan (PackedJointPlan)
//      templates            rows x bins, signal events at q = 1
//      observed, centres    data sets x bins, data sets x pulls
//      bin_memory, memory   working memory, BIN_ARRAYS x bins and `memory_numbers` vectors per item of a launch
// out: flags                Newton sweeps of profile, 1 of the others; negative where a minimum was not found
#include "common.clh"
#include "joint.clh"
#include "joint_bracket.clh"
#include "joint_search.clh"

// index of lane `l` of this item; lanes beyond the last repeat it and store nothing
static uint index_of(uint l, uint count) { return min((uint)get_global_id(0) * VEC + l, count - 1); }
#define IS_STORED(l, count) ((uint)get_global_id(0) * VEC + (l) < (count))

static void fill(joint *j, __global const real *observed, __global const real *centres, const lane *sets) {
  for (uint b = 0; b < j->bins; b++) BIN(j, COUNTS, b) = gather(observed, sets, j->bins, b);
  set_inverses(j);
  for (uint k = 0; k < j->pulls; k++) {
    AT(j, CENTRES(j) + k) = TO_ACCUMS(gather(centres, sets, j->pulls, k));
    AT(j, FACTORS(j) + k) = W(1);
  }
}

// factors and strength at `place` to arrays of `count` numbers, one per unknown
static void store_unknowns(const joint *j, uint place, uint count, __global accum *restrict out) {
  for (uint k = 0; k < j->unknowns; k++) {
    for (uint l = 0; l < VEC; l++) {
      if (IS_STORED(l, count)) out[k * count + index_of(l, count)] = LANE(accum, AT(j, place + k), l);
    }
  }
}

// joint_profile: minima over the pulls
// in:  sets, rows, strengths   per point
// out: statistic, unknowns     per point; (pulls + 1) x points: f, then the strength
__kernel void joint_profile(const uint points, __global const int *restrict plan, __global const real *restrict numbers,
                            __global const real *restrict templates, __global const real *restrict observed,
                            __global const real *restrict centres, __global real *bin_memory, __global accum *memory,
                            const uint memory_numbers, __global const int *restrict sets,
                            __global const int *restrict rows, __global const real *restrict strengths,
                            __global accum *restrict statistic, __global accum *restrict unknowns,
                            __global int *restrict flags) {
  if ((uint)get_global_id(0) * VEC >= points) return;
  joint j = load_joint(plan, numbers, templates, bin_memory, memory, memory_numbers);
  lane set[VEC], row[VEC];
  accum strength[VEC];
  for (uint l = 0; l < VEC; l++) {
    const uint point = index_of(l, points);
    set[l] = sets[point];
    row[l] = rows[point];
    strength[l] = A(strengths[point]);
  }
  AT(&j, FACTORS(&j) + j.pulls) = LOAD(strength);
  fill(&j, observed, centres, set);
  load_rows(&j, LOAD(row));
  const joint_fit fit = minimise_joint(&j, 0, EVERYWHERE, ALIVE(&j));
  store_unknowns(&j, FACTORS(&j), points, unknowns);
  accum values[VEC];
  lane converged[VEC];
  STORE(fit.statistic, values);
  STORE(fit.converged, converged);
  for (uint l = 0; l < VEC; l++) {
    if (!IS_STORED(l, points)) break;
    const uint point = index_of(l, points);
    statistic[point] = values[l];
    flags[point] = converged[l] ? fit.sweeps : -fit.sweeps;
  }
}

// joint_minima: minima over the pulls, the rows and the strength
// in:  search, search_numbers  what the minimum is taken over (joint_search.clh)
// out: statistic, row          per data set; unknowns (pulls + 1) x sets: f, then the strength
__kernel void joint_minima(const uint count, __global const int *restrict plan, __global const real *restrict numbers,
                           __global const real *restrict templates, __global const real *restrict observed,
                           __global const real *restrict centres, __global real *bin_memory, __global accum *memory,
                           const uint memory_numbers, __global const int *restrict search,
                           __global const real *restrict search_numbers, __global accum *restrict statistic,
                           __global accum *restrict unknowns, __global int *restrict row, __global int *restrict flags) {
  if ((uint)get_global_id(0) * VEC >= count) return;
  joint j = load_joint(plan, numbers, templates, bin_memory, memory, memory_numbers);
  const row_range range = load_range(search, search_numbers);
  lane set[VEC];
  for (uint l = 0; l < VEC; l++) set[l] = index_of(l, count);
  fill(&j, observed, centres, set);
  load_rows(&j, EVERY_LANE(range.first));
  AT(&j, FACTORS(&j) + j.pulls) = starting_strength(&j);
  const found_minimum found = search_rows(&j, &range, EVERY_LANE(range.first));
  store_unknowns(&j, BEST(&j), count, unknowns);
  accum values[VEC];
  lane rows[VEC], converged[VEC];
  STORE(found.statistic, values);
  STORE(found.row, rows);
  STORE(found.converged, converged);
  for (uint l = 0; l < VEC; l++) {
    if (!IS_STORED(l, count)) break;
    const uint place = index_of(l, count);
    statistic[place] = values[l];
    row[place] = rows[l];
    flags[place] = converged[l] ? 1 : -1;
  }
}

// joint_toys: both statistics of toys that `throw_toys` made [UPS-37]
// in:  starts                  toys x pulls, factors to start from
//      tested_rows, tested_strengths   per toy
// out: tested, minimum, strength, row  per toy
__kernel void joint_toys(const uint count, __global const int *restrict plan, __global const real *restrict numbers,
                         __global const real *restrict templates, __global const real *restrict observed,
                         __global const real *restrict centres, __global real *bin_memory, __global accum *memory,
                         const uint memory_numbers, __global const real *restrict starts,
                         __global const int *restrict tested_rows, __global const real *restrict tested_strengths,
                         __global const int *restrict search, __global const real *restrict search_numbers,
                         __global accum *restrict tested, __global accum *restrict minimum,
                         __global accum *restrict strength, __global int *restrict row, __global int *restrict flags) {
  if ((uint)get_global_id(0) * VEC >= count) return;
  joint j = load_joint(plan, numbers, templates, bin_memory, memory, memory_numbers);
  const row_range range = load_range(search, search_numbers);
  lane toy[VEC], tested_row[VEC], first_row[VEC], begins_tested[VEC];
  accum q[VEC];
  for (uint l = 0; l < VEC; l++) {
    toy[l] = index_of(l, count);
    tested_row[l] = tested_rows[toy[l]];
    const int offset = (int)tested_row[l] - range.first;
    const int inside = range.first < 0 || (offset >= 0 && offset < (int)range.count);
    first_row[l] = inside ? tested_row[l] : (lane)range.first;
    q[l] = A(tested_strengths[toy[l]]);
    begins_tested[l] = inside && q[l] > A(0) ? -1 : 0;
  }
  fill(&j, observed, centres, toy);
  for (uint k = 0; k < j.pulls; k++) AT(&j, FACTORS(&j) + k) = TO_ACCUMS(gather(starts, toy, j.pulls, k));
  const uint place = FACTORS(&j) + j.pulls;
  AT(&j, place) = LOAD(q);
  load_rows(&j, LOAD(tested_row));
  const joint_fit fit = minimise_joint(&j, 0, EVERYWHERE, ALIVE(&j) + range.count);
  if (range.fits_strength) {
    load_rows(&j, LOAD(first_row));
    AT(&j, place) = LOAD(begins_tested) ? LOAD(q) : starting_strength(&j);
  }
  const found_minimum found = search_rows(&j, &range, LOAD(first_row));
  accum values[VEC], minima[VEC], strengths[VEC];
  lane rows[VEC], converged[VEC];
  STORE(fit.statistic, values);
  STORE(found.statistic, minima);
  STORE(AT(&j, BEST(&j) + j.pulls), strengths);
  STORE(found.row, rows);
  STORE(fit.converged && found.converged, converged);
  for (uint l = 0; l < VEC; l++) {
    if (!IS_STORED(l, count)) break;
    const uint t = index_of(l, count);
    tested[t] = values[l];
    minimum[t] = minima[l];
    strength[t] = strengths[l];
    row[t] = rows[l];
    flags[t] = converged[l] ? 1 : -1;
  }
}
