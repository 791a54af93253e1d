import ScanCore

/// A kernel that works on a joint plan, with the plan's tables on the device and working memory for the items of a launch.
final class JointRunner {
  let kernel: KernelRunner
  let lanes: Int
  private let packed: PackedJointPlan
  private let arguments: MemoryArguments
  private let mostItems: Int
  private let limit: Int

  /// Where a kernel takes its working memory; arguments 1 to 3 are the plan and the templates of all.
  struct MemoryArguments {
    let bins: Int
    let unknowns: Int
    /// numbers per item of the latter
    let count: Int
    static let fits = MemoryArguments(bins: 6, unknowns: 7, count: 8)
    static let throwing = MemoryArguments(bins: 4, unknowns: 5, count: 6)
  }

  /// - Parameters:
  ///   - limit: numbers one buffer may hold
  init(
    _ kernel: KernelRunner, _ packed: PackedJointPlan, lanes: Int, _ arguments: MemoryArguments, limit: Int
  ) throws(BackendError) {
    self.kernel = kernel
    self.packed = packed
    self.lanes = lanes
    self.arguments = arguments
    self.limit = limit
    let device = kernel.context.device
    mostItems = device.computeUnits * (device.kind == .gpu ? 512 : 16)
    try kernel.upload(1, packed.integers)
    // 32 bits do not reach to what stands for no floor
    let lowest = kernel.precision.real == .single ? -1e30 : PackedJointPlan.noFloor
    try kernel.upload(2, packed.reals.map { max($0, lowest) }, "the tables of the joint plan")
  }

  private var bins: Int { Int(packed.integers[0]) }
  private var unknowns: Int { Int(packed.integers[1]) + 1 }
  /// Arrays per bin in the working memory (Kernels/src/joint.clh).
  private static let binArrays = 6

  /// Runs the kernel for `count` points, data sets or toys, VEC of them per item.
  /// - Parameter rows: how many a search covers
  func launch(_ count: Int, searching rows: Int) throws(BackendError) {
    let perItem = (9 + 2 * unknowns) * unknowns + rows + packed.largestSumCount
    let numbers = max(perItem, Self.binArrays * bins) * lanes
    let items = (count + lanes - 1) / lanes
    let local = kernel.localSize
    guard numbers <= limit / local else {
      throw BackendError(
        .outOfMemory,
        "A joint fit of \(bins) bins, \(unknowns - 1) pulls and \(rows) masses needs \(numbers * local) numbers of working "
          + "memory in one buffer, but the OpenCL device allows \(limit). Use another device or --backend simd."
      )
    }
    let slots = min((items + local - 1) / local, max(1, mostItems / local), limit / numbers / local) * local
    let precision = kernel.precision
    try kernel.reserveMemory(
      arguments.bins, bytes: slots * lanes * Self.binArrays * bins * precision.real.rawValue)
    try kernel.reserveMemory(arguments.unknowns, bytes: slots * lanes * perItem * precision.accum.rawValue)
    try kernel.set(arguments.count, perItem)
    try kernel.set(0, count)
    try kernel.launch(items: items, atMost: slots)
  }
}
