import Contours
import Foundation
import Testing

@testable import Pipeline

/// Regions, their outlines and intervals of functions that are known.
@Suite("Regions of fits [UPS-47]")
struct FitRegionTests {
  private let axis = (0...40).map { exp(-2 + 0.1 * Double($0)) }

  /// ((ln x - a)/w)^2
  private func parabola(_ x: Double, _ centre: Double, _ width: Double) -> Double {
    let z = (log(x) - centre) / width
    return z * z
  }

  private func intervals(_ f: (Double) -> Double, level: Double) throws -> [ProfileInterval] {
    try ProfileInterval.intervals(axis: axis, values: axis.map(f), level: level) { $0.map(f) }
  }

  @Test("The interval of a parabola ends where it reaches the level", arguments: [0.5, 1, 2.7])
  func parabola(level: Double) throws {
    let found = try intervals({ parabola($0, 0.13, 0.4) }, level: level)
    let half = 0.4 * level.squareRoot()
    try #require(found.count == 1)
    #expect(abs(log(found[0].low) - (0.13 - half)) < 1e-9 && abs(log(found[0].high) - (0.13 + half)) < 1e-9)
    #expect(!found[0].openBelow && !found[0].openAbove)
  }

  @Test("Two minima give two intervals; ends of the axis below the level are open")
  func several() throws {
    let two = try intervals({ min(parabola($0, -1, 0.3), 0.2 + parabola($0, 1, 0.3)) }, level: 1)
    #expect(two.count == 2)
    let open = try intervals({ parabola($0, -2, 0.5) }, level: 1)
    #expect(open.count == 1 && open[0].openBelow && !open[0].openAbove && open[0].low == axis[0])
    let all = try intervals({ _ in 0 }, level: 1)
    #expect(all.count == 1 && all[0].openBelow && all[0].openAbove)
    #expect(try intervals({ _ in 2 }, level: 1).isEmpty)
  }

  private func region(_ inside: (Int, Int) -> Bool, withoutSignal: Bool? = false) -> FitRegion {
    FitRegion(
      level: 0.9, threshold: 4.6,
      inside: (0..<9).flatMap { row in (0..<11).map { inside(row, $0) } }, masses: 9, couplings: 11,
      includesNoSignal: withoutSignal)
  }

  @Test("A region closes only if it ends before all ends of the axes and without d = 0")
  func closing() {
    let island = region { (2...4).contains($0) && (3...5).contains($1) }
    #expect(island.closes && island.opening == nil && island.pieces == 1 && island.gridPoints == 9)
    #expect(
      region({ (2...4).contains($0) && (3...5).contains($1) }, withoutSignal: true).opening
        == "includes d = 0")
    #expect(region { $0 <= 4 && (3...5).contains($1) }.opening == "reaches the lowest mass of the axis")
    #expect(region { $0 >= 4 && (3...5).contains($1) }.opening == "reaches the largest mass of the axis")
    #expect(region { $0 == 4 && $1 >= 3 }.opening == "reaches the largest coupling of the axis")
    #expect(
      region({ $0 == 4 && $1 <= 3 }, withoutSignal: nil).opening == "reaches the lowest coupling of the axis")
    #expect(!region { $0 >= 4 && (3...5).contains($1) }.closes)
  }

  @Test("Pieces that do not touch are counted apart")
  func pieces() {
    #expect(region { ($0 == 2 && $1 == 2) || ($0 == 6 && $1 == 7) }.pieces == 2)
    #expect(region { ($0 == 2 && $1 == 2) || ($0 == 3 && $1 == 3) }.pieces == 1)
    #expect(region { _, _ in false }.pieces == 0)
  }

  @Test("The outline of a disc in the logarithms is closed and has its radius")
  func outline() throws {
    let values = axis.flatMap { m in axis.map { parabola(m, 0, 1) + parabola($0, 0.05, 1) } }
    let contours = try RegionOutline.contours(
      masses: axis, couplings: axis, values: values, level: 1.3, boundary: .open)
    try #require(contours.count == 1 && contours[0].isClosed)
    for point in contours[0].points {
      let radius = (parabola(point.m4, 0, 1) + parabola(point.d, 0.05, 1)).squareRoot()
      #expect(abs(radius - 1.3.squareRoot()) < 2e-3)
    }
  }

  @Test("The minimum of three points is the vertex of their parabola; at an end it is the end")
  func vertex() {
    let x = [0.0, 0.7, 1, 2]
    #expect(abs(FitPlane.lowest(x, x.map { 3 + 2 * ($0 - 0.8) * ($0 - 0.8) }) - 3) < 1e-12)
    #expect(FitPlane.lowest(x, x.map { 3 + $0 }) == 3)
  }

  @Test("A region without a point of the grid does not close")
  func empty() {
    let region = FitRegion(
      level: 0.9, threshold: 4.6, inside: [Bool](repeating: false, count: 9), masses: 3, couplings: 3,
      includesNoSignal: false)
    #expect(!region.closes && region.opening == "holds no point of the grid")
  }
}
