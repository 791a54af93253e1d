import Foundation
import Testing

@Suite("benchmark")
struct BenchmarkCommandTests {
  /// Backend and precision of every row of a quick run.
  static func rows(
    _ arguments: String, environment: [String: String] = [:]
  ) throws -> (Program.Outcome, [[String: String]]) {
    let outcome = try Program.shell(
      "\(environment.map { "\($0.key)='\($0.value)' " }.joined())\"$0\" benchmark \(arguments) --json --points 8 --repeats 1",
      in: Scratch())
    let rows = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]] ?? []
    return (outcome, rows.compactMap { $0["identity"] as? [String: String] })
  }

  @Test("--all with a backend times all of that backend and nothing else", .enabled(if: hasOpenCL))
  func allOfOneBackend() throws {
    let (outcome, opencl) = try Self.rows("--all --backend opencl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(Set(opencl.map { $0["backend"] }) == ["opencl"])
    #expect(Set(opencl.map { $0["precision"] }).contains("single"))
    let (_, simd) = try Self.rows("--all --backend simd")
    #expect(simd.count == 3)
    #expect(Set(simd.map { $0["backend"] }) == ["simd"])
  }

  @Test("Without an OpenCL driver the CPU is timed and the reason given; opencl by name is an error")
  func noDriver() throws {
    let none = ["OCL_ICD_VENDORS": "/nonexistent"]
    let (outcome, everything) = try Self.rows("--all", environment: none)
    #expect(outcome.status == 0)
    #expect(Set(everything.map { $0["backend"] }) == ["simd"])
    #expect(outcome.errors.contains("absent: No OpenCL device"))
    let refused = try Program.run(
      "benchmark", "--all", "--backend", "opencl", in: Scratch(), environment: none)
    #expect(refused.status == 69)
    #expect(refused.output.isEmpty)
    #expect(refused.errors.contains("nothing to time"))
  }
}
