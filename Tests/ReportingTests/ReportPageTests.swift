import Contours
import Foundation
import Testing

@testable import Reporting

@Suite("Report pages")
struct ReportPageTests {
  static let hostile = #"</script><img src=x onerror="alert(1)"> & 'quoted' ]]> <!-- "#

  // MARK: - Text

  @Test("Text stays text, in HTML, in attributes, in JSON inside a script and in CSV fields")
  func escaping() throws {
    let escaped = HTMLText.escaped(Self.hostile + "\u{0}\u{1b}\u{fffe}")
    #expect(!escaped.contains { "<>\"'".contains($0) })
    #expect(escaped.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0xfffe })
    #expect(HTMLText.escaped("a & b < c") == "a &amp; b &lt; c")
    let json = HTMLText.script(json: "[\(HTMLText.quoted(Self.hostile + "\n\t\u{2028}\\"))]")
    #expect(!json.contains { "<>&\u{2028}".contains($0) })
    let decoded = try JSONDecoder().decode([String].self, from: Data(json.utf8))
    #expect(decoded == [Self.hostile + "\n\t\u{2028}\\"])
    #expect(MassTable.field("a,\"b\"\nc") == "\"a,\"\"b\"\" c\"")
    #expect(MassTable.field("signal") == "signal")
  }

  @Test("Symbols carry their index, or that of the flavour")
  func symbols() {
    #expect(MarkedSymbol("m4").html == "<i>m</i><sub>4</sub>")
    #expect(MarkedSymbol("d", flavour: "mu").html == "<i>d</i><sub>μ</sub>")
    #expect(MarkedSymbol("m_V", flavour: "mu").plain == "m_V")
    #expect(MarkedSymbol("d", flavour: "all").plain == "d")
    #expect(HTMLNumber.scientific(4.8674e-7) == "4.867 × 10<sup>−7</sup>")
    #expect(HTMLNumber.scientific(0.25) == "0.25")
  }

  // MARK: - Geometry

  @Test("Axes place their ends, whole powers and midpoints, and name them")
  func axes() {
    let axis = SVGAxis(range: 1e-8...1e-4, isLogarithmic: true, start: 500, end: 100, usesPowers: true)
    #expect(axis.position(1e-8) == 500)
    #expect(axis.position(1e-4) == 100)
    #expect(abs(axis.position(1e-6) - 300) < 1e-9)
    let named = axis.tics.filter { $0.label != nil }
    #expect(named.count == 5)
    #expect(axis.tics.count == 4 * 9 + 1)
    let narrow = SVGAxis(range: 2...7, isLogarithmic: true, start: 0, end: 1)
    #expect(narrow.tics.compactMap(\.label).count >= 3)
    let linear = SVGAxis(range: -0.13...0.21, isLogarithmic: false, start: 0, end: 34)
    #expect(linear.tics.compactMap(\.label) == ["−0.1", "0", "0.1", "0.2"])
    #expect(abs(linear.position(0) - 13) < 1e-9)
  }

