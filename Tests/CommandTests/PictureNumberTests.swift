import Foundation
import Reporting
import Testing

/// What a picture draws is in its script; here it is compared with the numbers that the same run states.
@Suite("Numbers in pictures", .enabled(if: Gnuplot.locate() != nil))
struct PictureNumberTests {
  static func block(_ name: String, _ script: String) throws -> [[Double]] {
    let start = try #require(script.range(of: "$\(name) << EOD\n"), "\(name)")
    let end = try #require(script.range(of: "EOD", range: start.upperBound..<script.endIndex))
    return script[start.upperBound..<end.lowerBound].split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
  }

  @Test("The stack and the data of a spectrum are those of its JSON, per unit of either axis")
  func spectrum() throws {
    let folder = try Scratch()
    let outcome = try Program.run(
      "spectrum", "coherent-csi-2021", "--m4", "10", "--d", "1e-6", "--json", "--plot", "s.svg", in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    let energies = try #require(report["energy_edges"] as? [Double])
    let times = try #require(report["time_edges"] as? [Double])
    let observed = try #require(report["observed"] as? [Double])
    let layers = try #require(report["ingredients"] as? [[String: Any]]).map {
      try #require($0["events"] as? [Double])
    }
    let sum = observed.indices.map { bin in layers.reduce(0) { $0 + $1[bin] } }
    let script = try folder.read("s.gp")
    let columns = times.count - 1
    for (panel, edges) in [energies, times].enumerated() {
      func projected(_ values: [Double]) -> [Double] {
        (0..<edges.count - 1).map { bin in
          values.indices.filter { (panel == 0 ? $0 / columns : $0 % columns) == bin }
            .reduce(0) { $0 + values[$1] }
        }
      }
      let (stack, data) = (projected(sum), projected(observed))
      let top = try Self.block("panel\(panel)_\(layers.count - 1)", script)
      let points = try Self.block("observed\(panel)", script)
      let residuals = try Self.block("residuals\(panel)", script)
      #expect(top.count == 2 * stack.count && points.count == stack.count)
      for bin in stack.indices {
        // the axis of times is in microseconds, as in the JSON
        let width = edges[bin + 1] - edges[bin]
        #expect(isClose(top[2 * bin][2] * width, stack[bin], rtol: 1e-12))
        #expect(top[2 * bin][0] == edges[bin] && top[2 * bin + 1][0] == edges[bin + 1])
        #expect(isClose(points[bin][1] * width, data[bin], rtol: 1e-12))
        #expect(isClose(points[bin][2] * width, data[bin].squareRoot(), rtol: 1e-12))
        let residual = (data[bin] - stack[bin]) / stack[bin].squareRoot()
        #expect(isClose(residuals[2 * bin][2], residual, rtol: 1e-9, atol: 1e-9))
      }
    }
  }

  @Test("Bands and limit are those of the JSON")
  func bands() throws {
    let folder = try Scratch()
    let outcome = try Program.run(
      "limit", "coherent-csi-2021", "--flavor", "mu", "--m4", "1,10", "--method", "cls", "--bands", "--json",
      "--plot", "svg",
      "--output", "b", in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let rows = try #require(try outcome.json()["limit"] as? [[String: Any]])
    let script = try folder.read("b.gp")
    let (band, limit) = (try Self.block("band0", script), try Self.block("limit0", script))
    #expect(rows.count == 2 && band.count == 2 && limit.count == 2)
    for (index, row) in rows.enumerated() {
      #expect(try band[index] == [#require(row["m4"] as? Double)] + #require(row["expected_d"] as? [Double]))
      #expect(try limit[index] == [#require(row["m4"] as? Double), #require(row["d"] as? Double)])
    }
  }

  @Test("Pulls, their errors and the correlations are those of the JSON")
  func fit() throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      "\"$0\" fit ess10 darwin --flavor mu --inject-m4 9 --inject-d 4.2e-7 --toy 1 --m4 5:20:6 --d 1e-7:2e-6:10 --no-refine --json -o f",
      in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let best = try FitCommandTests.best(outcome.json())
    let pulls = try #require(best["pulls"] as? [[String: Any]])
    let drawn = try Self.block("pulls", folder.read("f-pulls.gp"))
    #expect(drawn.count == pulls.count && !pulls.isEmpty)
    for (index, pull) in pulls.enumerated() {
      let (value, width) = (try #require(pull["value"] as? Double), try #require(pull["width"] as? Double))
      let error = try #require(pull["error"] as? Double)
      #expect(value != 0)
      #expect(isClose(drawn[index][0], value / width, rtol: 1e-12))
      #expect(drawn[index][1] == Double(pulls.count - index))
      #expect(isClose(drawn[index][2], error / width, rtol: 1e-12))
    }
    let correlation = try #require(best["correlation"] as? [String: Any])
    let matrix = try #require(correlation["matrix"] as? [[Double]])
    let names = try #require(correlation["parameters"] as? [String])
    let script = try folder.read("f-correlation.gp")
    let cells = try Self.block("cells", script)
    for cell in cells { #expect(matrix[names.count - Int(cell[1])][Int(cell[0]) - 1] == cell[2]) }
    #expect(cells.count == names.count * names.count)
    for (index, name) in names.enumerated() {
      #expect(script.contains("\(name)  \(index + 1)' \(names.count - index)"))
    }
  }

  @Test(
    "A histogram holds all toys of its point, and is the same after a merge")
  func toys() throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      "\"$0\" toys ess10 --statistic poisson --m4 6 --d 3e-7 --toys 200 --histogram 6,3e-7 --dof 1 --json -o t && \"$0\" toys ess10 "
        + "--statistic poisson --m4 6 --d 3e-7 --toys 200 --histogram 6,3e-7 --dof 1 --json --shard 1/1 -o u && \"$0\" merge u.shard-*.state",
      in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let script = try folder.read("t-histogram-1.gp")
    #expect(
      try folder.read("u-histogram-1.gp").replacingOccurrences(of: "u-histogram", with: "t-histogram")
        == script)
    let steps = try Self.block("toys0", script)
    var area = 0.0
    for i in stride(from: 0, to: steps.count, by: 2) {
      let width: Double = steps[i + 1][0] - steps[i][0]
      area += width * max(steps[i][1], 0)
    }
    #expect(isClose(area, 1, rtol: 1e-9))
    #expect(script.contains("'200 toys"))
  }
}
