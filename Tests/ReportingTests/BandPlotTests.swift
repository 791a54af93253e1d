import Foundation
import Testing

@testable import Reporting

@Suite("Band plots") struct BandPlotTests {
  private func plot(_ observed: [Double?], _ expected: [[Double]]) -> BandPlot {
    BandPlot(
      title: "t", masses: [1, 2, 3, 4, 5, 6], observed: observed, expected: expected, label: "Observed",
      source: "Expected", coupling: .d, flavour: "mu", massLabel: "m", caption: ["a", "b"])
  }

  private static func band(_ x: Double, top: Double? = nil) -> [Double] {
    [x, 2 * x, 3 * x, 4 * x, top ?? 5 * x]
  }

  /// Points of a block of data in a script.
  private func block(_ name: String, _ script: String) -> [[Double]]? {
    guard let start = script.range(of: "$\(name) << EOD\n"),
      let end = script.range(of: "\nEOD", range: start.upperBound..<script.endIndex)
    else { return nil }
    return script[start.upperBound..<end.lowerBound].split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
  }

  @Test(
    "Lines and bands break where nothing is stated, and what is not reached leaves the picture at its top")
  func gaps() throws {
    let script = try plot(
      [1e-6, 2e-6, nil, 3e-6, 4e-6, nil],
      [
        Self.band(1e-6), Self.band(2e-6), Self.band(3e-6, top: .infinity), [], Self.band(1e-6),
        Self.band(1e-6),
      ]
    ).script(format: .svg, output: "x.svg")
    #expect(block("limit0", script) == [[1, 1e-6], [2, 2e-6]])
    #expect(block("limit1", script) == [[4, 3e-6], [5, 4e-6]])
    #expect(block("limit2", script) == nil)
    let first = try #require(block("band0", script))
    #expect(
      first.map { $0[0] } == [1, 2, 3] && first.allSatisfy { $0.count == 6 && $0.allSatisfy(\.isFinite) })
    #expect(first[2][5] > 3e-5)
    #expect(block("band1", script)?.map { $0[0] } == [5, 6])
    #expect(block("median0", script)?.map { $0[1] } == [3e-6, 6e-6, 9e-6])
    #expect(!script.contains("inf"))
  }

  @Test("Without bands the legend has the limit alone; without anything to draw there is an error")
  func alone() throws {
    let none = [[Double]](repeating: [], count: 6)
    let script = try plot([1e-6, 1e-6, nil, nil, nil, nil], none).script(format: .png, output: "x.png")
    #expect(script.contains("'Observed'") && !script.contains("Expected") && !script.contains("filledcurves"))
    #expect(throws: ReportError.self) {
      try plot([nil, nil, nil, nil, nil, nil], none).script(format: .png, output: "x.png")
    }
  }
}
