import Experiments

/// Expected events of one background per bin, energy-major with time contiguous.
struct BackgroundTemplate {
  let events: [Double]

  init(_ background: BackgroundSpec, energyBins: Int, _ binning: TimeBinning) throws(RateModelError) {
    switch background.shape {
    case .events(let events):
      try Self.expect(events.count, energyBins * binning.binCount, "events", background.name)
      self.events = events
    case .product(let energyWeights, let time, let total, let timeEfficiencyApplies):
      try Self.expect(energyWeights.count, energyBins, "energy weights", background.name)
      let shape = try binning.masses(of: time, efficiencyApplies: false)
      let selected = try binning.masses(of: time, efficiencyApplies: timeEfficiencyApplies)
      let norm = energyWeights.reduce(0, +) * shape.reduce(0, +)
      guard norm > 0, norm.isFinite else {
        throw RateModelError(
          "Background \"\(background.name)\" cannot be normalised to \(total) events: its energy weights or "
            + "its time "
            + "distribution sum to zero inside the bins. Check the tables against the energy and time edges.")
      }
      events = energyWeights.flatMap { weight in selected.map { total * (weight * $0 / norm) } }
    }
  }

  /// What one sigma of each pull of a background adds to the events per bin: D_+ - D_0, or (D_+ - D_-)/2 [UPS-20].
  static func shapeChanges(
    _ pulls: [ShapePullSpec], _ backgrounds: [(name: String, events: [Double])]
  ) -> [(name: String, change: [Double])] {
    pulls.compactMap { pull in
      guard case .backgroundShape(let name, let plus, let minus) = pull.effect,
        let nominal = backgrounds.first(where: { $0.name == name })?.events
      else { return nil }
      guard let minus else { return (pull.name, zip(plus, nominal).map { $0 - $1 }) }
      return (pull.name, zip(plus, minus).map { 0.5 * ($0 - $1) })
    }
  }

  private static func expect(
    _ found: Int, _ wanted: Int, _ what: String, _ name: String
  ) throws(RateModelError) {
    guard found != wanted else { return }
    throw RateModelError(
      "Background \"\(name)\" lists \(found) \(what) where the channel has \(wanted) bins. Give one number "
        + "per bin."
    )
  }
}
