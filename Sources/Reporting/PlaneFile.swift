import CHDF5
import Contours
import Foundation

/// A statistic over a plane of two parameters, and how it is written.
package struct PlaneResult: Sendable {
  package struct AxisLabel: Codable, Hashable, Sendable {
    /// "lambda14"
    package var name: String
    /// "1/GeV", "mu_B", "rad"
    package var unit: String

    package init(name: String, unit: String) {
      self.name = name
      self.unit = unit
    }

    package var columnHead: String { "\(name) [\(unit)]" }
  }

  package var x: AxisLabel
  package var y: AxisLabel
  package var xValues: [Double]
  package var yValues: [Double]
  /// Delta chi2, x outermost
  package var delta: [Double]
  /// Points (x, y).
  package var contours: [Contour]
  /// Name and value of what the result is and where it comes from.
  package var entries: [(name: String, value: String)]

  package init(
    x: AxisLabel, y: AxisLabel, xValues: [Double], yValues: [Double], delta: [Double], contours: [Contour],
    entries: [(name: String, value: String)]
  ) {
    self.x = x
    self.y = y
    self.xValues = xValues
    self.yValues = yValues
    self.delta = delta
    self.contours = contours
    self.entries = entries
  }
}

extension PlaneResult {
  /// A contour as CSV, its name and provenance in comment lines.
  package func table(_ index: Int) -> String {
    let contour = contours.indices.contains(index) ? contours[index] : Contour(points: [], isClosed: false)
    let shape =
      contours.isEmpty
      ? "none on these axes" : contour.isClosed ? "closed: the first point follows the last" : "open"
    var lines = ["# contour \(index + 1) (\(shape))"]
    lines += entries.map { "# \($0.name): \($0.value.onOneLine)" }
    lines.append("\(x.columnHead),\(y.columnHead)")
    lines += contour.points.map { "\($0.m4),\($0.d)" }
    return lines.joined(separator: "\n") + "\n"
  }

  static let format = "upscatter plane"
  private static let schema = "1"

  /// Writes `/x`, `/y`, `/delta` and `/contours/k` (HDF5); the file appears whole or not at all.
  package func write(to path: String) throws(ReportError) {
    try requireFinite(xValues + yValues + delta, path)
    var file = ArrayFile(
      attributes: [
        ("format", Self.format), ("schema", Self.schema), ("contours", "\(contours.count)"),
        ("entries", entries.map(\.name).joined(separator: "\n")),
      ] + entries)
    for (name, label, values) in [("x", x, xValues), ("y", y, yValues)] {
      file.add(name, shape: [values.count], values, [("name", label.name), ("unit", label.unit)])
    }
    file.add(
      "delta", shape: [xValues.count, yValues.count], delta,
      [("description", "Delta chi2 [x][y], minus its minimum"), ("unit", "1")])
    for (index, contour) in contours.enumerated() {
      file.add(
        "contours/\(index)", shape: [contour.points.count, 2], contour.points.flatMap { [$0.m4, $0.d] },
        [
          ("closed", contour.isClosed ? "1" : "0"), ("unit", "\(x.unit)\n\(y.unit)"),
          ("description", "points (x, y) along the contour; one unit per column"),
        ])
    }
    try file.write(to: path)
  }

  /// The plane of a file that `write` made.
  package init(reading path: String) throws(ReportError) {
    _ = try ResultSeal(path)
    do throws(HDF5Failure) {
      let file = try HDF5.openFile(path)
      for (name, expected) in [("format", Self.format), ("schema", Self.schema)] {
        let found = try HDF5.text(name, of: file.id)
        guard found == expected else { throw HDF5Failure(call: "the attribute \(name) (\(found))") }
      }
      (x, xValues) = try Self.axis("x", in: file.id)
      (y, yValues) = try Self.axis("y", in: file.id)
      delta = try HDF5.read("delta", shape: [xValues.count, yValues.count], in: file.id)
      entries = try HDF5.text("entries", of: file.id).split(separator: "\n").map { name throws(HDF5Failure) in
        (String(name), try HDF5.text(String(name), of: file.id))
      }
      let count = Int(try HDF5.text("contours", of: file.id)) ?? 0
      contours = try (0..<max(count, 0)).map { index throws(HDF5Failure) in
        let name = "contours/\(index)"
        let values = try HDF5.read(name, shape: [nil, 2], in: file.id)
        let points = stride(from: 0, to: values.count, by: 2).map {
          ContourPoint(m4: values[$0], d: values[$0 + 1])
        }
        let dataset = try HDF5.openDataset(name, in: file.id)
        return Contour(points: points, isClosed: try HDF5.text("closed", of: dataset.id) == "1")
      }
    } catch {
      throw ResultSeal.unreadable(
        path,
        "it is no plane of this version of upscatter (\(error.call) does not fit), or another program has it open. Close other "
          + "programs, or repeat `upscatter moments`.")
    }
  }

  private static func axis(
    _ name: String, in file: hid_t
  ) throws(HDF5Failure) -> (label: AxisLabel, values: [Double]) {
    let dataset = try HDF5.openDataset(name, in: file)
    let label = AxisLabel(
      name: try HDF5.text("name", of: dataset.id), unit: try HDF5.text("unit", of: dataset.id))
    return (label, try HDF5.read(name, shape: [nil], in: file))
  }
}
