import ScanCore
import Statistics

/// A model as rows of templates, to be fitted to many data sets at once [UPS-50].
struct HypothesisRows: Sendable {
  /// Rows of one mass: strengths ascending, one row each; a single row where the strength is fitted.
  struct Block: Sendable {
    var signal: HypothesisSignal
    var strengths: [Double]
    /// Strengths beyond which nothing was sampled within reach.
    var ends: Set<Double>
    /// index of its first row
    var first: Int
  }

  private(set) var templates: [Double] = []
  private var blocks: [Block] = []
  private let interferes: Bool
  private let binCount: Int
  /// block of each row
  private var owner: [Int] = []

  /// - Parameter fits: to the Asimov sets around which the toys fluctuate
  init(_ fits: [HypothesisFit], interferes: Bool, binCount: Int) throws {
    self.interferes = interferes
    self.binCount = binCount
    var points: [Double: Block] = [:]
    for fit in fits {
      let level = (fit.masses.map(\.statistic).min() ?? 0) + HypothesisFitter.reach
      for mass in fit.masses {
        let reached = interferes ? Self.reached(mass.sampled, below: level) : [(1.0, false)]
        var block =
          points[mass.signal.mass] ?? Block(signal: mass.signal, strengths: [], ends: [], first: 0)
        let known = block.strengths
        // an end of one fit is none where the other goes on
        let inner = { (u: Double) in (known.first ?? .infinity) < u && u < (known.last ?? -.infinity) }
        let ends = Set(reached.filter(\.1).map(\.0).filter { !inner($0) })
        let (low, high) = (reached.first?.0 ?? .infinity, reached.last?.0 ?? -.infinity)
        block.ends = block.ends.filter { !(low < $0 && $0 < high) }.union(ends)
        block.strengths = Set(known + reached.map(\.0)).sorted()
        points[mass.signal.mass] = block
      }
    }
    for mass in points.keys.sorted() {
      guard var block = points[mass], !block.strengths.isEmpty else { continue }
      block.first = owner.count
      for strength in block.strengths {
        templates += try block.signal.events(strength: strength)
        owner.append(blocks.count)
      }
      blocks.append(block)
    }
  }

  /// The sampled strengths within reach with the neighbours of these, and whether each has a neighbour left out.
  private static func reached(
    _ sampled: [(strength: Double, statistic: Double)], below level: Double
  ) -> [(Double, Bool)] {
    let inside = sampled.indices.filter { index in
      (max(index - 1, 0)...min(index + 1, sampled.count - 1)).contains { sampled[$0].statistic <= level }
    }
    let all = Set(inside)
    return inside.map { index in
      let isEnd =
        (index > 0 && !all.contains(index - 1)) || (index < sampled.count - 1 && !all.contains(index + 1))
        || (sampled[index].strength != 0 && (index == 0 || index == sampled.count - 1))
      return (sampled[index].strength, isEnd)
    }
  }

  var masses: [Double] { blocks.map(\.signal.mass) }
  var rowCount: Int { owner.count }

  /// Least chi2 of every data set, over rows, pulls and strengths.
  struct Minima {
    var statistic: [Double]
    /// Sets whose best strength is the last one sampled: the minimum may lie further out.
    var atEnd = 0
    var unconverged: Int
  }

  func minima(_ data: JointData, on likelihood: any LoadedJoint) throws -> Minima {
    let found = try likelihood.minima(
      JointSearch(rows: 0..<rowCount, strength: interferes ? 1 : nil), data: data, templates: templates)
    var minima = Minima(statistic: found.statistic, unconverged: found.unconverged)
    if interferes { try refine(&minima, rows: found.row, data, likelihood) }
    return minima
  }

  // MARK: - Between the strengths

  private static let rounds = 2

  /// chi2 at the neighbours of the best row, then twice at the vertex of the parabola through the lowest three points.
  private func refine(
    _ minima: inout Minima, rows: [Int], _ data: JointData, _ likelihood: any LoadedJoint
  ) throws {
    var known = rows.indices.map { set in
      [(strength: strength(of: rows[set]), statistic: minima.statistic[set])]
    }
    var points: [JointPoint] = []
    for (set, row) in rows.enumerated() {
      let block = blocks[owner[row]]
      let place = row - block.first
      if block.ends.contains(strength(of: row)) { minima.atEnd += 1 }
      // three neighbouring rows, the best in their middle where it has two neighbours
      let low = min(max(place - 1, 0), max(block.strengths.count - 3, 0))
      for other in low..<min(low + 3, block.strengths.count) where other != place {
        points.append(JointPoint(set: set, row: block.first + other, strength: 1))
      }
    }
    let neighbours = try likelihood.profile(points, data: data, templates: templates)
    minima.unconverged += neighbours.unconverged
    for (point, value) in zip(points, neighbours.statistic) {
      known[point.set].append((strength(of: point.row), value))
    }
    for _ in 0..<Self.rounds {
      var trials: [Double] = []
      var events: [Double] = []
      points = []
      for set in rows.indices {
        guard let u = vertex(known[set]) else { continue }
        points.append(JointPoint(set: set, row: points.count, strength: 1))
        trials.append(u)
        events += try blocks[owner[rows[set]]].signal.events(strength: u)
      }
      if points.isEmpty { break }
      let result = try likelihood.profile(points, data: data, templates: events)
      minima.unconverged += result.unconverged
      for (index, point) in points.enumerated() {
        known[point.set].append((trials[index], result.statistic[index]))
        minima.statistic[point.set] = min(minima.statistic[point.set], result.statistic[index])
      }
    }
  }

  private func strength(of row: Int) -> Double {
    let block = blocks[owner[row]]
    return block.strengths[row - block.first]
  }

  /// Where the parabola through the lowest point and its neighbours is lowest; nil where nothing is to be gained.
  private func vertex(_ points: [(strength: Double, statistic: Double)]) -> Double? {
    let sorted = points.sorted { $0.strength < $1.strength }
    guard sorted.count >= 3,
      let best = sorted.indices.min(by: { sorted[$0].statistic < sorted[$1].statistic })
    else { return nil }
    let centre = min(max(best, 1), sorted.count - 2)
    let three = (sorted[centre - 1], sorted[centre], sorted[centre + 1])
    guard
      let u = parabolaVertex(
        (three.0.strength, three.1.strength, three.2.strength),
        (three.0.statistic, three.1.statistic, three.2.statistic))
    else { return nil }
    return sorted.contains { $0.strength == u } ? nil : u
  }
}
