import Contours
import Foundation

/// Outlines with holes as single polygons a plotter can fill.
///
/// An outline inside an odd number of others is a hole. Each outer outline is joined to its holes by cuts that are walked
/// both ways and so have no area; holes run against the outline, so that every fill rule leaves them empty. Cuts run along
/// d = constant: horizontal edges cover no part of a pixel row, so that no renderer shows them as a seam, and each ends at
/// the next ring, so that none crosses another hole.
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

  /// Holes are joined from high to low mass: what a cut towards higher mass meets is part of the polygon by then.
  private static func merged(_ outer: [ContourPoint], holes: [[ContourPoint]]) -> [ContourPoint] {
    var polygon = oriented(outer, positive: true)
    let starts = holes.map { startingAtLargestMass(oriented($0, positive: false)) }
    for hole in starts.sorted(by: { $1[0] < $0[0] }) { join(hole, to: &polygon) }
    return polygon
  }

  /// Walks from the polygon along a horizontal cut to the first point of `hole`, around the hole, and back.
  private static func join(_ hole: [ContourPoint], to polygon: inout [ContourPoint]) {
    let start = hole[0]
    let met = crossings(of: polygon, from: start).min { $0.point.m4 < $1.point.m4 }
    // rings that touch in a corner need no cut
    let touched = polygon.firstIndex(of: start).map { (edge: $0, point: start) }
    guard let (edge, end) = touched ?? met else { return }
    polygon.insert(contentsOf: [end] + hole + [start, end], at: edge + 1)
  }

  private static func startingAtLargestMass(_ ring: [ContourPoint]) -> [ContourPoint] {
    guard let start = ring.indices.max(by: { ring[$0] < ring[$1] }) else { return ring }
    return Array(ring[start...] + ring[..<start])
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
    return !crossings(of: ring, from: probe).count.isMultiple(of: 2)
  }

  /// Where the line d = constant meets a ring at masses above a point, edge by edge.
  private static func crossings(
    of ring: [ContourPoint], from start: ContourPoint
  ) -> [(edge: Int, point: ContourPoint)] {
    ring.indices.compactMap { index in
      let (a, b) = (ring[index], ring[(index + 1) % ring.count])
      guard (a.d > start.d) != (b.d > start.d) else { return nil }
      let fraction = (log(start.d) - log(a.d)) / (log(b.d) - log(a.d))
      let logarithm = log(a.m4) + fraction * (log(b.m4) - log(a.m4))
      return log(start.m4) < logarithm ? (index, ContourPoint(m4: exp(logarithm), d: start.d)) : nil
    }
  }
}
