import Foundation
import ScanCore

/// Places names beside curves so that none lies on a curve, on another name, or outside the frame.
///
/// Every name has candidates: boxes that touch points along its curve, and boxes further off that a thin line joins to the curve. What is
/// never allowed (leaving the frame, lying on any curve, its own included) is thrown away first; the rest is ordered by how well a reader
/// can tell whose name it is. Names with few candidates choose first, several orders are tried, and the best arrangement counts.
/// A name without a place is left to the legend.
struct LabelPlacement {
  struct Request {
    /// Index among `curves`.
    var curve: Int
    var text: String
  }

  struct Label: Hashable {
    var curve: Int
    var text: String
    var box: PlotBox
    /// From the curve to the box; nil where the box touches it.
    var leader: Leader?
  }

  struct Leader: Hashable {
    var start: PlotPoint
    var end: PlotPoint
  }

  let frame: PlotBox
  /// Pieces of every curve: what is drawn of it, marks of its excluded side included.
  let curves: [[[PlotPoint]]]
  /// Where names may be tied to a curve: its own line alone.
  let spines: [[[PlotPoint]]]
  /// Size of the letters.
  let size: Double

  /// Distance between a box and any curve, and between boxes.
  static let clearance = 2.5
  private static let gap = 5.0
  private static let anchorsPerCurve = 120
  private static let orders = 24

  func place(_ requests: [Request]) -> [Label] {
    let ink = InkMap(frame: frame, curves: curves)
    let candidates = requests.map { self.candidates($0, ink) }
    var best: [Int?] = requests.map { _ in nil }
    var bestCost = Double.infinity
    var generator = SeededGenerator(seed: 6)
    let fewestFirst = requests.indices.sorted { (candidates[$0].count, $0) < (candidates[$1].count, $1) }
    for round in 0..<Self.orders {
      let order = round == 0 ? fewestFirst : requests.indices.shuffled(using: &generator)
      let (choice, cost) = greedy(order, candidates)
      if cost < bestCost { (best, bestCost) = (choice, cost) }
    }
    return requests.indices.compactMap { index in best[index].map { candidates[index][$0].label } }
  }

  // MARK: - Choice

  private struct Candidate {
    var label: Label
    var cost: Double
  }

  private static let costOfAbsence = 1000.0

  private func greedy(_ order: [Int], _ candidates: [[Candidate]]) -> ([Int?], Double) {
    var choice: [Int?] = candidates.map { _ in nil }
    var placed: [Label] = []
    var cost = 0.0
    for index in order {
      let free = candidates[index].firstIndex { candidate in
        placed.allSatisfy { !Self.collide($0, candidate.label) }
      }
      choice[index] = free
      if let free {
        placed.append(candidates[index][free].label)
        cost += candidates[index][free].cost
      } else {
        cost += Self.costOfAbsence
      }
    }
    return (choice, cost)
  }

  private static func collide(_ a: Label, _ b: Label) -> Bool {
    if a.box.grown(by: clearance).intersects(b.box) { return true }
    if let line = a.leader, b.box.grown(by: clearance).clipped(line.start, line.end) != nil { return true }
    if let line = b.leader, a.box.grown(by: clearance).clipped(line.start, line.end) != nil { return true }
    return false
  }

  // MARK: - Candidates

  /// In ascending order of cost.
  private func candidates(_ request: Request, _ ink: InkMap) -> [Candidate] {
    let width = TextWidth.of(request.text, size: size)
    let height = 1.2 * size
    let own = ink.alone(curves[request.curve])
    let inner = frame.grown(by: -4)
    var found: [Candidate] = []
    func add(_ centre: PlotPoint, from anchor: PlotPoint, distance: Double?, preference: Double) {
      let box = PlotBox(
        left: centre.x - width / 2, bottom: centre.y - height / 2, right: centre.x + width / 2,
        top: centre.y + height / 2)
      guard inner.contains(box), !ink.touches(box.grown(by: Self.clearance)) else { return }
      var cost = preference
      for (margin, price) in Self.crowding
      where ink.count(box.grown(by: margin)) > own.count(box.grown(by: margin)) {
        cost += price
      }
      var leader: Leader?
      if let distance {
        let end = box.nearest(to: anchor)
        leader = Leader(start: anchor, end: end)
        let foot = PlotBox(left: anchor.x, bottom: anchor.y, right: anchor.x, top: anchor.y).grown(
          by: Self.footing)
        if ink.count(foot) > own.count(foot) { cost += Self.costOfCrossing }
        cost +=
          Self.costOfLeader + distance / 2 + Self.costOfCrossing * ink.crossings(anchor, end, except: own)
      }
      found.append(
        Candidate(
          label: Label(curve: request.curve, text: request.text, box: box, leader: leader), cost: cost))
    }
    for (number, anchor) in anchors(request.curve).enumerated() {
      for (x, y, preference) in Self.directions {
        let centre = PlotPoint(
          x: anchor.x + x * (width / 2 + Self.gap), y: anchor.y + y * (height / 2 + Self.gap))
        add(centre, from: anchor, distance: nil, preference: preference)
      }
      guard number.isMultiple(of: 3) else { continue }
      for distance in Self.distances.map({ $0 * size }) {
        for step in 0..<16 {
          let (x, y) = (cos(Double(step) * .pi / 8), sin(Double(step) * .pi / 8))
          let side = { (value: Double) in value > 0.3 ? 0.5 : value < -0.3 ? -0.5 : 0.0 }
          let centre = PlotPoint(
            x: anchor.x + x * distance + side(x) * width, y: anchor.y + y * distance + side(y) * height)
          add(centre, from: anchor, distance: distance, preference: 0)
        }
      }
    }
    return found.sorted { $0.cost < $1.cost }
  }

  /// What it costs if another curve is nearer than so much.
  private static let crowding = [(6.0, 30.0), (12.0, 14.0), (20.0, 6.0)]
  private static let costOfLeader = 25.0
  private static let costOfCrossing = 40.0
  /// A line that ends so near another curve could belong to either.
  private static let footing = 10.0
  /// Lengths of the lines that join names to curves, in sizes of the letters.
  private static let distances = [1.25, 2.2, 3.4, 5, 7]
  /// Above and below a curve first, then at its corners and sides.
  private static let directions: [(Double, Double, Double)] = [
    (0, 1, 0), (0, -1, 0), (1, 1, 2), (-1, 1, 2), (1, -1, 2), (-1, -1, 2), (1, 0, 1), (-1, 0, 1),
    (0.5, 1, 1), (-0.5, 1, 1), (0.5, -1, 1), (-0.5, -1, 1),
  ]

  /// Points along a curve inside the frame, at equal distances.
  private func anchors(_ curve: Int) -> [PlotPoint] {
    let segments = spines[curve].flatMap { piece in
      zip(piece, piece.dropFirst()).compactMap { frame.clipped($0, $1) }
    }
    let total = segments.reduce(0) { $0 + hypot($1.1.x - $1.0.x, $1.1.y - $1.0.y) }
    let step = max(total / Double(Self.anchorsPerCurve), 6)
    var points: [PlotPoint] = []
    var due = step / 2
    for (a, b) in segments {
      let length = hypot(b.x - a.x, b.y - a.y)
      while due <= length, length > 0 {
        points.append(PlotPoint(x: a.x + due / length * (b.x - a.x), y: a.y + due / length * (b.y - a.y)))
        due += step
      }
      due -= length
    }
    return points
  }
}
