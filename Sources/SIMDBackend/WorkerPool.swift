import CShims
import Glibc
import ScanCore
import Synchronization

/// Threads that live as long as the pool, one per usable core and pinned to it where that helps.
///
/// A job is a number of blocks; workers draw block numbers from one atomic counter, so the load is even whatever
/// the blocks cost. Blocks own what they write: results do not depend on the number of workers.
package final class WorkerPool: Sendable {
  package let workerCount: Int
  /// How many workers the system agreed to pin.
  package let pinnedWorkers: Int
  private let state: PoolState
  private let threads: [pthread_t]

  /// - Parameters:
  ///   - topology: where the workers go
  ///   - workers: how many; nil takes `topology.defaultWorkers`
  ///   - pin: nil takes `topology.pinningAdvised`
  package init(topology: Topology, workers: Int? = nil, pin: Bool? = nil) throws(BackendError) {
    let count = workers ?? topology.defaultWorkers
    guard (1...Self.maximumWorkers).contains(count) else {
      throw BackendError(
        .unavailable,
        "\(count) workers were asked for; the number must lie between 1 and \(Self.maximumWorkers). Leave it out to "
          + "take one per usable core (\(topology.defaultWorkers) here).")
    }
    let pinned = pin ?? topology.pinningAdvised
    let state = PoolState()
    var threads: [pthread_t] = []
    for (index, unit) in topology.placement(workers: count).enumerated() {
      let seat = WorkerSeat(
        state: state, index: index, topology: topology, hardwareThread: pinned ? unit : nil)
      guard let thread = startThread(seat) else {
        state.stop(threads)
        throw BackendError(
          .unavailable,
          "The system refuses to start worker thread \(index + 1) of \(count). Raise the limit on threads "
            + "(ulimit -u) or ask for fewer workers with --workers.")
      }
      threads.append(thread)
    }
    pinnedWorkers = state.awaitArrival(of: count)
    workerCount = count
    self.state = state
    self.threads = threads
  }

  package static let maximumWorkers = 4096

  deinit { state.stop(threads) }

  /// Calls `body(block, worker)` once for every block in 0 ..< blocks and returns when all calls have returned.
  /// `worker` is below `workerCount` and never in use twice at a time: it indexes scratch space. Calls from several
  /// threads take turns. A body must not call `run` on its own pool.
  package func run(blocks: Int, body: @Sendable (_ block: Int, _ worker: Int) -> Void) {
    precondition(
      !threads.contains { pthread_equal($0, pthread_self()) != 0 }, "run called from a worker of the pool")
    guard blocks > 0 else { return }
    withoutActuallyEscaping(body) { body in
      var job = Job(blocks: blocks, body: body)
      withUnsafeMutablePointer(to: &job) { state.execute($0, workers: workerCount) }
    }
  }

  /// "2 workers, pinned" or why not.
  package var summary: String {
    let noun = workerCount == 1 ? "worker" : "workers"
    switch pinnedWorkers {
    case workerCount: return "\(workerCount) \(noun), pinned"
    case 0: return "\(workerCount) \(noun), not pinned"
    default: return "\(workerCount) \(noun), \(pinnedWorkers) of them pinned"
    }
  }
}

// MARK: - Threads

/// One job; lives on the stack of the thread that waits in `run`.
private struct Job {
  let blocks: Int
  let body: @Sendable (Int, Int) -> Void
}

/// What a worker thread is told when it starts.
private final class WorkerSeat: Sendable {
  let state: PoolState
  let index: Int
  let topology: Topology
  let hardwareThread: Int?

  init(state: PoolState, index: Int, topology: Topology, hardwareThread: Int?) {
    self.state = state
    self.index = index
    self.topology = topology
    self.hardwareThread = hardwareThread
  }
}

private func startThread(_ seat: WorkerSeat) -> pthread_t? {
  let context = Unmanaged.passRetained(seat)
  var thread = pthread_t()
  guard pthread_create(&thread, nil, workerMain, context.toOpaque()) == 0 else {
    context.release()
    return nil
  }
  return thread
}

/// Entry point of the workers; a plain function, since a closure could carry an actor's isolation with it.
private func workerMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  let seat = Unmanaged<WorkerSeat>.fromOpaque(context).takeRetainedValue()
  cshims_name_thread("upscatter-\(seat.index)")
  let pinned = seat.hardwareThread.map { seat.topology.bindCallingThread(to: $0) } ?? false
  seat.state.serve(worker: seat.index, pinned: pinned)
  return nil
}

/// The part of a pool its threads share: a job, a block counter and the two conditions to wait for.
private final class PoolState: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let jobPosted = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let workersIdle = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let nextBlock = Atomic<Int>(0)
  private let turn = Mutex(())

  // guarded by `mutex`
  private var job: UnsafeMutablePointer<Job>?
  private var generation = 0
  private var busy = 0
  private var arrived = 0
  private var pinned = 0
  private var stopping = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(jobPosted, nil)
    pthread_cond_init(workersIdle, nil)
  }

  deinit {
    pthread_cond_destroy(workersIdle)
    pthread_cond_destroy(jobPosted)
    pthread_mutex_destroy(mutex)
    workersIdle.deallocate()
    jobPosted.deallocate()
    mutex.deallocate()
  }

  /// Waits until all workers have started; returns how many of them are pinned.
  func awaitArrival(of workers: Int) -> Int {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while arrived < workers { pthread_cond_wait(workersIdle, mutex) }
    return pinned
  }

  /// Posts a job and waits for its end. A single block runs on the calling thread: waking a worker costs more.
  func execute(_ job: UnsafeMutablePointer<Job>, workers: Int) {
    turn.withLock { _ in
      if job.pointee.blocks == 1 {
        job.pointee.body(0, 0)
        return
      }
      nextBlock.store(0, ordering: .relaxed)
      pthread_mutex_lock(mutex)
      self.job = job
      generation += 1
      busy = workers
      pthread_cond_broadcast(jobPosted)
      while busy > 0 { pthread_cond_wait(workersIdle, mutex) }
      self.job = nil
      pthread_mutex_unlock(mutex)
    }
  }

  /// The life of a worker: report, then job after job until the pool stops.
  func serve(worker: Int, pinned: Bool) {
    var seen = 0
    pthread_mutex_lock(mutex)
    arrived += 1
    if pinned { self.pinned += 1 }
    pthread_cond_signal(workersIdle)
    while true {
      while generation == seen && !stopping { pthread_cond_wait(jobPosted, mutex) }
      if stopping { break }
      seen = generation
      let current = job
      pthread_mutex_unlock(mutex)
      if let current { drawBlocks(of: current, worker: worker) }
      pthread_mutex_lock(mutex)
      busy -= 1
      if busy == 0 { pthread_cond_signal(workersIdle) }
    }
    pthread_mutex_unlock(mutex)
  }

  /// Not inlined: no reference to the caller's closure may outlive this call.
  @inline(never)
  private func drawBlocks(of job: UnsafeMutablePointer<Job>, worker: Int) {
    let blocks = job.pointee.blocks
    while true {
      let block = nextBlock.wrappingAdd(1, ordering: .relaxed).oldValue
      if block >= blocks { return }
      job.pointee.body(block, worker)
    }
  }

  func stop(_ threads: [pthread_t]) {
    pthread_mutex_lock(mutex)
    stopping = true
    pthread_cond_broadcast(jobPosted)
    pthread_mutex_unlock(mutex)
    for thread in threads { pthread_join(thread, nil) }
  }
}
