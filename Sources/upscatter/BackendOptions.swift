import ArgumentParser
import Backends
import Foundation
import Pipeline
import ScanCore
import Scanning

/// `--backend`, `--device`, `--precision`, `--workers`: who computes.
struct BackendOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "auto, reference, simd or opencl; scan also takes simd,opencl.",
      discussion:
        "auto takes the GPUs that pass a quick self-check, else simd, and says so where there is a GPU. A backend named "
        + "here that cannot run is an error, never a silent fallback."))
  var backend: BackendList = [.auto]

  @Option(
    help: ArgumentHelp(
      "OpenCL device: index or part of the name as shown by `upscatter devices`, or cpu / gpu.",
      discussion:
        "scan shares its work among several: a list such as 0,1, every device that gpu, cpu or a name fits, or all."
    ))
  var device: String?

  @Option(
    help: "double, mixed (32-bit integrands, 64-bit sums) or single; simd and reference compute in double.")
  var precision: Precision = .double

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Worker threads of the simd backend.", discussion: "Default: one per usable core."))
  var workers: Int?

  /// The one backend of a command that computes on one device; says why it was chosen where that may surprise.
  func make() throws -> any Backend {
    try requireWorkers()
    guard backend.choices.count == 1 else {
      throw RequestError(
        "--backend \(backend): this command computes on one device, only scan shares its work. Name one backend."
      )
    }
    if let device, try devices().count > 1 || device.lowercased() == "all" {
      throw RequestError(
        "--device \(device): this command computes on one device, only scan shares its work. Name one device."
      )
    }
    let (made, reason) = try BackendCatalogue.make(
      choice: backend.choices[0], device: device, precision: precision, workers: workers)
    say([reason])
    return made
  }

  /// A GPU that is taken or refused is news; a backend asked for, or the CPU where there is no GPU, is not.
  private func say(_ reasons: [BackendReason]) {
    for reason in reasons where !reason.isExpected { note("\(reason)") }
  }

  /// All backends that shall share a scan; says why they were chosen where that may surprise.
  func makeSeveral() throws -> [any Backend] {
    try requireWorkers()
    let (backends, reasons) = try BackendCatalogue.makeSeveral(
      choices: backend.choices, devices: try devices(), precision: precision, workers: workers)
    do { try ScanDriver.requireSameBits(backends.map(\.identity)) } catch {
      throw RequestError("\(error)")
    }
    say(reasons)
    return backends
  }

  /// The backend without which shards computed with these options could not be joined to the bits of one run; nil where any
  /// will do, as in double precision, whose bits are those of the CPU.
  func makeForMerge() throws -> (any Backend)? {
    let isOrdinary = precision == .double && !backend.choices.contains(.reference)
    return isOrdinary ? nil : try makeSeveral()[0]
  }

  private func devices() throws(RequestError) -> [String] {
    guard let device else { return [] }
    let names = device.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    guard names.count == 1 || names.allSatisfy({ !$0.isEmpty }) else {
      throw RequestError(
        "--device \(device): a name between commas is empty. Write a list like 0,1 or gpu,cpu.")
    }
    return names
  }

  private func requireWorkers() throws(RequestError) {
    if let workers, !(1...4096).contains(workers) {
      throw RequestError(
        "--workers \(workers): must lie between 1 and 4096. Leave it out to take one per usable core.")
    }
  }
}

/// One backend, or several that share a scan: "simd,opencl".
struct BackendList: ExpressibleByArgument, ExpressibleByArrayLiteral, CustomStringConvertible {
  let choices: [BackendChoice]

  init(arrayLiteral elements: BackendChoice...) { choices = elements }

  /// nil for an unknown or repeated name, and for auto in company.
  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    choices = names.compactMap { BackendChoice(rawValue: $0.trimmingCharacters(in: .whitespaces)) }
    guard choices.count == names.count, Set(choices).count == choices.count else { return nil }
    if choices.count > 1 && choices.contains(.auto) { return nil }
  }

  var description: String { choices.map(\.rawValue).joined(separator: ",") }
  var defaultValueDescription: String { description }
  static var allValueStrings: [String] { BackendChoice.allCases.map(\.rawValue) + ["simd,opencl"] }
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

extension Precision: ExpressibleByArgument {}
