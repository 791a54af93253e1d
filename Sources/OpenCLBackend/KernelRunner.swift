import COpenCL
import ScanCore

/// One kernel with its queue and its buffers, which stay on the device from call to call.
///
/// Not Sendable: clSetKernelArg is not thread-safe, so each loaded plan keeps its runner behind a lock.
final class KernelRunner {
  private let context: DeviceContext
  private let precision: Precision
  private let kernel: Handle<KernelKind>
  private let queue: Handle<QueueKind>
  private let localSize: Int
  private var pacer: LaunchPacer
  private var buffers: [Int: DeviceBuffer] = [:]

  private struct DeviceBuffer {
    let handle: Handle<BufferKind>
    let capacity: Int
  }

  /// - Parameters:
  ///   - program: built for the device of `context`
  ///   - name: kernel to run
  ///   - preferredLocalSize: a power of two; halved until the kernel fits the device
  init(
    _ program: Handle<ProgramKind>, kernel name: String, on context: DeviceContext, precision: Precision,
    preferredLocalSize: Int
  ) throws(BackendError) {
    self.context = context
    self.precision = precision
    let device = context.device
    kernel = try checked("clCreateKernel(\(name))", on: device.name) { clCreateKernel(program.raw, name, $0) }
    queue = try checked("clCreateCommandQueue", on: device.name) {
      clCreateCommandQueue(context.handle.raw, device.id.raw, 0, $0)
    }
    localSize = Self.localSize(preferredLocalSize, for: kernel, on: device)
    let itemsPerUnit = device.kind == .gpu ? 512 : 64
    pacer = LaunchPacer(first: device.computeUnits * itemsPerUnit, granularity: localSize)
  }

  private static func localSize(_ preferred: Int, for kernel: Handle<KernelKind>, on device: OpenCLDevice)
    -> Int
  {
    var limit = 0
    let parameter = cl_kernel_work_group_info(CL_KERNEL_WORK_GROUP_SIZE)
    let code = clGetKernelWorkGroupInfo(
      kernel.raw, device.id.raw, parameter, MemoryLayout<Int>.size, &limit, nil)
    if code != CL_SUCCESS || limit < 1 { limit = 1 }
    var size = preferred
    while size > min(limit, device.maximumWorkGroupSize) { size /= 2 }
    return max(size, 1)
  }

  // MARK: - Arguments

  func set(_ argument: Int, _ value: Int) throws(BackendError) {
    guard var number = cl_uint(exactly: value) else {
      throw BackendError(
        .unsupportedPlan,
        "A tile of \(value) points exceeds the 32-bit counters of the kernels; make the tiles smaller.")
    }
    try setArgument(argument, MemoryLayout<cl_uint>.size, &number)
  }

  /// Copies numbers to the device as `real`.
  func upload(_ argument: Int, _ values: [Double], _ what: String) throws(BackendError) {
    switch precision.real {
    case .double: try write(argument, values)
    case .single: try write(argument, narrowed(values, what))
    }
  }

  func upload(_ argument: Int, _ values: [Int32]) throws(BackendError) { try write(argument, values) }

  /// Makes room for results; an empty buffer still needs an address.
  func reserve(_ argument: Int, numbers: Int) throws(BackendError) {
    _ = try buffer(argument, bytes: numbers * precision.accum.rawValue)
  }

  func reserve(_ argument: Int, flags: Int) throws(BackendError) {
    _ = try buffer(argument, bytes: flags * MemoryLayout<Int32>.size)
  }

  private func write<T: BitwiseCopyable>(_ argument: Int, _ values: [T]) throws(BackendError) {
    let bytes = values.count * MemoryLayout<T>.stride
    let target = try buffer(argument, bytes: bytes)
    guard bytes > 0 else { return }
    let code = values.withUnsafeBytes {
      clEnqueueWriteBuffer(queue.raw, target.raw, cl_bool(CL_TRUE), 0, bytes, $0.baseAddress, 0, nil, nil)
    }
    try check("clEnqueueWriteBuffer of \(bytes) bytes", code, on: context.device.name)
  }

