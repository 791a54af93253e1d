import Foundation
import Testing

@Suite("scan")
struct ScanCommandTests {
  static let axes = "--m4 1:40:12 --d 2e-7:2e-5:15"

  /// Scans the small grid with more options into `output`.
  static func scan(
    _ output: String, _ options: String, of experiment: String = "coherent-csi-2021", in folder: Scratch
  ) throws {
    let outcome = try Program.shell("\"$0\" scan \(experiment) \(axes) -o \(output) \(options)", in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
  }

  /// Lines of a table: header words before the colon, then the data.
  static func table(_ name: String, in folder: Scratch) throws -> (
    header: [String], head: String, rows: [[Double]]
  ) {
    let lines = try folder.read(name).split(separator: "\n").map(String.init)
    let header = lines.filter { $0.hasPrefix("#") }
    let body = lines.dropFirst(header.count)
    return (
      header, try #require(body.first),
      body.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    )
  }

  @Test(
    "Pulls of shapes: results name them, morphing states its error and agrees with pointwise, gaussian is refused"
  )
  func shapePulls() throws {
    let folder = try Scratch()
    let axes = "csi-benchmark:shape-pulls --m4 5,20 --d 1e-7:1e-5:12 --backend simd --plot none"
    let factored = try Program.shell("\"$0\" scan \(axes) -o factored", in: folder)
    try #require(factored.status == 0, "\(factored.errors)")
    #expect(factored.output.contains("note: morphing: worst difference of the statistic"))
    let pointwise = try Program.shell("\"$0\" scan \(axes) --job pointwise -o pointwise", in: folder)
    try #require(pointwise.status == 0, "\(pointwise.errors)")
    #expect(!pointwise.output.contains("morphing"))
    let summary = try #require(
      try JSONSerialization.jsonObject(with: folder.bytes("factored.json")) as? [String: Any])
    let provenance = try #require(summary["provenance"] as? [String: Any])
    let morphing = try #require(provenance["morphing"] as? [String: Any])
    let worst = try #require(morphing["worstLimit"] as? Double)
    #expect(worst > 0 && worst < 0.01)
    let result = try folder.bytes("factored.h5")
    for name in ["quenching", "scale", "radius", "onset", "morphing_worst_limit"] {
      #expect(result.range(of: Data(name.utf8)) != nil, "\(name)")
    }
    let limits = try ["factored", "pointwise"].map {
      try Self.table("\($0)-limit.csv", in: folder).rows.map { $0[1] }
    }
    #expect(limits[0].count == 2)
    for (morphed, exact) in zip(limits[0], limits[1]) {
      #expect(isClose(morphed, exact, rtol: 0.01) && morphed != exact)
    }
    let refused = try Program.shell("\"$0\" scan \(axes) --statistic gaussian -o gaussian", in: folder)
    #expect(refused.status != 0 && refused.errors.contains("--statistic poisson"), "\(refused.errors)")
  }

