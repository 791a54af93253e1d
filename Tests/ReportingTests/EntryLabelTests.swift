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
  private static let masses = 12

  private static func figure(_ name: String, _ flavour: String, _ backend: CPUBackend) throws -> ExclusionPlot
  {
    let spec = try Catalogue.load(name)
    let model = try RateModel(spec)
    let axis = try AxisSyntax.parse(
      DefaultAxes.masses([model], mass: .heavyNeutrino) + ":\(masses)", name: "--m4", unit: "MeV"
    ).values
    let analysis = try Validation.analysis(spec, flavour: flavour, masses: axis, backend: backend)
    let range =
      try DefaultAxes.couplings(analysis, masses: axis, threshold: 2.706, on: backend) ?? (
        low: 1e-8, high: 1e-4
      )
    let rows = try LimitJob(analysis: analysis, backend: backend, profilesShapes: false)
      .run(masses: axis, threshold: 2.706)
    let points = rows.compactMap { row in row.coupling.map { ContourPoint(m4: row.m4, d: $0) } }
    return ScanFigure.exclusion(
      title: spec.title,
      series: [
        .init(
          label: "\(spec.title), 90 % C.L.", contours: [Contour(points: points, isClosed: false)],
          regions: [],
          isSensitivity: spec.kind == .projection)
      ], flavours: [flavour], m4: axis, d: [range.low, range.high], coupling: .d, overlaysIn: .d,
      caption: ["caption"])
  }

  @Test("Only outlines return to their start: the boundary of BBN, which ends at 248 MeV, does not")
  func boundaries() throws {
    let curves = ScanFigure.published(flavours: ["mu"], .d)
    let bbn = try #require(curves.first { $0.name == "BBN" })
    #expect(bbn.polyline == bbn.points && bbn.style == .limit)
    let atmospheric = try #require(curves.first { $0.name == "Super-K atmospheric" })
    #expect(atmospheric.polyline.count == atmospheric.points.count + 1)
  }

  @Test("No name lies on a curve or another name, or leaves the frame")
  func geometry() throws {
    let backend = try CPUBackend()
    var (asked, placed) = ([PlotStyle: Int](), [PlotStyle: Int]())
    for name in Catalogue.entryNames {
      let flavours = try Catalogue.load(name).source.components.map(\.flavour.family)
      let flavour = flavours.contains("mu") ? "mu" : flavours.first ?? "e"
      let plot = try Self.figure(name, flavour, backend)
      for style in PlotStyle.allCases {
        let drawing = ExclusionDrawing(plot, on: PlotCanvas(.svg, style))
        let frame = drawing.layout.area
        func place(_ points: [ContourPoint]) -> [PlotPoint] { points.map { plot.axes.place($0, in: frame) } }
        let ours = plot.series.map { series in series.contours.map { place($0.polyline) } }
        let lines = ours + drawing.shown.map { [place($0.polyline)] }
        let faults = LabelPlacementTests.faults(drawing.labels, curves: lines, spines: lines, frame: frame)
        #expect(faults == [], "\(name), flavour \(flavour), \(style)")
        let looks = Set(drawing.looks)
        #expect(
          looks.count == min(drawing.shown.count, drawing.canvas.overlayLooks),
          "\(name), \(flavour), \(style)")
        asked[style, default: 0] += lines.count
        placed[style, default: 0] += drawing.labels.count
        // a name without a place is in the legend
        let script = try plot.script(format: PlotCanvas(.svg, style), output: "a.svg")
        let named = Set(drawing.labels.map(\.curve))
        for (index, curve) in drawing.shown.enumerated() where !named.contains(plot.series.count + index) {
          let entry = drawing.layout.shortened("\(curve.label) [\(curve.reference)]")
          #expect(script.contains("title '\(entry)'"), "\(name), flavour \(flavour), \(style)")
        }
      }
    }
    for style in PlotStyle.allCases {
      let (all, found) = (asked[style] ?? 0, placed[style] ?? 0)
      print("names placed beside their curves, \(style): \(found) of \(all)")
      #expect(Double(found) > 0.9 * Double(all), "\(style): \(found) of \(all) have a place")
    }
  }
}
