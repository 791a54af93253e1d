import Foundation
import Testing

@testable import Reporting

@Suite("Maps") struct MapPlotTests {
  private func script(_ masses: [Double], _ values: [Double], centre: Double = 0.9) throws -> String {
    try MapPlot(
      title: "t", masses: masses, couplings: [1e-7, 1e-6], values: values, valueTitle: "v",
      centre: (centre, "C.L."), coupling: .d, flavour: "mu", massLabel: "m", caption: ["a"]
    ).script(format: .svg, output: "x.svg")
  }

  private func block(_ name: String, _ script: String) throws -> [[Double]] {
    let start = try #require(script.range(of: "$\(name) << EOD\n"))
    let end = try #require(script.range(of: "EOD", range: start.upperBound..<script.endIndex))
    return script[start.upperBound..<end.lowerBound].split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
  }

  @Test("Points without a number are grey cells of their own")
  func unknown() throws {
    let some = try script([1, 10], [0.8, .nan, 0.9, 1])
    #expect(try block("cells", some).map { $0.last } == [0.8, 0.9, 1])
    let grey = try block("unknown", some)
    #expect(grey.count == 1 && grey[0].count == 6 && grey[0][0] == 1 && grey[0][1] == 1e-6)
    #expect(some.contains("$unknown using 1:2:3:("))
    #expect(try !script([1, 10], [0.8, 0.8, 0.9, 1]).contains("$unknown using"))
  }

  @Test("The scale ends with the values, is pale at the centre, and equally strong at equal distances")
  func colours() throws {
    let both = try script([1, 10], [0.8, 0.9, 0.95, 1])
    #expect(both.contains("set palette defined (0.8 '#B2182B', 0.9 '#F7F7F7', 1.0 '#2166AC')"))
    #expect(both.contains("set cbrange [0.8:1.0]") && both.contains("'C.L.' 0.9"))
    // a quarter as far below as above: a quarter of the way from F7 to B2, 18, 2B
    let above = try script([1, 10], [0.875, 0.9, 0.95, 1])
    #expect(above.contains("(0.875 '#E6BFC4', 0.9 '#F7F7F7', 1.0 '#2166AC')"), "\(above)")
  }

  @Test("Few masses are bars, many masses touch, one mass is a bar in the middle")
  func cells() throws {
    let few = try block("cells", script([1, 100], [1, 1, 1, 1]))
    // a 24th of two decades to either side
    #expect(abs(few[0][3] - pow(10, 2.0 / 24)) < 1e-12 && abs(few[2][2] - 100 * pow(10, -2.0 / 24)) < 1e-10)
    let masses = (0..<8).map { pow(2, Double($0)) }
    let many = try block("cells", script(masses, masses.flatMap { _ in [1.0, 1] }))
    for row in 0..<7 { #expect(abs(many[2 * row][3] - many[2 * row + 2][2]) < 1e-12 * many[2 * row][3]) }
    let one = try script([5], [1, 1])
    #expect(one.contains("set xrange [\(5 / 1.04 / 3):\(5 * 1.04 * 3)]"))
  }
}
