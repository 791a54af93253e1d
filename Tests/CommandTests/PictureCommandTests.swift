import Foundation
import Reporting
import Testing

@Suite("Pictures of commands", .enabled(if: Gnuplot.locate() != nil))
struct PictureCommandTests {
  @Test("fit draws pulls and correlations, and states the correlations in numbers")
  func fit() throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      "\"$0\" fit ess10 --statistic poisson --flavor mu --inject-m4 9 --inject-d 4.2e-7 --m4 5:20:6 --d 1e-7:2e-6:10 --no-refine "
        + "--style print --json -o f", in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let names = try folder.names()
    for name in ["f.svg", "f-pulls.svg", "f-correlation.svg"] { #expect(names.contains(name)) }
    let report = try outcome.json()
    let files = try #require(report["files"] as? [String])
    #expect(files.contains("f-pulls.svg") && files.contains("f-correlation.svg"))
    let best = try FitCommandTests.best(report)
    let correlation = try #require(best["correlation"] as? [String: Any])
    let parameters = try #require(correlation["parameters"] as? [String])
    let matrix = try #require(correlation["matrix"] as? [[Double]])
    #expect(Array(parameters.suffix(2)) == ["d", "m4"])
    #expect(matrix.count == parameters.count)
    for (i, row) in matrix.enumerated() {
      #expect(row.count == parameters.count && row[i] == 1)
      for (j, value) in row.enumerated() { #expect(abs(value) <= 1 && value == matrix[j][i]) }
    }
    // a heavier neutrino needs a larger coupling for the same events
    #expect(matrix[matrix.count - 1][matrix.count - 2] > 0.1)
    #expect(try folder.read("f.svg").contains("Filled: allowed regions"))
  }

  @Test("toys draws the histogram of the nearest point, with the critical value of the scan")
  func toys() throws {
    let folder = try Scratch()
    let run =
      "\"$0\" toys ess10 --statistic poisson --m4 1,6 --d 1e-7:1e-6:3 --toys 60 --histogram 5,3e-7 --dof 1 --json -o t"
    let outcome = try Program.shell(run, in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let files = try #require(try outcome.json()["files"] as? [String])
    #expect(files.contains("t-histogram-1.svg"))
    let script = try folder.read("t-histogram-1.gp")
    #expect(script.contains("toys of m4 = 6 MeV") && script.contains("'60 toys"))
    #expect(script.contains("asymptotic critical value 2.706") && script.contains("χ² of 1 dof"))
    let before = try folder.read("t-histogram-1.svg")
    #expect(try Program.shell(run, in: folder).status == 0)
    #expect(try folder.read("t-histogram-1.svg") == before, "the same toys again")
    for bad in ["5", "5,x", "0,1e-7", "5,-1", "0.8,3e-7", "5,2e-6"] {
      let refused = try Program.shell(
        "\"$0\" toys ess10 --m4 1,6 --d 1e-7:1e-6:3 --toys 10 --histogram=\(bad) -o no", in: folder)
      #expect(refused.status == 64 && refused.errors.contains("--histogram \(bad)"), "\(refused.errors)")
    }
    #expect(try !folder.names().contains("no.h5"))
  }

  @Test("plot --difference maps where two backends differ and names the worst point")
  func difference() throws {
    let folder = try Scratch()
    let scan = "\"$0\" scan csi-benchmark --m4 1:40:6 --d 1e-7:1e-5:8 --plot none"
    let made = try Program.shell(
      "\(scan) --backend reference -o a && \(scan) --backend simd -o b && \(scan) --backend simd --m4 2,3 -o c; "
        + "\(scan) --backend simd --flavor e -o e; "
        + "\"$0\" experiments new --like csi-benchmark csi-benchmark && printf '# mine\\n' >>csi-benchmark/experiment.yaml; "
        + "\(scan.replacing("csi-benchmark", with: "csi-benchmark/experiment.yaml")) --backend simd -o f",
      in: folder)
    try #require(made.status == 0, "\(made.errors)")
    let outcome = try Program.run("plot", "--difference", "b.h5", "a.h5", "-o", "map.svg", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("of 48 points are equal to the last bit"))
    let picture = try folder.read("map.svg")
    #expect(picture.contains("worst: ") == outcome.output.contains("worst relative difference"))
    let same = try Program.run("plot", "--difference", "b.h5", "b.h5", "-o", "same.svg", in: folder)
    #expect(same.output.contains("48 of 48 points are equal to the last bit\n"))
    for (files, says) in [
      (["b.h5"], "there are 1"), (["b.h5", "c.h5"], "grids are not the same"),
      (["b.h5", "e.h5"], "of mu and e.h5 of e"), (["b.h5", "f.h5"], "input files of SHA-256"),
    ] as [([String], String)] {
      let refused = try Program.run(
        ["plot", "--difference"] + files + ["-o", "no.svg"], in: folder, environment: [:])
      #expect(refused.status == 64 && refused.errors.contains(says), "\(refused.errors)")
    }
  }

  @Test("A scan of one mass draws its limit")
  func oneMass() throws {
    let folder = try Scratch()
    let outcome = try Program.shell("\"$0\" scan csi-benchmark --m4 10 --plot svg -o x", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let script = try folder.read("x.gp")
    #expect(
      script.contains("$contour0_0 << EOD") && !script.contains("no contour") && !script.contains("Shaded"))
  }

  @Test(
    "A format alone names a picture after the experiment, and an unknown style is refused with the choices")
  func names() throws {
    let folder = try Scratch()
    let spectrum = try Program.run(
      "spectrum", "coherent-csi-2021:no-electrons", "--plot", "png", "--style", "print", in: folder)
    #expect(spectrum.status == 0, "\(spectrum.errors)")
    #expect(try folder.names().contains("spectrum-coherent-csi-2021-no-electrons.png"))
    let refused = try Program.run("spectrum", "coherent-csi-2021", "--style", "dark", in: folder)
    #expect(refused.status == 64 && refused.errors.contains("light") && refused.errors.contains("print"))
  }
}
