/// One point of the scan plane.
package struct ContourPoint: Codable, Hashable, Sendable, Comparable {
  /// Heavy-neutrino mass, MeV.
  package var m4: Double
  /// Coupling, in the unit of the d axis it was interpolated on.
  package var d: Double
  package init(m4: Double, d: Double) {
    self.m4 = m4
    self.d = d
  }
  /// Lexicographic: m4 first, then d.
  package static func < (a: Self, b: Self) -> Bool { a.m4 == b.m4 ? a.d < b.d : a.m4 < b.m4 }
}

/// One connected piece of the level set of the test statistic.
///
/// Open pieces end at the edges of the grid and start at their lexicographically smaller end. Closed pieces start at
/// their smallest point and leave it towards the smaller neighbour; the start is not repeated at the end.
package struct Contour: Codable, Hashable, Sendable {
  package var points: [ContourPoint]
  package var isClosed: Bool

  package init(points: [ContourPoint], isClosed: Bool) {
    self.points = points
    self.isClosed = isClosed
  }

  /// The points as a polyline: the start of a closed contour is repeated at its end.
  package var polyline: [ContourPoint] {
    guard isClosed, let first = points.first else { return points }
    return points + [first]
  }
}

extension Contour {
  /// The same curve in its one canonical order, without repeated points; nil if too few
  /// points are left to make a curve.
  func canonical() -> Contour? {
    var distinct: [ContourPoint] = []
    for point in points where point != distinct.last { distinct.append(point) }
    if isClosed, distinct.count > 1, distinct.first == distinct.last { distinct.removeLast() }
    guard distinct.count > (isClosed ? 2 : 1), let first = distinct.first, let last = distinct.last else {
      return nil
    }
    if !isClosed { return Contour(points: first < last ? distinct : distinct.reversed(), isClosed: false) }
    guard let start = distinct.indices.min(by: { distinct[$0] < distinct[$1] }) else { return nil }
    var rotated = Array(distinct[start...] + distinct[..<start])
    if rotated[rotated.count - 1] < rotated[1] { rotated[1...].reverse() }
    return Contour(points: rotated, isClosed: true)
  }
}

/// Contours in the order they are written: by their points, lexicographically.
func canonicalOrder(_ contours: [Contour]) -> [Contour] {
  contours.sorted { $0.points.lexicographicallyPrecedes($1.points) }
}
