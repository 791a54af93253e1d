import Foundation
import Pipeline

/// Runs this program's own `scan` as a user would and times it from process start to the files.
struct ColdStartTimer {
  let experiment: String
  let points: Int
  let repeats: Int

  func measure(_ backend: String) throws -> ColdStart {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "upscatter-benchmark-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let clock = ContinuousClock()
    var seconds: [Double] = []
    let arguments = [
      "scan", experiment, "--data", "asimov", "--m4", "0.1:52:\(points)", "--d", "1e-8:3e-5:\(points)",
      "--backend", backend, "--plot", "none", "--output", folder.appendingPathComponent("scan").path,
    ]
    for _ in 0..<max(3, repeats) {
      let start = clock.now
      let status = try Self.run(Self.executable, arguments)
      seconds.append((clock.now - start) / .seconds(1))
      guard status == 0 else {
        throw RequestError(
          "The scan of the cold-start row ended with status \(status). Run `upscatter scan "
            + "\(experiment) --backend \(backend)` to see why.")
      }
    }
    return ColdStart(backend: backend, points: points * points, seconds: seconds)
  }

  /// Runs a program without output and returns its exit status. Foundation's `Process` notices the end of a child up to
  /// a twentieth of a second late.
  private static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for stream in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
    }
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var child = pid_t()
    let code = posix_spawn(&child, program, &actions, nil, &words, environ)
    guard code == 0 else {
      throw RequestError("\(program) could not be started: \(String(cString: strerror(code))).")
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      if errno != EINTR { throw RequestError("The end of the cold-start scan could not be waited for.") }
    }
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }

  private static var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? Bundle.main.executablePath ?? CommandLine.arguments[0]
  }
}
