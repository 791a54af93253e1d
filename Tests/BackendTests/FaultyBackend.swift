import Foundation
import ScanCore
import Synchronization

/// A backend that computes as another does until its fault sets in.
struct FaultyBackend: Backend {
  enum Fault: Sendable {
    /// Every call after the first `after` fails.
    case fails(BackendError.Kind, after: Int)
    /// Tiles of more points do not fit.
    case memory(points: Int)
    /// Statistics are multiplied by 1 + `relative` after `after` calls.
    case wrong(relative: Double, after: Int)
    /// Points that claim not to have converged, after `after` calls.
    case unconverged(after: Int)
    /// Every call takes this much longer, seconds.
    case slow(Double)
    /// Calls after the first `after` wait until the gate opens.
    case hangs(after: Int, Gate)
    case refusesToLoad
  }

  /// Where hung calls wait, so that a test can end their threads.
  final class Gate: Sendable {
    private let isOpen = Atomic<Bool>(false)
    func open() { isOpen.store(true, ordering: .releasing) }
    func wait() { while !isOpen.load(ordering: .acquiring) { Thread.sleep(forTimeInterval: 0.002) } }
  }

  /// What a device was asked to do, over all its plans. (NSLock: the thread sanitizer does not see through `Mutex`.)
  final class Log: @unchecked Sendable {
    private let lock = NSLock()
    private var entries = (calls: 0, largestMass: 0.0)
    var calls: Int { lock.withLock { entries.calls } }
    /// MeV
    var largestMass: Double { lock.withLock { entries.largestMass } }

    /// Notes a call and returns its number, from 0.
    fileprivate func note(_ masses: [Double]) -> Int {
      lock.withLock {
        entries.calls += 1
        entries.largestMass = max(entries.largestMass, masses.max() ?? 0)
        return entries.calls - 1
      }
    }
  }

  let base: any Backend
  let fault: Fault
  /// Only tiles of this many columns are noted and spoiled; nil: all.
  let columns: Int?
  let log = Log()

  init(_ base: any Backend, _ fault: Fault, columns: Int? = nil) {
    self.base = base
    self.fault = fault
    self.columns = columns
  }

  var identity: BackendIdentity {
    var identity = base.identity
    identity.device = "faulty " + identity.device
    return identity
  }
  var preferredTilePoints: Int { base.preferredTilePoints }

  func load(_ plan: RatePlan) throws(BackendError) -> any LoadedRates {
    if case .refusesToLoad = fault { throw BackendError(.buildFailure, "planted: no kernel.") }
    return try base.load(plan)
  }
  func load(_ plan: LikelihoodPlan) throws(BackendError) -> any LoadedProfile {
    Profile(base: try base.load(plan), owner: self)
  }
  func load(
    _ rates: RatePlan, _ likelihood: LikelihoodPlan
  ) throws(BackendError) -> any LoadedPointwise {
    Pointwise(base: try base.load(rates, likelihood), owner: self)
  }
  func load(_ plan: JointPlan) throws(BackendError) -> any LoadedJoint { try base.load(plan) }

  func load(_ plan: PulledRatePlan) throws(BackendError) -> any LoadedPulledRates {
    PulledRates(base: try base.load(plan), owner: self)
  }

  private struct Profile: LoadedProfile {
    let base: any LoadedProfile
    let owner: FaultyBackend
    func evaluate(_ tile: Tile, templates: [Double]) throws(BackendError) -> ProfileResult {
      try owner.spoil(tile) { () throws(BackendError) in try base.evaluate(tile, templates: templates) }
    }
  }

  private struct Pointwise: LoadedPointwise {
    let base: any LoadedPointwise
    let owner: FaultyBackend
    func evaluate(_ tile: Tile) throws(BackendError) -> ProfileResult {
      try owner.spoil(tile) { () throws(BackendError) in try base.evaluate(tile) }
    }
  }

  /// Non-linear pulls are profiled on the host: only their rates can fail or be wrong.
  private struct PulledRates: LoadedPulledRates {
    let base: any LoadedPulledRates
    let owner: FaultyBackend
    func evaluate(masses: [Double], pulls: [Double]) throws(BackendError) -> [Double] {
      let call = try owner.begin(masses)
      let events = try base.evaluate(masses: masses, pulls: pulls)
      if case .wrong(let relative, let after) = owner.fault, call >= after {
        return events.map { $0 * (1 + relative) }
      }
      return events
    }
  }

  private func spoil(
    _ tile: Tile, _ evaluate: () throws(BackendError) -> ProfileResult
  ) throws(BackendError) -> ProfileResult {
    if let columns, columns != tile.columns { return try evaluate() }
    let call = try begin(tile.masses)
    if case .memory(let points) = fault, tile.count > points {
      throw BackendError(.outOfMemory, "planted: \(tile.count) points do not fit.")
    }
    var result = try evaluate()
    switch fault {
    case .wrong(let relative, let after) where call >= after:
      result.statistic = result.statistic.map { $0 * (1 + relative) }
    case .unconverged(let after) where call >= after: result.unconverged = 1
    default: break
    }
    return result
  }

  /// Notes a call, fails, waits or hangs as the fault will have it; returns the number of the call.
  private func begin(_ masses: [Double]) throws(BackendError) -> Int {
    let call = log.note(masses)
    switch fault {
    case .fails(let kind, let after) where call >= after:
      throw BackendError(kind, "planted failure of call \(call).")
    case .hangs(let after, let gate) where call >= after: gate.wait()
    case .slow(let seconds): Thread.sleep(forTimeInterval: seconds)
    default: break
    }
    return call
  }
}
