// An OpenCL layer (OPENCL_LAYERS of the ICD loader) that makes one call of one entry point fail, as a driver would, and
// counts calls. Scripts/check-opencl-faults builds and drives it.
//
//   OPENCL_FAULT_COUNTS=FILE      at exit: one line "ENTRY CALLS" per entry point that was called
//   OPENCL_FAULT=ENTRY:N:KIND     call number N (from 1) of ENTRY fails; "N+" stands for that call and all later ones
//   OPENCL_FAULT_MARK=FILE        is written when a fault was injected
//
// KIND is one of
//   a negative number  the call does nothing and returns this code
//   null               success, but no object, event, address or information comes back
//   event              the command is accepted, does not run, and its event ends with CL_OUT_OF_RESOURCES; commands
//                      that wait for it end likewise
//   lost               as CL_DEVICE_NOT_AVAILABLE, and every later call of any entry point (releases apart) fails too
//   empty, huge        a query answers that what it describes has no bytes, or 2^40 of them
//   garbage            a read or a map succeeds, with NaN in place of the numbers; a query answers with 0xa5 bytes
//   log                a build fails with a log of its own
//   slow               the call begins OPENCL_FAULT_SECONDS later
//   hang               the call does not return
#include "layer.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

const cl_icd_dispatch *target;
static atomic_int counts[entry_count];
static atomic_bool is_lost;
static int chosen = -1, first_call, all_later;
static char kind[32];

static const char *const names[] = {
#define ENTRY(name) #name,
#include "entries.h"
#undef ENTRY
};

static void read_plan(void) {
  const char *plan = getenv("OPENCL_FAULT");
  char entry[64] = "", number[16] = "";
  if (plan == NULL || sscanf(plan, "%63[^:]:%15[^:]:%31s", entry, number, kind) != 3) return;
  for (int i = 0; i < entry_count; i++)
    if (strcmp(entry, names[i]) == 0) chosen = i;
  first_call = atoi(number);
  all_later = strchr(number, '+') != NULL;
  if (chosen < 0) {
    fprintf(stderr, "fault layer: unknown entry point %s\n", entry);
    _exit(99);
  }
}

static void write_mark(void) {
  const char *path = getenv("OPENCL_FAULT_MARK");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (file == NULL) return;
  fprintf(file, "%s %s\n", names[chosen], kind);
  fclose(file);
}

static void write_counts(void) {
  const char *path = getenv("OPENCL_FAULT_COUNTS");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (file == NULL) return;
  for (int i = 0; i < entry_count; i++)
    if (counts[i] > 0) fprintf(file, "%s %d\n", names[i], counts[i]);
  fclose(file);
}

static int is_release(int entry) { return strncmp(names[entry], "clRelease", 9) == 0; }

struct fault next_fault(int entry) {
  int call = atomic_fetch_add(&counts[entry], 1) + 1;
  struct fault none = {no_fault, CL_SUCCESS};
  if (atomic_load(&is_lost) && !is_release(entry)) return (struct fault){returns_code, CL_DEVICE_NOT_AVAILABLE};
  if (entry != chosen || !(call == first_call || (all_later && call > first_call))) return none;
  if (call == first_call) write_mark();
  if (strcmp(kind, "lost") == 0) {
    atomic_store(&is_lost, true);
    return (struct fault){returns_code, CL_DEVICE_NOT_AVAILABLE};
  }
  if (strcmp(kind, "null") == 0) return (struct fault){returns_nothing, CL_SUCCESS};
  if (strcmp(kind, "event") == 0) return (struct fault){fails_later, CL_OUT_OF_RESOURCES};
  if (strcmp(kind, "empty") == 0) return (struct fault){says_empty, CL_SUCCESS};
  if (strcmp(kind, "huge") == 0) return (struct fault){says_huge, CL_SUCCESS};
  if (strcmp(kind, "garbage") == 0) return (struct fault){gives_garbage, CL_SUCCESS};
  if (strcmp(kind, "log") == 0) return (struct fault){gives_log, CL_BUILD_PROGRAM_FAILURE};
  if (strcmp(kind, "slow") == 0) {
    const char *seconds = getenv("OPENCL_FAULT_SECONDS");
    usleep((useconds_t)(1e6 * (seconds ? atof(seconds) : 1)));
    return none;
  }
  if (strcmp(kind, "hang") == 0)
    for (;;) pause();
  return (struct fault){returns_code, atoi(kind)};
}

__attribute__((visibility("default"))) CL_API_ENTRY cl_int CL_API_CALL
clGetLayerInfo(cl_layer_info name, size_t size, void *value, size_t *size_ret) {
  static const char layer_name[] = "upscatter fault layer";
  static const cl_layer_api_version version = CL_LAYER_API_VERSION_100;
  const void *answer = name == CL_LAYER_NAME ? (const void *)layer_name : &version;
  size_t length = name == CL_LAYER_NAME ? sizeof layer_name : sizeof version;
  if (name != CL_LAYER_NAME && name != CL_LAYER_API_VERSION) return CL_INVALID_VALUE;
  if (value != NULL && size < length) return CL_INVALID_VALUE;
  if (value != NULL) memcpy(value, answer, length);
  if (size_ret != NULL) *size_ret = length;
  return CL_SUCCESS;
}

__attribute__((visibility("default"))) CL_API_ENTRY cl_int CL_API_CALL clInitLayer(
  cl_uint count, const cl_icd_dispatch *below, cl_uint *count_ret, const cl_icd_dispatch **dispatch_ret) {
  static cl_icd_dispatch dispatch;
  if (below == NULL || count < sizeof dispatch / sizeof dispatch.clGetPlatformIDs) return CL_INVALID_VALUE;
  target = below;
  dispatch = *below;
  install(&dispatch);
  read_plan();
  atexit(write_counts);
  *dispatch_ret = &dispatch;
  *count_ret = sizeof dispatch / sizeof dispatch.clGetPlatformIDs;
  return CL_SUCCESS;
}
