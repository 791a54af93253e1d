/* A limit, the events at it and a small grid from C.
 *   cc limit.c $(pkg-config --cflags --libs upscatter) -o limit && ./limit coherent-csi-2021 10 30 */
#include <stdio.h>
#include <stdlib.h>
#include <upscatter.h>

static void require(upscatter_status status) {
  if (status == UPSCATTER_OK) return;
  fprintf(stderr, "status %d: %s\n", (int)status, upscatter_last_error());
  exit(status);
}

/* Memory or the end. */
static double *numbers(size_t count) {
  double *values = calloc(count, sizeof *values);
  if (!values) exit(1);
  return values;
}

static void print_limits(const upscatter_analysis *analysis, const double *masses, size_t count) {
  double *limit = numbers(count), *best = numbers(count);
  require(upscatter_limits(analysis, masses, count, limit, NULL, best, NULL));
  for (size_t i = 0; i < count; i++) printf("limit %.17g %.17g %.17g\n", masses[i], limit[i], best[i]);
  free(best);
  free(limit);
}

static void print_events(const upscatter_analysis *analysis, double mass, double coupling) {
  size_t energy_bins, time_bins, ingredients;
  require(upscatter_bins(analysis, 0, &energy_bins, &time_bins));
  require(upscatter_ingredient_count(analysis, 0, &ingredients));
  const size_t bins = energy_bins * (time_bins ? time_bins : 1);
  double *events = numbers(ingredients * bins);
  require(upscatter_events(analysis, 0, mass, coupling, events, ingredients * bins));
  for (size_t k = 0; k < ingredients; k++) {
    char name[64];
    double total = 0;
    for (size_t bin = 0; bin < bins; bin++) total += events[k * bins + bin];
    require(upscatter_ingredient_name(analysis, 0, k, name, sizeof name, NULL));
    printf("events %s %.17g\n", name, total);
  }
  free(events);
}

static void print_grid(const upscatter_analysis *analysis) {
  const double masses[] = {5, 10, 20}, couplings[] = {1e-7, 1e-6, 1e-5};
  double delta[9];
  require(upscatter_grid(analysis, masses, 3, couplings, 3, 1, delta, 9, NULL, 0, NULL, 0));
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 3; j++) printf("delta %.17g %.17g %.17g\n", masses[i], couplings[j], delta[3 * i + j]);
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: limit EXPERIMENT MASS...   (MeV, ascending)\n");
    return 64;
  }
  if (upscatter_abi_version() != UPSCATTER_ABI_VERSION) {
    fprintf(stderr, "the library is not that of the header\n");
    return 1;
  }
  upscatter_analysis *analysis;
  const char *experiments[] = {argv[1]};
  require(upscatter_open(experiments, 1, &analysis));
  require(upscatter_set(analysis, "flavor", "mu"));
  require(upscatter_set(analysis, "backend", "simd"));
  const size_t count = (size_t)argc - 2;
  double *masses = numbers(count);
  for (size_t i = 0; i < count; i++) masses[i] = strtod(argv[i + 2], NULL);
  print_limits(analysis, masses, count);
  print_events(analysis, masses[0], 1e-6);
  print_grid(analysis);
  free(masses);
  require(upscatter_free(analysis));
  return 0;
}
