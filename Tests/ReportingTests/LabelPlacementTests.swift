import Foundation
import Testing

@testable import Reporting

/// Names beside curves, judged by the geometry of boxes and straight lines, not by the map the placement uses.
@Suite("Placement of names") struct LabelPlacementTests {
  private static let frame = PlotBox(left: 100, bottom: 100, right: 800, top: 600)

  /// What is wrong with an arrangement; empty if nothing.
  static func faults(
    _ labels: [LabelPlacement.Label], curves: [[[PlotPoint]]], spines: [[[PlotPoint]]], frame: PlotBox
  ) -> [String] {
    var faults: [String] = []
    for (index, label) in labels.enumerated() {
      if !frame.contains(label.box) { faults.append("\(label.text) leaves the frame") }
      for (curve, pieces) in curves.enumerated() where crosses(pieces, label.box) {
        faults.append("\(label.text) lies on curve \(curve)")
      }
      for other in labels[..<index] {
        if label.box.intersects(other.box) { faults.append("\(label.text) lies on \(other.text)") }
        for (a, b) in [(label, other), (other, label)] {
          if let line = a.leader, b.box.clipped(line.start, line.end) != nil {
            faults.append("the line of \(a.text) crosses \(b.text)")
          }
        }
      }
      let anchor = label.leader?.start ?? label.box.centre
      let reach = label.leader == nil ? hypot(label.box.width, label.box.height) / 2 + 10 : 0.1
      if distance(from: anchor, to: spines[label.curve]) > reach {
        faults.append("\(label.text) is not beside its curve")
      }
    }
    return faults
  }

  private static func crosses(_ pieces: [[PlotPoint]], _ box: PlotBox) -> Bool {
    pieces.contains { piece in
      zip(piece, piece.dropFirst()).contains { box.clipped($0, $1) != nil }
    }
  }

  private static func distance(from point: PlotPoint, to pieces: [[PlotPoint]]) -> Double {
    pieces.flatMap { piece -> [Double] in
      zip(piece, piece.dropFirst()).map { a, b -> Double in
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = dx * dx + dy * dy
        let share = length > 0 ? min(max(((point.x - a.x) * dx + (point.y - a.y) * dy) / length, 0), 1) : 0
        return hypot(point.x - a.x - share * dx, point.y - a.y - share * dy)
      }
    }.min() ?? .infinity
  }

  private func place(_ curves: [[PlotPoint]]) -> [LabelPlacement.Label] {
    let pieces = curves.map { [$0] }
    return LabelPlacement(frame: Self.frame, curves: pieces, spines: pieces, size: 13).place(
      curves.indices.map { .init(curve: $0, text: "Curve number \($0)") })
  }

  @Test("A single curve carries its name without a line, off the curve")
  func single() throws {
    let curve = (0...50).map { PlotPoint(x: 100 + 14 * Double($0), y: 300 + 100 * sin(Double($0) / 8)) }
    let labels = place([curve])
    #expect(labels.count == 1 && labels[0].leader == nil)
    #expect(Self.faults(labels, curves: [[curve]], spines: [[curve]], frame: Self.frame) == [])
  }

  @Test("Names of many curves that cross each other do not collide", arguments: 1...6)
  func crossing(seed: Int) throws {
    let curves = (0..<10).map { curve in
      (0...60).map { step in
        let x = Double(step) / 60
        let waves = 3 * Double(1 + (curve + seed) % 3)
        let height = sin(Double(seed * 7 + curve) + waves * x)
        return PlotPoint(x: 100 + 700 * x, y: 350 + 200 * height * (0.4 + x / 2))
      }
    }
    let labels = place(curves)
    let pieces = curves.map { [$0] }
    #expect(Self.faults(labels, curves: pieces, spines: pieces, frame: Self.frame) == [])
    #expect(labels.count >= 8, "\(labels.count) of 10 have a place")
  }

  @Test("A name without room is left out, and a curve outside the frame has none")
  func noRoom() {
    // lines closer than letters are high, over the whole frame
    let lines = (0..<60).map { line in
      let y = 100 + Double(500 * line + 250) / 60
      return [PlotPoint(x: 100, y: y), PlotPoint(x: 800, y: y)]
    }
    let pieces = lines.map { [$0] }
    let placement = LabelPlacement(frame: Self.frame, curves: pieces, spines: pieces, size: 13)
    #expect(placement.place([.init(curve: 30, text: "no room")]).isEmpty)
    let far = [[[PlotPoint(x: 0, y: 0), PlotPoint(x: 50, y: 50)]]]
    #expect(
      LabelPlacement(frame: Self.frame, curves: far, spines: far, size: 13)
        .place([.init(curve: 0, text: "far")]).isEmpty)
  }

  @Test("The same curves get the same places")
  func repeatable() {
    let curves = (0..<6).map { curve in
      (0...30).map { step in
        let height = Double(150 + 70 * curve + 9 * (step % (curve + 2)))
        return PlotPoint(x: Double(100 + 23 * step), y: height)
      }
    }
    #expect(place(curves) == place(curves))
  }

  @Test("Straight lines are cut at the frame, and a line that misses it is gone")
  func clipping() throws {
    let (a, b) = try #require(
      Self.frame.clipped(PlotPoint(x: 0, y: 200), PlotPoint(x: 1000, y: 200)))
    #expect(a == PlotPoint(x: 100, y: 200) && b == PlotPoint(x: 800, y: 200))
    #expect(Self.frame.clipped(PlotPoint(x: 0, y: 550), PlotPoint(x: 150, y: 700)) == nil)
    #expect(Self.frame.clipped(PlotPoint(x: 300, y: 300), PlotPoint(x: 300, y: 300)) != nil)
  }

  @Test("Marks lie on the excluded side whichever way a curve is walked", arguments: [false, true])
  func excludedSide(reversed: Bool) {
    func marks(_ side: OverlayCurve.Excluded, _ points: [(Double, Double)]) -> [(PlotPoint, PlotPoint)] {
      let line = points.map { PlotPoint(x: $0.0, y: $0.1) }
      return ExcludedSide(
        side: side, line: reversed ? line.reversed() : line, frame: Self.frame, length: 6, spacing: 20
      ).marks
    }
    let limit = [(120.0, 300.0), (500, 320), (700, 580)]
    let above = marks(.above, limit)
    #expect(above.count > 20)
    #expect(above.allSatisfy { $1.y > $0.y && $1.x <= $0.x })
    #expect(marks(.below, limit).allSatisfy { $1.y < $0.y })
    let ring = [(300.0, 200.0), (600, 200), (600, 500), (300, 500), (300, 200)]
    let inside = marks(.inside, ring)
    #expect(inside.count > 40)
    let centre = PlotPoint(x: 450, y: 350)
    #expect(
      inside.allSatisfy { hypot($1.x - centre.x, $1.y - centre.y) < hypot($0.x - centre.x, $0.y - centre.y) })
  }

  @Test("Text is as wide as its letters")
  func widths() {
    // DejaVu Sans: C 698, H 752, A 684, R 695, M 863, - 361 and twice I 295
    #expect(abs(TextWidth.of("CHARM-II", size: 1000) - 4643) < 1e-9)
    #expect(TextWidth.of("µ", size: 10) == 7)
  }
}
