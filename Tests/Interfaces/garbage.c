/* Arguments that make no sense: each must come back as a status with a message, and leave the process alone. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <upscatter.h>

static int failures = 0;

static void expect(upscatter_status wanted, upscatter_status got, const char *what) {
  if (wanted == got && (got == UPSCATTER_OK || strlen(upscatter_last_error()) > 10)) return;
  printf("%s: status %d instead of %d, \"%s\"\n", what, (int)got, (int)wanted, upscatter_last_error());
  failures++;
}
#define EXPECT(wanted, call) expect(wanted, call, #call)

static void texts_and_handles(void) {
  size_t count, needed;
  char text[8];
  upscatter_analysis *analysis, *stale = (upscatter_analysis *)&count;
  const char *unknown[] = {"no-such-experiment"}, *absent[] = {"/no/such/file.yaml"}, *nothing[] = {NULL};
  EXPECT(UPSCATTER_NULL_POINTER, upscatter_catalogue_count(NULL));
  EXPECT(UPSCATTER_OK, upscatter_catalogue_count(&count));
  EXPECT(UPSCATTER_USAGE, upscatter_catalogue_name(count, text, sizeof text, NULL));
  EXPECT(UPSCATTER_USAGE, upscatter_catalogue_name(SIZE_MAX, text, sizeof text, NULL));
  EXPECT(UPSCATTER_NULL_POINTER, upscatter_catalogue_name(0, NULL, 0, NULL));
  EXPECT(UPSCATTER_OK, upscatter_catalogue_name(0, NULL, 0, &needed));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_catalogue_name(0, text, 1, &needed));
  EXPECT(UPSCATTER_NULL_POINTER, upscatter_open(NULL, 1, &analysis));
  EXPECT(UPSCATTER_NULL_POINTER, upscatter_open(unknown, 1, NULL));
  EXPECT(UPSCATTER_NULL_POINTER, upscatter_open(nothing, 1, &analysis));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_open(unknown, 0, &analysis));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_open(unknown, SIZE_MAX, &analysis));
  EXPECT(UPSCATTER_BAD_INPUT, upscatter_open(unknown, 1, &analysis));
  EXPECT(UPSCATTER_BAD_INPUT, upscatter_open(absent, 1, &analysis));
  EXPECT(UPSCATTER_BAD_HANDLE, upscatter_set(NULL, "cl", "0.9"));
  EXPECT(UPSCATTER_BAD_HANDLE, upscatter_set(stale, "cl", "0.9"));
  EXPECT(UPSCATTER_BAD_HANDLE, upscatter_free(stale));
  EXPECT(UPSCATTER_OK, upscatter_free(NULL));
}

static void choices(upscatter_analysis *a) {
  char text[8];
  EXPECT(UPSCATTER_NULL_POINTER, upscatter_set(a, NULL, "0.9"));
  EXPECT(UPSCATTER_USAGE, upscatter_set(a, "colour", "red"));
  EXPECT(UPSCATTER_USAGE, upscatter_set(a, "cl", "nan"));
  EXPECT(UPSCATTER_USAGE, upscatter_set(a, "cl", "very likely"));
  EXPECT(UPSCATTER_USAGE, upscatter_set(a, "flavor", "\xff\xfe"));
  EXPECT(UPSCATTER_USAGE, upscatter_set(a, "model", "magic"));
  EXPECT(UPSCATTER_USAGE, upscatter_set(a, "backend", "abacus"));
  EXPECT(UPSCATTER_USAGE, upscatter_set(a, "workers", "1e3"));
  EXPECT(UPSCATTER_USAGE, upscatter_set(a, "parameter", "=1"));
  EXPECT(UPSCATTER_USAGE, upscatter_get(a, "weather", text, sizeof text, NULL));
  /* known words that do not suit show with the first result */
  EXPECT(UPSCATTER_OK, upscatter_set(a, "cl", "2"));
  EXPECT(UPSCATTER_USAGE, upscatter_get(a, "coupling_unit", text, sizeof text, NULL));
  EXPECT(UPSCATTER_OK, upscatter_set(a, "cl", NULL));
  EXPECT(UPSCATTER_OK, upscatter_set(a, "workers", "0"));
  EXPECT(UPSCATTER_USAGE, upscatter_get(a, "coupling_unit", text, sizeof text, NULL));
  EXPECT(UPSCATTER_OK, upscatter_set(a, "workers", ""));
  EXPECT(UPSCATTER_OK, upscatter_set(a, "precision", "single"));
  EXPECT(UPSCATTER_UNAVAILABLE, upscatter_get(a, "coupling_unit", text, sizeof text, NULL));
  EXPECT(UPSCATTER_OK, upscatter_set(a, "precision", NULL));
  EXPECT(UPSCATTER_OK, upscatter_get(a, "coupling_unit", text, sizeof text, NULL));
}

