/// Finds where many rising curves pass zero, all of them in step, so that a backend evaluates one point of each at a time.
///
/// A bracket by factors of four, then secants through its ends (Anderson and Bjorck, BIT 13 (1973) 253), with the middle
/// instead wherever three of them have not halved the bracket.
struct CrossingSearch {
  /// Where a curve is below zero; steps of the search start with `scale`.
  struct Curve {
    var start: Double
    var scale: Double
    /// The search for a point above zero ends here.
    var largest: Double
  }

  /// Of the crossing, relative.
  let tolerance: Double
  private static let maximumSteps = 200

  /// Returns the crossing of every curve; nil: it stays below zero up to `largest`.
  /// - Parameters:
  ///   - evaluate: heights of the curves with these indices at these places; infinite heights are allowed
  func crossings<Failure: Error>(
    _ curves: [Curve], evaluate: ([Int], [Double]) throws(Failure) -> [Double]
  ) throws(Failure) -> [Double?] {
    var brackets = curves.map(Bracket.init)
    for _ in 0..<Self.maximumSteps {
      let active = brackets.indices.filter { !brackets[$0].isDone }
      if active.isEmpty { break }
      let places = active.map { brackets[$0].next() }
      let heights = try evaluate(active, places)
      for (n, index) in active.enumerated() {
        brackets[index].take(places[n], heights[n], tolerance: tolerance)
      }
    }
    return brackets.map(\.root)
  }

  private struct Bracket {
    var curve: Curve
    var low: Double
    var high: Double?
    var lowHeight = -Double.infinity
    var highHeight = Double.infinity
    var step: Double
    /// Width at the last check, and steps since.
    var width = Double.infinity
    var steps = 0
    /// Which end the last point replaced.
    var lastWasLow: Bool?
    var root: Double?
    var isDone = false

    init(_ curve: Curve) {
      self.curve = curve
      low = curve.start
      step = curve.scale
    }

    func next() -> Double {
      guard let high else { return min(curve.start + step, curve.largest) }
      let middle = low + (high - low) / 2
      guard steps < 3, lowHeight.isFinite, highHeight.isFinite else { return middle }
      let cut = low - lowHeight * (high - low) / (highHeight - lowHeight)
      return cut > low && cut < high ? cut : middle
    }

    private static func weight(_ height: Double, after previous: Double) -> Double {
      let weight = 1 - height / previous
      return weight > 0 && weight.isFinite ? weight : 0.5
    }

    mutating func take(_ x: Double, _ height: Double, tolerance: Double) {
      guard let high else {
        if height >= 0 {
          (self.high, highHeight, root, width) = (x, height, x, x - low)
        } else {
          (low, lowHeight) = (x, height)
          step *= 4
          isDone = x >= curve.largest
        }
        return
      }
      // an end that stays twice counts for less, so that the other one does not creep
      if height < 0 {
        if lastWasLow == true { highHeight *= Self.weight(height, after: lowHeight) }
        (low, lowHeight, lastWasLow) = (x, height, true)
      } else {
        if lastWasLow == false { lowHeight *= Self.weight(height, after: highHeight) }
        (self.high, highHeight, lastWasLow) = (x, height, false)
      }
      steps += 1
      let now = (self.high ?? high) - low
      if now <= width / 2 || steps > 3 { (width, steps) = (now, 0) }
      let moved = abs(x - (root ?? high))
      root = x
      isDone = height == 0 || now <= tolerance * x || moved <= tolerance / 8 * x
    }
  }
}
