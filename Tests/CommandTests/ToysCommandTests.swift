import Foundation
import Testing

@Suite("toys")
struct ToysCommandTests {
  private static let run =
    "\"$0\" toys ess10 --statistic poisson --flavor mu --m4 1,6,30 --d 1e-7:3e-6:4 --toys 40 --plot none"

  @Test("The same seed gives the same statistics and bytes, another seed others, with any number of workers")
  func seeds() throws {
    let folder = try Scratch()
    for (name, options) in [("a", "--seed 3"), ("b", "--seed 3 --workers 1"), ("c", "--seed 4")] {
      let outcome = try Program.shell("\(Self.run) \(options) -o \(name)", in: folder)
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    func critical(_ name: String) throws -> [Double] {
      let text = try Program.shell("cat \(name).json", in: folder)
      return try #require(text.json()["critical_value"] as? [Double])
    }
    #expect(try critical("a") == critical("b"))
    #expect(try critical("a") != critical("c"))
  }

  @Test("Reference and simd agree on every toy: same critical values, contour and limit to rounding")
  func backends() throws {
    let folder = try Scratch()
    let small = "--m4 1,6 --d 1e-7:3e-6:3 --toys 12 --dof 1 --plot none --json"
    var found: [[Double]] = []
    for backend in ["simd", "reference"] {
      let command =
        "\"$0\" toys ess10 --statistic poisson --flavor mu \(small) --backend \(backend) -o \(backend)"
      let outcome = try Program.shell(command, in: folder)
      try #require(outcome.status == 0, "\(outcome.errors)")
      let report = try outcome.json()
      let limits = try #require(report["limit"] as? [[String: Any]])
      found.append(
        try #require(report["critical_value"] as? [Double]) + limits.compactMap { $0["d"] as? Double })
    }
    try #require(found[0].count == found[1].count && found[0].count >= 3)
    for (a, b) in zip(found[0], found[1]) { #expect(abs(a - b) <= 1e-9 * max(1, abs(b))) }
  }

  @Test(
    "Bad requests are refused with the culprit and the range",
    arguments: [
      ("--toys 5", "--toys 5"), ("--toys 100 --most 50", "--most 50"), ("--cl 1.5", "--cl 1.5"),
      ("--dof 3", "--dof 3"), ("--model vector", "vector"), ("--ensemble none", "ensemble"),
    ])
  func refusals(options: String, culprit: String) throws {
    let outcome = try Program.shell("\"$0\" toys ess10 --m4 1,6 --d 1e-7:1e-6:3 \(options)", in: Scratch())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(culprit), "\(outcome.errors)")
  }
}
