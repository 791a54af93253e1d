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
}