  /// The buffer of an argument, replaced by a larger one when it is too small, and set as the argument.
  private func buffer(_ argument: Int, bytes: Int) throws(BackendError) -> Handle<BufferKind> {
    let wanted = max(bytes, 16)
    if let known = buffers[argument], known.capacity >= wanted { return known.handle }
    buffers[argument] = nil
    let handle: Handle<BufferKind> = try checked("clCreateBuffer of \(wanted) bytes", on: context.device.name)
    {
      clCreateBuffer(context.handle.raw, cl_mem_flags(CL_MEM_READ_WRITE), wanted, nil, $0)
    }
    var raw: cl_mem? = handle.raw
    try setArgument(argument, MemoryLayout<cl_mem?>.size, &raw)
    buffers[argument] = DeviceBuffer(handle: handle, capacity: wanted)
    return handle
  }

  private func setArgument(_ index: Int, _ size: Int, _ value: UnsafeRawPointer) throws(BackendError) {
    try check(
      "clSetKernelArg(\(index))", clSetKernelArg(kernel.raw, cl_uint(index), size, value),
      on: context.device.name)
  }

  // MARK: - Launching and reading

  /// Runs the kernel for items 0 ..< count, in launches of a fraction of a second; the last one may be padded to
  /// the local size.
  func launch(items count: Int) throws(BackendError) {
    let clock = ContinuousClock()
    var start = 0
    while start < count {
      let items = min(pacer.items, count - start)
      let began = clock.now
      try launch(from: start, items: (items + localSize - 1) / localSize * localSize)
      pacer.note(seconds: (clock.now - began) / .seconds(1), count: items)
      start += items
    }
  }

  private func launch(from start: Int, items: Int) throws(BackendError) {
    let name = context.device.name
    var offset = start
    var global = items
    var local = localSize
    var raw: cl_event?
    let code = clEnqueueNDRangeKernel(queue.raw, kernel.raw, 1, &offset, &global, &local, 0, nil, &raw)
    try check("clEnqueueNDRangeKernel of \(items) items", code, on: name)
    guard raw != nil else {
      return try check("clFinish", clFinish(queue.raw), on: name)
    }
    let event = raw.map(Handle<EventKind>.init)
    let waited = clWaitForEvents(1, &raw)
    try check("clWaitForEvents", executionError(of: event) ?? waited, on: name)
  }

  /// The negative status a failed command leaves in its event.
  private func executionError(of event: Handle<EventKind>?) -> cl_int? {
    guard let event else { return nil }
    var status: cl_int = 0
    let parameter = cl_event_info(CL_EVENT_COMMAND_EXECUTION_STATUS)
    let code = clGetEventInfo(event.raw, parameter, MemoryLayout<cl_int>.size, &status, nil)
    return code == CL_SUCCESS && status < 0 ? status : nil
  }

  /// The first `count` results of an argument.
  func read(_ argument: Int, numbers count: Int) throws(BackendError) -> [Double] {
    switch precision.accum {
    case .double: try read(argument, count: count, zero: 0.0)
    case .single: try read(argument, count: count, zero: Float(0)).map(Double.init)
    }
  }

  func read(_ argument: Int, flags count: Int) throws(BackendError) -> [Int32] {
    try read(argument, count: count, zero: Int32(0))
  }

  private func read<T: BitwiseCopyable>(_ argument: Int, count: Int, zero: T) throws(BackendError) -> [T] {
    var values = [T](repeating: zero, count: count)
    guard count > 0 else { return values }
    guard let source = buffers[argument] else { preconditionFailure("argument \(argument) has no buffer") }
    let code = values.withUnsafeMutableBytes {
      clEnqueueReadBuffer(
        queue.raw, source.handle.raw, cl_bool(CL_TRUE), 0, $0.count, $0.baseAddress, 0, nil, nil)
    }
    try check("clEnqueueReadBuffer", code, on: context.device.name)
    return values
  }
}
