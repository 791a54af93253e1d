import Contours
import ScanCore

/// The region of a plane at one level, and whether it closes [UPS-47].
package struct FitRegion: Codable, Hashable, Sendable {
  package var confidenceLevel: Double
  /// Delta chi2, two degrees of freedom; for a posterior the lowest density inside over the largest.
  package var threshold: Double
  /// Bounded on all sides inside the axes, not empty, and without d = 0.
  package var closes: Bool
  /// Whether the region ends before the ends of the axes.
  package var boundedBelowInMass: Bool
  package var boundedAboveInMass: Bool
  package var boundedBelowInCoupling: Bool
  package var boundedAboveInCoupling: Bool
  /// nil for a posterior whose prior does not hold d = 0.
  package var includesNoSignal: Bool?
  package var pieces: Int
  package var gridPoints: Int

  /// Regions of fewer grid points are not resolved.
  static let leastPoints = 20

  /// - Parameters:
  ///   - inside: masses x couplings
  ///   - threshold: as stated
  init(
    level: Double, threshold: Double, inside: [Bool], masses: Int, couplings: Int, includesNoSignal: Bool?
  ) {
    confidenceLevel = level
    self.threshold = threshold
    self.includesNoSignal = includesNoSignal
    boundedBelowInMass = !inside.prefix(couplings).contains(true)
    boundedAboveInMass = !inside.suffix(couplings).contains(true)
    let column = { (column: Int) in (0..<masses).contains { inside[$0 * couplings + column] } }
    boundedBelowInCoupling = !column(0) && includesNoSignal != true
    boundedAboveInCoupling = !column(couplings - 1)
    gridPoints = inside.count { $0 }
    pieces = Self.pieces(inside, masses, couplings)
    closes =
      gridPoints > 0 && boundedBelowInMass && boundedAboveInMass && boundedBelowInCoupling
      && boundedAboveInCoupling
      && includesNoSignal != true
  }

  /// Why the region does not close, in words; nil where it does.
  package var opening: String? {
    var ends: [String] = gridPoints == 0 ? ["holds no point of the grid"] : []
    if includesNoSignal == true {
      ends.append("includes d = 0")
    } else if !boundedBelowInCoupling {
      ends.append("reaches the lowest coupling of the axis")
    }
    if !boundedAboveInCoupling { ends.append("reaches the largest coupling of the axis") }
    if !boundedBelowInMass { ends.append("reaches the lowest mass of the axis") }
    if !boundedAboveInMass { ends.append("reaches the largest mass of the axis") }
    return ends.isEmpty ? nil : ends.joined(separator: ", ")
  }

  /// Connected pieces; grid points that touch at an edge or a corner belong together.
  private static func pieces(_ inside: [Bool], _ masses: Int, _ couplings: Int) -> Int {
    var left = inside
    var count = 0
    for start in left.indices where left[start] {
      count += 1
      var waiting = [start]
      left[start] = false
      while let point = waiting.popLast() {
        let (i, j) = (point / couplings, point % couplings)
        for row in max(0, i - 1)...min(masses - 1, i + 1) {
          for column in max(0, j - 1)...min(couplings - 1, j + 1) where left[row * couplings + column] {
            left[row * couplings + column] = false
            waiting.append(row * couplings + column)
          }
        }
      }
    }
    return count
  }
}

/// Lines around the parts of a plane where values lie at or below a level.
enum RegionOutline {
  /// - Parameters:
  ///   - values: masses x couplings; finite
  ///   - boundary: `.open` for lines to draw, `.closed` for outlines to fill
  static func contours(
    masses: [Double], couplings: [Double], values: [Double], level: Double, boundary: ContourBuilder.Boundary
  ) throws -> [Contour] {
    // the builder follows what lies at or above its level
    var builder = try ContourBuilder(m4: masses, d: couplings, level: level, boundary: boundary)
    for row in masses.indices {
      let line = values[row * couplings.count..<(row + 1) * couplings.count]
      try builder.add(row: row, statistic: line.map { 2 * level - $0 })
    }
    return try builder.finish()
  }
}
