import Foundation
import ScanCore
import Synchronization

/// Calls that wait for a device, on threads of their own: a driver that never answers costs the device, not the program.
enum BoundedCall {
  /// Seconds after which a call counts as failed; `UPSCATTER_OPENCL_PATIENCE` overrides it (0: never, and calls
  /// are made on the thread that asks). Launches take a fraction of a
  /// second; kernels of unknown devices may take minutes to build.
  static let patience: Double = {
    let wanted = ProcessInfo.processInfo.environment["UPSCATTER_OPENCL_PATIENCE"].flatMap(Double.init) ?? -1
    return wanted > 0 ? min(wanted, 1e9) : wanted == 0 ? .infinity : 600
  }()

  private static let hanging = Mutex<Set<String>>([])
  private static let idle = Mutex<[CallThread]>([])

  /// Whether a call to this device never came back. Nothing is released or waited for there any more.
  static func hangs(_ device: String) -> Bool { hanging.withLock { $0.contains(device) } }

  /// The answer of `body`, which must own what it hands to the driver: it may run on after this has thrown.
  /// - Parameter seconds: longest time to wait
  static func run<T: Sendable>(
    _ call: String, on device: String, patience seconds: Double = patience,
    _ body: @escaping @Sendable () -> T
  ) throws(BackendError) -> T {
    // drivers that mind which thread calls, such as oclgrind
    if seconds == .infinity { return body() }
    if hangs(device) { throw silence(call, device, "was not made: an earlier call has not come back") }
    guard let thread = idle.withLock({ $0.popLast() }) ?? CallThread() else { return body() }
    let answer = Answer<T>()
    let isDone = thread.run(until: Date(timeIntervalSinceNow: seconds)) {
      let value = body()
      answer.value.withLock { $0 = value }
    }
    guard isDone, let value = answer.value.withLock({ $0 }) else {
      hanging.withLock { _ = $0.insert(device) }
      throw silence(call, device, "has not come back after \(seconds.formatted()) s")
    }
    idle.withLock { $0.append(thread) }
    return value
  }

  private static func silence(_ call: String, _ device: String, _ what: String) -> BackendError {
    BackendError(
      .deviceFailure,
      "\(call) on OpenCL device \"\(device)\" \(what). The device or its driver hangs: look at the system log (dmesg), "
        + "restart the driver or choose --backend simd. Where it is only slow, raise UPSCATTER_OPENCL_PATIENCE (seconds)."
    )
  }

  private final class Answer<T: Sendable>: Sendable {
    let value = Mutex<T?>(nil)
  }
}

/// A thread that runs one job after another, or is left behind in the one that does not end.
private final class CallThread: @unchecked Sendable {
  private let condition = NSCondition()
  // guarded by `condition`
  private var job: (@Sendable () -> Void)?
  private var isBusy = false
  private var isLeft = false

  /// nil when the system gives no thread.
  init?() {
    guard startThread({ self.serve() }) else { return nil }
  }

  /// Runs `job`; false when it has not ended by `deadline`, after which the thread takes no other.
  func run(until deadline: Date, _ job: @escaping @Sendable () -> Void) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    self.job = job
    isBusy = true
    condition.broadcast()
    while isBusy && condition.wait(until: deadline) {}
    isLeft = isBusy
    return !isBusy
  }

  private func serve() {
    condition.lock()
    while !isLeft {
      guard let next = job else {
        condition.wait()
        continue
      }
      job = nil
      condition.unlock()
      next()
      condition.lock()
      isBusy = false
      condition.broadcast()
    }
    condition.unlock()
  }
}
