#define _GNU_SOURCE
#include "CShims.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

int cshims_supports_x86_64_level(int level) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  switch (level) {
  case 3:
    return __builtin_cpu_supports("x86-64-v3") != 0;
  case 4:
    return __builtin_cpu_supports("x86-64-v4") != 0;
  }
#else
  (void)level;
#endif
  return 0;
}

int cshims_current_processing_unit(void) {
#if defined(__linux__)
  return sched_getcpu();
#else
  return -1;
#endif
}

void cshims_name_thread(const char *name) {
#if defined(__linux__)
  char kept[16];
  snprintf(kept, sizeof kept, "%s", name);
  pthread_setname_np(pthread_self(), kept);
#else
  (void)name;
#endif
}

void cshims_keep_freed_memory(void) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 256 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

static volatile sig_atomic_t noted_signal = 0;

static void note_signal(int number) {
  noted_signal = number;
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
}

static void handle_signals(void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  // whoever started the program may have blocked them, as threads of libdispatch do
  sigset_t both;
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  pthread_sigmask(SIG_UNBLOCK, &both, NULL);
}

void cshims_note_signals(void) {
  noted_signal = 0;
  handle_signals(note_signal);
}

int cshims_noted_signal(void) { return noted_signal; }

void cshims_default_signals(void) { handle_signals(SIG_DFL); }
