/// Reads one background: events per bin, or a product of an energy and a time shape.
struct BackgroundReader {
  let bins: BinnedReader
  private var context: LoadContext { bins.context }

  init(bins: BinnedReader) { self.bins = bins }

  func read(_ node: ConfigNode) throws(ExperimentError) -> BackgroundSpec {
    guard case .mapping(let entries) = node.content, entries.contains(where: { $0.key == "events" }) else {
      return try product(node)
    }
    let section = try context.section(node, keys: ["name", "events"])
    return BackgroundSpec(
      name: try section.required("name").text(), shape: .events(try bins.events(section.required("events"))))
  }

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
