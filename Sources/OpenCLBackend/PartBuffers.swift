import COpenCL
import ScanCore

/// A buffer on the device with its image in memory the device can copy from and to by itself (pinned, where the
/// driver does that).
final class StagedBuffer {
  let device: Handle<BufferKind>
  let capacity: Int
  let host: UnsafeMutableRawPointer
  private let pinned: Handle<BufferKind>
  private let queue: CommandQueue

  init(bytes: Int, _ context: DeviceContext, _ queue: CommandQueue) throws(BackendError) {
    capacity = bytes
    self.queue = queue
    let name = context.device.name
    device = try checked("clCreateBuffer of \(bytes) bytes", on: name) {
      clCreateBuffer(context.handle.raw, cl_mem_flags(CL_MEM_READ_WRITE), bytes, nil, $0)
    }
    let pinned: Handle<BufferKind> = try checked("clCreateBuffer of \(bytes) host bytes", on: name) {
      clCreateBuffer(
        context.handle.raw, cl_mem_flags(CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR), bytes, nil, $0)
    }
    self.pinned = pinned
    let call = "clEnqueueMapBuffer of \(bytes) bytes"
    let mapped = try BoundedCall.run(call, on: name) { [queue = queue.handle] in
      var code: cl_int = CL_SUCCESS
      let flags = cl_map_flags(CL_MAP_READ | CL_MAP_WRITE)
      let address = clEnqueueMapBuffer(
        queue.raw, pinned.raw, cl_bool(CL_TRUE), flags, 0, bytes, 0, nil, nil, &code)
      return (address: address.map { UInt(bitPattern: $0) }, code: code)
    }
    try check(call, mapped.code, on: name)
    guard let host = mapped.address.flatMap({ UnsafeMutableRawPointer(bitPattern: $0) }) else {
      throw nothing(from: call, on: name)
    }
    self.host = host
  }

  deinit {
    // what the device may still write to must not be given back
    if BoundedCall.hangs(queue.device) { return }
    clEnqueueUnmapMemObject(queue.handle.raw, pinned.raw, host, 0, nil, nil)
    queue.drain()
  }
}

/// One set of buffers for a part of a job: while the device works on one part, the host fills the set of the next.
final class PartBuffers {
  private var buffers: [Int: StagedBuffer] = [:]
  /// The part these buffers hold, until its results are collected.
  var pending: PendingPart?

  /// The buffer of a kernel argument, at least `bytes` long.
  func buffer(
    _ argument: Int, bytes: Int, _ context: DeviceContext, _ queue: CommandQueue
  ) throws(BackendError) -> StagedBuffer {
    let wanted = max(bytes, 16)
    if let known = buffers[argument], known.capacity >= wanted { return known }
    buffers[argument] = nil
    let made = try StagedBuffer(bytes: wanted, context, queue)
    buffers[argument] = made
    return made
  }
}

/// A part that was handed to the device.
struct PendingPart {
  let rows: Range<Int>
  let localSize: Int
  /// Whether the part was as large as the pacer allows: only such tell how long launches take.
  let isFull: Bool
  let items: Int
  let uploads: [Handle<EventKind>]
  let kernel: Handle<EventKind>
  let downloads: [Handle<EventKind>]

  var commands: [(call: String, event: Handle<EventKind>)] {
    uploads.map { ("clEnqueueWriteBuffer", $0) } + [("clEnqueueNDRangeKernel", kernel)]
      + downloads.map { ("clEnqueueReadBuffer", $0) }
  }
}
