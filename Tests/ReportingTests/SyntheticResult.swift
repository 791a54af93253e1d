import Contours
import Foundation
import ScanCore

@testable import Reporting

/// A small scan with a known limit, d_90(m4) = 7e-7 (1 + (m4/9)^2) GeV^-1, and a folder that goes away after the test.
struct SyntheticResult {
  let folder: URL
  let m4: [Double]
  let d: [Double]
  let pullNames = ["signal", "beam-related neutrons"]

  init(masses: Int = 13, couplings: Int = 17) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("upscatter-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    m4 = Self.axis(0.1, 200, masses)
    d = Self.axis(1e-7, 1e-4, couplings)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
  var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }

  static func axis(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    (0..<count).map { exp(log(low) + log(high / low) * Double($0) / Double(count - 1)) }
  }

  static let provenance = Provenance(
    version: "0.0.1", experiments: ["Synthetic"], flavour: "mu", dataSet: "observed", job: "factored",
    mode: "moments",
    backend: BackendIdentity(backend: "reference", device: "two\nlines", driver: "", precision: .double),
    planHash: "5eed", inputHashes: ["b.yaml": "02", "a.csv": "01"], statistic: "poisson",
    confidenceLevel: 0.9,
    degreesOfFreedom: 1, level: 2.705543454095404, coupling: .d, spotCheckWorst: 1.5e-12, spotCheckPoints: 24)

  func delta(_ row: Int) -> [Double] {
    let limit = 7e-7 * (1 + pow(m4[row] / 9, 2))
    return d.map { Self.provenance.level * pow($0 / limit, 4) }
  }

  func pulls(_ row: Int) -> [Double] { d.indices.flatMap { [Double(row) + 0.5, -Double($0)] } }

  func contours() throws -> [Contour] {
    var builder = try ContourBuilder(m4: m4, d: d, level: Self.provenance.level)
    for row in m4.indices { try builder.add(row: row, statistic: delta(row)) }
    return try builder.finish()
  }

  func closing() throws -> ResultClosing {
    let limit = try m4.indices.map {
      try interpolatedCrossing(d: d, statistic: delta($0), level: Self.provenance.level)
    }
    return ResultClosing(
      provenance: Self.provenance, minimum: m4.indices.map { 80 + Double($0) }, limit: limit,
      contours: try contours(), summary: "{}\n")
  }

  func writer(_ name: String, storePulls: Bool = true) throws(ReportError) -> ResultFileWriter {
    try ResultFileWriter(
      path: path(name), m4: m4, d: d, coupling: .d, pullNames: pullNames,
      storePulls: storePulls)
  }

  /// The whole file, some rows at a time.
  @discardableResult
  func write(_ name: String, rowsAtOnce: Int = 1, storePulls: Bool = true) throws -> String {
    let writer = try writer(name, storePulls: storePulls)
    for start in stride(from: 0, to: m4.count, by: rowsAtOnce) {
      let rows = start..<min(start + rowsAtOnce, m4.count)
      try writer.append(rows: rows, statistic: rows.flatMap(delta), pulls: rows.flatMap(pulls))
    }
    try writer.finish(try closing())
    return path(name)
  }
}
