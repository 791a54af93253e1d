import Contours
import Reporting

/// The contours of a result file of toys, drawn again.
package enum ToysFigure {
  /// Corrected and asymptotic contour in the plane, linear between grid points.
  package static func exclusion(_ toys: ToysContents) throws -> ExclusionPlot {
    let corrected = ToyScanResult.corrected(observed: toys.delta, critical: toys.critical, level: toys.level)
    let label = { (name: String, contours: [Contour]) in
      "\(name), \(toys.levelText)" + (contours.isEmpty ? " (none)" : "")
    }
    let contours = try outlines(toys, corrected, .open)
    let asymptotic = try outlines(toys, toys.delta, .open)
    return ScanFigure.exclusion(
      title: "",
      series: [
        ExclusionPlot.Series(
          label: label("Toys", contours), contours: contours, regions: try outlines(toys, corrected, .closed),
          isSensitivity: false),
        ExclusionPlot.Series(
          label: label("Wilks", asymptotic), contours: asymptotic, regions: [], isSensitivity: true),
      ], flavours: [toys.provenance.flavour], m4: toys.m4, d: toys.d, coupling: toys.provenance.coupling,
      massSymbol: toys.provenance.massSymbol, overlaysIn: nil, caption: [])
  }

  private static func outlines(
    _ toys: ToysContents, _ values: [Double], _ boundary: ContourBuilder.Boundary
  ) throws -> [Contour] {
    guard toys.m4.count > 1 else { return [] }
    var builder = try ContourBuilder(
      m4: toys.m4, d: toys.d, level: toys.level, boundary: boundary, allowsGaps: true)
    for row in toys.m4.indices {
      try builder.add(row: row, statistic: Array(values[row * toys.d.count..<(row + 1) * toys.d.count]))
    }
    return try builder.finish()
  }
}
