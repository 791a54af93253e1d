/// Reads the `source` section: any of the kinds of sources below, together.
struct SourceReader {
  let context: LoadContext
  let hasTimeAxis: Bool

  private static let kinds = SourceSpec.Kind.allCases.map(\.rawValue)

  func read(_ node: ConfigNode) throws(ExperimentError) -> SourceSpec {
    let section = try context.section(node, keys: Self.kinds)
    let times = ArrivalTimeReader(context: context, hasTimeAxis: hasTimeAxis)
    var components: [FluxComponentSpec] = []
    if let pions = section["pion-decay-at-rest"] {
      components += try PionDecayReader(context: context, times: times).read(pions)
        .from("pion-decay-at-rest", pions, timeKey: nil)
    }
    if let reactor = section["reactor"] {
      components += try ReactorReader(context: context, times: times).read(reactor)
        .from("reactor", reactor, timeKey: "live-time")
    }
    if let solar = section["solar"] {
      components += try SolarReader(context: context, times: times).read(solar)
        .from("solar", solar, timeKey: "live-time")
    }
    if let chromium = section["chromium-51"] {
      components += try ChromiumReader(context: context, times: times).read(chromium)
        .from("chromium-51", chromium, timeKey: "exposure")
    }
    if let supernovae = section["diffuse-supernova"] {
      components += try DiffuseSupernovaReader(context: context, times: times).read(supernovae)
        .from("diffuse-supernova", supernovae, timeKey: "live-time")
    }
    if let list = section["components"] {
      for item in try list.list() {
        components += try [component(item, times)].from("components", item, timeKey: nil)
      }
    }
    guard !components.isEmpty else {
      throw node.error(
        found: "no neutrinos", expected: Spelling.listing(Self.kinds), cure: "Describe the source.")
    }
    try refuseRepeatedLabels(components, node)
    return SourceSpec(
      components: components, kinds: Set(SourceSpec.Kind.allCases.filter { section[$0.rawValue] != nil }))
  }

  private func component(
    _ node: ConfigNode, _ times: ArrivalTimeReader
  ) throws(ExperimentError) -> FluxComponentSpec {
    let section = try context.section(
      node, keys: ["label", "flavour", "fluence", "spectrum", "arrival-times"])
    return FluxComponentSpec(
      label: try section.required("label").text(),
      flavour: try section.required("flavour").choice(NeutrinoFlavour.allCases),
      spectrum: try SpectrumReader(context: context).read(section.required("spectrum")),
      fluence: try section.required("fluence").quantity(.dimension(.fluence), .positive),
      arrivalTimes: try times.read(section))
  }

  private func refuseRepeatedLabels(
    _ components: [FluxComponentSpec], _ node: ConfigNode
  ) throws(ExperimentError) {
    let labels = components.map(\.label)
    for (index, label) in labels.enumerated() where labels[..<index].contains(label) {
      throw node.error(
        found: "the label `\(label)` twice", expected: "a label of its own for each component",
        cure: "Rename one.")
    }
  }
}

extension [FluxComponentSpec] {
  /// The same, with what part of the source they are.
  fileprivate func from(
    _ section: String, _ node: ConfigNode, timeKey: String?
  ) throws(ExperimentError) -> [FluxComponentSpec] {
    let origin = try SourceOriginSpec(section, node, timeKey: timeKey)
    return map { component in
      var copy = component
      copy.origin = origin
      return copy
    }
  }
}

/// Reads `arrival-times` of a source: needed with a time axis, refused without.
struct ArrivalTimeReader {
  let context: LoadContext
  let hasTimeAxis: Bool

  /// - Parameters:
  ///   - column: column of a table when the file need not name it
  ///   - delayed: whether a pulse is followed by muon decay when the file need not say it
  func read(
    _ section: Section, column: String? = nil, delayed: Bool? = nil
  ) throws(ExperimentError) -> TimeDistributionSpec? {
    guard hasTimeAxis else {
      if let node = section["arrival-times"] {
        throw node.error(
          found: "arrival times", expected: "none, as the channel has no time axis",
          cure: "Remove them or add `channel.time`.")
      }
      return nil
    }
    let node = try section.required("arrival-times")
    return try TimeDistributionReader(context: context).read(node, column: column, delayed: delayed)
  }
}

extension Section {
  /// A time in seconds; `quantity` gives microseconds.
  func seconds(_ key: String) throws(ExperimentError) -> Double {
    try required(key).quantity(.dimension(.time), .positive) * 1e-6
  }
}

extension ConfigNode {
  /// A fluence that came out of numbers of the file, refused unless it is positive and of ordinary size.
  func checkedFluence(_ fluence: Double, cure: String) throws(ExperimentError) -> Double {
    guard fluence > 0, fluence <= 1e60 else {
      throw error(
        found: "a fluence of \(fluence) per cm^2", expected: "a finite fluence above zero", cure: cure)
    }
    return fluence
  }
}
