import Contours
import Foundation
import Testing

@testable import Reporting

@Suite struct RegionPlotTests {
  private static func square(_ low: Double, _ high: Double) -> Contour {
    Contour(
      points: [
        ContourPoint(m4: low, d: 1e-7), ContourPoint(m4: low, d: 2e-7), ContourPoint(m4: high, d: 2e-7),
        ContourPoint(m4: high, d: 1e-7),
      ], isClosed: true)
  }

  private static func plot(m4Range: ClosedRange<Double> = 1...50) -> RegionPlot {
    let square = square(5, 9)
    return RegionPlot(
      title: "It's a fit",
      series: [
        .init(label: "All", fills: [[square], [square]], lines: [[square], [square]], style: .main),
        .init(label: "One", fills: [], lines: [[square]], style: .alone),
        .init(label: "Other", fills: [], lines: [[]], style: .alone),
        .init(label: "Posterior", fills: [], lines: [[square]], style: .posterior),
      ], marks: [.init(kind: .truth, label: "Injected", point: ContourPoint(m4: 7, d: 1.5e-7))],
      axes: PlaneAxes(
        m4Range: m4Range, dRange: 1e-8...1e-6, coupling: .d, flavour: "mu", massLabel: "{/:Italic m}_4"),
      caption: ["caption"])
  }

  @Test("Only the main fit is filled, the posterior is dashed, colours differ, empty outlines are said")
  func styles() throws {
    let script = try Self.plot().script(format: .svg, output: "a.svg")
    #expect(script.components(separatedBy: "with filledcurves closed").count - 1 == 2)
    #expect(script.components(separatedBy: "dashtype (9,6)").count - 1 == 2)
    for colour in ["#0072B2", "#D55E00", "#009E73", "#222222"] { #expect(script.contains(colour)) }
    #expect(script.contains("'Other: no outline here'"))
    #expect(script.contains("'Injected'") && script.contains("'It''s a fit' noenhanced"))
    #expect(script.contains("{/:Italic d}_{μ}  [GeV^{-1}]"))
  }

  @Test("Ranges that have no logarithm are refused")
  func ranges() {
    #expect(throws: ReportError.self) { try Self.plot(m4Range: 0...5).script(format: .svg, output: "a.svg") }
  }

  @Test("The table of a region numbers its pieces and says which are closed")
  func table() {
    let open = Contour(points: [ContourPoint(m4: 1, d: 1e-7), ContourPoint(m4: 2, d: 1e-7)], isClosed: false)
    let text = RegionTable.text(
      [Self.square(5, 9), open], name: "region", entries: [("version", "1")], massHead: "m4 [MeV]",
      couplingHead: "d [1/GeV]")
    let lines = text.split(separator: "\n")
    #expect(lines[0] == "# region; pieces: 0 closed, 1 open")
    #expect(lines[1] == "# version: 1" && lines[2] == "piece,m4 [MeV],d [1/GeV]")
    #expect(lines.count == 3 + 6 && lines.last == "1,2.0,1e-07")
  }

  @Test("An array file is whole, or is not written")
  func arrays() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("arrays-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.h5").path
    var file = ArrayFile(attributes: [("format", "test")])
    file.add("x", shape: [2], [1, 2], [("unit", "MeV")])
    file.add("group/y", shape: [2, 2], [1, 2, 3, 4], [])
    try file.write(to: path)
    let id = try HDF5.openFile(path)
    #expect(try HDF5.read("x", shape: [2], in: id.id) == [1, 2])
    #expect(try HDF5.read("group/y", shape: [2, 2], in: id.id) == [1, 2, 3, 4])
    #expect(try HDF5.text("format", of: id.id) == "test")
    file.add("z", shape: [3], [1], [])
    #expect(throws: ReportError.self) { try file.write(to: folder.appendingPathComponent("b.h5").path) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.h5"])
  }
}
