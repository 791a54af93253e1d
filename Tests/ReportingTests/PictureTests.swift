import Contours
import Foundation
import Testing

@testable import Reporting

@Suite("Pictures of fits, toys and differences, and styles") struct PictureTests {
  private static func block(_ name: String, _ script: String) throws -> [[Double]] {
    let start = try #require(script.range(of: "$\(name) << EOD\n"))
    let end = try #require(script.range(of: "EOD", range: start.upperBound..<script.endIndex))
    return script[start.upperBound..<end.lowerBound].split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
  }

  // MARK: - Pulls and correlations

  @Test("Pulls are listed from the top with their errors, against one prior standard deviation")
  func pulls() throws {
    let plot = PullPlot(
      title: "t",
      pulls: [
        .init(name: "flux_1", value: 0.5, error: 0.8), .init(name: "quenching", value: -2, error: nil),
      ],
      caption: [])
    let script = try plot.script(format: .svg, output: "a.svg")
    #expect(try Self.block("pulls", script) == [[0.5, 2, 0.8], [-2, 1, 0]])
    #expect(script.contains("'+0.50 ± 0.80'") && script.contains("'−2.00'"))
    #expect(script.contains("from -1, graph 0 to 1, graph 1"))
    #expect(script.contains("flux\\_1"))
    #expect(throws: ReportError.self) {
      try PullPlot(title: "", pulls: [], caption: []).script(format: .svg, output: "a.svg")
    }
  }

  @Test("A correlation matrix starts at the top left, with numbers while there is room")
  func correlation() throws {
    let plot = CorrelationPlot(
      title: "t", names: ["a", "b"], matrix: [[1, -0.7], [-0.7, 1]], caption: [])
    let script = try plot.script(format: .svg, output: "a.svg")
    #expect(try Self.block("cells", script) == [[1, 2, 1], [2, 2, -0.7], [1, 1, -0.7], [2, 1, 1]])
    #expect(script.contains("'−0.70' at 2,2"))
    #expect(script.contains("set cbrange [-1:1]"))
    let many = CorrelationPlot(
      title: "t", names: (0..<20).map { "p\($0)" },
      matrix: (0..<20).map { i in (0..<20).map { $0 == i ? 1 : 0 } }, caption: [])
    #expect(try !many.script(format: .svg, output: "a.svg").contains("set label 1000"))
    let bad = CorrelationPlot(title: "t", names: ["a", "b"], matrix: [[1]], caption: [])
    #expect(throws: ReportError.self) { try bad.script(format: .svg, output: "a.svg") }
  }

  // MARK: - Toys

  @Test("Shares of a density add to one over its range, and have the quantiles of tables", arguments: [1, 2])
  func chiSquare(degrees: Int) {
    let bins = HistogramBins(0...60, samples: [[0, 1, 2, 3]])
    let shares = bins.shares(of: .chiSquare(degreesOfFreedom: degrees))
    #expect(abs(shares.reduce(0, +) * bins.width - 1) < 1e-12)
    // 90 % quantiles 2.705543 and 4.605170
    let quantile = degrees == 1 ? 2.705543 : 4.605170
    let upTo = HistogramBins(0...quantile, samples: [[0, 1, 2, 3]])
    let inside = upTo.shares(of: .chiSquare(degreesOfFreedom: degrees)).reduce(0, +) * upTo.width
    #expect(abs(inside - 0.9) < 1e-6)
  }

  @Test("A histogram of a tail starts at zero, has area one, and marks its critical values")
  func histogram() throws {
    let values = (0..<1000).map { -2 * log(1 - (Double($0) + 0.5) / 1000) }
    let plot = ToyHistogramPlot(
      title: "t", axis: "q",
      samples: [.init(label: "toys", values: values, density: .chiSquare(degreesOfFreedom: 2))],
      lines: [
        .init(label: "asymptotic", value: 4.605, kind: .asymptotic),
        .init(label: "data", value: 1, kind: .data),
      ], showsTail: true, caption: [])
    let script = try plot.script(format: .svg, output: "a.svg")
    let outline = try Self.block("toys0", script)
    #expect(outline[0][0] == 0)
    var area = 0.0
    for i in stride(from: 0, to: outline.count, by: 2) {
      let width: Double = outline[i + 1][0] - outline[i][0]
      area += width * outline[i][1]
    }
    #expect(abs(area - 1) < 1e-12)
    // these values are quantiles of the density itself: bars and density agree to a toy or two per bin
    for (bar, density) in zip(outline, try Self.block("density0", script)) {
      #expect(abs(bar[1] - density[1]) * (outline[1][0] - outline[0][0]) < 0.0021)
    }
    #expect(script.contains("from 4.605, graph 0 to 4.605, graph 1"))
    #expect(script.contains("set logscale y"))
    var far = plot
    far.lines[1].value = 1000
    let farScript = try far.script(format: .svg, output: "a.svg")
    #expect(farScript.contains("'data (off the axis)'") && !farScript.contains("from 1000"))
    let none = ToyHistogramPlot(
      title: "t", axis: "q", samples: [.init(label: "toys", values: [], density: nil)], caption: [])
    #expect(throws: ReportError.self) { try none.script(format: .svg, output: "a.svg") }
  }

  // MARK: - Differences

  @Test("Equal points have a colour of their own, the worst one a ring, and the scale whole decades")
  func differences() throws {
    func plot(_ values: [Double]) -> DifferencePlot {
      let worst = values.max() ?? 0
      return DifferencePlot(
        title: "t", masses: [1, 10], couplings: [1e-7, 1e-6], values: values,
        worst: worst > 0 ? (point: ContourPoint(m4: 10, d: 1e-7), value: worst) : nil, coupling: .d,
        flavour: "mu",
        massLabel: "m", caption: [])
    }
    let some = try plot([0, 2e-16, 3e-12, 0]).script(format: .svg, output: "a.svg")
    #expect(try Self.block("equal", some).count == 2)
    #expect(try Self.block("cells", some).map { $0.last } == [2e-16, 3e-12])
    #expect(some.contains("set cbrange [1e-16:1e-11]") && some.contains("worst: 3.0e-12"))
    #expect(some.contains("Pale blue: equal to the last bit."))
    let none = try plot([0, 0, 0, 0]).script(format: .svg, output: "a.svg")
    #expect(!none.contains("palette") && !none.contains("worst"))
    let apart = try plot([0, .infinity, 0, 1e-3]).script(format: .svg, output: "a.svg")
    #expect(try Self.block("apart", apart).count == 1)
    #expect(apart.contains("Crimson"))
  }

  // MARK: - Residuals

  @Test("Residuals are in units of the error: of the sum for counts, of the data where they have their own")
  func residuals() throws {
    // the sum is 13 and 7 events
    var panel = PlotTests.spectrum().panels[0]
    #expect(panel.residuals == [3 / 13.0.squareRoot(), -3 / 7.0.squareRoot()])
    panel.errors = [24, 0]
    #expect(panel.residuals == [3 / 24.0, nil])
    panel.observed = nil
    #expect(panel.residuals.isEmpty)
    let script = try PlotTests.spectrum().script(format: .svg, output: "a.svg")
    #expect(script.contains("'residual'"))
    var bare = PlotTests.spectrum()
    for index in bare.panels.indices { bare.panels[index].observed = nil }
    #expect(try !bare.script(format: .svg, output: "a.svg").contains("'residual'"))
  }

  @Test("Residuals beyond the axis are triangles at its edges, and the caption counts them")
  func residualsBeyond() throws {
    var plot = PlotTests.spectrum()
    #expect(plot.panels[0].residualsBeyond == 0)
    #expect(try !plot.script(format: .svg, output: "a.svg").contains("Triangles"))
    plot.panels[0].errors = [1, 1]
    plot.panels[0].observed = [13 + 40, 7 - 30]
    #expect(plot.panels[0].residualReach == 12 && plot.panels[0].residualsBeyond == 2)
    let script = try plot.script(format: .svg, output: "a.svg")
    #expect(script.contains("Triangles: 2 residuals beyond the axis."))
    #expect(script.contains("pointtype 9") && script.contains("pointtype 11"))
  }

  @Test("Tics of residuals stay clear of the panel above", arguments: PlotStyle.allCases)
  func residualTics(style: PlotStyle) throws {
    for far in stride(from: 2.0, through: 12, by: 0.5) {
      var plot = PlotTests.spectrum()
      plot.panels[0].observed = [13 + far * 13.0.squareRoot(), 7]
      let canvas = PlotCanvas(.svg, style)
      let script = try plot.script(format: canvas, output: "a.svg")
      let reach = plot.panels[0].residualReach
      let last = try #require(
        script.firstMatch(of: /set ytics -[0-9.]+, [0-9.]+, ([0-9.]+)/).flatMap { Double($0.1) })
      // the zero of the stack is written at the end of this axis: two letters of this size must fit
      let layout = PlotLayout(
        canvas, title: plot.title, caption: plot.caption, entries: plot.panels[0].legendEntries,
        rows: style == .print ? plot.panels.count : 1)
      let rows = style == .print ? Double(plot.panels.count) : 1
      let panel = (layout.area.height - (rows - 1) * PlotLayout.rowGap) / rows
      let distance = (1 - last / reach) / 2 * 0.27 * panel
      #expect(last > 0 && distance > canvas.size(.tics), "residual \(far)")
    }
  }

  @Test("A linear axis begins at zero, not at minus zero")
  func zero() {
    #expect(LinearTics.values(0...3.5e-6, steps: 8).first?.sign == .plus)
    #expect(LinearTics.values(-2...2, steps: 4).map { "\($0)" } == ["-2.0", "-1.0", "0.0", "1.0", "2.0"])
  }

  // MARK: - Room

  @Test(
    "Names and values beside pulls fit the picture, however long and many", arguments: PlotStyle.allCases,
    [2, 40])
  func room(style: PlotStyle, count: Int) throws {
    let name = "flux of neutrinos at the long target of the source"
    let pulls = (0..<count).map { PullPlot.Pull(name: "\(name) \($0)", value: -1.5, error: 0.93) }
    let canvas = PlotCanvas(.svg, style)
    let script = try PullPlot(title: "t", pulls: pulls, caption: []).script(format: canvas, output: "a.svg")
    func margin(_ side: String) throws -> Double {
      let match = try #require(script.firstMatch(of: try Regex("set \(side)margin at screen ([0-9.]+)")))
      return canvas.width * (try #require(Double(match[1].substring ?? "")))
    }
    let size = try #require(script.firstMatch(of: /font ',(\d+)' scale 0/).flatMap { Double($0.1) })
    let shown = try #require(script.firstMatch(of: /'(flux[^']*)' \d/)).1
    #expect(TextWidth.of(String(shown), size: size) < (try margin("l")))
    #expect(TextWidth.of("−1.50 ± 0.93", size: size) + 13 < canvas.width - (try margin("r")))
    // half of the picture is left to the plot
    #expect(try margin("r") - margin("l") > 0.3 * canvas.width)
  }

  @Test("A correlation matrix is square and inside the picture", arguments: PlotStyle.allCases, [2, 30])
  func square(style: PlotStyle, count: Int) throws {
    let matrix = (0..<count).map { i in (0..<count).map { $0 == i ? 1.0 : 0.1 } }
    let names = (0..<count).map { "parameter number \($0)" }
    let script = try CorrelationPlot(title: "t", names: names, matrix: matrix, caption: ["c"])
      .script(format: PlotCanvas(.svg, style), output: "a.svg")
    let size = try #require(script.firstMatch(of: /svg size (\d+),(\d+)/))
    let (width, height) = (try #require(Double(size.1)), try #require(Double(size.2)))
    func margin(_ side: String) throws -> Double {
      let match = try #require(script.firstMatch(of: try Regex("set \(side)margin at screen ([0-9.]+)")))
      return try #require(Double(match[1].substring ?? ""))
    }
    let (left, right) = (try margin("l"), try margin("r"))
    #expect(abs((right - left) * width - (try margin("t") - margin("b")) * height) < 1)
    #expect(left > 0 && right < 0.9 && (right - left) * width > 250)
    #expect(script.contains("set label 1000") == (count == 2))
    if style == .print { #expect(script.contains("(-1 '#202020', 1 '#FFFFFF')") == (count == 30)) }
  }

  @Test("Cells of maps overlap by a thousandth of the axis, in both maps")
  func seams() throws {
    let columns = "1:2:3:($4*\(pow(100.0, 0.001))):5:($6*\(pow(10.0, 0.001)))"
    let axes = PlaneAxes(
      m4Range: 1...100, dRange: 1e-7...1e-6, coupling: .d, flavour: "", massLabel: "m")
    let drawn = MapPlot.columns(axes).matches(of: /\*([0-9.]+)\)/).compactMap { Double($0.1) }
    let wanted = columns.matches(of: /\*([0-9.]+)\)/).compactMap { Double($0.1) }
    #expect(drawn.count == 2 && zip(drawn, wanted).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  // MARK: - Styles

  private static func exclusion() -> ExclusionPlot {
    ExclusionPlot(
      title: "Title",
      series: [
        .init(
          label: "Ours, 90 % C.L.",
          contours: [
            Contour(points: [PlotTests.point(0.2, 2e-6), PlotTests.point(50, 3e-5)], isClosed: false)
          ], regions: [], isSensitivity: false)
      ],
      overlays: [
        OverlayCurve(
          label: "Published, 90 %", points: [PlotTests.point(1, 1e-6), PlotTests.point(20, 2e-6)],
          style: .limit,
          reference: "arXiv:0000", name: "Published", excluded: .above, look: 3)
      ], m4Range: 0.1...60, dRange: 1e-7...1e-4, coupling: .d, caption: ["Caption"])
  }

  @Test("A printed picture is grey, 8.6 cm wide, without a title, and names published curves beside them")
  func print() throws {
    let script = try Self.exclusion().script(format: PlotCanvas(.pdf, .print), output: "a.pdf")
    #expect(script.contains("pdfcairo size 3.3858in,"))  // 8.6 cm
    #expect(!script.contains("set label 900"))
    #expect(script.contains("'Title.'"))
    let caption = script.matches(of: /set label 9[0-9]+ '([^']*)'/).map { String($0.1) }.joined(
      separator: " ")
    #expect(caption.contains("Published, 90 % [arXiv:0000]") && !script.contains("title 'Published"))
    #expect(script.contains("set label 1001 'Published'"))
    let colours = script.matches(of: /'#([0-9A-F]{2})([0-9A-F]{2})([0-9A-F]{2})'/)
    #expect(colours.count > 5)
    for colour in colours {
      #expect(colour.1 == colour.2 && colour.2 == colour.3, "\(colour.0)")
    }
  }

  @Test("A curve keeps its colour whatever is drawn with it")
  func stableLook() throws {
    let script = try Self.exclusion().script(format: .svg, output: "a.svg")
    #expect(
      script.contains(
        "$overlay0 using 1:2 with lines linewidth 1.4 linecolor rgb '\(PlotPalette.light.overlays[3])'"))
    #expect(script.contains("$marks0"))
  }

  @Test("Long captions are broken between words and fit the picture", arguments: PlotStyle.allCases)
  func captions(style: PlotStyle) throws {
    var plot = Self.exclusion()
    let words = (0..<90).map { "word\($0)" }
    plot.caption = [words.joined(separator: " ")]
    let canvas = PlotCanvas(.svg, style)
    let script = try plot.script(format: canvas, output: "a.svg")
    let lines = script.split(separator: "\n").filter {
      $0.firstMatch(of: /^set label 9[0-4]\d '.*word/) != nil
    }
    #expect(lines.count > 1)
    for line in lines {
      let text = try #require(line.firstMatch(of: /'(.*)' at/)).1
      #expect(TextWidth.of(String(text), size: canvas.size(.caption)) < canvas.width)
    }
    for word in words { #expect(script.contains(word)) }
  }

  @Test(
    "gnuplot draws every picture in both styles and all formats", arguments: PlotFormat.allCases,
    PlotStyle.allCases)
  func drawn(format: PlotFormat, style: PlotStyle) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "pictures-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func draw(_ name: String, _ script: (PlotCanvas, String) throws(ReportError) -> String) throws {
      let path = folder.appendingPathComponent("\(name).\(format)").path
      try Gnuplot.render(to: path, style: style, script: script)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count > 2000, "\(name)")
    }
    let pulls = PullPlot(title: "t", pulls: [.init(name: "a", value: 1, error: 0.5)], caption: ["c"])
    let matrix = CorrelationPlot(
      title: "t", names: ["a", "b"], matrix: [[1, 0.5], [0.5, 1]], caption: ["c"])
    let difference = DifferencePlot(
      title: "t", masses: [1, 10], couplings: [1e-7, 1e-6], values: [0, 1e-16, 1e-12, .infinity],
      worst: (point: ContourPoint(m4: 10, d: 1e-7), value: 1e-12), coupling: .d, flavour: "mu",
      massLabel: "m", caption: [])
    let histogram = ToyHistogramPlot(
      title: "t", axis: "q",
      samples: [.init(label: "toys", values: [0, 1, 2, 3], density: .chiSquare(degreesOfFreedom: 1))],
      lines: [.init(label: "data", value: 1, kind: .data)], showsTail: true, caption: [])
    try draw("exclusion") { c, o throws(ReportError) in try Self.exclusion().script(format: c, output: o) }
    try draw("spectrum") { c, o throws(ReportError) in try PlotTests.spectrum().script(format: c, output: o) }
    try draw("pulls") { c, o throws(ReportError) in try pulls.script(format: c, output: o) }
    try draw("matrix") { c, o throws(ReportError) in try matrix.script(format: c, output: o) }
    try draw("difference") { c, o throws(ReportError) in try difference.script(format: c, output: o) }
    try draw("histogram") { c, o throws(ReportError) in try histogram.script(format: c, output: o) }
  }
}
