import Contours
import Foundation
import Testing

@testable import Reporting

@Suite struct PlotTests {
  static func point(_ m4: Double, _ d: Double) -> ContourPoint { ContourPoint(m4: m4, d: d) }

  static func exclusion(_ result: SyntheticResult, sensitivity: Bool = false) throws -> ExclusionPlot {
    let contours = try result.contours()
    var builder = try ContourBuilder(
      m4: result.m4, d: result.d, level: SyntheticResult.provenance.level, boundary: .closed)
    for row in result.m4.indices { try builder.add(row: row, statistic: result.delta(row)) }
    return ExclusionPlot(
      title: "It's a {test}_1",
      series: [
        .init(label: "Ours", contours: contours, regions: try builder.finish(), isSensitivity: sensitivity)
      ],
      overlays: [
        OverlayCurve(
          label: "Published", points: [point(1, 1e-6), point(20, 2e-6)], style: .limit,
          reference: "arXiv:0000"),
        OverlayCurve(label: "Far away", points: [point(1, 1e-12)], style: .projection, reference: ""),
      ],
      m4Range: 0.1...60, dRange: 1e-7...1e-4, coupling: .d, caption: SyntheticResult.provenance.captionLines)
  }

  static func spectrum(events: [Double] = [4, 2]) -> SpectrumPlot {
    let panel = SpectrumPlot.Panel(
      axis: "Photoelectrons", unit: "PE", edges: [0, 8, 12],
      components: [
        .init(name: "Steady state", events: [8, 4], role: .background),
        .init(name: "SM", events: events, role: .standardModel),
        .init(name: "Dipole", events: [1, 1], role: .signal),
      ], observed: [16, 4])
    return SpectrumPlot(title: "Spectrum", panels: [panel, panel], caption: ["caption"])
  }

