import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing

@testable import OpenCLBackend
@testable import Verification

@Suite("Joint likelihoods and toys on awkward plans")
struct JointVerificationTests {
  private static let cases = AwkwardJointPlans.all

  @Test("every instruction set agrees with the reference, and all of them with each other to the bit")
  func instructionSets() throws {
    let levels = InstructionSet.available
    let candidates = try levels.map { try CPUBackend(workers: 2, instructionSet: $0) }
    let reports = compareJoint(reference: ReferenceBackend(), candidates: candidates, cases: Self.cases)
    #expect(reports.count == Self.cases.count * (7 * levels.count - 2))
    for report in reports where !report.passed { Issue.record("\(report)") }
  }

  @Test(
    "the kernels agree with the reference, and in double with simd to the bit, in every layout",
    .enabled(if: hasOpenCL),
    arguments: OpenCLPlatforms.devices.first?.precisions ?? [], [KernelLayout.lanes, .plain])
  func kernels(precision: Precision, layout: KernelLayout) throws {
    let backend = try OpenCLBackend(
      OpenCLPlatforms.devices[0], precision: precision, library: .embedded, layout: layout)
    let candidates: [any Backend] = precision == .double ? [try CPUBackend(workers: 2), backend] : [backend]
    let reports = compareJoint(reference: ReferenceBackend(), candidates: candidates, cases: Self.cases)
    let compared = Self.cases.filter { precision == .double || !$0.isForDouble }
    #expect(reports.count == compared.count * (precision == .double ? 12 : 5))
    for report in reports where !report.passed { Issue.record("\(report)") }
  }

  @Test("a backend that is off by 1e-9, or returns NaN, fails on every plan", arguments: [1e-9, .nan])
  func perturbed(relative: Double) {
    let backend = ReferenceBackend()
    let reports = compareJoint(
      reference: backend, candidates: [backend, PerturbedBackend(backend, relative: relative)],
      cases: Self.cases)
    let judged = reports.filter { $0.candidate.backend.hasPrefix("perturbed") && $0.job != .tiling }
    #expect(judged.count == 6 * Self.cases.count)
    for report in judged { #expect(!report.passed, "\(report)") }
    let own = reports.filter { !$0.candidate.backend.hasPrefix("perturbed") }
    #expect(own.count == 5 * Self.cases.count && allPassed(own))
  }

  @Test("the awkward plans keep their promises")
  func promises() throws {
    #expect(Set(Self.cases.map(\.name)).count == Self.cases.count)
    #expect(Set(Self.cases.map(\.plan.pullCount)).isSuperset(of: [0, 2, 10]))
    #expect(Set(Self.cases.map(\.plan.blocks.count)) == [1, 2, 3])
    #expect(Self.cases.contains { !$0.plan.scalesSignalUniformly })
    var counts: [Double] = []
    var clipped = 0
    for item in Self.cases {
      let loaded = try CPUBackend(workers: 1).load(item.plan)
      for batch in item.batches {
        counts += try loaded.thrown(batch, templates: item.templates).observed
        clipped += try loaded.toys(batch, templates: item.templates).clipped.reduce(0, +)
      }
    }
    #expect(counts.contains(0) && counts.contains { $0 == $0.rounded() && $0 > 10_000 })
    #expect(counts.contains { $0 > 25 && $0 < 32 } && counts.contains { $0 > 32 && $0 < 40 })
    #expect(counts.contains { $0 != $0.rounded() })
    #expect(clipped > 0)
  }
}
