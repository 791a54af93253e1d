import Contours
import Foundation

/// What a report says of one scan, collected row by row: memory follows the contours and the sample, not the grid.
package struct ScanDigest: Sendable {
  /// Of the file, without its folder.
  package let name: String
  package let contents: ResultContents
  /// Outlines of the excluded region, of every point of the grid.
  package let regions: [Contour]
  let delta: GridSample
  /// Best pulls at the limit of each mass.
  let pulls: [Pull]
  /// What the scan noted.
  let notes: [String]

  struct Pull: Sendable {
    var name: String
    /// In widths (shapes), or a relative change.
    var isShape: Bool
    /// Per mass; nil where there is no limit.
    var values: [Double?]
  }

  /// - Parameter mostPoints: of the grid along each axis that travel inside the report
  package init(reading path: String, mostPoints: Int) throws {
    name = (path as NSString).lastPathComponent
    let contents = try ResultFile.read(path)
    self.contents = contents
    var sample = GridSample(rows: contents.m4.count, columns: contents.d.count, most: mostPoints)
    let kept = Set(sample.rows)
    var outlines = try ContourBuilder(
      m4: contents.m4, d: contents.d, level: contents.provenance.level, boundary: .closed)
    try ResultFile.forEachRow(path) { row, values in
      try outlines.add(row: row, statistic: values)
      if kept.contains(row) { sample.add(values) }
    }
    delta = sample
    regions = try outlines.finish()
    pulls = try contents.pullNames.map { try Self.pull($0, contents, path) }
    notes = Self.notes(in: contents.summary)
  }

  /// Linear in log d between the grid points next to the limit.
  private static func pull(_ name: String, _ contents: ResultContents, _ path: String) throws -> Pull {
    let d = contents.d
    var found: [Double?] = []
    let mismatch = ReportError(
      .badContent,
      "\(path): the pull \(name) is not a grid of \(contents.m4.count) x \(d.count) points. Repeat the scan.")
    try ResultFile.forEachRow(path, pull: name) { row, values in
      guard row < contents.limit.count, values.count == d.count else { throw mismatch }
      guard let limit = contents.limit[row], let upper = d.firstIndex(where: { $0 >= limit }) else {
        return found.append(nil)
      }
      let lower = max(upper - 1, 0)
      let width = log(d[upper] / d[lower])
      let share = width > 0 ? log(limit / d[lower]) / width : 0
      found.append(values[lower] + share * (values[upper] - values[lower]))
    }
    guard found.count == contents.limit.count else { throw mismatch }
    let isShape = try ResultFile.description(ofPull: name, in: path).contains("theta")
    return Pull(name: name, isShape: isShape, values: found)
  }

  private static func notes(in summary: String) -> [String] {
    struct Notes: Decodable { var notes: [String]? }
    return (try? JSONDecoder().decode(Notes.self, from: Data(summary.utf8)))?.notes ?? []
  }

  // MARK: - In words

  package var provenance: Provenance { contents.provenance }

  var mass: MarkedSymbol { MarkedSymbol(provenance.massSymbol ?? "m4") }
  var coupling: MarkedSymbol { MarkedSymbol(provenance.coupling.symbol, flavour: provenance.flavour) }

  /// "4.868e-07 1/GeV"
  func text(coupling value: Double) -> String {
    shortNumber(value) + (provenance.coupling.unit == "1" ? "" : " \(provenance.coupling.unit)")
  }

  var isWholeGridInside: Bool {
    delta.rows.count == contents.m4.count && delta.columns.count == contents.d.count
  }

  /// Which points of the grid the page holds.
  var sampleText: String {
    let grid = "\(contents.m4.count) x \(contents.d.count)"
    return isWholeGridInside
      ? "The page holds all \(grid) points of the grid, in single precision."
      : "The page holds \(delta.rows.count) x \(delta.columns.count) of the \(grid) points of the grid, evenly far apart, in single "
        + "precision; contour, region and limits are those of the whole grid."
  }

  func hover(label: String) -> HoverData {
    HoverData(
      label: label, massName: mass.plain, couplingName: coupling.plain,
      couplingUnit: provenance.coupling.unit, m4: delta.rows.map { contents.m4[$0] },
      d: delta.columns.map { contents.d[$0] }, limit: delta.rows.map { contents.limit[$0] },
      quantities: [HoverData.Quantity(name: "Δχ²", sample: delta)])
  }
}
