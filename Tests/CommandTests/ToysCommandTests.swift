import Foundation
import Testing

@testable import Reporting

@Suite("toys")
struct ToysCommandTests {
  private static let start = "\"$0\" toys ess10 --statistic poisson --flavor mu"
  private static let run = "\(start) --m4 1,6,30 --d 1e-7:3e-6:4 --toys 40 --plot none"
  private static let grids = [
    "delta", "critical", "critical_lower", "critical_upper", "p_value", "p_value_lower", "p_value_upper",
    "coverage", "coverage_lower", "coverage_upper", "toys", "failed", "unconverged", "clipped",
  ]

  /// Every array of a result; NaN and infinity keep their bits.
  private func arrays(_ path: String) throws -> [String: [Double]] {
    let file = try HDF5.openFile(path)
    var arrays: [String: [Double]] = [:]
    for name in Self.grids { arrays[name] = try HDF5.read(name, shape: [nil, nil], in: file.id) }
    return arrays
  }

  private func bits(_ arrays: [String: [Double]]) -> [String: [UInt64]] {
    arrays.mapValues { $0.map(\.bitPattern) }
  }

  @Test("The same seed gives the same bytes, another seed others, and workers change no number")
  func seeds() throws {
    let folder = try Scratch()
    var files: [[Data]] = []
    for _ in 0..<2 {
      let outcome = try Program.shell("\(Self.run) --seed 3 -o a", in: folder)
      try #require(outcome.status == 0, "\(outcome.errors)")
      files.append(try ["a.h5", "a.json", "a.csv"].map(folder.bytes))
    }
    #expect(files[0] == files[1])
    for (name, options) in [("b", "--seed 3 --workers 1"), ("c", "--seed 4")] {
      let outcome = try Program.shell("\(Self.run) \(options) -o \(name)", in: folder)
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    let (a, b, c) = (
      try arrays(folder.path("a.h5")), try arrays(folder.path("b.h5")), try arrays(folder.path("c.h5"))
    )
    #expect(a["critical"]?.count == 12 && bits(a) == bits(b))
    #expect(a["delta"] == c["delta"] && a["critical"] != c["critical"] && a["p_value"] != c["p_value"])
  }

  @Test("Reference and simd agree at every point: statistic, critical value, p-value, coverage, and limits")
  func backends() throws {
    let folder = try Scratch()
    let small = "--m4 1,6 --d 1e-7:3e-6:3 --toys 12 --dof 1 --plot none --json"
    var limits: [[Double]] = []
    for backend in ["simd", "reference"] {
      let outcome = try Program.shell("\(Self.start) \(small) --backend \(backend) -o \(backend)", in: folder)
      try #require(outcome.status == 0, "\(outcome.errors)")
      let rows = try #require(try outcome.json()["limit"] as? [[String: Any]])
      limits.append(rows.compactMap { $0["d"] as? Double })
    }
    try #require(limits[0].count == 2 && limits[1].count == 2)
    for (a, b) in zip(limits[0], limits[1]) { #expect(abs(a - b) <= 1e-9 * b) }
    let (simd, reference) = (
      try arrays(folder.path("simd.h5")), try arrays(folder.path("reference.h5"))
    )
    for name in Self.grids {
      let (a, b) = (try #require(simd[name]), try #require(reference[name]))
      try #require(a.count == 6 && b.count == 6)
      for (x, y) in zip(a, b) {
        #expect(x == y || abs(x - y) <= 1e-9 * max(1, abs(y)), "\(name): \(x), \(y)")
      }
    }
  }

  @Test(
    "Bad requests are refused with the culprit and the range",
    arguments: [
      ("--toys 5", "--toys 5"), ("--toys 100 --most 50", "--most 50"), ("--cl 1.5", "--cl 1.5"),
      ("--dof 3", "--dof 3"), ("--model vector", "vector"), ("--ensemble none", "ensemble"),
      ("--d 1,10", "--d 10.0 at m4 = 1 MeV: "), ("--d 1,10", "events in one bin, more than the 1e+09"),
    ])
  func refusals(options: String, culprit: String) throws {
    let d = options.hasPrefix("--d ") ? "" : "--d 1e-7:1e-6:3"
    let outcome = try Program.shell("\(Self.start) --m4 1,6 \(d) \(options)", in: Scratch())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(culprit), "\(outcome.errors)")
  }

  @Test("Maps say what they show, and the worst points of a sound run are none")
  func map() throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      "\(Self.start) --m4 1:30:3 --d 1e-7:3e-6:3 --toys 20 --seed 5 --json -o t", in: folder)
    // without gnuplot the script is there all the same
    try #require(outcome.status == 0 || outcome.errors.contains("gnuplot"), "\(outcome.errors)")
    let script = try folder.read("t-coverage.gp")
    for text in [
      "set ylabel '{/:Italic d}_{μ}  [GeV^{-1}]'", "flavour mu: coverage of the asymptotic 90 % C.L. contour",
      "in the plane (2 dof).  20 toys per point, seed 5, nuisance parameters drawn from their constraints.",
      "'C.L. 0.9' 0.9",
    ] {
      #expect(script.contains(text), "\(text)")
    }
    if outcome.status == 0 { #expect(try (outcome.json()["worst_points"] as? [Any])?.isEmpty == true) }
  }

  @Test(
    "At fixed mass the table runs through the limits of the summary; coverage along the contour is that of its points"
  )
  func oneDegree() throws {
    let folder = try Scratch()
    let outcome = try Program.shell("\(Self.run) --dof 1 --json -o t", in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    let limits = try #require(report["limit"] as? [[String: Any]])
    let table = try folder.read("t.csv").split(separator: "\n").map { $0.split(separator: ",") }
    for limit in limits {
      let (m4, d) = (try #require(limit["m4"] as? Double), try #require(limit["d"] as? Double))
      #expect(limit["status"] as? String == "limit")
      let rows = table.filter { $0.count == 3 && Double($0[1]) == m4 }
      // JSON is read to the last digit but one
      let found = rows.compactMap { Double(String($0[2])) }
      #expect(found.contains { abs($0 - d) <= 1e-14 * d }, "\(d): \(found)")
    }
    // neighbours along d on different sides of 2.7055
    let found = try arrays(folder.path("t.h5"))
    let (delta, share) = (try #require(found["delta"]), try #require(found["coverage"]))
    let next = delta.indices.filter { index in
      [index - 1, index + 1].contains {
        delta.indices.contains($0) && $0 / 4 == index / 4 && (delta[$0] >= 2.7055) != (delta[index] >= 2.7055)
      }
    }
    let coverage = try #require(report["contour_coverage"] as? [String: Any])
    #expect(coverage["points"] as? Int == next.count && !next.isEmpty)
    let mean = next.reduce(0) { $0 + share[$1] } / Double(next.count)
    #expect(abs(try #require(coverage["mean"] as? Double) - mean) < 1e-12)
    let least = try #require(coverage["minimum"] as? [String: Any])
    #expect(least["value"] as? Double == next.map { share[$0] }.min() && least["toys"] as? Int == 40)
  }

  @Test("Masses that no neutrino makes are said: no limit, no critical value")
  func blind() throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      "\"$0\" toys coherent-csi-2021 --flavor mu --m4 60,70 --d 1e-7:1e-5:3 --toys 12 --dof 1 --plot none --json -o t",
      in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    #expect((report["critical_value"] as? [Any])?.isEmpty == true)
    let limits = try #require(report["limit"] as? [[String: Any]])
    #expect(limits.allSatisfy { $0["d"] is NSNull && $0["status"] as? String == "no_signal" })
    let notes = try #require(report["notes"] as? [String])
    #expect(notes.contains { $0.hasPrefix("no signal at m4 = 60, 70 MeV") })
    #expect(try arrays(folder.path("t.h5"))["critical"]?.allSatisfy { $0 == 0 } == true)
  }

  @Test(
    "A limit that is missing says whether the axis is allowed or excluded; Gaussian toys say what they test")
  func missing() throws {
    let outcome = try Program.shell(
      "\"$0\" toys ess10 --statistic gaussian --flavor mu --m4 1,6 --d 1e-9,1e-8 --toys 12 --dof 1 --plot none --json -o t",
      in: Scratch())
    try #require(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    let limits = try #require(report["limit"] as? [[String: Any]])
    #expect(limits.allSatisfy { $0["d"] is NSNull && $0["status"] as? String == "allowed" })
    #expect(limits.allSatisfy { $0["status_asymptotic"] as? String == "allowed" })
    let notes = try #require(report["notes"] as? [String])
    #expect(notes.contains { $0.contains("thrown from the Gaussian approximation of counts") }, "\(notes)")
  }
}
