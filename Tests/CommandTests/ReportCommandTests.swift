import Foundation
import Testing

@Suite("report")
struct ReportCommandTests {
  private static let scan = "\"$0\" scan csi-benchmark --m4 1:40:8 --d 1e-7:1e-5:12 --plot none"

  @Test("One scan: the page holds what the program knows of it, in equal bytes each time")
  func one() throws {
    let folder = try Scratch()
    #expect(try Program.shell("\(Self.scan) -o a", in: folder).status == 0)
    let outcome = try Program.run("report", "a.h5", "-o", "a.html", "--title", "One <b> & two", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "wrote a.html\n")
    let page = try folder.read("a.html")
    #expect(page.hasPrefix("<!DOCTYPE html>\n") && page.hasSuffix("</html>\n"))
    #expect(page.contains("<h1>One &lt;b&gt; &amp; two</h1>"))
    #expect(page.contains("catalogue entry csi-benchmark"))
    let json = try #require(
      try JSONSerialization.jsonObject(with: try folder.bytes("a.json")) as? [String: Any])
    for note in try #require(json["notes"] as? [String]) {
      #expect(page.contains("<li>\(note)</li>"), "\(note)")
    }
    let hash = try #require((json["provenance"] as? [String: Any])?["planHash"] as? String)
    #expect(page.contains(hash))
    for point in try #require(json["limit"] as? [[String: Any]]) {
      guard let d = point["d"] as? Double else { continue }
      #expect(page.contains(">\(String(format: "%.5g", d))</td>"))
    }
    #expect(
      try Program.run("report", "a.h5", "-o", "b.html", "--title", "One <b> & two", in: folder).status == 0)
    #expect(try folder.bytes("a.html") == folder.bytes("b.html"))
    #expect(try folder.names() == ["a-limit.csv", "a.csv", "a.h5", "a.html", "a.json", "b.html"])
  }

  @Test("Scans share a figure; what differs is noted, what cannot be compared is refused as by plot")
  func several() throws {
    let folder = try Scratch()
    let scans =
      "\(Self.scan) -o a && \(Self.scan) --dof 2 --cl 0.95 -o b && "
      + "\"$0\" scan coherent-csi-2021 --flavor mu --m4 1:40:4 --d 1e-7:1e-5:5 --plot none -o c && "
      + "\"$0\" scan csi-benchmark --m4 1:40:4 --d 1e-10:1e-7:5 --coupling mu --plot none -o u"
    #expect(try Program.shell(scans, in: folder).status == 0)
    let outcome = try Program.run(
      "report", "a.h5", "b.h5", "c.h5", "a.h5", "-o", "all.html", "--no-overlays", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    for setting in ["kind of data", "confidence level", "degrees of freedom"] {
      #expect(outcome.errors.contains("differ in \(setting)"))
    }
    let page = try folder.read("all.html")
    for id in 1...4 { #expect(page.contains("<section id=\"result-\(id)\">")) }
    #expect(page.contains("(a.h5)"))
    let refused = try Program.run("report", "a.h5", "u.h5", "-o", "no.html", in: folder)
    #expect(refused.status == 64)
    #expect(refused.errors.contains("different coupling conventions (d, mu)"))
    #expect(try !folder.names().contains("no.html"))
  }

  @Test("Toys and fits have pages; planes of moments and damaged or missing files are refused by name")
  func others() throws {
    let folder = try Scratch()
    let made = try Program.shell(
      "\"$0\" toys ess10 --statistic poisson --m4 1:30:4 --d 1e-7:1e-5:5 --toys 20 --plot none -o t && "
        + "\"$0\" toys ess10 --statistic poisson --m4 1,6 --d 1e-7:1e-5:5 --toys 20 --dof 1 --plot none -o t1 && "
        + "\"$0\" fit ess10 --statistic poisson --m4 1:30:12 --d 1e-7:1e-5:12 --no-refine --inject-m4 9 --inject-d 1e-6 --plot none -o f && "
        + "\"$0\" moments ess --m4 5 --x 0:1e-6:4:lin --y 0:1e-6:4:lin --plot none -o m && head -c 3000 t.h5 > cut.h5",
      in: folder)
    try #require(made.status == 0, "\(made.errors)")
    let outcome = try Program.run("report", "t.h5", "f.h5", "t1.h5", "-o", "r.html", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let page = try folder.read("r.html")
    for text in [
      "Critical values", "p-values of the data", "Coverage of the asymptotic contour", "from toys",
      "Pulls at the best fit",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    for (file, output, status, says) in [
      ("m.h5", "no.html", 65, "m.h5 is a plane of `upscatter moments`, and a report is about"),
      ("cut.h5", "no.html", 65, "cut.h5 cannot be read as a result"),
      ("none.h5", "no.html", 65, "none.h5 cannot be read as a result: the file does not exist"),
      ("f.json", "no.html", 65, "f.json cannot be read as a result"),
      ("f.h5", "no.svg", 64, "--output no.svg: must end in .html"),
      ("f.h5", "missing/no.html", 73, "missing"),
    ] as [(String, String, Int32, String)] {
      let refused = try Program.run("report", file, "-o", output, in: folder)
      #expect(refused.status == status, "\(file)")
      #expect(refused.errors.contains(says), "\(refused.errors)")
    }
    #expect(try !folder.names().contains { $0.hasPrefix("no.") || $0.hasSuffix(".partial") })
  }
}
