import Foundation
import Reporting
import Testing

@testable import Pipeline

@Suite("plot", .enabled(if: Gnuplot.locate() != nil))
struct PlotCommandTests {
  @Test("Results that do not mean the same are drawn with a warning and labels that tell them apart")
  func different() throws {
    let folder = try Scratch()
    let scan = "\"$0\" scan csi-benchmark --m4 1:40:8 --d 1e-7:1e-5:12 --plot none"
    #expect(try Program.shell("\(scan) -o a && \(scan) --dof 2 --cl 0.95 -o b", in: folder).status == 0)
    let outcome = try Program.run("plot", "a.h5", "b.h5", "-o", "both.svg", in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.output == "wrote both.svg\n")
    #expect(outcome.errors.contains("differ in confidence level (90 % C.L.; 95 % C.L.)"))
    #expect(outcome.errors.contains("differ in degrees of freedom (1 dof; 2 dof)"))
    #expect(outcome.errors.contains("published curves outside the window are not drawn: "))
    let picture = try folder.read("both.svg")
    #expect(picture.contains("95 % C.L., 2 dof: "))
    #expect(picture.contains("the legend gives confidence level, degrees of freedom"))
  }

  @Test("Results in different conventions are not drawn together")
  func conventions() throws {
    let folder = try Scratch()
    let scan = "\"$0\" scan csi-benchmark --m4 1:40:4 --plot none"
    let scans = "\(scan) --d 1e-7:1e-5:5 -o a && \(scan) --d 1e-10:1e-7:5 --coupling mu -o b"
    #expect(try Program.shell(scans, in: folder).status == 0)
    let outcome = try Program.run("plot", "a.h5", "b.h5", "-o", "both.svg", in: folder)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("different coupling conventions (d, mu)"))
    #expect(try !folder.names().contains("both.svg"))
  }

  @Test(
    "Planes of moments are drawn again as moments draws them, and several together; other results are refused by name"
  )
  func planes() throws {
    let folder = try Scratch()
    let made = try Program.shell(
      "\"$0\" moments ess darwin --apart --m4 5 --x 0:1e-6:6:lin --y 0:1e-6:6:lin -o m", in: folder)
    try #require(made.status == 0, "\(made.errors)")
    let outcome = try Program.run("plot", "m-ess.h5", "m-darwin.h5", "-o", "again.svg", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.read("again.svg") == folder.read("m.svg"))
    let one = try Program.run("plot", "m-ess.h5", "--title", "One", "-o", "one.svg", in: folder)
    #expect(one.status == 0, "\(one.errors)")
    let picture = try folder.read("one.svg")
    #expect(picture.contains("One") && picture.contains("ESS, 1 t Ar") && !picture.contains("DARWIN"))
    let others = try Program.shell(
      "\"$0\" moments ess --m4 5 --plane lambda14:phase24 --x 0:1e-6:3:lin --y 0:6:3:lin --plot none -o p; "
        + "\"$0\" scan csi-benchmark --m4 1:40:4 --d 1e-7:1e-5:5 --plot none -o s; "
        + "\"$0\" toys ess10 --statistic poisson --m4 1,6 --d 1e-7:1e-6:3 --toys 10 --plot none -o t",
      in: folder)
    try #require(others.status == 0, "\(others.errors)")
    for (files, status, says) in [
      (
        ["m-ess.h5", "p.h5"], 64,
        "different axes (lambda14 [1/GeV] and lambda24 [1/GeV]; lambda14 [1/GeV] and phase24 [rad])"
      ),
      (["m-ess.h5", "s.h5"], 64, "Scans and planes of moments have different axes"),
      (["t.h5"], 65, "t.h5 is what `upscatter toys` writes"),
    ] as [([String], Int32, String)] {
      let refused = try Program.run(["plot"] + files + ["-o", "no.svg"], in: folder, environment: [:])
      #expect(refused.status == status)
      #expect(refused.errors.contains(says), "\(refused.errors)")
    }
    #expect(try !folder.names().contains("no.svg"))
  }
}
