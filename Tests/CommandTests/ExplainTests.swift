import Foundation
import Testing

/// `--explain`: what would be computed.
@Suite("Explain")
struct ExplainTests {
  private func explain(_ arguments: String) throws -> [String: Any] {
    let folder = try Scratch()
    let outcome = try Program.shell("\"$0\" \(arguments) --explain --json", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.names().isEmpty)  // nothing is written
    return try outcome.json()
  }

  @Test("A scan is explained with its bins, integrals, points, files, and the size of its result")
  func scan() throws {
    let report = try explain(
      "scan coherent-csi-2021 --m4 1:30:40 --d 1e-7:1e-5:50 --plot png --backend simd --output out")
    let experiment = try #require((report["experiments"] as? [[String: Any]])?.first)
    #expect(experiment["energy_bins"] as? Int == 9 && experiment["time_bins"] as? Int == 11)
    #expect(
      (experiment["components"] as? [String])?.count == 3 && (experiment["pulls"] as? [String])?.count == 4)
    let integrals = try #require(experiment["integrals"] as? [[String: Any]])
    #expect(integrals.map { $0["signal"] as? String } == ["dipole", "standard-model"])
    for one in integrals {
      #expect(one["recoil_nodes_per_mass"] as? Int ?? 0 > 0 && one["terms"] as? Int ?? 0 > 0)
      #expect(one["mode"] as? String == "moments" && one["estimated_error"] as? Double ?? 1 < 1e-9)
    }
    #expect(report["points"] as? Int == 2000)
    let files = try #require(report["files"] as? [[String: Any]])
    #expect(
      files.compactMap { $0["path"] as? String } == [
        "out.h5", "out.csv", "out-limit.csv", "out.json", "out.png", "out.state",
      ])
    let folder = try Scratch()
    let real = try Program.shell(
      "\"$0\" scan coherent-csi-2021 --m4 1:30:40 --d 1e-7:1e-5:50 --plot none --backend simd --output out",
      in: folder)
    #expect(real.status == 0)
    // an upper estimate with a megabyte for attributes and contours
    let size = try folder.bytes("out.h5").count
    let estimate = try #require(files[0]["bytes"] as? Double)
    #expect(Double(size) <= estimate && estimate <= Double(size) + 1e6)
    #expect(report["memory"] as? Double ?? 0 > 1e7)
  }

  @Test(
    "The time is the sum of its stages, and more work takes longer",
    arguments: [
      ("scan csi-benchmark --plot none --backend simd --m4 1:30:60 --d 1e-7:1e-5:", "60", "600000"),
      ("toys csi-benchmark --plot none --backend simd --m4 1:30:4 --d 1e-7:1e-5:4 --toys ", "40", "400000"),
      ("limit csi-benchmark --backend simd --m4 1:30:", "4", "400000"),
    ])
  func time(arguments: String, few: String, many: String) throws {
    let seconds = try [few, many].map { count in
      let time = try #require(explain(arguments + count)["time"] as? [String: Any])
      let stages = try #require(time["stages"] as? [[String: Any]]).compactMap { $0["seconds"] as? Double }
      let total = try #require(time["seconds"] as? Double)
      #expect(stages.count >= 2 && isClose(stages.reduce(0, +), total, rtol: 1e-9))
      return total
    }
    #expect(seconds[1] > 2 * seconds[0], "\(seconds)")
  }

  @Test("The text names what the object holds; other interactions and several experiments are explained too")
  func text() throws {
    let outcome = try Program.shell(
      "\"$0\" limit coherent-csi-2021 coherent-lar-2020 --flavor mu --m4 1,10 --method cls --explain",
      in: Scratch())
    #expect(outcome.status == 0, "\(outcome.errors)")
    for words in [
      "nothing below is computed yet", "coherent-lar-2020: ", "integrals of dipole", "method", "cls",
      "2 of 2 masses timed",
    ] {
      #expect(outcome.output.contains(words), "\(words) in \(outcome.output)")
    }
    let vector = try explain("limit coherent-csi-2021 --model vector --mass 1,10")
    let names = (vector["experiments"] as? [[String: Any]])?.first?["integrals"] as? [[String: Any]]
    #expect(names?.first?["signal"] as? String == "vector")
  }
}
