/*
 * Upscatter from C, C++ and everything that calls C: limits on the neutrino dipole portal and other interactions.
 *
 * A result goes to memory of the caller, whose size the caller states. Functions return a status; whatever is wrong with the
 * arguments, with a file or with a device comes back as a status and a message, and never ends the process. Nothing is
 * printed. The numbers are those of the program `upscatter`, to the last bit.
 *
 * Units: masses in MeV; couplings in the convention of the key "coupling" (GeV^-1 for "d" and "d-no-half", Bohr magnetons for
 * "mu"; the unit of the model for others, see "coupling_unit"); energies in the unit of the experiment's bins; times in
 * microseconds; events over the exposure.
 *
 * Texts are UTF-8 and end in NUL. Functions that return a text take a buffer and its size in bytes; they state the bytes
 * needed, NUL included, in *needed (which may be NULL). With text NULL and size 0 only the need is stated.
 *
 * Threads: every function may be called from any thread at any time. Functions that compute on the same handle run side by
 * side. upscatter_set changes what later calls compute, not those that run. upscatter_free lets running calls finish. Messages
 * belong to the thread whose call failed. The library starts threads of its own; do not fork without exec while it computes.
 *
 * Stability: functions and status codes of one ABI version stay as they are; new ones may be added under the same version.
 */
#ifndef UPSCATTER_H
#define UPSCATTER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface that the header describes. */
#define UPSCATTER_ABI_VERSION 1

/* What a call came to. Later versions may add codes above these. */
typedef int32_t upscatter_status;
enum {
  UPSCATTER_OK = 0,
  /* The request makes no sense, or not for this experiment. */
  UPSCATTER_USAGE = 1,
  /* An experiment file or table is at fault; the message names file, line and column. */
  UPSCATTER_BAD_INPUT = 2,
  /* The backend, device or precision asked for is not on this machine. */
  UPSCATTER_UNAVAILABLE = 3,
  /* A result did not pass its check and is not given. */
  UPSCATTER_CHECK_FAILED = 4,
  /* Anything else, such as a driver whose kernel does not build. */
  UPSCATTER_OTHER = 5,
  /* A pointer that must not be NULL is. */
  UPSCATTER_NULL_POINTER = 6,
  /* No handle, or one that was freed. */
  UPSCATTER_BAD_HANDLE = 7,
  /* An array or buffer has the wrong size; the message states the right one. */
  UPSCATTER_BAD_SIZE = 8
};

/* Experiments with every choice that moves a result. An opaque handle: only pass it on. */
typedef struct upscatter_analysis upscatter_analysis;

/* ---- The library -------------------------------------------------------------------------------------------------------- */

/* Returns the version of the interface in the library: refuse to go on unless it equals UPSCATTER_ABI_VERSION. */
int32_t upscatter_abi_version(void);

/* Returns the version of the program, "0.3.0"; valid for ever. */
const char *upscatter_version(void);

/* Returns the message of the latest call in this thread that did not return UPSCATTER_OK, cut to 8191 bytes; empty if there
 * was none. Valid until the next such call in this thread. */
const char *upscatter_last_error(void);

/* Returns what to know before trusting the latest result of upscatter_limits or upscatter_grid in this thread, one sentence per
 * line, cut to 8191 bytes; empty if there is nothing. Valid until the next such call in this thread. */
const char *upscatter_notes(void);

/* States how many experiments come with the library. */
upscatter_status upscatter_catalogue_count(size_t *count);

/* Copies the name of one of them, index from 0, in alphabetical order. */
upscatter_status upscatter_catalogue_name(size_t index, char *text, size_t size, size_t *needed);

/* ---- Analyses ----------------------------------------------------------------------------------------------------------- */

/* Opens experiments, one or several in one likelihood, and gives a handle, which upscatter_free gives back.
 * experiments: `count` catalogue names ("coherent-csi-2021", "ENTRY:VARIANT") or paths of files that end in .yaml or .yml.
 * *analysis becomes NULL on failure. */
upscatter_status upscatter_open(const char *const *experiments, size_t count, upscatter_analysis **analysis);

/* Frees a handle. NULL is allowed; a handle that was freed is UPSCATTER_BAD_HANDLE. */
upscatter_status upscatter_free(upscatter_analysis *analysis);

/* Makes one choice. Keys and values are those of the command's options; value NULL or "" goes back to the default:
 *   "flavor"     e, mu, tau, all                    default: mu, or what source and model have
 *   "model"      dipole, magnetic-moment, vector... default: dipole
 *   "parameter"  name=value, several with commas    default: none
 *   "data"       observed, asimov                   default: observed for measurements, asimov for projections
 *   "statistic"  poisson, gaussian                  default: what the experiment says
 *   "coupling"   d, d-no-half, mu                   default: d, mu for magnetic-moment
 *   "share"      none, all, pulls with commas       default: none
 *   "cl"         0.01 to 0.9999                     default: 0.9
 *   "tolerance"  above 0, up to 0.01                default: 1e-9
 *   "backend"    auto, reference, simd, opencl      default: auto
 *   "device"     OpenCL device: index, name, cpu, gpu
 *   "precision"  double, mixed, single              default: double
 *   "workers"    1 to 4096 threads of simd          default: one per core
 * Whether choices suit each other shows with the first result that is asked for. */