  @Test("a limit is solid and shaded, a sensitivity dashed and not shaded", arguments: [false, true])
  func styles(sensitivity: Bool) throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let script = try Self.exclusion(result, sensitivity: sensitivity).script(format: .svg, output: "a.svg")
    #expect(script.contains("dashtype (9,6)") == sensitivity)
    #expect(script.contains("filledcurves") == !sensitivity)
    #expect(script.contains("'It''s a {test}_1' noenhanced"))
    #expect(script.contains("set logscale xy"))
    #expect(script.contains("[MeV]") && script.contains("[GeV^{-1}]"))
    #expect(script.contains("σ^{μν}"))
  }

  @Test("curves outside the window are neither drawn nor listed, but named")
  func outside() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let plot = try Self.exclusion(result)
    #expect(plot.overlaysOutsideWindow.map(\.label) == ["Far away"])
    let script = try plot.script(format: .png, output: "a.png")
    #expect(!script.contains("Far away"))
    #expect(script.contains("title 'Published [arXiv:0000]'"))
  }

  @Test("impossible ranges and numbers are errors")
  func badPlot() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    var plot = try Self.exclusion(result)
    plot.m4Range = 0...60
    #expect(throws: ReportError.self) { try plot.script(format: .svg, output: "a.svg") }
    plot.m4Range = 1...1
    #expect(throws: ReportError.self) { try plot.script(format: .svg, output: "a.svg") }
    plot = try Self.exclusion(result)
    plot.overlays[0].points[0].d = .nan
    #expect(throws: ReportError.self) { try plot.script(format: .svg, output: "a.svg") }
    #expect(throws: ReportError.self) { try Self.spectrum(events: [1]).script(format: .svg, output: "a.svg") }
    #expect(throws: ReportError.self) {
      try Self.spectrum(events: [1, -1]).script(format: .svg, output: "a.svg")
    }
    #expect(throws: ReportError.self) {
      try Self.spectrum(events: [1, .nan]).script(format: .svg, output: "a.svg")
    }
  }

  @Test("a scan of one mass is drawn with room around it")
  func oneMass() throws {
    let plot = ExclusionPlot(
      title: "", series: [], overlays: [], m4Range: 10...10, dRange: 1e-7...1e-4, coupling: .d, caption: [])
    #expect(try plot.script(format: .svg, output: "a.svg").contains("set xrange [5.0:20.0]"))
  }

  @Test("the coupling window covers the contours in whole decades, within the scanned axis")
  func window() {
    let contour = Contour(points: [Self.point(1, 8e-7), Self.point(40, 3e-5)], isClosed: false)
    #expect(ExclusionPlot.couplingRange(of: [contour], within: [1e-9, 1e-2]) == 1e-7...1e-4)
    #expect(ExclusionPlot.couplingRange(of: [contour], within: [5e-7, 5e-5]) == 5e-7...5e-5)
    #expect(ExclusionPlot.couplingRange(of: [], within: [1e-9, 1e-2]) == 1e-9...1e-2)
    #expect(ExclusionPlot.couplingRange(of: [], within: [1e-6]) == 1e-6...(1e-6 * 10))
  }

  @Test("stacked layers are events per unit of the axis, and data carry sqrt(n)")
  func stack() throws {
    let script = try Self.spectrum().script(format: .svg, output: "a.svg")
    // second layer of the first bin: from 8/8 to (8 + 4)/8; data: 16/8 +- 4/8
    #expect(script.contains("\n0.0 1.0 1.5\n8.0 1.0 1.5\n8.0 1.0 1.5\n12.0 1.0 1.5\n"))
    #expect(script.contains("\n4.0 2.0 0.5\n"))
    #expect(script.contains("Events / PE"))
    var rates = Self.spectrum()
    rates.panels[0].content = "Events per day"
    #expect(try rates.script(format: .svg, output: "a.svg").contains("'Events per day / PE'"))
    rates.panels[0].unit = "bin"
    rates.panels[0].axis = "analysis bin"
    #expect(try rates.script(format: .svg, output: "a.svg").contains("label 950 'analysis bin' "))
  }

  @Test("data with errors of their own carry these, and may lie below zero")
  func errorsOfTheirOwn() throws {
    var plot = Self.spectrum()
    plot.panels = [plot.panels[0]]
    plot.panels[0].observed = [16, -2]
    #expect(throws: ReportError.self) { try plot.script(format: .svg, output: "a.svg") }
    plot.panels[0].errors = [24, 6]
    let script = try plot.script(format: .svg, output: "a.svg")
    // bins of 8 and 4 PE: 16/8 +- 24/8, -2/4 +- 6/4; the lowest bar ends at -2
    #expect(script.contains("\n4.0 2.0 3.0\n10.0 -0.5 1.5\n"))
    #expect(script.contains("set yrange [-2.16:"))
    #expect(script.contains("±σ") && !script.contains("√n"))
    plot.panels[0].errors = [24]
    #expect(throws: ReportError.self) { try plot.script(format: .svg, output: "a.svg") }
  }

  @Test("a hole is joined to its outline by a cut without area and runs against it")
  func hole() {
    func square(_ low: Double, _ high: Double) -> Contour {
      Contour(
        points: [
          Self.point(exp(low), exp(low)), Self.point(exp(high), exp(low)), Self.point(exp(high), exp(high)),
          Self.point(exp(low), exp(high)),
        ], isClosed: true)
    }
    let polygons = RegionPolygon.polygons([
      square(0, 10), square(2, 4), square(5, 8), square(6, 7), square(20, 21),
    ])
    #expect(polygons.count == 3)
    let areas = polygons.map { RegionPolygon.signedArea($0) }
    for (area, expected) in zip(areas, [100.0 - 4 - 9, 1, 1]) { #expect(abs(area - expected) <= 1e-11) }
  }

  /// Holes beside and above each other in a region whose outline is not convex: a C open towards low masses.
  @Test("Cuts to holes are horizontal, walked both ways, inside the region and off the other holes")
  func cuts() throws {
    func ring(_ corners: [(Double, Double)]) -> Contour {
      Contour(points: corners.map { Self.point(exp($0.0), exp($0.1)) }, isClosed: true)
    }
    func diamond(_ x: Double, _ y: Double) -> Contour {
      ring([(x - 0.5, y), (x, y + 0.4), (x + 0.5, y + 0.1), (x, y - 0.4)])
    }
    let outline = ring([(0, 0), (10, 0), (10, 10), (0, 10), (0, 8), (6, 8), (6, 2), (0, 2)])
    let holes = [diamond(1, 9), diamond(3, 9), diamond(5, 9.05), diamond(1, 1), diamond(4, 1), diamond(8, 5)]
    let polygons = RegionPolygon.polygons([outline] + holes)
    #expect(polygons.count == 1)
    let polygon = try #require(polygons.first).map { (x: log($0.m4), y: log($0.d)) }
    // 100 less the notch and the diamonds (two triangles of height 0.4 + 0.4 about a line of 1.0, one corner 0.1 higher)
    let diamondArea = 0.4
    let area = RegionPolygon.signedArea(try #require(polygons.first))
    #expect(abs(area - (100 - 36 - 6 * diamondArea)) <= 1e-10)
    let edges = polygon.indices.map { (polygon[$0], polygon[($0 + 1) % polygon.count]) }
    let corners = ([outline] + holes).map { $0.points.map { (x: log($0.m4), y: log($0.d)) } }
    /// Whether an edge lies on one of the rings.
    func isPartOfRing(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double)) -> Bool {
      corners.contains { ring in
        ring.indices.contains { i in
          let (p, q) = (ring[i], ring[(i + 1) % ring.count])
          func lies(_ c: (x: Double, y: Double)) -> Bool {
            abs((q.x - p.x) * (c.y - p.y) - (q.y - p.y) * (c.x - p.x)) < 1e-9
              && min(p.x, q.x) - 1e-9 <= c.x && c.x <= max(p.x, q.x) + 1e-9
              && min(p.y, q.y) - 1e-9 <= c.y && c.y <= max(p.y, q.y) + 1e-9
          }
          return lies(a) && lies(b)
        }
      }
    }
    let cuts = edges.filter { !isPartOfRing($0, $1) }
    #expect(cuts.count == 2 * holes.count)
    for (a, b) in cuts {
      #expect(a.y == b.y, "a seam shows unless the cut is horizontal")
      #expect(cuts.contains { $0.0 == b && $0.1 == a }, "walked both ways")
      // no other ring between its ends
      for ring in corners {
        for i in ring.indices {
          let (p, q) = (ring[i], ring[(i + 1) % ring.count])
          guard (p.y > a.y) != (q.y > a.y) else { continue }
          let x = p.x + (a.y - p.y) / (q.y - p.y) * (q.x - p.x)
          #expect(!(x > min(a.x, b.x) + 1e-9 && x < max(a.x, b.x) - 1e-9))
        }
      }
    }
  }

  @Test("Curves whose colour was used before carry marks; only sensitivities are dashed")
  func manyCurves() throws {
    let count = PlotPalette.light.results.count + 2
    let series = (0..<count).map { index in
      let points = (0..<40).map { Self.point(0.2 + Double($0), 1e-6 * Double(index + 1)) }
      return ExclusionPlot.Series(
        label: "curve \(index)", contours: [Contour(points: points, isClosed: false)], regions: [],
        isSensitivity: index.isMultiple(of: 2))
    }
    let plot = ExclusionPlot(
      title: "", series: series, overlays: [], m4Range: 0.1...60, dRange: 1e-7...1e-4, coupling: .d,
      caption: [])
    let lines = try plot.script(format: .svg, output: "a.svg").split(separator: "\n").map(String.init)
    var looks: Set<String> = []
    for index in 0..<count {
      let drawn = try #require(lines.first { $0.contains("$contour\(index)_0 using") })
      let key = try #require(lines.first { $0.contains("title 'curve \(index)'") })
      #expect(drawn.contains("dashtype \(index.isMultiple(of: 2) ? "(9,6)" : "1") "))
      #expect(drawn.contains("linespoints") == (index >= PlotPalette.light.results.count))
      #expect(key.contains("linespoints") == (index >= PlotPalette.light.results.count))
      let colour = try #require(drawn.firstRange(of: /linecolor rgb '#[0-9A-F]+'/)).lowerBound
      let mark = drawn.firstRange(of: /pointtype \d+/).map { String(drawn[$0]) } ?? ""
      looks.insert(mark + drawn[colour...].prefix(24))
    }
    #expect(looks.count == count, "each look is used once")
  }

  @Test("the extension chooses the format; anything else is an error that lists them")
  func formats() throws {
    #expect(try PlotFormat(path: "a/b.SVG") == .svg)
    #expect(try PlotFormat(path: "b.pdf") == .pdf)
    for path in ["plot", "plot.jpeg"] {
      let error = #expect(throws: ReportError.self) { try PlotFormat(path: path) }
      #expect(error?.message.contains(".svg, .png or .pdf") == true)
    }
  }

  @Test("gnuplot draws both plots in every format, and the same bytes twice", arguments: PlotFormat.allCases)
  func drawn(format: PlotFormat) throws {
    #expect(Gnuplot.locate() != nil, "the tests need gnuplot-nox")
    let result = try SyntheticResult()
    defer { result.remove() }
    let plot = try Self.exclusion(result)
    for name in ["limit it's", "limit again"] {
      if format == .pdf { Thread.sleep(forTimeInterval: 1.1) }  // its date counts seconds
      try Gnuplot.render(to: result.path("\(name).\(format)")) { format, output throws(ReportError) in
        try plot.script(format: format, output: output)
      }
    }
    let pictures = try ["limit it's", "limit again"].map {
      try Data(contentsOf: URL(fileURLWithPath: result.path("\($0).\(format)")))
    }
    #expect(pictures[0].count > 5000)
    #expect(pictures[0] == pictures[1])
    try Gnuplot.render(to: result.path("spectrum.\(format)")) { format, output throws(ReportError) in
      try Self.spectrum().script(format: format, output: output)
    }
    #expect(!result.files.contains { $0.hasSuffix(".partial") })
    #expect(result.files.contains("spectrum.gp"))
  }

  @Test("without gnuplot the script is kept and the error says how to install it")
  func missingGnuplot() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    #expect(Gnuplot.locate(searchPath: result.folder.path + ":") == nil)
    let error = #expect(throws: ReportError.self) {
      try Gnuplot.render(to: result.path("a b.svg"), program: nil) { _, _ in "plot x\n" }
    }
    #expect(error?.kind == .plotterMissing)
    #expect(error?.message.contains("apt install gnuplot-nox") == true)
    #expect(error?.message.contains("&& gnuplot 'a b.gp'.") == true)
    #expect(result.files == ["a b.gp"])
  }

  @Test("a script that gnuplot refuses is an error with gnuplot's words and no picture")
  func failingScript() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let error = #expect(throws: ReportError.self) {
      try Gnuplot.render(to: result.path("a.svg")) { _, _ in "set nonsense\n" }
    }
    #expect(error?.kind == .plotFailed)
    #expect(error?.message.contains("nrecognized") == true)
    #expect(result.files == ["a.gp"])
  }
}
