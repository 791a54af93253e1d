/// What no fit can deal with, said before any is tried.
extension LikelihoodPlanner {
  /// Events beside a template's share in others, relative to its own, below which it is no template of its own.
  private static let dependence = 1e-12

  /// Throws where events are observed in a bin of which nothing is expected: their likelihood is zero.
  /// - Parameters:
  ///   - base: backgrounds and Standard Model, per bin
  func checkObserved(_ observed: [Double], base: [Double]) throws(PlanningError) {
    guard let bin = observed.indices.first(where: { observed[$0] > 0 && base[$0] <= 0 }) else { return }
    throw PlanningError(
      "\(model.name): \(observed[bin]) events are observed in bin \(bin + 1) of \(base.count), where neither backgrounds nor the Standard "
        + "Model give any. Add the background of that bin, or merge it with a neighbour.")
  }

  /// Throws where backgrounds that nothing constrains are the same to every fit.
  func checkFreeBackgrounds(
    _ backgrounds: [(name: String, events: [Double])]
  ) throws(PlanningError) {
    var known: [(name: String, direction: [Double])] = []
    for background in backgrounds where model.systematics.freeBackgrounds.contains(background.name) {
      let size = Self.product(background.events, background.events)
      if size == 0 { continue }
      var rest = background.events
      // twice: what the first subtraction leaves of rounding
      for _ in 0..<2 {
        for (_, direction) in known {
          let share = Self.product(rest, direction)
          for bin in rest.indices { rest[bin] -= share * direction[bin] }
        }
      }
      let left = Self.product(rest, rest)
      guard left > Self.dependence * size else {
        let others = known.map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw PlanningError(
          "\(model.name): the free background \"\(background.name)\" has the shape of \(others), free too, or of a sum of them, so that no "
            + "fit can tell them apart. Give one of them a width in `systematics.backgrounds`, or merge them."
        )
      }
      known.append((background.name, rest.map { $0 / left.squareRoot() }))
    }
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