static void numbers(const upscatter_analysis *a) {
  const double good[] = {1, 10}, descending[] = {10, 1}, wrong[] = {NAN, 1}, infinite[] = {1, INFINITY}, zero[] = {0, 1};
  const double negative[] = {-1}, huge[] = {1e300};
  double out[8], many[200000];
  size_t count;
  EXPECT(UPSCATTER_NULL_POINTER, upscatter_limits(a, NULL, 2, out, NULL, NULL, NULL));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_limits(a, good, 0, out, NULL, NULL, NULL));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_limits(a, good, SIZE_MAX, out, NULL, NULL, NULL));
  EXPECT(UPSCATTER_USAGE, upscatter_limits(a, descending, 2, out, NULL, NULL, NULL));
  EXPECT(UPSCATTER_USAGE, upscatter_limits(a, wrong, 2, out, NULL, NULL, NULL));
  EXPECT(UPSCATTER_USAGE, upscatter_limits(a, infinite, 2, out, NULL, NULL, NULL));
  EXPECT(UPSCATTER_USAGE, upscatter_limits(a, negative, 1, out, NULL, NULL, NULL));
  EXPECT(UPSCATTER_USAGE, upscatter_limits(a, huge, 1, out, NULL, NULL, NULL));
  EXPECT(UPSCATTER_USAGE, upscatter_events(a, 1, 10, 1e-6, many, 10));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_events(a, 0, 10, 1e-6, many, 7));
  EXPECT(UPSCATTER_NULL_POINTER, upscatter_events(a, 0, 10, 1e-6, NULL, 7));
  size_t energy, time, ingredients;
  EXPECT(UPSCATTER_NULL_POINTER, upscatter_bins(a, 0, &energy, NULL));
  EXPECT(UPSCATTER_USAGE, upscatter_bins(a, SIZE_MAX, &energy, &time));
  EXPECT(UPSCATTER_OK, upscatter_bins(a, 0, &energy, &time));
  EXPECT(UPSCATTER_OK, upscatter_ingredient_count(a, 0, &ingredients));
  count = energy * (time ? time : 1) * ingredients;
  EXPECT(UPSCATTER_USAGE, upscatter_events(a, 0, NAN, 1e-6, many, count));
  EXPECT(UPSCATTER_USAGE, upscatter_events(a, 0, 10, -1e-6, many, count));
  EXPECT(UPSCATTER_USAGE, upscatter_events(a, 0, 10, INFINITY, many, count));
  EXPECT(UPSCATTER_OK, upscatter_events(a, 0, 1e100, 1e100, many, count));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_edges(a, 0, out, 8, out, 8));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_observed(a, 0, out, 8));
  EXPECT(UPSCATTER_USAGE, upscatter_default_masses(a, out, 0));
  EXPECT(UPSCATTER_USAGE, upscatter_default_masses(a, out, SIZE_MAX));
  EXPECT(UPSCATTER_NULL_POINTER, upscatter_default_masses(a, NULL, 5));
  EXPECT(UPSCATTER_USAGE, upscatter_grid(a, zero, 2, good, 2, 1, out, 4, NULL, 0, NULL, 0));
  EXPECT(UPSCATTER_USAGE, upscatter_grid(a, good, 2, descending, 2, 1, out, 4, NULL, 0, NULL, 0));
  EXPECT(UPSCATTER_USAGE, upscatter_grid(a, good, 2, good, 2, 3, out, 4, NULL, 0, NULL, 0));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_grid(a, good, 2, good, 2, 1, out, 3, NULL, 0, NULL, 0));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_grid(a, good, 2, good, 2, 1, out, 4, NULL, 4, NULL, 0));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_grid(a, good, 2, good, 2, 1, out, 4, out, 1, NULL, 0));
  EXPECT(UPSCATTER_BAD_SIZE, upscatter_grid(a, good, 2, good, 2, 1, out, 4, NULL, 0, out, 1));
  EXPECT(UPSCATTER_USAGE, upscatter_grid(a, good, 2, good, 2, 2, out, 4, NULL, 0, out, 2));
}

int main(void) {
  upscatter_analysis *analysis;
  const char *experiments[] = {"coherent-csi-2021"};
  texts_and_handles();
  EXPECT(UPSCATTER_OK, upscatter_open(experiments, 1, &analysis));
  EXPECT(UPSCATTER_OK, upscatter_set(analysis, "backend", "simd"));
  choices(analysis);
  numbers(analysis);
  EXPECT(UPSCATTER_OK, upscatter_free(analysis));
  EXPECT(UPSCATTER_BAD_HANDLE, upscatter_free(analysis));
  if (failures == 0) printf("garbage: every call came back with its status\n");
  return failures != 0;
}
