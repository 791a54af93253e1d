import Contours
import ScanCore

/// The JSON summary of a scan: settings, conventions, units, and the limit as a list of points.
package struct ReportSummary: Codable, Hashable, Sendable {
  /// One mass of the limit curve; `d` is null where the statistic does not rise through the level on the axis.
  package struct LimitPoint: Codable, Hashable, Sendable {
    package var m4: Double
    package var d: Double?
    package init(m4: Double, d: Double?) {
      self.m4 = m4
      self.d = d
    }

    private enum CodingKeys: String, CodingKey { case m4, d }

    /// Writes null rather than leaving the key out.
    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(m4, forKey: .m4)
      try container.encode(d, forKey: .d)
    }
  }

  /// One contour and the file that holds its points.
  package struct ContourEntry: Codable, Hashable, Sendable {
    package var file: String
    package var points: Int
    package var isClosed: Bool
    package init(file: String, points: Int, isClosed: Bool) {
      self.file = file
      self.points = points
      self.isClosed = isClosed
    }
  }

  package var provenance: Provenance
  /// Unit of every m4: "MeV"; unit of every d, as in `provenance.coupling`.
  package var m4Unit: String
  package var dUnit: String
  package var m4Axis: AxisSummary
  package var dAxis: AxisSummary
  package var limit: [LimitPoint]
  package var contours: [ContourEntry]
  /// Anything a reader should know before trusting the numbers.
  package var notes: [String]

  package init(
    provenance: Provenance, m4: [Double], d: [Double], limit: [Double?], contours: [ContourEntry],
    notes: [String]
  ) {
    self.provenance = provenance
    m4Unit = "MeV"
    dUnit = provenance.coupling.unit
    m4Axis = AxisSummary(m4)
    dAxis = AxisSummary(d)
    self.limit = zip(m4, limit).map { LimitPoint(m4: $0, d: $1) }
    self.contours = contours
    self.notes = notes
  }
}

/// Ends and length of an axis.
package struct AxisSummary: Codable, Hashable, Sendable {
  package var first: Double
  package var last: Double
  package var points: Int
  package init(_ values: [Double]) {
    first = values.first ?? 0
    last = values.last ?? 0
    points = values.count
  }
}
