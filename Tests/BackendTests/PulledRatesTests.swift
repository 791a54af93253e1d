import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing

@testable import OpenCLBackend
@testable import Verification

@Suite("Rates with non-linear pulls")
struct PulledRatesTests {
  private static let cases = AwkwardPulledPlans.all

  @Test("every instruction set agrees with the reference, and all of them with each other to the bit")
  func instructionSets() throws {
    let levels = InstructionSet.available
    let candidates = try levels.map { try CPUBackend(workers: 2, instructionSet: $0) }
    let reports = comparePulledRates(
      reference: ReferenceBackend(), candidates: candidates, cases: Self.cases)
    #expect(reports.count == Self.cases.count * (3 * levels.count - 1))
    for report in reports where !report.passed { Issue.record("\(report)") }
  }

  @Test(
    "the kernels agree with the reference, and in double with simd to the bit", .enabled(if: hasOpenCL),
    arguments: OpenCLPlatforms.devices.first?.precisions ?? [])
  func kernels(precision: Precision) throws {
    let backend = try OpenCLBackend(OpenCLPlatforms.devices[0], precision: precision)
    let candidates: [any Backend] = precision == .double ? [try CPUBackend(workers: 2), backend] : [backend]
    let reports = comparePulledRates(
      reference: ReferenceBackend(), candidates: candidates, cases: Self.cases)
    #expect(reports.count == Self.cases.count * (precision == .double ? 5 : 2))
    for report in reports where !report.passed { Issue.record("\(report)") }
  }

  @Test("a backend that is off by 1e-9, or returns NaN, fails on every plan", arguments: [1e-9, .nan])
  func perturbed(relative: Double) {
    let backend = ReferenceBackend()
    let reports = comparePulledRates(
      reference: backend, candidates: [backend, PerturbedBackend(backend, relative: relative)],
      cases: Self.cases)
    let judged = reports.filter { $0.candidate.backend.hasPrefix("perturbed") && $0.job != .tiling }
    #expect(judged.count == 2 * Self.cases.count)
    for report in judged { #expect(!report.passed, "\(report)") }
    let own = reports.filter { !$0.candidate.backend.hasPrefix("perturbed") }
    #expect(own.count == 2 * Self.cases.count && allPassed(own))
  }

  @Test("the awkward plans keep their promises")
  func promises() throws {
    #expect(Set(Self.cases.map(\.name)).count == Self.cases.count)
    let degrees = Set(Self.cases.flatMap { $0.plan.responses.map(\.factorDegree) })
    #expect(degrees.isSuperset(of: [0, 1, PulledRatePlan.maximumFactorDegree]))
    let counts = Set(Self.cases.map(\.plan.parameterCount))
    #expect(counts.isSuperset(of: [0, 1, PulledRatePlan.maximumParameters]))
    #expect(
      Self.cases.contains { $0.plan.smearings.count == 2 } && Self.cases.contains { $0.pulls.contains(-6) })
    for item in Self.cases {
      let values = try ReferenceBackend().load(item.plan).evaluate(masses: item.masses, pulls: item.pulls)
      #expect(values.allSatisfy(\.isFinite) && values.contains { $0 > 1 }, "\(item.name)")
    }
  }

  @Test("a parameter that moves nothing has the derivative zero on every backend")
  func idleParameter() throws {
    let item = AwkwardPulledPlans.primes
    let perMass = item.plan.rates.valuesPerMass
    let backends: [any Backend] =
      [ReferenceBackend(), try CPUBackend(workers: 1)] + (hasOpenCL ? [try OpenCLBackend()] : [])
    for backend in backends {
      let values = try backend.load(item.plan).evaluate(masses: item.masses, pulls: item.pulls)
      for start in stride(from: 0, to: values.count, by: item.plan.valuesPerRequest) {
        #expect(values[start + 3 * perMass..<start + 4 * perMass].allSatisfy { $0 == 0 })
        #expect(values[start + 2 * perMass..<start + 3 * perMass].contains { $0 != 0 })
      }
    }
  }

  @Test("no requests give no numbers")
  func empty() throws {
    let plan = AwkwardPulledPlans.oneBin.plan
    #expect(try ReferenceBackend().load(plan).evaluate(masses: [], pulls: []).isEmpty)
    #expect(try CPUBackend(workers: 2).load(plan).evaluate(masses: [], pulls: []).isEmpty)
    if hasOpenCL {
      #expect(try OpenCLBackend().load(plan).evaluate(masses: [], pulls: []).isEmpty)
    }
  }

  @Test(
    "results do not depend on how requests are cut into parts", .enabled(if: hasOpenCL), arguments: [1, 3])
  func cutting(requestsPerPart: Int) throws {
    let item = AwkwardPulledPlans.primes
    let backend = try OpenCLBackend(precision: .single)
    let whole = try backend.load(item.plan).evaluate(masses: item.masses, pulls: item.pulls)
    let cut = backend.withPartLimit(requestsPerPart * item.plan.valuesPerRequest)
    #expect(try cut.load(item.plan).evaluate(masses: item.masses, pulls: item.pulls) == whole)
    let tooSmall = try backend.withPartLimit(item.plan.valuesPerRequest - 1).load(item.plan)
    #expect {
      try tooSmall.evaluate(masses: item.masses, pulls: item.pulls)
    } throws: {
      ($0 as? BackendError)?.kind == .outOfMemory
    }
  }
}