  @Test("All files exist, the summary parses and names its units, and the tables have their header")
  func files() throws {
    let folder = try Scratch()
    try Self.scan("out", "--backend simd --plot none", in: folder)
    #expect(try folder.names() == ["out-limit.csv", "out.csv", "out.h5", "out.json"])
    let summary = try #require(
      try JSONSerialization.jsonObject(with: folder.bytes("out.json")) as? [String: Any])
    #expect(summary["m4Unit"] as? String == "MeV")
    #expect(summary["dUnit"] as? String == "1/GeV")
    #expect((summary["limit"] as? [[String: Any]])?.count == 12)
    let table = try Self.table("out.csv", in: folder)
    #expect(table.header.first == "# 90 % C.L. contour 1 (open)")
    #expect(table.head == "m4 [MeV],d [1/GeV]")
    #expect(table.rows.allSatisfy { $0.count == 2 })
    let names = table.header.dropFirst().map { $0.dropFirst(2).prefix { $0 != ":" } }
    #expect(
      names.filter { !$0.hasPrefix("input_sha256") } == [
        "version", "experiments", "flavour", "data_set", "kind", "job", "mode", "backend", "device", "driver",
        "precision", "plan_hash", "statistic", "confidence_level", "degrees_of_freedom", "level_delta_chi2",
        "coupling_convention", "coupling_unit", "lagrangian", "spot_check_points", "spot_check_worst",
      ])
    #expect(names.filter { $0.hasPrefix("input_sha256") }.count == 6)
  }

  @Test("A second run gives the same bytes in every file")
  func repeats() throws {
    let (first, second) = (try Scratch(), try Scratch())
    for folder in [first, second] {
      try Self.scan("out", "--backend simd --plot none", of: "csi-benchmark", in: folder)
    }
    for name in try first.names() { #expect(try first.bytes(name) == second.bytes(name), "\(name)") }
  }

  @Test(
    "simd and opencl write the same numbers, digit for digit", .enabled(if: hasOpenCL),
    arguments: ["factored", "pointwise"])
  func sameDigits(job: String) throws {
    let folder = try Scratch()
    try Self.scan("simd", "--backend simd --plot none --job \(job)", in: folder)
    try Self.scan("opencl", "--backend opencl --device cpu --plot none --job \(job)", in: folder)
    for suffix in [".csv", "-limit.csv"] {
      let (a, b) = (
        try Self.table("simd" + suffix, in: folder), try Self.table("opencl" + suffix, in: folder)
      )
      #expect(a.rows == b.rows)
      #expect(a.rows.count >= 11)
    }
  }

  @Test("reference and simd limits agree to 1e-9 in log10 d")
  func reference() throws {
    let folder = try Scratch()
    try Self.scan("simd", "--backend simd --plot none", in: folder)
    try Self.scan("reference", "--backend reference --plot none", in: folder)
    for suffix in [".csv", "-limit.csv"] {
      let a = try Self.table("simd" + suffix, in: folder).rows
      let b = try Self.table("reference" + suffix, in: folder).rows
      try #require(a.count == b.count && a.count >= 11)
      for (x, y) in zip(a, b) { #expect(abs(log10(x[1]) - log10(y[1])) <= 1e-9) }
    }
  }

  @Test("Lower precisions stay within 1e-4 in log10 d", .enabled(if: hasOpenCL))
  func precision() throws {
    let folder = try Scratch()
    try Self.scan("simd", "--backend simd --plot none", in: folder)
    let double = try Self.table("simd-limit.csv", in: folder).rows
    for name in ["mixed", "single"] {
      try Self.scan(name, "--backend opencl --device cpu --plot none --precision \(name)", in: folder)
      let low = try Self.table("\(name)-limit.csv", in: folder).rows
      try #require(low.count == double.count && low.count >= 11)
      for (x, y) in zip(low, double) { #expect(abs(log10(x[1]) - log10(y[1])) <= 1e-4) }
    }
  }

  @Test("A scan over an older one of the same name leaves no table of the older one")
  func staleTables() throws {
    let folder = try Scratch()
    try folder.write("not ours", to: "out-2.csv")
    try Self.scan("out", "--plot none", of: "csi-benchmark", in: folder)
    try Self.scan("out", "--plot none --dof 2", of: "csi-benchmark", in: folder)
    #expect(try folder.names() == ["out-2.csv", "out.csv", "out.h5", "out.json"])
    try Self.scan("out", "--plot none --d 2e-9,3e-9", of: "csi-benchmark", in: folder)
    #expect(try Self.table("out.csv", in: folder).rows.isEmpty)
    #expect(try folder.read("out.json").contains("the grid holds no contour"))
  }

  @Test("Notes fit the scan: one mass, a region in the plane, data that exclude zero")
  func notes() throws {
    let folder = try Scratch()
    func notes(_ options: String) throws -> String {
      let outcome = try Program.shell("\"$0\" scan \(options) --plot none -o x", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.output
    }
    let one = try notes("coherent-csi-2021 --m4 10 --d 1e-7:1e-5:20")
    #expect(one.contains("one mass has no contour") && !one.contains("crosses the level nowhere"))
    // XENON1T's excess excludes zero up to about 0.15 MeV; in the plane the minimum lies there
    let excess = "xenon1t-er --flavor all --m4 0.01,0.3,0.4 --d 1e-10:1e-5:24"
    #expect(try notes(excess).contains("1 of 3 masses exclude the lowest couplings too"))
    let plane = try notes(excess + " --dof 2")
    #expect(plane.contains("lie outside the region at every coupling"))
    #expect(!plane.contains("start --d lower") && !plane.contains("exclude the lowest couplings"))
  }

  @Test("--json prints files, notes and backend")
  func json() throws {
    let folder = try Scratch()
    let outcome = try Program.shell("\"$0\" scan csi-benchmark \(Self.axes) --plot none --json", in: folder)
    let summary = try outcome.json()
    let files = try #require(summary["files"] as? [String])
    #expect(files.sorted() == (try folder.names()))
    #expect(files.first == "csi-benchmark-mu.h5")
    #expect(summary["points"] as? Int == 180)
    let notes = try #require(summary["notes"] as? [String])
    #expect(notes.first?.wholeMatch(of: /estimated relative quadrature error \d\.\de-\d+/) != nil)
  }
}
