import Contours

/// A contour or limit curve as CSV: provenance in comment lines, then one point per line, exact to the last bit.
package enum ContourTable {
  /// - Parameter name: what the curve is, first line of the file
  package static func text(_ contour: Contour, name: String, provenance: Provenance) -> String {
    let shape = contour.isClosed ? "closed: the first point follows the last" : "open"
    return text(points: contour.points, name: "\(name) (\(shape))", provenance: provenance)
  }

  /// The limit per mass; masses without one are left out and counted in the header.
  package static func text(
    m4: [Double], limit: [Double?], name: String, provenance: Provenance
  ) -> String {
    let points = zip(m4, limit).compactMap { mass, value in value.map { ContourPoint(m4: mass, d: $0) } }
    let missing = m4.count - points.count
    let note = missing == 0 ? "" : " (\(missing) of \(m4.count) masses have no limit on the scanned axis)"
    return text(points: points, name: name + note, provenance: provenance)
  }

  private static func text(points: [ContourPoint], name: String, provenance: Provenance) -> String {
    var lines = ["# \(name.onOneLine)"]
    lines += provenance.entries.map { "# \($0.name): \($0.value)" }
    lines.append("\(provenance.massSymbol ?? "m4") [MeV],\(provenance.coupling.columnHead)")
    lines += points.map { "\($0.m4),\($0.d)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
