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

  private static let keys = ["energy", "time", "content", "observed", "uncertainties", "backgrounds"]
  private static let longestContent = 40
  private static let maximumBins = 1000

  // MARK: - Axes

  func readAxes(_ node: ConfigNode) throws(ExperimentError) -> ChannelAxes {
    let section = try context.section(node, keys: Self.keys)
    let energy = try context.section(section.required("energy"), keys: ["unit", "edges", "from", "bins"])
    let units = ["PE", "keVee", "keV", "bin"]
    let unit = try energy.required("unit").choice(units.map { ($0, $0) })
    if unit == "bin" { return try analysisBins(energy, time: section["time"]) }
    if let bins = energy["bins"] {
      throw bins.error(
        found: "a number of bins with the unit \(unit)", expected: "`edges`",
        cure: "List the edges; `bins` goes with `unit: bin` and a response matrix.")
    }
    let edges = try edges(energy.required("edges"), .nonNegative)
    let skipped = try energy["from"].map { (from) throws(ExperimentError) in
      try skippedBins(from, edges, unit)
    }
    return ChannelAxes(
      energyEdges: edges, energyUnit: unit, timeEdges: try section["time"].map(timeEdges) ?? [],
      skippedEnergyBins: skipped ?? 0)
  }

  /// Bins that have no energy of their own: a response matrix fills them.
  private func analysisBins(_ energy: Section, time: ConfigNode?) throws(ExperimentError) -> ChannelAxes {
    for key in ["edges", "from"] {
      guard let node = energy[key] else { continue }
      throw node.error(
        found: "`\(key)` with the unit `bin`", expected: "`bins`, the number of analysis bins",
        cure: "Write `energy: { unit: bin, bins: N }`.")
    }
    let count = try energy.required("bins").integer(in: 1...Self.maximumBins)
    return ChannelAxes(
      energyEdges: (0...count).map { Double($0) }, energyUnit: "bin",
      timeEdges: try time.map(timeEdges) ?? [],
      skippedEnergyBins: 0)
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

  /// - Parameter detector, source: what backgrounds per mass and time are multiplied by; nil if they could not be read
  func read(
    _ node: ConfigNode, _ axes: ChannelAxes, kind: ExperimentSpec.Kind, detector: DetectorSpec?,
    source: SourceSpec?
  ) throws(ExperimentError) -> ChannelSpec {
    // The unknown keys were noted when the axes were read; the log keeps one of each.
    let section = try context.section(node, keys: Self.keys)
    let uncertainties = try section["uncertainties"].map { (node) throws(ExperimentError) in
      try BinnedReader(context: context, axes: axes).numbers(node, .positive)
    }
    // numbers with given uncertainties may be differences
    let bins = BinnedReader(context: context, axes: axes, domain: uncertainties == nil ? .nonNegative : .any)
    let measured = try observed(section, bins, kind)
    var backgrounds: [BackgroundSpec] = []
    if let list = section["backgrounds"] {
      let reader = BackgroundReader(bins: bins, detector: detector, source: source)
      for item in try list.list() { backgrounds.append(try reader.read(item)) }
    }
    try refuseRepeatedNames(backgrounds, section)
    if let limit = measured.limit {
      try FluxRatioReader(context: context).check(limit, section, axes)
    }
    return ChannelSpec(
      energyEdges: Array(axes.energyEdges.dropFirst(axes.skippedEnergyBins)), energyUnit: axes.energyUnit,
      timeEdges: axes.timeEdges, observed: measured.events, backgrounds: backgrounds,
      uncertainties: uncertainties, fluxRatioLimit: measured.limit,
      content: try section["content"].map(content) ?? ChannelSpec.defaultContent)
  }

  private func content(_ node: ConfigNode) throws(ExperimentError) -> String {
    let text = try node.text()
    guard !text.isEmpty, text.count <= Self.longestContent, !text.contains(where: \.isNewline) else {
      throw node.error(
        expected: "1 to \(Self.longestContent) characters on one line",
        cure: "Write what the numbers in the bins are, for example `content: Events per day`.")
    }
    return text
  }

  private func observed(
    _ section: Section, _ bins: BinnedReader, _ kind: ExperimentSpec.Kind
  ) throws(ExperimentError) -> (events: [Double]?, limit: FluxRatioLimitSpec?) {
    switch kind {
    case .measurement:
      let node = try section.required("observed")
      if let limit = try FluxRatioReader(context: context).read(node) { return (nil, limit) }
      return (try bins.events(node), nil)
    case .projection:
      guard let node = section["observed"] else { return (nil, nil) }
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
