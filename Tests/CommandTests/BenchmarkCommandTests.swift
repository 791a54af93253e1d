import Foundation
import Testing

@Suite("benchmark", .serialized)
struct BenchmarkCommandTests {
  static func benchmark(_ folder: Scratch, _ arguments: String...) throws -> Program.Outcome {
    try Program.shell(
      "\"$0\" benchmark --backend simd --points 16 --repeats 2 " + arguments.joined(separator: " "),
      in: folder)
  }

  @Test("Every row is verified and counted, its fraction is of the measured peak; a stored run is shown")
  func rows() throws {
    let folder = try Scratch()
    let outcome = try Self.benchmark(folder, "--json > run.json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try #require(
      try JSONSerialization.jsonObject(with: folder.bytes("run.json")) as? [String: Any])
    let rows = try #require(report["rows"] as? [[String: Any]])
    #expect(
      rows.compactMap { $0["job"] as? String } == [
        "factored", "factored, 1 pull", "factored, 1 pull, Gaussian", "toys", "toys, global fit", "pointwise",
        "pointwise",
      ])
    let peaks = try #require(report["peaks"] as? [[String: Any]])
    let peak = try #require((peaks.first?["peak"] as? [String: Any])?["operationsPerSecond"] as? Double)
    #expect(peak > 1e8)
    for row in rows {
      #expect(try #require(row["verifiedError"] as? Double) < 1e-9)
      #expect(try #require(row["fastestSeconds"] as? Double) <= #require(row["medianSeconds"] as? Double))
      if row["job"] as? String == "toys, global fit" {
        // how many rows a search fits is not counted
        #expect(row["fractionOfPeak"] == nil && row["operationsPerPoint"] as? Double == 0)
        continue
      }
      let fraction = try #require(row["fractionOfPeak"] as? Double)
      let operations = try #require(row["operationsPerPoint"] as? Double)
      let rate = operations * (try #require(row["bestPointsPerSecond"] as? Double))
      #expect(isClose(fraction, rate / peak, rtol: 1e-9))
      #expect(try #require(row["sweepsPerPoint"] as? Double) >= 1)
    }
    let cold = try #require(report["coldStarts"] as? [[String: Any]]).first
    #expect(try #require(cold?["medianSeconds"] as? Double) > 0.001)
    let compared = try Self.benchmark(folder, "--compare run.json")
    #expect(compared.output.contains("x stored"))
    #expect(compared.output.contains("stored run: upscatter"))
  }

  @Test(
    "What is not a stored run is refused before anything is timed",
    arguments: [("{}", "no \"schema\""), ("[1]", "unexpected value"), ("{ nonsense", "no JSON")])
  func storedRun(text: String, reason: String) throws {
    let folder = try Scratch()
    try folder.write(text, to: "run.json")
    let outcome = try Self.benchmark(folder, "--compare run.json")
    #expect(outcome.status != 0)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("--compare run.json: not the output of"))
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    let absent = try Self.benchmark(folder, "--compare nowhere.json")
    #expect(absent.errors.contains("cannot be read"))
  }

  /// Backend and precision of every row of a quick run.
  static func identities(
    _ arguments: String, environment: [String: String] = [:]
  ) throws -> (outcome: Program.Outcome, identities: [[String: String]]) {
    let outcome = try Program.shell(
      "\(environment.map { "\($0.key)='\($0.value)' " }.joined())\"$0\" benchmark \(arguments) --json --points 8 "
        + "--repeats 1", in: Scratch())
    let rows = try outcome.json()["rows"] as? [[String: Any]] ?? []
    return (outcome, rows.compactMap { $0["identity"] as? [String: String] })
  }

  @Test("--all with a backend times all of that backend and nothing else", .enabled(if: hasOpenCL))
  func allOfOneBackend() throws {
    let (outcome, opencl) = try Self.identities("--all --backend opencl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(Set(opencl.map { $0["backend"] }) == ["opencl"])
    #expect(Set(opencl.map { $0["precision"] }).contains("single"))
  }

  @Test("Without an OpenCL driver the CPU is timed and the reason given; opencl by name is an error")
  func noDriver() throws {
    let none = ["OCL_ICD_VENDORS": "/nonexistent"]
    let (outcome, everything) = try Self.identities("--all", environment: none)
    #expect(outcome.status == 0)
    #expect(Set(everything.map { $0["backend"] }) == ["simd"])
    let leftOut = try #require(try outcome.json()["leftOut"] as? [String])
    #expect(leftOut.contains { $0.contains("No OpenCL device") })
    let refused = try Program.run(
      "benchmark", "--all", "--backend", "opencl", in: Scratch(), environment: none)
    #expect(refused.status == 69)
    #expect(refused.output.isEmpty)
    #expect(refused.errors.contains("nothing to time"))
  }
}