upscatter_status upscatter_set(upscatter_analysis *analysis, const char *key, const char *value);

/* Copies a property of the analysis: "coupling_unit", "coupling_symbol", "coupling_definition", "mass_symbol" (empty for
 * models without a mass), "computed_by", or "remarks" (what may surprise of the choices, one sentence per line). */
upscatter_status upscatter_get(const upscatter_analysis *analysis, const char *key, char *text, size_t size, size_t *needed);

/* ---- Experiments of an analysis: `experiment` is an index from 0 in the order of upscatter_open ------------------------- */

upscatter_status upscatter_experiment_count(const upscatter_analysis *analysis, size_t *count);

/* Copies "name", "title", "kind" (measurement, projection), "energy_unit" or "content" (what the numbers in the bins are). */
upscatter_status upscatter_experiment_get(const upscatter_analysis *analysis, size_t experiment, const char *key, char *text,
                                          size_t size, size_t *needed);

/* States the number of energy bins and of time bins; time_bins is 0 without a time axis.
 * Arrays over bins hold energy_bins x max(1, time_bins) numbers, time contiguous. */
upscatter_status upscatter_bins(const upscatter_analysis *analysis, size_t experiment, size_t *energy_bins, size_t *time_bins);

/* Copies bin edges, ascending: energy_bins + 1 in the unit "energy_unit"; time_bins + 1 in microseconds, or NULL and 0 without
 * a time axis. */
upscatter_status upscatter_edges(const upscatter_analysis *analysis, size_t experiment, double *energy, size_t energy_size,
                                 double *time, size_t time_size);

/* Copies the data, one number per bin; NaN throughout for experiments without data in bins. */
upscatter_status upscatter_observed(const upscatter_analysis *analysis, size_t experiment, double *values, size_t size);

/* States the number of ingredients: the backgrounds, the Standard Model, the signal. */
upscatter_status upscatter_ingredient_count(const upscatter_analysis *analysis, size_t experiment, size_t *count);

/* Copies the name of an ingredient: that of the background, "standard-model", or that of the model. */
upscatter_status upscatter_ingredient_name(const upscatter_analysis *analysis, size_t experiment, size_t ingredient, char *text,
                                           size_t size, size_t *needed);

/* ---- Results ------------------------------------------------------------------------------------------------------------ */

/* Expected events of every ingredient in every bin at one point, all pulls at zero [UPS-10].
 * mass: MeV, >= 0. coupling: >= 0 (either sign for signed couplings).
 * events: size = ingredients x bins, bins contiguous. */
upscatter_status upscatter_events(const upscatter_analysis *analysis, size_t experiment, double mass, double coupling,
                                  double *events, size_t size);

/* Fills `count` masses that suit the sources, MeV, ascending, logarithmic; a model without a mass takes count 1 and gives 0. */
upscatter_status upscatter_default_masses(const upscatter_analysis *analysis, double *masses, size_t count);

/* The limit on the coupling at each mass, by root finding [UPS-14].
 * masses: `count` values in MeV, ascending, >= 0; one value 0 for models without a mass.
 * Each output holds `count` numbers or is NULL where it is not wanted:
 *   limit  upper end of the allowed interval nearest to zero; NaN where there is none
 *   lower  its lower end; NaN where it begins at zero
 *   best   best fit; 0 where no signal is preferred
 *   delta  statistic without signal minus that of the best fit */
upscatter_status upscatter_limits(const upscatter_analysis *analysis, const double *masses, size_t count, double *limit,
                                  double *lower, double *best, double *delta);

/* States the number of pulls of a grid. */
upscatter_status upscatter_pull_count(const upscatter_analysis *analysis, size_t *count);

/* Copies the name of a pull. */
upscatter_status upscatter_pull_name(const upscatter_analysis *analysis, size_t pull, char *text, size_t size, size_t *needed);

/* Delta chi2 over the plane, profiled over all pulls [UPS-12] [UPS-14]. A sample of the points is computed again on the
 * reference backend; a backend that disagrees is UPSCATTER_CHECK_FAILED.
 * masses, couplings: ascending, > 0.
 * degrees_of_freedom: 1 counts from the best fit at the same mass, 2 from that in the plane.
 * delta: delta_size = mass_count x coupling_count, couplings contiguous.
 * pulls: pulls_size = mass_count x coupling_count x pulls, pulls contiguous; or NULL and 0.
 * limit: limit_size = mass_count, by interpolation on the grid, NaN where there is none; or NULL and 0. NULL for two degrees of
 * freedom. */
upscatter_status upscatter_grid(const upscatter_analysis *analysis, const double *masses, size_t mass_count,
                                const double *couplings, size_t coupling_count, int32_t degrees_of_freedom, double *delta,
                                size_t delta_size, double *pulls, size_t pulls_size, double *limit, size_t limit_size);

#ifdef __cplusplus
}
#endif

#endif
