import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing
import Verification

@testable import OpenCLBackend

/// Small plans for tests that need some plan rather than a certain one.
enum TinyPlans {
  static var rates: RatePlan { AwkwardPlans.selfCheck.rates }
  static var likelihood: LikelihoodPlan { AwkwardPlans.selfCheck.likelihood }
}

@Suite("OpenCL execution", .enabled(if: hasOpenCL))
struct OpenCLExecutionTests {
  private static var precisions: [Precision] { OpenCLPlatforms.devices.first?.precisions ?? [] }

  @Test(
    "The kernels agree with the reference on awkward plans, and in double with simd to the bit",
    arguments: precisions)
  func agreement(precision: Precision) throws {
    let backend = try OpenCLBackend(OpenCLPlatforms.devices[0], precision: precision)
    let candidates: [any Backend] = precision == .double ? [try CPUBackend(workers: 2), backend] : [backend]
    let reports = compareBackends(
      reference: ReferenceBackend(), candidates: candidates, cases: AwkwardPlans.all)
    #expect(reports.count >= 4 * AwkwardPlans.all.count)
    for report in reports where !report.passed { Issue.record("\(report)") }
  }

  @Test("A second run gives the same bits, also when four threads share one loaded plan")
  func repeatable() async throws {
    let rates = try OpenCLBackend(precision: .single).load(TinyPlans.rates)
    let masses = (0..<40).map { Double($0) * 1.3 }
    let first = try rates.evaluate(masses: masses)
    let others = try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<4 { group.addTask { try rates.evaluate(masses: masses) } }
      return try await group.reduce(into: [[Double]]()) { $0.append($1) }
    }
    #expect(others.allSatisfy { $0 == first })
    #expect(first.contains { $0 > 0 })
  }

  @Test("Results do not depend on how a job is cut into parts", arguments: [1, 7, 1000])
  func cutting(rowsPerPart: Int) throws {
    let item = AwkwardPlans.selfCheck
    let backend = try OpenCLBackend(precision: .single)
    let tile = item.tile
    let whole = try backend.load(item.rates, item.likelihood).evaluate(tile)
    let limit = rowsPerPart * tile.columns * item.likelihood.pullCount
    let cut = try backend.withPartLimit(limit).load(item.rates, item.likelihood).evaluate(tile)
    #expect(cut == whole)
    let rates = try backend.load(item.rates).evaluate(masses: item.masses)
    let few = backend.withPartLimit(rowsPerPart * item.rates.valuesPerMass)
    #expect(try few.load(item.rates).evaluate(masses: item.masses) == rates)
  }

  @Test("A row larger than the largest buffer is an out-of-memory error")
  func rowTooLarge() throws {
    let item = AwkwardPlans.selfCheck
    let backend = try OpenCLBackend(precision: .single).withPartLimit(item.rates.valuesPerMass - 1)
    let rates = try backend.load(item.rates)
    #expect { try rates.evaluate(masses: [1]) } throws: { ($0 as? BackendError)?.kind == .outOfMemory }
  }

  @Test("Empty jobs give empty results")
  func emptyJobs() throws {
    let backend = try OpenCLBackend(precision: .single)
    #expect(try backend.load(TinyPlans.rates).evaluate(masses: []).isEmpty)
    let nothing = Tile(masses: [], couplingSquares: [], columns: 3)
    #expect(try backend.load(TinyPlans.likelihood).evaluate(nothing, templates: []).statistic.isEmpty)
    #expect(try backend.load(TinyPlans.rates, TinyPlans.likelihood).evaluate(nothing).statistic.isEmpty)
  }
}

@Suite("Launch sizes")
struct OpenCLLaunchPacerTests {
  @Test("Launches grow while they are short, shrink when they are long, and stay multiples of the local size")
  func pacing() {
    var pacer = LaunchPacer(first: 1000, granularity: 64)
    #expect(pacer.items == 960)
    pacer.note(seconds: 0.001, count: 960)
    #expect(pacer.items == 7680)
    pacer.note(seconds: 0.001, count: 10)
    #expect(pacer.items == 7680, "a short tail says nothing")
    pacer.note(seconds: 0.1, count: 7680)
    #expect(pacer.items == 7680)
    pacer.note(seconds: 1, count: 7680)
    #expect(pacer.items == 3840)
    for _ in 0..<20 { pacer.note(seconds: 1, count: pacer.items) }
    #expect(pacer.items == 64)
  }
}
