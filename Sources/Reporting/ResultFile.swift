import Contours

/// The layout of a result file (HDF5), shared by writer and reader.
///
///     /m4              [m]     heavy-neutrino masses, MeV
///     /d               [n]     couplings; unit and convention in its attributes
///     /delta           [m][n]  Delta chi2: the statistic minus /minimum
///     /minimum         [m]     what was subtracted: the least statistic of the row (1 dof) or of the plane (2 dof)
///     /limit           [m]     lowest coupling where delta rises through the level; NaN where it does not
///     /pulls/<name>    [m][n]  best value of each pull
///     /contours/<k>    [p][2]  points (m4, d); attribute closed: 1 or 0
///
/// Root attributes hold the provenance, one by one for people and as JSON (`provenance`), and the JSON summary.
/// Datasets are contiguous, 64-bit little endian, without time stamps: equal runs give equal bytes however the rows
/// were cut, and any row can be read or memory-mapped alone.
package enum ResultFile {
  /// Value of the root attribute `format`.
  static let format = "upscatter result"
  /// Value of the root attribute `schema`.
  static let schema = 1.0

  /// Size of a result file in bytes, with room for names, attributes and contours.
  package static func size(m4Count: Int, dCount: Int, pullCount: Int) -> Double {
    let grid = Double(m4Count) * Double(dCount) * Double(1 + pullCount)
    return 8 * (grid + 8 * Double(m4Count) + Double(dCount)) + 1e6
  }
}

/// What a scan knows when its last row is done.
package struct ResultClosing: Sendable {
  package var provenance: Provenance
  /// Subtracted from the statistic, one value per mass.
  package var minimum: [Double]
  /// Limit per mass, nil where there is none on the axis.
  package var limit: [Double?]
  package var contours: [Contour]
  /// JSON text, as written beside the result.
  package var summary: String

  package init(
    provenance: Provenance, minimum: [Double], limit: [Double?], contours: [Contour], summary: String
  ) {
    self.provenance = provenance
    self.minimum = minimum
    self.limit = limit
    self.contours = contours
    self.summary = summary
  }
}

/// A result file in memory, without its grid.
package struct ResultContents: Hashable, Sendable {
  package var provenance: Provenance
  /// MeV
  package var m4: [Double]
  /// In the unit of `provenance.coupling`.
  package var d: [Double]
  package var minimum: [Double]
  package var limit: [Double?]
  package var contours: [Contour]
  package var pullNames: [String]
  /// JSON text
  package var summary: String
}
