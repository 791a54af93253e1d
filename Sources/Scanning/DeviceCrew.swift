import Foundation
import ScanCore
import Statistics

/// The devices of a scan, two threads each, and what they share: the queue of rows, the results that wait for their
/// turn, and what went wrong.
///
/// While one thread of a device prepares, checks or hands over rows, the device computes for the other. First the minima of all rows are found, then the statistic of the grid. The owner waits for results on its own
/// thread; devices work ahead of it as far as the window of the queue allows.
final class DeviceCrew: @unchecked Sendable {
  let plan: ScanPlan
  let checker: SpotChecker
  private let rows: Range<Int>
  private let kept: KeptRows
  private let backends: [any Backend]
  private let schedule: ScanSchedule
  private let clock = ContinuousClock()
  private let start = ContinuousClock().now
  private let condition = NSCondition()

  // guarded by `condition`
  private var stage = Stage.minima
  private var queue: RowQueue
  private var products: [Int: Product] = [:]
  private var messages: [String] = []
  private var shares: [DeviceShare]
  private var fatal: (any Error)?
  private var running = 0

  /// - Parameters:
  ///   - rows: of the grid, to be computed
  ///   - kept: those that are finished already, and where others are kept as they are finished
  init(
    plan: ScanPlan, rows: Range<Int>, kept: KeptRows, backends: [any Backend], checker: SpotChecker,
    schedule: ScanSchedule
  ) {
    self.plan = plan
    self.rows = rows
    self.kept = kept
    self.backends = backends
    self.checker = checker
    self.schedule = schedule
    shares = backends.map { DeviceShare(identity: $0.identity) }
    queue = RowQueue(
      rows: rows, finished: kept.fitted, window: rows.count,
      limits: backends.map { _ in ScanSchedule.minimumLimits(of: plan) },
      runSeconds: schedule.runSeconds)
  }

  /// Devices still in the scan and those that were dropped, in the order they were given.
  var deviceShares: [DeviceShare] { locked { shares } }

  private func locked<T>(_ body: () throws -> T) rethrows -> T {
    condition.lock()
    defer { condition.unlock() }
    return try body()
  }

  private var now: Double { (clock.now - start) / .seconds(1) }

  // MARK: - For the owner

  func startThreads() throws(ScanError) {
    for device in backends.indices {
      guard begin({ self.load(device) }) else {
        throw ScanError(
          "The system refuses to start a thread for \(backends[device].identity). Raise the limit on threads "
            + "(ulimit -u) or name fewer devices.")
      }
    }
  }

  /// Starts a thread that `stop` waits for.
  private func begin(_ body: @escaping @Sendable () -> Void) -> Bool {
    locked { running += 1 }
    let isStarted = startThread {
      body()
      self.locked {
        self.running -= 1
        self.condition.broadcast()
      }
    }
    if !isStarted { locked { running -= 1 } }
    return isStarted
  }

  /// Opens the second stage.
  func beginStatistic() {
    locked {
      let preferred = backends.map(\.preferredTilePoints)
      queue = RowQueue(
        rows: rows, finished: kept.computed, window: schedule.window(of: plan, preferred: preferred),
        limits: preferred.map { schedule.limits(of: plan, preferred: $0, among: preferred) },
        runSeconds: schedule.runSeconds)
      for device in shares.indices where shares[device].dropped != nil { queue.drop(device) }
      stage = .statistic
      condition.broadcast()
    }
  }

  /// Waits for the minima that begin with `row`, in the first stage.
  /// - Throws: what ended the scan: the last device's failure, one of the reference or of the store; `ScanStopped`
  func minima(from row: Int, _ watch: ScanWatch) throws -> [RowMinimum] {
    try product(from: row, watch) { if case .minima(let minima) = $0 { minima } else { nil } }
  }

  /// Waits for the rows that begin with `row`, in the second stage.
  /// - Throws: as `minima`
  func rows(from row: Int, _ watch: ScanWatch) throws -> FinishedRows {
    try product(from: row, watch) { if case .rows(let rows) = $0 { rows } else { nil } }
  }

