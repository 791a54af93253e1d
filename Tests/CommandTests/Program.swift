import Foundation
import Testing

/// The built program, run as a child process in a folder.
enum Program {
  /// What a run left: exit status and both streams.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    /// Standard output as a JSON object.
    func json() throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }
  }

  /// The executable lies beside the test runner in the build folder, whatever that folder is called.
  static let path: String = {
    let runners = [CommandLine.arguments.first, Bundle.main.executablePath].compactMap(\.self)
    let folders = runners.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
    let bundles =
      folders + folders.map { Array(sequence(first: $0) { $0.deletingLastPathComponent() }.prefix(4))[3] }
    let candidates = bundles.map { $0.appendingPathComponent("upscatter").path }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "upscatter"
  }()

  static func run(
    _ arguments: String..., in folder: Scratch, environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(path, arguments, in: folder, environment)
  }

  static func run(
    _ arguments: [String], in folder: Scratch, environment: [String: String]
  ) throws -> Outcome {
    try run(path, arguments, in: folder, environment)
  }

  /// A shell that calls the program as "$0", for limits and redirections.
  static func shell(_ script: String, in folder: Scratch) throws -> Outcome {
    try run("/bin/bash", ["-c", script, path], in: folder, [:])
  }

  /// The streams go to files, which cannot fill up as pipes do.
  private static func run(
    _ executable: String, _ arguments: [String], in folder: Scratch, _ environment: [String: String]
  ) throws -> Outcome {
    let streams = try Scratch()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no", "UPSCATTER_CONFIG": ""]) { $1 }.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try streams.handle("output")
    process.standardError = try streams.handle("errors")
    try withoutBlockedSignals { try process.run() }
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus,
      output: try streams.read("output"), errors: try streams.read("errors"))
  }
}

/// Threads of libdispatch block signals, and processes inherit that from the thread that starts them.
private func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
  var (none, before) = (sigset_t(), sigset_t())
  sigemptyset(&none)
  pthread_sigmask(SIG_SETMASK, &none, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
  try body()
}

/// A folder of its own for one test, removed when the value goes.
final class Scratch: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("upscatter-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
  }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }

  func read(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// Names of all files, sorted.
  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }

  fileprivate func handle(_ name: String) throws -> FileHandle {
    try write("", to: name)
    return try FileHandle(forWritingTo: url.appendingPathComponent(name))
  }
}

/// |a - b| <= max(rtol max(|a|, |b|), atol)
func isClose(_ a: Double, _ b: Double, rtol: Double, atol: Double = 0) -> Bool {
  abs(a - b) <= max(rtol * max(abs(a), abs(b)), atol)
}

/// Whether this machine has an OpenCL device; `REQUIRE_BACKENDS` turns its absence into a failure (BackendTests).
let hasOpenCL: Bool = {
  guard let folder = try? Scratch(), let outcome = try? Program.run("devices", "--json", in: folder),
    let rows = try? outcome.json()["backends"] as? [[String: Any]]
  else { return false }
  return rows.contains { $0["backend"] as? String == "opencl" && $0["available"] as? Bool == true }
}()
