import Contours
import Foundation
import Testing

@testable import Reporting

@Suite struct TextOutputTests {
  @Test("a contour table has its provenance, its head with units, and numbers exact to the last bit")
  func contourTable() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    let contour = try result.contours()[0]
    let text = ContourTable.text(contour, name: "contour 1", provenance: SyntheticResult.provenance)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "# contour 1 (open)")
    let head = try #require(lines.firstIndex(of: "m4 [MeV],d [1/GeV]"))
    #expect(lines[..<head].allSatisfy { $0.hasPrefix("# ") })
    for part in ["# device: two lines", "# input_sha256 a.csv: 01", "# level_delta_chi2: 2.705543454095404"] {
      #expect(lines[..<head].contains { $0 == part }, "\(part)")
    }
    let points = lines[(head + 1)...].filter { !$0.isEmpty }.map { line in
      let fields = line.split(separator: ",").compactMap { Double($0) }
      return ContourPoint(m4: fields[0], d: fields[1])
    }
    #expect(points == contour.points)
  }

  @Test("a limit table leaves out masses without limit and says how many")
  func limitTable() {
    let text = ContourTable.text(
      m4: [1, 2, 3], limit: [1e-6, nil, 3e-6], name: "limit", provenance: SyntheticResult.provenance)
    #expect(text.hasPrefix("# limit (1 of 3 masses have no limit on the scanned axis)\n"))
    #expect(text.hasSuffix("m4 [MeV],d [1/GeV]\n1.0,1e-06\n3.0,3e-06\n"))
  }

  @Test("a summary keeps missing limits as null, sorts its keys and survives a round trip")
  func summary() throws {
    let summary = ReportSummary(
      provenance: SyntheticResult.provenance, m4: [1, 2], d: [1e-7, 1e-6, 1e-5], limit: [2e-6, nil],
      contours: [.init(file: "c-1.csv", points: 7, isClosed: false)], notes: ["checked"])
    let text = try JSONText.encode(summary, name: "the summary")
    #expect(text.contains("\"d\" : null"))
    #expect(text.contains("\"dUnit\" : \"1/GeV\""))
    #expect(text.contains("\"lagrangian\""))
    #expect(try JSONDecoder().decode(ReportSummary.self, from: Data(text.utf8)) == summary)
    #expect(try JSONText.encode(summary, name: "the summary") == text)
    let contours = try #require(text.range(of: "\"contours\""))
    let provenance = try #require(text.range(of: "\"provenance\""))
    #expect(contours.lowerBound < provenance.lowerBound)
  }

  @Test("JSON refuses numbers that are not finite and names the document")
  func notFinite() {
    let error = #expect(throws: ReportError.self) { try JSONText.encode([Double.nan], name: "the summary") }
    #expect(error?.message.contains("the summary") == true)
  }

  @Test("a text file replaces the old one whole; a failure leaves the old one and nothing else")
  func atomicWrite() throws {
    let result = try SyntheticResult()
    defer { result.remove() }
    try AtomicFile.write("old", to: result.path("a.json"))
    try AtomicFile.write("new", to: result.path("a.json"))
    #expect(try String(contentsOfFile: result.path("a.json"), encoding: .utf8) == "new")
    #expect(result.files == ["a.json"])
    let missing = #expect(throws: ReportError.self) {
      try AtomicFile.write("x", to: result.path("none/a.json"))
    }
    #expect(missing?.message.contains("does not exist") == true)
    try FileManager.default.createDirectory(atPath: result.path("folder"), withIntermediateDirectories: true)
    #expect(throws: ReportError.self) { try AtomicFile.write("x", to: result.path("folder")) }
    #expect(result.files == ["a.json", "folder"])
  }

  @Test("coupling labels are found by the words of the command line", arguments: ["d", "d-no-half", "mu"])
  func couplingLabels(convention: String) {
    #expect(CouplingLabel(convention: convention)?.convention == convention)
    #expect(CouplingLabel(convention: convention + "?") == nil)
  }

  @Test("the caption states level, degrees of freedom, statistic, Lagrangian and backend")
  func caption() {
    let lines = SyntheticResult.provenance.captionLines.joined(separator: "\n")
    for part in ["90 % C.L. limit", "2.706", "1 dof", "Poisson", "(d/2)", "reference", "double", "1.5e-12"] {
      #expect(lines.contains(part), "\(part)")
    }
    var asimov = SyntheticResult.provenance
    asimov.dataSet = "asimov"
    asimov.degreesOfFreedom = 2
    #expect(asimov.captionLines[0].contains("sensitivity in the (m4, d) plane"))
  }
}
