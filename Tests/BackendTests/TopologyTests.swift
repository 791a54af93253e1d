import CShims
import ScanCore
import Synchronization
import Testing

@testable import SIMDBackend

@Suite("Topology and worker pool")
struct TopologyTests {
  /// hwloc's synthetic notation: 2 packages, each 1 NUMA node, 4 caches, 4 cores per cache, 2 threads per core.
  private static let twoSockets = "pack:2 [numa] l3:4 core:4 pu:2"

  @Test("A synthetic machine is counted: cores once, hardware threads apart")
  func syntheticMachine() throws {
    let topology = try Topology.synthetic(Self.twoSockets)
    #expect(topology.cores.count == 32)
    #expect(topology.hardwareThreads == 64)
    #expect(topology.packages == 2)
    #expect(topology.numaNodes == 2)
    #expect(topology.level3CacheBytes > 0)
    #expect(topology.level2CacheBytes == 0)
    #expect(topology.defaultWorkers == 32)
    #expect(!topology.pinningAdvised, "a synthetic machine is not this one")
    #expect(topology.description.contains("32 cores with 64 hardware threads"))
  }

  @Test("One hardware thread is taken per core")
  func oneThreadPerCore() throws {
    let topology = try Topology.synthetic("pack:1 core:4 pu:2")
    #expect(topology.cores == [0, 2, 4, 6])
  }

  @Test(
    "Workers spread over the tree, and start again when there are more than cores",
    arguments: [1, 2, 4, 31, 32, 80])
  func placement(workers: Int) throws {
    let topology = try Topology.synthetic(Self.twoSockets)
    let places = topology.placement(workers: workers)
    #expect(places.count == workers)
    #expect(Set(places).count == min(workers, 32))
    if workers == 2 { #expect(places == [0, 32], "one on each package") }
  }

  @Test(
    "A CPU quota limits the default number of workers",
    arguments: [(0.5, 1), (1.0, 1), (1.5, 2), (4.0, 4), (90.0, 32)])
  func quota(limit: Double, workers: Int) throws {
    #expect(try Topology.synthetic(Self.twoSockets, quota: limit).defaultWorkers == workers)
  }

  @Test(
    "cpu.max is read as quota over period",
    arguments: [
      ("200000 100000\n", 2.0), ("50000 100000", 0.5), ("max 100000", nil), ("-1\n 100000\n", nil), ("", nil),
      ("100000 0", nil), ("nan 1", nil),
    ] as [(String, Double?)])
  func quotaNotation(text: String, expected: Double?) {
    #expect(CPUQuota.parse(text) == expected)
  }

  @Test(
    "A malformed description is an error that names hwloc", arguments: ["core:0", "nonsense", "core:2 pu"])
  func malformed(text: String) {
    #expect { try Topology.synthetic(text) } throws: { error in
      guard let error = error as? BackendError else { return false }
      return error.kind == .unavailable && error.message.contains("hwloc")
    }
  }

  @Test("This machine has cores, threads and caches in sane numbers")
  func thisMachine() throws {
    let topology = try Topology.current()
    #expect(topology.isThisMachine)
    #expect(topology.cores.count >= 1)
    #expect(topology.hardwareThreads >= topology.cores.count)
    #expect(Set(topology.cores).count == topology.cores.count)
    #expect((1...topology.cores.count).contains(topology.defaultWorkers))
  }
}

@Suite("Worker pool")
struct WorkerPoolTests {
  @Test(
    "Every block runs exactly once, whatever the number of workers",
    arguments: [1, 2, 3, 8], [0, 1, 2, 7, 1000])
  func everyBlockOnce(workers: Int, blocks: Int) throws {
    let pool = try WorkerPool(topology: .current(), workers: workers)
    let counts = Mutex([Int](repeating: 0, count: blocks))
    pool.run(blocks: blocks) { block, worker in
      counts.withLock { $0[block] += worker >= 0 && worker < workers ? 1 : 1000 }
    }
    #expect(counts.withLock { $0 } == [Int](repeating: 1, count: blocks))
  }

  @Test("A worker index is never in use twice at a time")
  func exclusiveWorkerIndex() throws {
    let pool = try WorkerPool(topology: .current(), workers: 4)
    let inUse = Mutex([Bool](repeating: false, count: 4))
    let clashes = Atomic<Int>(0)
    pool.run(blocks: 2000) { _, worker in
      if inUse.withLock({ swap(&$0[worker], true) }) { clashes.add(1, ordering: .relaxed) }
      if inUse.withLock({ !swap(&$0[worker], false) }) { clashes.add(1, ordering: .relaxed) }
    }
    #expect(clashes.load(ordering: .relaxed) == 0)
  }

  @Test("Jobs posted from several threads take turns")
  func concurrentCallers() async throws {
    let pool = try WorkerPool(topology: .current(), workers: 2)
    let total = await withTaskGroup(of: Int.self) { group in
      for caller in 1...6 {
        group.addTask {
          let sum = Atomic<Int>(0)
          for _ in 0..<50 { pool.run(blocks: 10) { block, _ in sum.add(caller * block, ordering: .relaxed) } }
          return sum.load(ordering: .relaxed)
        }
      }
      return await group.reduce(0, +)
    }
    #expect(total == 50 * 45 * (1 + 2 + 3 + 4 + 5 + 6))
  }

  @Test("Pinned workers stay on their hardware thread")
  func pinning() throws {
    let topology = try Topology.current()
    let pool = try WorkerPool(topology: topology, workers: topology.cores.count, pin: true)
    try #require(pool.pinnedWorkers == pool.workerCount, "\(pool.summary)")
    let seen = Mutex([Int: Set<Int>]())
    pool.run(blocks: 500) { _, worker in
      let unit = Int(cshims_current_processing_unit())
      seen.withLock { _ = $0[worker, default: []].insert(unit) }
    }
    let places = topology.placement(workers: pool.workerCount)
    for (worker, units) in seen.withLock({ $0 }) {
      #expect(units == [places[worker]], "worker \(worker) ran on \(units)")
    }
    #expect(pool.summary.hasSuffix(", pinned"))
  }

  @Test("Workers of a foreign topology run unpinned and say so")
  func unpinned() throws {
    let pool = try WorkerPool(topology: .synthetic("pack:1 core:2 pu:1"))
    #expect(pool.workerCount == 2)
    #expect(pool.pinnedWorkers == 0)
    #expect(pool.summary == "2 workers, not pinned")
  }

  @Test("Binding to a hardware thread that does not exist is refused, and the pool still works")
  func refusedBinding() throws {
    let topology = try Topology.current()
    #expect(!topology.bindCallingThread(to: 1 << 20))
  }

  @Test("Unusable numbers of workers are an error", arguments: [0, -3, 1_000_000])
  func workerCount(workers: Int) {
    #expect { try WorkerPool(topology: .current(), workers: workers) } throws: { error in
      (error as? BackendError)?.message.contains("\(workers) workers were asked for") == true
    }
  }
}

/// Sets a flag and returns what it was.
private func swap(_ flag: inout Bool, _ value: Bool) -> Bool {
  defer { flag = value }
  return flag
}
