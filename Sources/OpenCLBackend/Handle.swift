import COpenCL

/// Kinds of OpenCL objects. In C they are all the same pointer type; here the kind keeps them apart.
protocol HandleKind {
  static func release(_ raw: OpaquePointer)
}

enum ContextKind: HandleKind {
  static func release(_ raw: OpaquePointer) { clReleaseContext(raw) }
}

enum QueueKind: HandleKind {
  static func release(_ raw: OpaquePointer) { clReleaseCommandQueue(raw) }
}

enum ProgramKind: HandleKind {
  static func release(_ raw: OpaquePointer) { clReleaseProgram(raw) }
}

enum KernelKind: HandleKind {
  static func release(_ raw: OpaquePointer) { clReleaseKernel(raw) }
}

enum BufferKind: HandleKind {
  static func release(_ raw: OpaquePointer) { clReleaseMemObject(raw) }
}

enum EventKind: HandleKind {
  static func release(_ raw: OpaquePointer) { clReleaseEvent(raw) }
}

/// Owner of one OpenCL object; releases it with the last reference, unless its device hangs: so could the release.
///
/// OpenCL calls are thread-safe except clSetKernelArg on one kernel: kernels stay behind the lock of their plan.
final class Handle<Kind: HandleKind>: @unchecked Sendable {
  let raw: OpaquePointer
  private let device: String

  init(_ raw: OpaquePointer, on device: String) {
    self.raw = raw
    self.device = device
  }

  deinit {
    if !BoundedCall.hangs(device) { Kind.release(raw) }
  }
}
