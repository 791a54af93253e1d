/// Reads one background: events per bin, a product of an energy and a time shape, or a rate per mass, energy and time.
struct BackgroundReader {
  let bins: BinnedReader
  /// What rates are multiplied by; nil for parts of the file that could not be read.
  let detector: DetectorSpec?
  let source: SourceSpec?
  private var context: LoadContext { bins.context }

  func read(_ node: ConfigNode) throws(ExperimentError) -> BackgroundSpec {
    if let rate = node.child("rate") { return try self.rate(rate, in: node) }
    guard node.child("events") != nil else { return try product(node) }
    let section = try context.section(node, keys: ["name", "events"])
    return BackgroundSpec(
      name: try section.required("name").text(), shape: .events(try bins.events(section.required("events"))))
  }

  // MARK: - Rates

  /// Rate times mass, live time and width of each bin.
  private func rate(_ rate: ConfigNode, in node: ConfigNode) throws(ExperimentError) -> BackgroundSpec {
    let section = try context.section(node, keys: ["name", "rate", "live-time", "time", "time-efficiency"])
    let axes = bins.axes
    guard ["keV", "keVee"].contains(axes.energyUnit) else {
      throw rate.error(
        found: "a rate per energy with a channel in \(axes.energyUnit)",
        expected: "a channel in keV or keVee",
        cure: "Give `events` or `total` instead.")
    }
    let name = try section.required("name").text()
    let exposure = try (detector?.massKilograms ?? 1) * days(section.required("live-time"))
    let widths = zip(axes.energyEdges, axes.energyEdges.dropFirst()).map { $1 - $0 }
    let events = zip(try bins.energyQuantities(rate, .eventRate), widths)
      .map { $0 * $1 * exposure }.dropFirst(axes.skippedEnergyBins)
    guard axes.hasTimeAxis else {
      try refuseTimes(section)
      return BackgroundSpec(name: name, shape: .events(Array(events)))
    }
    let total = events.reduce(0, +)
    guard total > 0 else {
      throw rate.error(
        found: "rates that are all zero", expected: "a positive rate in a used bin", cure: "Correct the rate."
      )
    }
    let applies = try section.required("time-efficiency").choice([("applied", true), ("included", false)])
    return BackgroundSpec(
      name: name,
      shape: .product(
        energyWeights: Array(events),
        time: try TimeDistributionReader(context: context).read(section.required("time")), total: total,
        timeEfficiencyApplies: applies))
  }

  /// A time, or `source` for the live time of the source; in days.
  private func days(_ node: ConfigNode) throws(ExperimentError) -> Double {
    guard case .scalar("source") = node.content else {
      return try node.quantity(.dimension(.time), .positive) / 8.64e10
    }
    guard let source else { return 1 }
    if let seconds = source.seconds { return seconds / 86_400 }
    throw node.error(
      found: "`source`, whose parts have no live time or different ones", expected: "a time",
      cure: "Write it, for example `live-time: 300 d`.")
  }

  // MARK: - Products

  private func product(_ node: ConfigNode) throws(ExperimentError) -> BackgroundSpec {
    let section = try context.section(node, keys: ["name", "total", "energy", "time", "time-efficiency"])
    let name = try section.required("name").text()
    let total = try section.required("total").number(.nonNegative)
    let weights = try bins.energyWeights(section.required("energy"))
    let used = Array(weights.dropFirst(bins.axes.skippedEnergyBins))
    let sum = weights.reduce(0, +)
    guard bins.axes.hasTimeAxis else {
      try refuseTimes(section)
      return BackgroundSpec(name: name, shape: .events(used.map { total * ($0 / sum) }))
    }
    let applies = try section.required("time-efficiency").choice([("applied", true), ("included", false)])
    return BackgroundSpec(
      name: name,
      shape: .product(
        energyWeights: used,
        time: try TimeDistributionReader(context: context).read(section.required("time")),
        total: total * (used.reduce(0, +) / sum), timeEfficiencyApplies: applies))
  }

  private func refuseTimes(_ section: Section) throws(ExperimentError) {
    guard let node = section["time"] ?? section["time-efficiency"] else { return }
    throw node.error(
      found: "a time shape", expected: "none, as the channel has no time axis",
      cure: "Remove it or add `channel.time`.")
  }
}
