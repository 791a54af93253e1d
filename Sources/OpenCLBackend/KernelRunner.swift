import COpenCL
import ScanCore

/// One kernel with its queue and its buffers, which stay on the device from call to call.
///
/// Not Sendable: clSetKernelArg is not thread-safe, so each loaded plan keeps its runner behind a lock.
final class KernelRunner {
  let context: DeviceContext
  let precision: Precision
  let timings: TimingRecorder
  let queue: CommandQueue
  /// Largest work-group that the kernel and the device allow, up to the preferred size.
  let localSize: Int
  var pacer: LaunchPacer
  private let kernel: Handle<KernelKind>
  private var buffers: [Int: DeviceBuffer] = [:]

  private struct DeviceBuffer {
    let handle: Handle<BufferKind>
    let capacity: Int
  }

  /// - Parameters:
  ///   - program: built for the device of `context`
  ///   - name: kernel to run
  ///   - preferredLocalSize: a power of two; halved until the kernel fits the device
  ///   - timings: what the kernel takes is added there
  init(
    _ program: Handle<ProgramKind>, kernel name: String, on context: DeviceContext, precision: Precision,
    preferredLocalSize: Int, timings: TimingRecorder = TimingRecorder()
  ) throws(BackendError) {
    self.context = context
    self.precision = precision
    self.timings = timings
    let device = context.device
    kernel = try checked("clCreateKernel(\(name))", on: device.name) { clCreateKernel(program.raw, name, $0) }
    queue = try CommandQueue(context)
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

  func reserve(_ argument: Int, bytes: Int) throws(BackendError) {
    _ = try buffer(argument, bytes: bytes)
  }

  /// Makes room for numbers that only kernels read and write. Where that costs no time they begin as NaN: one that is read
  /// before it is written shows in the results.
  func reserveMemory(_ argument: Int, bytes: Int) throws(BackendError) {
    if let known = buffers[argument], known.capacity >= bytes { return }
    guard bytes <= 64 << 20 else { return try reserve(argument, bytes: bytes) }
    try write(argument, [UInt8](repeating: 0xff, count: bytes))
  }

  /// Takes the buffer of another runner's argument, which has to have one, as its own argument.
  func share(_ argument: Int, of other: KernelRunner, _ otherArgument: Int) throws(BackendError) {
    guard let buffer = other.buffers[otherArgument] else {
      preconditionFailure("argument \(otherArgument) has no buffer")
    }
    try setBuffer(argument, buffer.handle)
  }

  func reserve(_ argument: Int, flags: Int) throws(BackendError) {
    _ = try buffer(argument, bytes: flags * MemoryLayout<Int32>.size)
  }

  private func write<T: BitwiseCopyable & Sendable>(_ argument: Int, _ values: [T]) throws(BackendError) {
    let bytes = values.count * MemoryLayout<T>.stride
    let target = try buffer(argument, bytes: bytes)
    guard bytes > 0 else { return }
    let call = "clEnqueueWriteBuffer of \(bytes) bytes"
    let code = try BoundedCall.run(call, on: context.device.name) { [queue = queue.handle] in
      values.withUnsafeBytes {
        clEnqueueWriteBuffer(queue.raw, target.raw, cl_bool(CL_TRUE), 0, bytes, $0.baseAddress, 0, nil, nil)
      }
    }
    try check(call, code, on: context.device.name)
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
    try setBuffer(argument, handle)
    buffers[argument] = DeviceBuffer(handle: handle, capacity: wanted)
    return handle
  }

  func setBuffer(_ argument: Int, _ buffer: Handle<BufferKind>) throws(BackendError) {
    var raw: cl_mem? = buffer.raw
    try setArgument(argument, MemoryLayout<cl_mem?>.size, &raw)
  }

  /// Local memory of a work-group.
  func setLocal(_ argument: Int, bytes: Int) throws(BackendError) {
    try setArgument(argument, max(bytes, 16), nil)
  }

  private func setArgument(_ index: Int, _ size: Int, _ value: UnsafeRawPointer?) throws(BackendError) {
    try check(
      "clSetKernelArg(\(index))", clSetKernelArg(kernel.raw, cl_uint(index), size, value),
      on: context.device.name)
  }

  // MARK: - Launching and reading

  /// Runs the kernel for items 0 ..< count, in launches of a fraction of a second; the last one may be padded to
  /// the local size.
  /// - Parameter limit: most items of one launch, a multiple of the local size
  func launch(items count: Int, atMost limit: Int = .max) throws(BackendError) {
    var start = 0
    while start < count {
      let items = min(pacer.items, limit, count - start)
      let padded = (items + localSize - 1) / localSize * localSize
      let event = try queue.submit("clEnqueueNDRangeKernel") {
        var offset = start
        var global = padded
        var local = localSize
        return clEnqueueNDRangeKernel($0, kernel.raw, 1, &offset, &global, &local, $1, $2, $3)
      }
      try wait(for: [("clEnqueueNDRangeKernel", event)], on: context.device.name)
      if let seconds = timings.note(event, .kernel) { pacer.note(seconds: seconds, count: items) }
      start += items
    }
  }

  /// Enqueues the kernel over a plane of items and does not wait.
  func enqueue(
    global: (Int, Int), local: (columns: Int, rows: Int), after events: [Handle<EventKind>]
  ) throws(BackendError) -> Handle<EventKind> {
    try queue.submit("clEnqueueNDRangeKernel", after: events) {
      var global = [global.0, global.1]
      var local = [local.columns, local.rows]
      return clEnqueueNDRangeKernel($0, kernel.raw, 2, nil, &global, &local, $1, $2, $3)
    }
  }

  /// The first `count` results of an argument.
  func read(_ argument: Int, numbers count: Int) throws(BackendError) -> [Double] {
    switch precision.accum {
    case .double: try read(argument, count: count, zero: 0.0)
    case .single: try read(argument, count: count, zero: Float(0)).map(Double.init)
    }
  }

  /// Throws where the device computed what cannot be events.
  func requireFinite(_ events: [Double]) throws(BackendError) {
    guard let bad = events.firstIndex(where: { !$0.isFinite }) else { return }
    throw BackendError(
      .deviceFailure,
      "OpenCL device \"\(context.device.name)\" answered \(events[bad]) events, number \(bad) of \(events.count). Run "
        + "`upscatter verify`; update its driver or choose --backend simd.")
  }

  func read(_ argument: Int, flags count: Int) throws(BackendError) -> [Int32] {
    try read(argument, count: count, zero: Int32(0))
  }

  private func read<T: BitwiseCopyable & Sendable>(_ argument: Int, count: Int, zero: T) throws(BackendError)
    -> [T]
  {
    guard count > 0 else { return [] }
    guard let source = buffers[argument] else { preconditionFailure("argument \(argument) has no buffer") }
    let (values, code) = try BoundedCall.run("clEnqueueReadBuffer", on: context.device.name) {
      [queue = queue.handle, source = source.handle] in
      var values = [T](repeating: zero, count: count)
      let code = values.withUnsafeMutableBytes {
        clEnqueueReadBuffer(queue.raw, source.raw, cl_bool(CL_TRUE), 0, $0.count, $0.baseAddress, 0, nil, nil)
      }
      return (values, code)
    }
    try check("clEnqueueReadBuffer", code, on: context.device.name)
    return values
  }
}
