import Contours
import Foundation

/// Outlines with holes as single polygons a plotter can fill.
///
/// An outline inside an odd number of others is a hole. Each outer outline is joined to its holes by a cut that is
/// walked both ways and so has no area; holes run against the outline, so that every fill rule leaves them empty.
enum RegionPolygon {
  static func polygons(_ outlines: [Contour]) -> [[ContourPoint]] {
    let rings = outlines.map(\.points).filter { $0.count > 2 }
    let depths = rings.indices.map { i in
      rings.indices.count { $0 != i && contains(rings[$0], ring: rings[i]) }
    }
    return rings.indices.filter { depths[$0].isMultiple(of: 2) }.map { outer in
      let holes = rings.indices.filter {
        depths[$0] == depths[outer] + 1 && contains(rings[outer], ring: rings[$0])
      }
      return merged(rings[outer], holes: holes.map { rings[$0] })
    }
  }

  private static func merged(_ outer: [ContourPoint], holes: [[ContourPoint]]) -> [ContourPoint] {
    let outline = oriented(outer, positive: true)
    var polygon = outline + [outline[0]]
    for hole in holes {
      let ring = oriented(hole, positive: false)
      polygon += ring + [ring[0], outline[0]]
    }
    return polygon
  }

  private static func oriented(_ ring: [ContourPoint], positive: Bool) -> [ContourPoint] {
    (signedArea(ring) > 0) == positive ? ring : ring.reversed()
  }

  /// Area in the (ln m4, ln d) plane, positive if counter-clockwise.
  static func signedArea(_ ring: [ContourPoint]) -> Double {
    var twice = 0.0
    for (index, a) in ring.enumerated() {
      let b = ring[(index + 1) % ring.count]
      twice += log(a.m4) * log(b.d) - log(b.m4) * log(a.d)
    }
    return twice / 2
  }

  /// Rings of one level set do not cross: one point off the other ring decides.
  private static func contains(_ ring: [ContourPoint], ring other: [ContourPoint]) -> Bool {
    let corners = Set(ring)
    guard let probe = other.first(where: { !corners.contains($0) }) else { return false }
    var inside = false
    for (index, a) in ring.enumerated() {
      let b = ring[(index + 1) % ring.count]
      if (a.d > probe.d) != (b.d > probe.d) {
        let fraction = (log(probe.d) - log(a.d)) / (log(b.d) - log(a.d))
        if log(probe.m4) < log(a.m4) + fraction * (log(b.m4) - log(a.m4)) { inside.toggle() }
      }
    }
    return inside
  }
}
