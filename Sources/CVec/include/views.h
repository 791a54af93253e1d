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

/// A packed joint plan (layout: PackedJointPlan) with the signal templates of its rows.
typedef struct JointTables {
  const int32_t *_Nonnull integers;
  const double *_Nonnull reals;
  const double *_Nonnull templates;  // rows x bins
  long rows;
} JointTables;

/// What the minimum of a data set is taken over.
typedef struct JointRange {
  long first, end;  // rows
  _Bool fitsStrength;
  double strength;  // where it is not fitted
  // rows x rows: sum over bins of s s' / max(mu, 1) or s s' / V, which says where to look first; null: every row is fitted
  const double *_Nullable overlaps;
} JointRange;

/// Eight data sets among many, by their indices.
typedef struct JointSets {
  const double *_Nonnull observed;   // sets x bins
  const double *_Nullable centres;  // sets x pulls; null: all at 1
  const int64_t *_Nonnull sets;     // 8
} JointSets;

/// Where eight fits leave what they found. (Vectors never cross from one instruction set to another by value.)
typedef struct JointLanes {
  double *_Nonnull statistic;    // 8
  int64_t *_Nonnull row;         // 8
  int64_t *_Nonnull converged;  // 8, -1 where it holds
  double *_Nonnull factors;      // (pulls + 1) x 8: f, with the strength behind them
} JointLanes;

/// Where eight toys leave what they gave; flags are -1 where they hold.
typedef struct ToyLanes {
  double *_Nonnull tested;
  double *_Nonnull minimum;
  double *_Nonnull strength;
  int64_t *_Nonnull row;
  int64_t *_Nonnull converged;
  int64_t *_Nonnull clipped;
} ToyLanes;

/// Truth and tested hypothesis of eight toys.
typedef struct JointTruth {
  uint64_t seed, key;
  uint32_t firstToy;
  int ensemble;                      // 0 constraints, 1 profiled, 2 fixed
  const double *_Nonnull factors;  // per pull
  long row, testedRow;
  double strength, testedStrength;
} JointTruth;

/// What became of the points of a group.
typedef struct ChainOutcome {
  long unconverged;
  long sweeps;  // Newton sweeps over the bins, summed over the points
} ChainOutcome;
