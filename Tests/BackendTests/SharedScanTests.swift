import Foundation
import OpenCLBackend
import ReferenceBackend
import SIMDBackend
import ScanCore
import Scanning
import Testing
import Verification

/// One scan on several devices: the same bytes whoever computes, fails or dawdles.
@Suite("Shared scans", .serialized)
struct SharedScanTests {
  /// Everything a scan hands over, and what it said on the way.
  private struct Outcome {
    var rows: [Range<Int>] = []
    var statistic: [Double] = []
    var pulls: [Double] = []
    var messages: [String] = []
    var progress: [Int] = []
    var summary: ScanSummary?

    /// Bit patterns: NaN and -0 count.
    func isSame(as other: Outcome) -> Bool {
      statistic.map(\.bitPattern) == other.statistic.map(\.bitPattern)
        && pulls.map(\.bitPattern) == other.pulls.map(\.bitPattern)
        && summary?.minimumStatistic == other.summary?.minimumStatistic
        && summary?.minimumCoupling == other.summary?.minimumCoupling
        && summary?.spotCheck == other.summary?.spotCheck
    }
  }

  private static let rows = 90
  /// The search for minima uses tiles of other widths.
  private static let gridColumns = couplings.count
  private static let couplings = (0..<31).map { 1e-8 * Double(1 + $0 * $0) }

  private static func plan(_ job: ScanJob, dof: Int) -> ScanPlan {
    let base = AwkwardPlans.selfCheck
    return ScanPlan(
      rates: base.rates, likelihood: base.likelihood, masses: (0..<rows).map { 0.5 + 0.5 * Double($0) },
      couplings: couplings, job: job, degreesOfFreedom: dof)
  }

  /// Short runs of short tiles, so that every device meets many.
  private static let schedule = ScanSchedule(
    tilePoints: 62, runSeconds: 0.004, runPoints: 124, memoryBytes: 1 << 16)

  private static func scan(
    _ devices: [any Backend], job: ScanJob = .factored, dof: Int = 1, schedule: ScanSchedule = schedule
  ) throws -> Outcome {
    try scan(plan(job, dof: dof), devices, schedule: schedule)
  }

  private static func scan(
    _ plan: ScanPlan, _ devices: [any Backend], schedule: ScanSchedule
  ) throws -> Outcome {
    var outcome = Outcome()
    let driver = ScanDriver(
      plan: plan, devices: devices, reference: ReferenceBackend(), schedule: schedule)
    let watch = ScanWatch(
      report: { outcome.messages.append($0) }, progress: { outcome.progress.append($0) })
    let summary = try driver.run(watch: watch) {
      outcome.rows.append($0.range)
      outcome.statistic += $0.statistic
      outcome.pulls += $0.pulls
    }
    outcome.summary = summary
    return outcome
  }

  private static func cpu() throws -> CPUBackend { try CPUBackend(workers: 1) }

  /// A healthy device and a faulty one; the healthy one is held back so that both have work.
  /// - Parameter columns: nil lets the fault act in every call, also in the search for minima; `gridColumns` only there
  private static func scan(
    with fault: FaultyBackend.Fault, job: ScanJob = .factored, columns: Int? = nil,
    schedule: ScanSchedule = schedule
  ) throws -> Outcome {
    try scan(
      [FaultyBackend(cpu(), .slow(0.002)), FaultyBackend(cpu(), fault, columns: columns)], job: job,
      schedule: schedule)
  }

  // MARK: - Healthy devices

  @Test("Rows arrive in order, each once, with progress that ends at the whole grid", arguments: [1, 2, 3])
  func order(devices: Int) throws {
    let outcome = try Self.scan((0..<devices).map { _ in try Self.cpu() })
    #expect(outcome.rows.flatMap { Array($0) } == Array(0..<Self.rows))
    #expect(outcome.progress == outcome.progress.sorted())
    #expect(outcome.progress.last == Self.rows * Self.couplings.count)
    #expect(outcome.messages.isEmpty)
    #expect(outcome.summary?.devices.reduce(0) { $0 + $1.rows } == Self.rows)
  }

  @Test("Two and three devices give the bytes of one", arguments: ScanJob.allCases, [1, 2])
  func same(job: ScanJob, dof: Int) throws {
    let alone = try Self.scan([Self.cpu()], job: job, dof: dof, schedule: ScanSchedule())
    for count in 2...3 {
      let shared = try Self.scan((0..<count).map { _ in try Self.cpu() }, job: job, dof: dof)
      #expect(shared.isSame(as: alone))
    }
  }

  @Test("simd and all OpenCL devices in double precision share a scan, same bytes", .enabled(if: hasOpenCL))
  func openCL() throws {
    let able = OpenCLPlatforms.devices.filter { $0.precisions.contains(.double) }
    let devices: [any Backend] =
      try [Self.cpu()] + able.map { try OpenCLBackend($0, precision: .double) }
    let slowed = devices.map { FaultyBackend($0, .slow(0.002)) }
    let shared = try Self.scan(slowed)
    #expect(shared.isSame(as: try Self.scan([Self.cpu()])))
    #expect(shared.messages.isEmpty)
  }

