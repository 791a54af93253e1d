import Contours
import Experiments
import Foundation
import Rates
import SIMDBackend
import Testing

@testable import Pipeline
@testable import Reporting

/// Names in the default plots of the catalogue: limits at a few masses stand for the contours of full scans.
@Suite("Names in plots of the catalogue") struct EntryLabelTests {
  private struct Figure {
    var name: String
    var plot: ExclusionPlot
  }

  private static let masses = 12

  private static func figure(_ name: String, _ flavour: String, _ backend: CPUBackend) throws -> ExclusionPlot {
    let spec = try Catalogue.load(name)
    let model = try RateModel(spec)
    let axis = try AxisSyntax.parse(
      DefaultAxes.masses([model], mass: .heavyNeutrino) + ":\(masses)", name: "--m4", unit: "MeV"
    ).values
    let analysis = try Validation.analysis(spec, flavour: flavour, masses: axis, backend: backend)
    let range =
      try DefaultAxes.couplings(analysis, masses: axis, threshold: 2.706, on: backend) ?? (low: 1e-8, high: 1e-4)
    let rows = try LimitJob(analysis: analysis, backend: backend, profilesShapes: false)
      .run(masses: axis, threshold: 2.706)
    let points = rows.compactMap { row in row.coupling.map { ContourPoint(m4: row.m4, d: $0) } }
    return ScanFigure.exclusion(
      title: spec.title,
      series: [
        .init(
          label: "\(spec.title), 90 % C.L.", contours: [Contour(points: points, isClosed: false)], regions: [],
          isSensitivity: spec.kind == .projection)
      ], flavours: [flavour], m4: axis, d: [range.low, range.high], coupling: .d, overlaysIn: .d,
      caption: ["caption"])
  }

  @Test("No name lies on a curve or another name, or leaves the frame", arguments: PlotStyle.allCases)
  func geometry(style: PlotStyle) throws {
    let backend = try CPUBackend()
    var (asked, placed) = (0, 0)
    for name in Catalogue.entryNames {
      for flavour in Set(try Catalogue.load(name).source.components.map(\.flavour.family)).sorted() {
        let plot = try Self.figure(name, flavour, backend)
        let drawing = ExclusionDrawing(plot, on: PlotCanvas(.svg, style))
        let place = { (points: [ContourPoint]) in
          points.map { plot.axes.place($0, in: drawing.layout.area) }
        }
        let lines =
          plot.series.map { $0.contours.map { place($0.polyline) } } + drawing.shown.map { [place($0.polyline)] }
        let faults = LabelPlacementTests.faults(
          drawing.labels, curves: lines, spines: lines, frame: drawing.layout.area)
        #expect(faults == [], "\(name), flavour \(flavour)")
        asked += lines.count
        placed += drawing.labels.count
        let script = try plot.script(format: PlotCanvas(.svg, style), output: "a.svg")
        // a name without a place is in the legend
        for (index, curve) in drawing.shown.enumerated()
        where !drawing.labels.contains(where: { $0.curve == plot.series.count + index }) {
          #expect(script.contains("title '\(curve.label) [\(curve.reference)]'"), "\(name), flavour \(flavour)")
        }
      }
    }
    print("names placed beside their curves, \(style): \(placed) of \(asked)")
    #expect(Double(placed) > 0.9 * Double(asked), "\(placed) of \(asked) have a place")
  }
}
