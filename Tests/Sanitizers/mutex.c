// Synchronization.Mutex takes and gives back a lock that nobody waits for by atomics inside our code, which the thread
// sanitizer sees, and any other in the Swift library, which it does not see into: it would report what the lock orders.
// These stand before the two functions of the library; Scripts/check-sanitizers links them in with --wrap.
#include <sanitizer/tsan_interface.h>
#include <stdint.h>

// Synchronization._MutexHandle._lockSlow(UInt32) and ._unlockSlow()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

SWIFT void real_lock(uint32_t thread, SELF) __asm__("__real_" LOCK);
SWIFT void real_unlock(SELF) __asm__("__real_" UNLOCK);
SWIFT void lock(uint32_t thread, SELF) __asm__("__wrap_" LOCK);
SWIFT void unlock(SELF) __asm__("__wrap_" UNLOCK);

SWIFT void lock(uint32_t thread, SELF) {
  real_lock(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT void unlock(SELF) {
  __tsan_release(mutex);
  real_unlock(mutex);
}
