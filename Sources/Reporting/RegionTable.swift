import Contours

/// The outline of a region as CSV: what it is in comment lines, then one point per line, exact to the last bit.
package enum RegionTable {
  /// - Parameters:
  ///   - name: what the region is, first line of the file
  ///   - entries: provenance, a comment line each
  ///   - massHead: "m4 [MeV]"
  ///   - couplingHead: "d [1/GeV]"
  package static func text(
    _ contours: [Contour], name: String, entries: [(name: String, value: String)], massHead: String,
    couplingHead: String
  ) -> String {
    let shapes = contours.enumerated().map { "\($0) \($1.isClosed ? "closed" : "open")" }
    var lines = [
      "# \(name)\(shapes.isEmpty ? ": no outline on this grid" : "; pieces: \(shapes.joined(separator: ", "))")"
        .onOneLine
    ]
    lines += entries.map { "# \($0.name): \($0.value)".onOneLine }
    lines.append("piece,\(massHead),\(couplingHead)")
    for (index, contour) in contours.enumerated() {
      lines += contour.points.map { "\(index),\($0.m4),\($0.d)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
