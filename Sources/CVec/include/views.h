// What the CPU kernels are handed. C structs, so that the copies of the kernels compiled for different instruction
// sets share one type.
#pragma once
#include <stdint.h>

/// A packed rate plan (layout: PackedRatePlan).
typedef struct RateTables {
  const int32_t *_Nonnull integers;
  const double *_Nonnull reals;
  long binStride;  // numbers per response row, a multiple of eight
} RateTables;

/// The packed likelihood of a plan and one row of the grid; results go to the row's columns.
typedef struct ProfileRow {
  const double *_Nonnull likelihood;
  long bins;
  _Bool poisson;
  long pullCount;
  const double *_Nonnull couplingSquares;
  long columns;
  double *_Nonnull statistic;
  double *_Nonnull pulls;  // columns x pullCount
} ProfileRow;

/// Eight chains of neighbouring columns, one per lane: lane l walks through first + l * length + (0 ..< length). Lanes
/// beyond the row repeat its last column.
typedef struct ChainGroup {
  long first;
  long length;
} ChainGroup;

/// What became of the points of a group.
typedef struct ChainOutcome {
  long unconverged;
  long sweeps;  // Newton sweeps over the bins, summed over the points
} ChainOutcome;
