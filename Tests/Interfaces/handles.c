/* Many handles, one after the other: memory must not grow with their number. */
#include <stdio.h>
#include <stdlib.h>
#include <upscatter.h>

static void require(upscatter_status status) {
  if (status == UPSCATTER_OK) return;
  fprintf(stderr, "status %d: %s\n", (int)status, upscatter_last_error());
  exit(1);
}

/* Of this process, kB; Linux only. */
static long resident(void) {
  long kilobytes = 0;
  char line[128];
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "VmRSS: %ld", &kilobytes) == 1) break;
  if (file) fclose(file);
  return kilobytes;
}

static void use(int count) {
  const char *experiments[] = {"coherent-csi-2021"};
  for (int i = 0; i < count; i++) {
    upscatter_analysis *analysis;
    double limit;
    const double mass = 10;
    require(upscatter_open(experiments, 1, &analysis));
    require(upscatter_set(analysis, "backend", "simd"));
    require(upscatter_set(analysis, "workers", "2"));
    if (i % 10 == 0) require(upscatter_limits(analysis, &mass, 1, &limit, NULL, NULL, NULL));
    require(upscatter_free(analysis));
  }
}

int main(void) {
  use(50);
  const long before = resident();
  use(200);
  const long growth = resident() - before;
  printf("handles: 200 more of them took %ld kB\n", growth);
  /* each holds tables of about 100 kB, and threads once it has computed */
  return growth > 4000;
}