  @Test("A slow device slows nobody: the fast one does most rows", arguments: ScanJob.allCases)
  func slow(job: ScanJob) throws {
    let outcome = try Self.scan(with: .slow(0.05), job: job)
    #expect(outcome.isSame(as: try Self.scan([Self.cpu()], job: job)))
    let shares = try #require(outcome.summary?.devices)
    #expect(shares[0].rows > 4 * shares[1].rows)
    #expect(shares.allSatisfy { $0.dropped == nil })
  }

  // MARK: - Devices that fail

  /// When a fault sets in: after some calls of any kind (the first ones search for minima), or of the grid only.
  struct FaultTime: Sendable, CustomTestStringConvertible {
    var after: Int
    var columns: Int?
    var testDescription: String { "call \(after) \(columns == nil ? "of all" : "of the grid")" }
  }
  static let faultTimes =
    [0, 3].map { FaultTime(after: $0) } + [0, 1, 4].map { FaultTime(after: $0, columns: gridColumns) }

  @Test(
    "A device that fails after some calls is dropped with a message, and the bytes stay",
    arguments: [BackendError.Kind.deviceFailure, .outOfMemory, .unavailable], faultTimes)
  func failure(kind: BackendError.Kind, time: FaultTime) throws {
    let outcome = try Self.scan(with: .fails(kind, after: time.after), columns: time.columns)
    #expect(outcome.isSame(as: try Self.scan([Self.cpu()])))
    let drops = outcome.messages.filter { $0.contains("faulty") && $0.contains("is dropped") }
    #expect(drops.count == 1, "\(outcome.messages)")
    #expect(drops.allSatisfy { $0.contains("planted failure") })
    #expect(outcome.summary?.devices.map { $0.dropped == nil } == [true, false])
  }

  @Test(
    "A device that computes wrong numbers is dropped before a wrong row is delivered",
    arguments: ScanJob.allCases, faultTimes)
  func wrong(job: ScanJob, time: FaultTime) throws {
    for relative in [1e-7, -0.5, .nan] {
      let outcome = try Self.scan(
        with: .wrong(relative: relative, after: time.after), job: job, columns: time.columns)
      #expect(outcome.isSame(as: try Self.scan([Self.cpu()], job: job)))
      #expect(outcome.messages.count == 1, "\(outcome.messages)")
      #expect(outcome.summary?.devices[1].dropped != nil)
      #expect(outcome.summary?.spotCheck.passed == true)
    }
  }

  @Test("A device whose minimisation does not converge is dropped")
  func unconverged() throws {
    let outcome = try Self.scan(with: .unconverged(after: 3), columns: Self.gridColumns)
    #expect(outcome.isSame(as: try Self.scan([Self.cpu()])))
    #expect(outcome.messages.first?.contains("did not converge") == true)
  }

  @Test("A device that does not load is dropped")
  func load() throws {
    let outcome = try Self.scan(with: .refusesToLoad)
    #expect(outcome.isSame(as: try Self.scan([Self.cpu()])))
    #expect(outcome.messages.first?.contains("planted: no kernel.") == true)
    #expect(outcome.summary?.devices[1].rows == 0)
  }

  @Test("A device without memory for a tile goes on with smaller ones", arguments: [31, 70, 200])
  func memory(points: Int) throws {
    var schedule = Self.schedule
    schedule.tilePoints = 31 * 16
    schedule.runPoints = 31 * 16
    let outcome = try Self.scan([FaultyBackend(Self.cpu(), .memory(points: points))], schedule: schedule)
    #expect(outcome.isSame(as: try Self.scan([Self.cpu()])))
    #expect(outcome.summary?.devices[0].dropped == nil)
    #expect(!outcome.messages.isEmpty && outcome.messages.allSatisfy { $0.contains("rows at a time") })
  }

  @Test("A device without memory for one row is dropped")
  func noMemory() throws {
    let outcome = try Self.scan(with: .memory(points: 30))
    #expect(outcome.isSame(as: try Self.scan([Self.cpu()])))
    #expect(outcome.messages.last?.contains("is dropped") == true)
  }

  @Test("A device that hangs is left behind", arguments: faultTimes)
  func hang(time: FaultTime) throws {
    let gate = FaultyBackend.Gate()
    defer { gate.open() }
    var impatient = Self.schedule
    impatient.patience = 1
    let outcome = try Self.scan(
      with: .hangs(after: time.after, gate), columns: time.columns, schedule: impatient)
    #expect(outcome.isSame(as: try Self.scan([Self.cpu()])))
    #expect(outcome.messages.count == 1, "\(outcome.messages)")
    #expect(outcome.messages.first?.contains("left behind") == true)
  }