  @Test("A simplified path stays within its tolerance of every point and keeps the ends")
  func paths() throws {
    let points = (0...2000).map { SVGPath.Point(x: Double($0) / 4, y: 100 * sin(Double($0) / 150)) }
    let kept = SVGPath.simplified(points)
    #expect(kept.count < points.count / 5)
    #expect(kept.first == points.first && kept.last == points.last)
    var worst = 0.0
    for point in points {
      let next = try #require(kept.firstIndex { $0.x >= point.x })
      let (a, b) = (kept[max(next - 1, 0)], kept[next])
      let share = b.x > a.x ? (point.x - a.x) / (b.x - a.x) : 0
      // square to the line between both
      let length = max(hypot(b.x - a.x, b.y - a.y), 1e-9)
      worst = max(worst, abs(a.y + share * (b.y - a.y) - point.y) * (b.x - a.x) / length)
    }
    #expect(worst < 0.1)
    #expect(
      SVGPath.line([.init(x: 0, y: 0), .init(x: 10, y: 0), .init(x: 5, y: 8.25)], isClosed: true)
        == "M0 0L10 0L5 8.25Z")
    #expect([1, -0.05, 12.5, -3.999].map(SVGPath.number) == ["1", "-0.05", "12.5", "-4"])
  }

  @Test("Levels of the map cover the statistic, and few colours do", arguments: [0.05, 2, 80, 4e4, 3e12])
  func levels(largest: Double) {
    let levels = SVGMap.levels(upTo: largest)
    #expect(levels.isEmpty == (largest <= 0.1))
    #expect(levels == levels.sorted() && levels.count <= 13)
    if let last = levels.last { #expect(last < largest && last * 100 >= largest) }
  }

  @Test("Cells cover the plane, equal neighbours together, and grey where nothing is stated")
  func cells() throws {
    let grid = GridSample([1, 1, 2, .nan, 4, 4], rows: 2, columns: 3, most: 10)
    let frame = SVGFrame(m4: 1...10, d: 1...100, coupling: .d, flavour: "mu", massSymbol: nil)
    let (markup, keys) = SVGMap.cells(grid, m4: [2, 5], d: [2, 9, 40], scale: .sequential, in: frame)
    #expect(markup.components(separatedBy: "M").count - 1 == 4)
    #expect(markup.contains("fill=\"\(SVGMap.unknown)\""))
    #expect(keys.last?.text == "nothing is stated")
  }

  // MARK: - Samples

  @Test("A sample holds values of the grid, its first and last row and column among them")
  func samples() throws {
    let grid = (0..<101 * 77).map { Double($0) * 0.37 }
    let sample = GridSample(grid, rows: 101, columns: 77, most: 20)
    #expect(sample.rows.count == 20 && sample.columns.count == 20)
    #expect(sample.rows.first == 0 && sample.rows.last == 100 && sample.columns.last == 76)
    #expect(Set(sample.rows).count == 20)
    for (i, row) in sample.rows.enumerated() {
      for (j, column) in sample.columns.enumerated() {
        #expect(sample.value(i, j) == grid[row * 77 + column])
      }
    }
    let data = try #require(Data(base64Encoded: sample.encoded))
    let second = data[4..<8].enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << (8 * $1.offset) }
    #expect(Float(bitPattern: second) == Float(sample.value(0, 1)))
    #expect(GridSample.picked(5, 20) == [0, 1, 2, 3, 4])
  }

  // MARK: - Pages

  /// - Parameter file: name of the result inside the folder
  private func page(_ result: SyntheticResult, _ file: String, title: String = "Synthetic", most: Int = 256)
    throws -> String
  {
    let scan = try ScanDigest(reading: try result.write(file), mostPoints: most)
    let figure = ExclusionPlot(
      title: "",
      series: [
        ExclusionPlot.Series(
          label: title, contours: scan.contents.contours, regions: scan.regions, isSensitivity: false)
      ],
      overlays: [
        OverlayCurve(
          label: Self.hostile, points: [ContourPoint(m4: 1, d: 1e-6), ContourPoint(m4: 10, d: 2e-6)],
          style: .limit,
          reference: "arXiv:0000.00000")
      ], m4Range: 0.1...200, dRange: 1e-7...1e-4, coupling: .d, flavour: "mu", caption: ["caption"])
    var report = RunReport(title: title, version: "0.0.1")
    try report.add(scans: [scan], figure: figure, labels: [title], notes: [Self.hostile])
    return report.html(sources: [RunReport.Source(name: title, references: [Self.hostile])])
  }

  @Test(
    "Equal results give equal pages; the page loads nothing and holds limit, pulls and provenance of the file"
  )
  func content() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let page = try page(result, "a.h5")
    #expect(try self.page(result, "a.h5") == page)
    for needle in ["src=\"", "href=\"http", "@import", "url(http"] {
      #expect(!page.contains(needle), "\(needle)")
    }
    let limit = try #require(
      try interpolatedCrossing(
        d: result.d, statistic: result.delta(3), level: SyntheticResult.provenance.level))
    let row =
      "<tr><th scope=\"row\" class=\"number\">\(String(format: "%.5g", result.m4[3]))</th>"
      + "<td class=\"number\">\(String(format: "%.5g", limit))</td><td class=\"number\">3.5</td>"
    #expect(page.contains(row))
    #expect(page.contains("<span class=\"value\">5eed</span>"))
    #expect(page.contains("two lines"))
    #expect(page.contains("all 13 x 17 points"))
    #expect(page.utf8.count < 200_000)
  }

  @Test(
    "The pull at the limit lies between those of the grid points next to it, and its CSV holds every digit")
  func pulls() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let scan = try ScanDigest(reading: try result.write("a.h5"), mostPoints: 256)
    #expect(scan.pulls.map(\.name) == result.pullNames)
    let page = try page(result, "a.h5")
    let start = try #require(page.range(of: "href=\"data:text/csv;charset=utf-8;base64,"))
    let encoded = page[start.upperBound...].prefix { $0 != "\"" }
    let csv = String(decoding: try #require(Data(base64Encoded: String(encoded))), as: UTF8.self)
    let rows = csv.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(
      rows[0].map(String.init) == [
        "m4 [MeV]", "d [1/GeV]", "pull signal [1]", "pull beam-related neutrons [1]",
      ])
    #expect(rows.count == 14)
    for (index, row) in rows.dropFirst().enumerated() {
      #expect(Double(row[0]) == result.m4[index])
      guard let limit = Double(row[1]) else {
        #expect(scan.contents.limit[index] == nil && row[2].isEmpty)
        continue
      }
      #expect(scan.contents.limit[index] == limit)
      // the second pull of the fixture is minus the number of the column
      let place = log(limit / result.d[0]) / log(result.d[1] / result.d[0])
      #expect(abs((Double(row[3]) ?? .nan) + place) < 1e-9)
      #expect(abs((Double(row[2]) ?? .nan) - (Double(index) + 0.5)) < 1e-12)
    }
  }

  @Test("Titles, notes, references, names of curves and of files stay text")
  func hostileTexts() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let page = try page(result, "a<b>&'\"c.h5", title: Self.hostile)
    #expect(!page.contains("<img") && !page.contains("<b>") && !page.contains("<!-- "))
    #expect(page.components(separatedBy: "</script>").count == 3)
    #expect(page.contains("&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"))
  }

  @Test("A large grid travels as a sample, and says so; a changed file is refused")
  func sampled() throws {
    let result = try SyntheticResult(masses: 90, couplings: 70)
    defer { result.remove() }
    let page = try page(result, "a.h5", most: 30)
    #expect(page.contains("30 x 30 of the 90 x 70 points"))
    let path = try result.write("b.h5")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: ReportError.self) { try ScanDigest(reading: path, mostPoints: 30) }
  }

  @Test("Without pulls, without a limit, with one mass there is a page still")
  func sparse() throws {
    let result = try SyntheticResult(masses: 5, couplings: 6)
    defer { result.remove() }
    let scan = try ScanDigest(reading: try result.write("a.h5", storePulls: false), mostPoints: 256)
    #expect(scan.pulls.isEmpty)
    let section = ScanSection(scan: scan, id: "r", number: 0, label: "x", showsStatement: true)
    #expect(try !section.html().contains("and the best pulls"))
    #expect(ScanStatement.masses([0, 1, 2, 3], of: [2, 3, 4, 5]) == [0, 2, 3])
    #expect(ScanStatement.masses([0, 1, 2], of: [0.1, 1, 10]) == [0, 1, 2])
    #expect(ScanStatement.masses([], of: []).isEmpty)
    #expect(SVGCurves(m4: [1], curves: [], yTitle: "", massSymbol: nil).figure(id: "a", label: "b") == nil)
  }
}
