import ArgumentParser
import Backends
import Foundation
import Pipeline
import ReferenceBackend
import ReferenceTables
import SIMDBackend
import ScanCore
import Verification

/// All backends and precisions against the reference, and reference tables.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Proves on this machine that all backends agree; checks reference tables.",
    discussion: """
      Compares rates, profile, pointwise, rates with non-linear pulls, joint likelihoods and toys of every backend, \
      instruction set, device and precision with the reference on awkward plans and on coherent-csi-2021; double-precision backends must also \
      give the same bits. Prints the worst point of each backend. Exit code 1 if anything differs by more than its tolerance (docs/verification.md).

      --reference-tables DIR checks a folder of high-precision tables: every file in it must be covered and pass.
      """)

  @Option(help: "Folder of reference tables to check as well.", completion: .directory)
  var referenceTables: String?
  @Option(help: "Only this backend, which must be available; default: every one that is.")
  var backend: Candidate?
  @Flag(help: "Only the synthetic plans, cut to a few nodes: for runs under a kernel debugger.")
  var tiny = false
  @Flag(help: "Print every comparison, not only the worst of each backend.")
  var verbose = false
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  /// What is compared with the reference.
  enum Candidate: String, ExpressibleByArgument, CaseIterable { case simd, opencl }

  private struct Report: Encodable {
    var backends: [ComparisonReport]
    var tables: [TableReport]
    var unavailable: [String]
    var passed: Bool
  }

  func run() throws {
    try reportingErrors {
      try requireFolder()
      let everything = BackendCatalogue.everything()
      let candidates = try candidates(everything)
      let reference = ReferenceBackend()
      let reports =
        compareBackends(reference: reference, candidates: candidates, cases: try cases())
        + comparePulledRates(
          reference: reference, candidates: candidates,
          cases: tiny ? AwkwardPulledPlans.tiny : AwkwardPulledPlans.all)
        + compareJoint(
          reference: reference, candidates: candidates,
          cases: tiny ? AwkwardJointPlans.tiny : AwkwardJointPlans.all)
      let tables = referenceTables.map { checkReferenceTables(folder: $0, backend: ReferenceBackend()) } ?? []
      let passed = allPassed(reports) && tables.allSatisfy(\.passed)
      if json {
        try printJSON(
          Report(backends: reports, tables: tables, unavailable: everything.unavailable, passed: passed))
      } else {
        printText(reports, tables, everything.unavailable, passed)
      }
      if !passed { throw Exit.checkFailed }
    }
  }

  private func requireFolder() throws {
    var isFolder: ObjCBool = false
    guard let folder = referenceTables else { return }
    if !FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) || !isFolder.boolValue {
      throw RequestError(
        "--reference-tables \(folder): there is no such folder. Give the folder that holds the tables.")
    }
  }

  private func candidates(
    _ all: (backends: [any Backend], unavailable: [String])
  ) throws -> [any Backend] {
    let candidates = all.backends.filter {
      $0.identity.backend != "reference" && (backend == nil || $0.identity.backend == backend?.rawValue)
    }
    if candidates.isEmpty {
      throw BackendError(
        .unavailable,
        "There is nothing to verify: no \(backend?.rawValue ?? "simd or opencl") backend can run here. "
          + all.unavailable.map { $0 + " " }.joined() + "Leave --backend out to verify those that can."
      )
    }
    return candidates
  }

  private func cases() throws -> [VerificationCase] {
    if tiny { return AwkwardPlans.tiny }
    return AwkwardPlans.all
      + (try ExperimentCases.cases(
        experiment: "coherent-csi-2021", flavour: "mu", planningBackend: CPUBackend()))
  }

  // MARK: - Text

  private func printText(
    _ reports: [ComparisonReport], _ tables: [TableReport], _ unavailable: [String], _ passed: Bool
  ) {
    if verbose { for report in reports { print(report) } }
    let groups = Dictionary(grouping: reports, by: { $0.candidate.description })
    for (candidate, group) in groups.sorted(by: { $0.key < $1.key }) { printGroup(candidate, group) }
    for line in unavailable { print("absent  \(line)") }
    for table in tables { printTable(table) }
    print(passed ? "verified" : "NOT verified")
  }

  private func printGroup(_ candidate: String, _ group: [ComparisonReport]) {
    let failures = group.filter { !$0.passed }
    let values = group.reduce(0) { $0 + $1.values }
    print(
      "\(failures.isEmpty ? "pass" : "FAIL")  \(candidate): \(group.count) comparisons, \(values) numbers")
    if let worst = group.max(by: { $0.worstRatio < $1.worstRatio }), failures.isEmpty {
      let difference = String(format: "%.1e", worst.worstDifference)
      print(
        "      closest to its tolerance: \(worst.name), \(worst.job.rawValue), difference \(difference) at "
          + worst.worstPoint)
    }
    if !verbose { for failure in failures { print("      \(failure)") } }
  }

  private func printTable(_ table: TableReport) {
    let worst =
      table.rows == 0
      ? ""
      : ", worst \(String(format: "%.1e", table.worstDeviation)) (tolerance \(table.worstTolerance)"
        + (table.worstTolerance == table.tolerance ? ")" : " there, \(table.tolerance) elsewhere)")
        + (table.worstCase.isEmpty ? "" : " at \(table.worstCase)")
    print("\(table.passed ? "pass" : "FAIL")  \(table.file), \(table.quantity): \(table.rows) rows\(worst)")
    for problem in table.problems { print("      \(problem)") }
  }
}
