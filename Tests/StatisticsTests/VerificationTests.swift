import ReferenceBackend
import ScanCore
import Testing
import Verification

@Suite struct VerificationTests {
  @Test("the reference agrees with itself, bit for bit, on every awkward plan")
  func agreement() {
    let backend = ReferenceBackend()
    let reports = compareBackends(
      reference: backend, candidates: [backend, backend], cases: AwkwardPlans.all)
    #expect(reports.count == AwkwardPlans.all.count * 13)
    for report in reports { #expect(report.passed, "\(report)") }
    #expect(allPassed(reports))
  }

  @Test("a backend that is off by 1e-9 fails every job of every awkward plan with a value to compare")
  func perturbed() {
    let backend = ReferenceBackend()
    let reports = compareBackends(
      reference: backend, candidates: [backend, PerturbedBackend(backend, relative: 1e-9)],
      cases: AwkwardPlans.all)
    let judged = reports.filter {
      $0.candidate.backend.hasPrefix("perturbed") && $0.job != .tiling && $0.job != .start
    }
    #expect(judged.count == AwkwardPlans.all.count * 6)
    for report in judged { #expect(!report.passed, "\(report)") }
    #expect(judged.allSatisfy { $0.worstPoint.contains("m4 = ") && $0.worstRatio > 1 })
    #expect(!allPassed(reports))
  }

  @Test(
    "a perturbation a hundredfold below the tolerance passes against the reference, but not as equal bits")
  func belowTolerance() {
    let backend = ReferenceBackend()
    let reports = compareBackends(
      reference: backend, candidates: [backend, PerturbedBackend(backend, relative: 1e-14)],
      cases: [AwkwardPlans.selfCheck])
    let bits: Set<ComparisonReport.Job> = [.rateBits, .profileBits, .pointwiseBits]
    #expect(reports.filter { !bits.contains($0.job) }.allSatisfy { $0.passed })
    #expect(reports.filter { bits.contains($0.job) }.allSatisfy { !$0.passed })
  }

  @Test("a backend that cannot load a plan, or returns NaN, fails with a reason")
  func failures() throws {
    var broken = AwkwardPlans.selfCheck
    broken.rates.binCount = 4
    let refused = compareBackends(reference: ReferenceBackend(), candidates: [], cases: [broken])
    #expect(refused.count == 1 && !allPassed(refused))
    #expect(refused[0].description.contains("response table"))
    let nan = compareBackends(
      reference: ReferenceBackend(), candidates: [PerturbedBackend(ReferenceBackend(), relative: .nan)],
      cases: [AwkwardPlans.selfCheck])
    #expect(nan.filter { $0.job != .tiling && $0.job != .start }.allSatisfy { !$0.problems.isEmpty })
    #expect(!allPassed([]))
  }

  @Test("the awkward plans keep their promises")
  func promises() throws {
    let cases = AwkwardPlans.all
    #expect(Set(cases.map(\.name)).count == cases.count)
    #expect(Set(cases.map(\.likelihood.pullCount)) == [0, 1, 2, 3, 4])
    #expect(cases.contains { $0.tile.count == 1 })
    #expect(cases.contains { $0.couplingSquares.count == 257 } && cases.contains { $0.masses.count == 257 })
    #expect(
      cases.contains { $0.rates.mode == .quadrature }
        && cases.contains { $0.likelihood.statistic == .gaussian })
    #expect(cases.contains { $0.likelihood.observed.contains(0) })
    #expect(cases.contains { $0.rates.channels.count > 1 })
    let processes = Set(cases.flatMap { $0.rates.channels.map(\.process) })
    #expect(processes == [.dipole, .dipoleSpinZero, .dipoleReversedSign, .contact, .massiveContact])
  }
}
