import COpenCL
import ScanCore

/// A queue that runs its commands in order and times them.
struct CommandQueue {
  let handle: Handle<QueueKind>
  let device: String

  init(_ context: DeviceContext) throws(BackendError) {
    device = context.device.name
    handle = try checked("clCreateCommandQueue", on: device) {
      clCreateCommandQueue(
        context.handle.raw, context.device.id.raw, cl_command_queue_properties(CL_QUEUE_PROFILING_ENABLE), $0)
    }
  }

  /// Enqueues a command that starts after `events` and returns its event.
  ///
  /// - Parameter enqueue: queue, number of events, events, where to put the new one
  func submit(
    _ call: String, after events: [Handle<EventKind>] = [],
    _ enqueue: (OpaquePointer, cl_uint, UnsafePointer<cl_event?>?, UnsafeMutablePointer<cl_event?>) -> cl_int
  ) throws(BackendError) -> Handle<EventKind> {
    let wait: [cl_event?] = events.map(\.raw)
    var raw: cl_event?
    let code = wait.withUnsafeBufferPointer {
      enqueue(handle.raw, cl_uint($0.count), $0.isEmpty ? nil : $0.baseAddress, &raw)
    }
    try check(call, code, on: device)
    guard let raw else { throw nothing(from: call, on: device) }
    return Handle(raw, on: device)
  }

  /// Hands what is enqueued to the device without waiting for it.
  func flush() throws(BackendError) { try check("clFlush", clFlush(handle.raw), on: device) }

  /// Waits until nothing is left, whatever became of it; false when the device hangs.
  @discardableResult
  func drain() -> Bool {
    (try? BoundedCall.run("clFinish", on: device) { [handle] in clFinish(handle.raw) }) != nil
  }
}

/// Waits for commands; the first one that failed is the error.
func wait(for commands: [(call: String, event: Handle<EventKind>)], on device: String) throws(BackendError) {
  guard !commands.isEmpty else { return }
  let events = commands.map(\.event)
  let waited = try BoundedCall.run("clWaitForEvents after \(commands[0].call)", on: device) {
    let raw: [cl_event?] = events.map(\.raw)
    return clWaitForEvents(cl_uint(raw.count), raw)
  }
  for (call, event) in commands {
    if let status = executionError(of: event) { try check(call, status, on: device) }
  }
  try check("clWaitForEvents", waited, on: device)
}

/// The negative status a failed command leaves in its event.
private func executionError(of event: Handle<EventKind>) -> cl_int? {
  var status: cl_int = 0
  let parameter = cl_event_info(CL_EVENT_COMMAND_EXECUTION_STATUS)
  let code = clGetEventInfo(event.raw, parameter, MemoryLayout<cl_int>.size, &status, nil)
  return code == CL_SUCCESS && status < 0 ? status : nil
}