  private func product<T>(from row: Int, _ watch: ScanWatch, as read: (Product) -> T?) throws -> T {
    while true {
      if watch.isStopped() { throw ScanStopped() }
      let (news, found): ([String], T?) = try locked {
        if messages.isEmpty && products[row] == nil && fatal == nil {
          _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1))
        }
        defer { messages = [] }
        if messages.isEmpty, let fatal { throw fatal }
        return (messages, products.removeValue(forKey: row).flatMap(read))
      }
      news.forEach(watch.report)
      if let found { return found }
    }
  }

  /// The owner has done with all rows below `row`.
  func deliver(upTo row: Int) {
    locked {
      queue.deliver(upTo: row)
      condition.broadcast()
    }
  }

  /// Sends the devices home and waits for them; one that does not come back in time is left behind.
  func stop(report: (String) -> Void) {
    let missing: [DeviceShare] = locked {
      stage = .stopped
      condition.broadcast()
      let deadline = Date(timeIntervalSinceNow: schedule.patience)
      while running > 0 && condition.wait(until: deadline) {}
      return shares.filter { $0.isBusy }
    }
    for share in missing {
      report("\(share.identity) has not come back from its last rows and is left behind.")
    }
  }

  // MARK: - For the devices

  private func load(_ index: Int) {
    locked { shares[index].begin(at: now) }
    let backend = backends[index]
    do throws(BackendError) {
      let device = try ScanDevice(
        backend, plan: plan, tileRows: schedule.tileRows(of: plan, preferred: backend.preferredTilePoints))
      locked { shares[index].end(at: now) }
      _ = begin { self.serve(index, device) }  // without a second thread the first does it all
      serve(index, device)
    } catch {
      drop(index, error)
    }
  }

  private func serve(_ index: Int, _ device: ScanDevice) {
    var device = device
    do {
      while let work = take(index) {
        try give(try compute(work, on: &device, watch(work, by: index)), of: work, by: index)
      }
    } catch let error as ReferenceFailure {
      end(index, error.error)
    } catch let error as StoreFailure {
      end(index, error.error)
    } catch {
      drop(index, error)
    }
  }

  /// What a device is not to blame for ends the scan.
  private func end(_ index: Int, _ error: any Error) {
    locked {
      shares[index].end(at: now)
      fatal = fatal ?? error
      condition.broadcast()
    }
  }

  private func watch(_ work: Work, by index: Int) -> ScanDevice.Watch {
    ScanDevice.Watch(
      isWanted: { self.locked { self.stage == work.stage && self.queue.isWanted(work.run) } },
      report: { message in
        self.locked {
          if self.shares[index].dropped != nil { return }
          self.messages.append(message)
          self.condition.broadcast()
        }
      })
  }

  /// The next rows for a device; nil when it can go home.
  private func take(_ index: Int) -> Work? {
    locked {
      while stage != .stopped && fatal == nil && shares[index].dropped == nil {
        let now = now
        switch queue.next(for: index, now: now) {
        case .compute(let run):
          shares[index].begin(at: now)
          return Work(stage: stage, run: run)
        case .wait(let until?):
          _ = condition.wait(until: Date(timeIntervalSinceNow: max(until - now, 1e-3)))
        case .wait(nil), .done: condition.wait()
        }
      }
      return nil
    }
  }

  /// The checked result of a run; nil when it is no longer wanted.
  private func compute(
    _ work: Work, on device: inout ScanDevice, _ watch: ScanDevice.Watch
  ) throws -> Product? {
    let rows = work.run.rows
    if work.stage == .minima {
      guard let minima = try device.minima(rows: rows, watch) else { return nil }
      try checker.check(minima, rows: rows, of: device.identity)
      return .minima(minima)
    }
    var done = FinishedRows(at: rows.lowerBound)
    let identity = device.identity
    let isWhole = try device.evaluate(rows: rows, watch) { answer in
      done.spotDifferences.merge(try checker.check(answer, of: identity)) { $1 }
      done.rows.append(answer)
    }
    return isWhole ? .rows(done) : nil
  }

  /// Keeps a result, then hands it over; the second result of the same rows goes nowhere.
  private func give(_ product: Product?, of work: Work, by index: Int) throws {
    let isFirst = locked {
      guard product != nil, stage == work.stage else { return false }
      return queue.finish(work.run, by: index, now: now)
    }
    if isFirst, let product { try kept.save(product, rows: work.run.rows) }
    locked {
      shares[index].end(at: now)
      guard isFirst, let product else { return }
      if case .rows = product {
        shares[index].add(rows: work.run.rows.count, columns: plan.couplings.count)
      }
      products[work.run.rows.lowerBound] = product
      condition.broadcast()
    }
  }

  private func drop(_ index: Int, _ error: any Error) {
    locked {
      shares[index].end(at: now)
      guard stage != .stopped, shares[index].dropped == nil else { return }
      let reason = (error as? DeviceFault)?.message ?? "\(error)"
      shares[index].dropped = reason
      queue.drop(index)
      if shares.allSatisfy({ $0.dropped != nil }) {
        fatal = fatal ?? Self.lastFailure(error, devices: shares.count)
      } else {
        messages.append("\(shares[index].identity) is dropped, other devices compute its rows: \(reason)")
      }
      condition.broadcast()
    }
  }
}
