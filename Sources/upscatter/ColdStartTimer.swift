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
    for _ in 0..<max(3, repeats) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Self.executable)
      process.arguments = [
        "scan", experiment, "--data", "asimov", "--m4", "0.1:52:\(points)", "--d", "1e-8:3e-5:\(points)",
        "--backend",
        backend, "--plot", "none", "--output", folder.appendingPathComponent("scan").path,
      ]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      let start = clock.now
      try process.run()
      process.waitUntilExit()
      seconds.append((clock.now - start) / .seconds(1))
      guard process.terminationStatus == 0 else {
        throw RequestError(
          "The scan of the cold-start row ended with status \(process.terminationStatus). Run `upscatter scan "
            + "\(experiment) --backend \(backend)` to see why.")
      }
    }
    return ColdStart(backend: backend, points: points * points, seconds: seconds)
  }

  private static var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? Bundle.main.executablePath ?? CommandLine.arguments[0]
  }
}
