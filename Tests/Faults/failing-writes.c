// Preloaded into the program (LD_PRELOAD), makes one write fail, as a full disk or a lost machine would:
//   FAILING_FILE   part of the path of the file whose writes are counted
//   FAILING_CALL   number of the write that fails, from 1; 0 counts only
//   FAILING_KIND   torn: half of the bytes are written and the process is killed; full: no bytes, ENOSPC, from then on always
//   FAILING_COUNT  file that gets the number of writes so far
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

static int is_counted(int descriptor) {
  const char *part = getenv("FAILING_FILE");
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (!part || length <= 0) return 0;
  path[length] = 0;
  return strstr(path, part) != NULL;
}

static void report(long call) {
  const char *path = getenv("FAILING_COUNT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", call);
  fclose(file);
}

// -1: the write fails with errno; otherwise so many bytes are to be written, and then the process ends if *ends.
static ssize_t allowed(int descriptor, size_t count, int *ends) {
  *ends = 0;
  if (!is_counted(descriptor)) return (ssize_t)count;
  long call = atomic_fetch_add(&calls, 1) + 1;
  report(call);
  const char *number = getenv("FAILING_CALL"), *kind = getenv("FAILING_KIND");
  long failing = number ? atol(number) : 0;
  if (!failing || call < failing || !kind) return (ssize_t)count;
  if (!strcmp(kind, "full")) {
    errno = ENOSPC;
    return -1;
  }
  *ends = call == failing;
  return (ssize_t)(*ends ? count / 2 : count);
}

#define WITH_FAULT(real)                                                                                        \
  int ends;                                                                                                     \
  ssize_t length = allowed(descriptor, count, &ends);                                                           \
  if (length < 0) return -1;                                                                                    \
  ssize_t written = (real);                                                                                     \
  if (ends) kill(getpid(), SIGKILL);                                                                            \
  return written

ssize_t write(int descriptor, const void *bytes, size_t count) {
  static ssize_t (*next)(int, const void *, size_t);
  if (!next) next = dlsym(RTLD_NEXT, "write");
  WITH_FAULT(next(descriptor, bytes, (size_t)length));
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  static ssize_t (*next)(int, const void *, size_t, off_t);
  if (!next) next = dlsym(RTLD_NEXT, "pwrite");
  WITH_FAULT(next(descriptor, bytes, (size_t)length, offset));
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
  static ssize_t (*next)(int, const void *, size_t, off_t);
  if (!next) next = dlsym(RTLD_NEXT, "pwrite64");
  WITH_FAULT(next(descriptor, bytes, (size_t)length, offset));
}
