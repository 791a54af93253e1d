// Lets the kit run on glibc 2.34 (RHEL 9 and its kin): the three functions that the static Swift and C++ libraries take
// from newer versions. Hidden, so that drivers keep their own. Only x86-64 has these symbol versions.
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#define HIDDEN __attribute__((visibility("hidden")))

// 2.35 gave hypot a new symbol version without errno of the SVID kind; the numbers are the same function's
double hypot_of_any_glibc(double x, double y);
float hypotf_of_any_glibc(float x, float y);
__asm__(".symver hypot_of_any_glibc, hypot@GLIBC_2.2.5");
__asm__(".symver hypotf_of_any_glibc, hypotf@GLIBC_2.2.5");
HIDDEN double hypot(double x, double y) { return hypot_of_any_glibc(x, y); }
HIDDEN float hypotf(float x, float y) { return hypotf_of_any_glibc(x, y); }

// 2.36; std::random_device of libstdc++ uses it
HIDDEN uint32_t arc4random(void) {
  uint32_t value;
  if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value) abort();
  return value;
}
