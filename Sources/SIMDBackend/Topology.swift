import CHwloc
import ScanCore

/// What hwloc says about the processors this process may use: after cgroup cpusets, the affinity mask and the CPU
/// quota. Cores count once, however many hardware threads they have: the kernels keep the arithmetic units of a core
/// busy with one.
package struct Topology: Sendable, CustomStringConvertible {
  /// System index of the first hardware thread of each usable core, in tree order (neighbours share caches).
  package let cores: [Int]
  package let hardwareThreads: Int
  package let packages: Int
  /// NUMA nodes that have usable cores.
  package let numaNodes: Int
  /// Bytes of one cache of each kind; 0 where hwloc knows of none.
  package let level1CacheBytes: Int
  package let level2CacheBytes: Int
  package let level3CacheBytes: Int
  /// CPU time per wall time the control group grants; nil without a limit.
  package let quota: Double?
  /// False for topologies that describe some other machine.
  package let isThisMachine: Bool
  private let tree: TopologyTree

  /// The machine this process runs on.
  package static func current() throws(BackendError) -> Topology {
    let tree = try TopologyTree { _ in 0 }
    tree.restrictToAffinity()
    return try Topology(tree, quota: CPUQuota.current())
  }

  /// A made-up machine in hwloc's synthetic notation, e.g. "pack:2 [numa] l3:4 core:4 pu:2".
  package static func synthetic(_ text: String, quota: Double? = nil) throws(BackendError) -> Topology {
    try Topology(try TopologyTree { hwloc_topology_set_synthetic($0, text) }, quota: quota)
  }

  private init(_ tree: TopologyTree, quota: Double?) throws(BackendError) {
    let cores = tree.objects(HWLOC_OBJ_CORE)
    let units = tree.objects(HWLOC_OBJ_PU)
    self.cores = (cores.isEmpty ? units : cores).map { Int(hwloc_bitmap_first($0.pointee.cpuset)) }
    guard !self.cores.isEmpty else {
      throw BackendError(
        .unavailable,
        "hwloc reports no usable processor core for this process. Check its affinity mask (taskset -p) and control group."
      )
    }
    hardwareThreads = units.count
    packages = tree.objects(HWLOC_OBJ_PACKAGE).count
    numaNodes = tree.objects(HWLOC_OBJ_NUMANODE).count { hwloc_bitmap_iszero($0.pointee.cpuset) == 0 }
    level1CacheBytes = tree.cacheBytes(HWLOC_OBJ_L1CACHE)
    level2CacheBytes = tree.cacheBytes(HWLOC_OBJ_L2CACHE)
    level3CacheBytes = tree.cacheBytes(HWLOC_OBJ_L3CACHE)
    self.quota = quota
    isThisMachine = hwloc_topology_is_thissystem(tree.raw) != 0
    self.tree = tree
  }

  /// Workers to start when nobody asks for a number: one per core, but no more than the CPU quota can feed.
  package var defaultWorkers: Int {
    guard let quota, quota < Double(cores.count) else { return cores.count }
    return max(1, Int(quota.rounded(.up)))
  }

  /// Whether pinning helps. Below the full core count of a quota the cores are shared with other control groups,
  /// and workers pinned there would queue behind whoever else picked the same core.
  package var pinningAdvised: Bool {
    isThisMachine && (quota ?? .infinity) >= Double(cores.count)
  }

  /// Hardware thread for each of `workers` workers: spread evenly over the cores in tree order; more workers than
  /// cores start again at the first.
  package func placement(workers: Int) -> [Int] {
    precondition(workers >= 1, "at least one worker")
    let count = cores.count
    return (0..<workers).map { workers < count ? cores[$0 * count / workers] : cores[$0 % count] }
  }

  /// Binds the calling thread to one hardware thread; false when the system refuses.
  package func bindCallingThread(to hardwareThread: Int) -> Bool {
    tree.bindCallingThread(to: hardwareThread)
  }

  /// One line for people: what the CPU paths can use.
  package var description: String {
    var parts = [
      counted(packages, "package"), counted(numaNodes, "NUMA node"),
      "\(counted(cores.count, "core")) with \(counted(hardwareThreads, "hardware thread"))",
    ]
    let caches = [("L1d", level1CacheBytes), ("L2", level2CacheBytes), ("L3", level3CacheBytes)]
    parts += caches.filter { $0.1 > 0 }.map { "\($0.0) \($0.1 >> 10) KiB" }
    if let quota { parts.append("CPU quota \(quota)") }
    return parts.joined(separator: ", ")
  }
}

private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

// MARK: - The hwloc tree

/// Owner of one loaded hwloc topology. After loading it is only read, which hwloc allows from any thread.
private final class TopologyTree: @unchecked Sendable {
  let raw: hwloc_topology_t

  /// `configure` runs between init and load and returns hwloc's status.
  init(_ configure: (hwloc_topology_t) -> Int32) throws(BackendError) {
    var handle: hwloc_topology_t?
    guard hwloc_topology_init(&handle) == 0, let handle else {
      throw BackendError(
        .unavailable, "hwloc cannot start; is libhwloc of version 2 installed (apt install libhwloc15)?")
    }
    guard configure(handle) == 0, hwloc_topology_load(handle) == 0 else {
      hwloc_topology_destroy(handle)
      throw BackendError(
        .unavailable,
        "hwloc cannot load the processor topology. Check that /sys is mounted, that HWLOC_* variables are unset, "
          + "and that `lstopo` runs; or use --backend reference.")
    }
    raw = handle
  }

  deinit { hwloc_topology_destroy(raw) }

  /// Drops processors outside the affinity mask (taskset, Slurm), which hwloc itself does not look at.
  func restrictToAffinity() {
    guard let allowed = hwloc_bitmap_alloc() else { return }
    defer { hwloc_bitmap_free(allowed) }
    let flags = Int32(bitPattern: HWLOC_CPUBIND_PROCESS.rawValue)
    if hwloc_get_cpubind(raw, allowed, flags) == 0 { hwloc_topology_restrict(raw, allowed, 0) }
  }

  func objects(_ type: hwloc_obj_type_t) -> [hwloc_obj_t] {
    let depth = hwloc_get_type_depth(raw, type)
    return (0..<hwloc_get_nbobjs_by_depth(raw, depth)).compactMap { hwloc_get_obj_by_depth(raw, depth, $0) }
  }

  func cacheBytes(_ type: hwloc_obj_type_t) -> Int {
    guard let cache = objects(type).first, let attributes = cache.pointee.attr else { return 0 }
    return Int(attributes.pointee.cache.size)
  }

  func bindCallingThread(to hardwareThread: Int) -> Bool {
    guard let set = hwloc_bitmap_alloc() else { return false }
    defer { hwloc_bitmap_free(set) }
    hwloc_bitmap_only(set, UInt32(hardwareThread))
    let flags = Int32(bitPattern: HWLOC_CPUBIND_THREAD.rawValue | HWLOC_CPUBIND_STRICT.rawValue)
    return hwloc_set_cpubind(raw, set, flags) == 0
  }
}
