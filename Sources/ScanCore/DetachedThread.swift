import Glibc
import Synchronization

/// Starts a thread of its own for `body`, which nobody joins; false when the system refuses.
///
/// A plain function, since a closure could carry an actor's isolation with it.
package func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  let context = Unmanaged.passRetained(ThreadBody(body))
  var thread = pthread_t()
  guard pthread_create(&thread, nil, threadMain, context.toOpaque()) == 0 else {
    context.release()
    return false
  }
  pthread_detach(thread)
  return true
}

/// Set by the command; a program that uses this as a library ends as it likes.
package let mayEndWithoutDestructors = Atomic(false)

/// From now on the command ends without running the destructors of its libraries: a thread that was left behind may still
/// be inside one of them, and would crash or never let go. What was printed is written out all the same.
package func endWithoutDestructors() {
  guard mayEndWithoutDestructors.load(ordering: .relaxed) else { return }
  on_exit(
    { status, _ in
      fflush(nil)
      _exit(status)
    }, nil)
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
  return nil
}
