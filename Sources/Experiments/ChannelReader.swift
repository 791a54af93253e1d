import Units

/// The bins of a channel as the file gives them, before `from` cuts rows away.
struct ChannelAxes {
  /// reconstructed energy, in `energyUnit`
  var energyEdges: [Double]
  var energyUnit: String
  /// microseconds; empty without time axis
  var timeEdges: [Double]
  /// energy bins at the low end that are read but not used
  var skippedEnergyBins: Int

  var hasTimeAxis: Bool { !timeEdges.isEmpty }
  var energyBins: Int { energyEdges.count - 1 }
  var timeBins: Int { hasTimeAxis ? timeEdges.count - 1 : 1 }
}

/// Reads the `channel` section: axes, observation, backgrounds.
struct ChannelReader {
  let context: LoadContext

  private static let keys = ["energy", "time", "observed", "backgrounds"]
  private static let maximumBins = 1000

  // MARK: - Axes

  func readAxes(_ node: ConfigNode) throws(ExperimentError) -> ChannelAxes {
    let section = try context.section(node, keys: Self.keys)
    let energy = try context.section(section.required("energy"), keys: ["unit", "edges", "from"])
    let unit = try energy.required("unit").choice([("PE", "PE"), ("keVee", "keVee"), ("keV", "keV")])
    let edges = try edges(energy.required("edges"), .nonNegative)
    let skipped = try energy["from"].map { (from) throws(ExperimentError) in
      try skippedBins(from, edges, unit)
    }
    return ChannelAxes(
      energyEdges: edges, energyUnit: unit, timeEdges: try section["time"].map(timeEdges) ?? [],
      skippedEnergyBins: skipped ?? 0)
  }

  private func timeEdges(_ node: ConfigNode) throws(ExperimentError) -> [Double] {
    let section = try context.section(node, keys: ["unit", "edges"])
    let unit = try section.required("unit")
    let name = try unit.text()
    var converted: [Double] = []
    for edge in try edges(section.required("edges"), .any) {
      guard let value = try? parseQuantity("\(edge) \(name)", as: .time) else {
        throw unit.error(expected: QuantityKind.dimension(.time).words, cure: "Write for example `unit: us`.")
      }
      converted.append(value)
    }
    return converted
  }

  private func edges(_ node: ConfigNode, _ domain: NumberDomain) throws(ExperimentError) -> [Double] {
    let items = try node.list()
    guard items.count >= 2, items.count <= Self.maximumBins + 1 else {
      throw node.error(
        expected: "2 to \(Self.maximumBins + 1) bin edges", cure: "List the edges of all bins once.")
    }
    var edges: [Double] = []
    for item in items {
      let edge = try item.number(domain)
      if let last = edges.last, edge <= last {
        throw item.error(
          expected: "an edge greater than \(last) before it", cure: "Sort the edges, each once.")
      }
      edges.append(edge)
    }
    return edges
  }

  private func skippedBins(
    _ node: ConfigNode, _ edges: [Double], _ unit: String
  ) throws(ExperimentError) -> Int {
    let from = try node.quantity(.reconstructed(unit: unit))
    if let index = edges.dropLast().firstIndex(where: { nearlyEqual($0, from) }) { return index }
    throw node.error(
      expected: "one of the edges before the last, such as \(edges[edges.count / 2 - 1]) \(unit)",
      cure: "Name the lower edge of the first bin to use.")
  }

  // MARK: - Contents

  func read(_ node: ConfigNode, _ axes: ChannelAxes, kind: ExperimentSpec.Kind) throws(ExperimentError)
    -> ChannelSpec
  {
    // The unknown keys were noted when the axes were read; the log keeps one of each.
    let section = try context.section(node, keys: Self.keys)
    let bins = BinnedReader(context: context, axes: axes)
    let observed = try observed(section, bins, kind)
    var backgrounds: [BackgroundSpec] = []
    if let list = section["backgrounds"] {
      for item in try list.list() { backgrounds.append(try BackgroundReader(bins: bins).read(item)) }
    }
    try refuseRepeatedNames(backgrounds, section)
    return ChannelSpec(
      energyEdges: Array(axes.energyEdges.dropFirst(axes.skippedEnergyBins)), energyUnit: axes.energyUnit,
      timeEdges: axes.timeEdges, observed: observed, backgrounds: backgrounds)
  }

  private func observed(
    _ section: Section, _ bins: BinnedReader, _ kind: ExperimentSpec.Kind
  ) throws(ExperimentError) -> [Double]? {
    switch kind {
    case .measurement:
      return try bins.events(section.required("observed"))
    case .projection:
      guard let node = section["observed"] else { return nil }
      throw node.error(
        found: "observed events in a projection", expected: "none",
        cure: "Remove them, or write `kind: measurement`.")
    }
  }

  private func refuseRepeatedNames(
    _ backgrounds: [BackgroundSpec], _ section: Section
  ) throws(ExperimentError) {
    let names = backgrounds.map(\.name)
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw (section["backgrounds"] ?? section.node).error(
        found: "the background `\(name)` twice", expected: "a name of its own for each", cure: "Rename one.")
    }
  }
}

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