  @Test("Two of three devices fail in different ways")
  func two() throws {
    let devices: [any Backend] = [
      FaultyBackend(try Self.cpu(), .wrong(relative: 1e-6, after: 2), columns: Self.gridColumns),
      FaultyBackend(try Self.cpu(), .slow(0.002)),
      FaultyBackend(try Self.cpu(), .fails(.deviceFailure, after: 3), columns: Self.gridColumns),
    ]
    let outcome = try Self.scan(devices)
    #expect(outcome.isSame(as: try Self.scan([Self.cpu()])))
    #expect(outcome.summary?.devices.map { $0.dropped == nil } == [false, true, false])
  }

  @Test("Non-linear pulls: a device that fails or is wrong ends its scan, or leaves it with the same bytes")
  func pulled() throws {
    let analysis = try PulledProfileTests.planned.get()
    let plan = ScanPlan(
      rates: analysis.signalPlan, likelihood: analysis.likelihood, pulled: analysis.pulled, masses: [1, 30],
      couplings: [4e-7, 2e-6], job: .factored, degreesOfFreedom: 1)
    let schedule = ScanSchedule(tilePoints: 2, runSeconds: 0.001, runPoints: 2)
    let sound = try Self.scan(plan, [Self.cpu()], schedule: schedule)
    for fault in [FaultyBackend.Fault.fails(.deviceFailure, after: 0), .wrong(relative: 1e-4, after: 0)] {
      let faulty = FaultyBackend(try Self.cpu(), fault)
      #expect(throws: (any Error).self) { try Self.scan(plan, [faulty], schedule: schedule) }
      #expect(try Self.scan(plan, [faulty, Self.cpu()], schedule: schedule).isSame(as: sound))
    }
  }

  // MARK: - The end of a scan

  @Test("When the last device fails, the scan ends with its error")
  func nobodyLeft() throws {
    let faults: [FaultyBackend.Fault] = [.fails(.deviceFailure, after: 5), .fails(.deviceFailure, after: 7)]
    #expect { try Self.scan(faults.map { FaultyBackend(try Self.cpu(), $0) }) } throws: { error in
      let error = error as? BackendError
      return error?.kind == .deviceFailure && error?.message.contains("All 2 devices") == true
        && error?.message.contains("planted failure") == true
    }
    #expect { try Self.scan([FaultyBackend(try Self.cpu(), .wrong(relative: 1e-6, after: 7))]) } throws: {
      error in
      guard let message = (error as? ScanError)?.message else { return false }
      return message.contains("differ by") && message.contains("No result was written")
        && !message.contains("All 1")
    }
  }

  @Test("An error of the receiver ends the scan at once and is what comes out")
  func receiver() throws {
    struct Full: Error {}
    let device = FaultyBackend(try Self.cpu(), .slow(0.02), columns: Self.gridColumns)
    let driver = ScanDriver(
      plan: Self.plan(.factored, dof: 1), devices: [device], reference: ReferenceBackend(),
      schedule: Self.schedule)
    #expect(throws: Full.self) { try driver.run { _ in throw Full() } }
    let calls = device.log.calls
    #expect(calls < Self.rows / 4, "the device computed all rows")
    Thread.sleep(forTimeInterval: 0.02)
    #expect(device.log.calls == calls, "the device goes on computing")
  }

  @Test("Memory is bounded: no row is begun further ahead of those received than the window")
  func bounded() throws {
    let plan = Self.plan(.factored, dof: 1)
    let window = 12
    let schedule = ScanSchedule(
      tilePoints: Self.gridColumns, runSeconds: 10, runPoints: 2 * Self.gridColumns,
      memoryBytes: window * Self.gridColumns * 8 * (1 + plan.likelihood.pullCount))
    let device = FaultyBackend(try Self.cpu(), .slow(0), columns: Self.gridColumns)
    let driver = ScanDriver(
      plan: plan, devices: [device], reference: ReferenceBackend(), schedule: schedule)
    var ahead: [Int] = []
    _ = try driver.run { rows in
      Thread.sleep(forTimeInterval: 0.02)  // the device runs ahead as far as it may
      let begun = plan.masses.firstIndex(of: device.log.largestMass).map { $0 + 1 } ?? 0
      ahead.append(begun - rows.range.lowerBound)
    }
    #expect(ahead.allSatisfy { $0 <= window }, "\(ahead)")
    #expect(ahead.contains { $0 >= window / 2 }, "\(ahead): the device waits for the receiver")
  }

  @Test("Backends that round differently may not share a scan")
  func unequal() throws {
    let simd = try Self.cpu().identity
    let reference = ReferenceBackend().identity
    var single = simd
    single.precision = .single
    var otherSingle = single
    otherSingle.device = "another device"
    try ScanDriver.requireSameBits([simd, simd])
    try ScanDriver.requireSameBits([single, single])
    for pair in [[simd, reference], [simd, single], [single, otherSingle]] {
      #expect { try ScanDriver.requireSameBits(pair) } throws: { error in
        (error as? ScanError)?.message.contains("cannot share a scan") == true
      }
    }
  }
}
