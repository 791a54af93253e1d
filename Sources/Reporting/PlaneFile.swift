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

  /// Writes `/x`, `/y`, `/delta` and `/contours/k` (HDF5); the file appears whole or not at all.
  package func write(to path: String) throws(ReportError) {
    try requireFinite(xValues + yValues + delta, path)
    try DiskSpace.require(bytes: 8 * Double(delta.count) + 1e6, at: path)
    let partial = AtomicFile.partialPath(path)
    do throws(HDF5Failure) { try fill(partial) } catch {
      unlink(partial)
      throw ReportError(
        .cannotWrite,
        "\(path) cannot be written (\(error.call) failed). Check the directory, its permissions and the space on its disk, or choose "
          + "another --output.")
    }
    try AtomicFile.moveIntoPlace(path)
  }

  private func fill(_ path: String) throws(HDF5Failure) {
    let file = try HDF5.createFile(path)
    try HDF5.setAttribute("format", "upscatter plane", on: file.id)
    try HDF5.setAttribute("schema", 1, on: file.id)
    for entry in entries {
      try HDF5.setAttribute(entry.name.replacingOccurrences(of: "/", with: "_"), entry.value, on: file.id)
    }
    for (name, label, values) in [("x", x, xValues), ("y", y, yValues)] {
      let dataset = try HDF5.createDataset(name, shape: [values.count], in: file.id)
      try HDF5.setAttribute("name", label.name, on: dataset.id)
      try HDF5.setAttribute("unit", label.unit, on: dataset.id)
      try HDF5.write(values, to: dataset.id)
    }
    let grid = try HDF5.createDataset("delta", shape: [xValues.count, yValues.count], in: file.id)
    try HDF5.write(delta, to: grid.id)
    let group = try HDF5.createGroup("contours", in: file.id)
    for (index, contour) in contours.enumerated() where !contour.points.isEmpty {
      let dataset = try HDF5.createDataset("\(index)", shape: [contour.points.count, 2], in: group.id)
      try HDF5.setAttribute("closed", contour.isClosed ? 1 : 0, on: dataset.id)
      try HDF5.write(contour.points.flatMap { [$0.m4, $0.d] }, to: dataset.id)
    }
  }
}
