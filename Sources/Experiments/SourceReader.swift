/// Reads the `source` section: pion decay at rest, further components, or both.
struct SourceReader {
  let context: LoadContext
  let hasTimeAxis: Bool

  func read(_ node: ConfigNode) throws(ExperimentError) -> SourceSpec {
    let section = try context.section(node, keys: ["pion-decay-at-rest", "components"])
    var components: [FluxComponentSpec] = []
    if let pions = section["pion-decay-at-rest"] { components += try pionDecayAtRest(pions) }
    if let list = section["components"] {
      for item in try list.list() { components.append(try component(item)) }
    }
    guard !components.isEmpty else {
      throw node.error(
        found: "no neutrinos", expected: "`pion-decay-at-rest` or `components`", cure: "Describe the source.")
    }
    try refuseRepeatedLabels(components, node)
    return SourceSpec(components: components)
  }

  // MARK: - Pion decay at rest

  private static let pionComponents: [(label: String, flavour: NeutrinoFlavour, spectrum: SpectrumSpec)] = [
    ("nu_mu", .mu, .pionDecayAtRestPrompt),
    ("nu_mu_bar", .muBar, .muonDecayAtRestAntiMuon),
    ("nu_e", .e, .muonDecayAtRestElectron),
  ]

  private func pionDecayAtRest(_ node: ConfigNode) throws(ExperimentError) -> [FluxComponentSpec] {
    let keys = ["neutrinos-per-proton", "protons-on-target", "baseline", "arrival-times"]
    let section = try context.section(node, keys: keys)
    let fluence = try pionFluence(section)
    var components: [FluxComponentSpec] = []
    for item in Self.pionComponents {
      let times = try arrivalTimes(section, column: item.label, delayed: item.flavour != .mu)
      components.append(
        FluxComponentSpec(
          label: item.label, flavour: item.flavour, spectrum: item.spectrum, fluence: fluence,
          arrivalTimes: times))
    }
    return components
  }

  /// Neutrinos of each flavour per cm^2: r N_POT / (4 pi L^2).
  private func pionFluence(_ section: Section) throws(ExperimentError) -> Double {
    let perProton = try section.required("neutrinos-per-proton").number(.positive)
    let protons = try section.required("protons-on-target").number(.positive)
    let baseline = try section.required("baseline").quantity(.dimension(.length), .positive)
    let fluence = perProton * protons / (4 * Double.pi * baseline * baseline)
    guard fluence.isFinite, fluence > 0 else {
      throw section.node.error(
        found: "a fluence of \(fluence) per cm^2", expected: "a finite fluence",
        cure: "Check protons and baseline.")
    }
    return fluence
  }

  // MARK: - Other components

  private func component(_ node: ConfigNode) throws(ExperimentError) -> FluxComponentSpec {
    let section = try context.section(
      node, keys: ["label", "flavour", "fluence", "spectrum", "arrival-times"])
    return FluxComponentSpec(
      label: try section.required("label").text(),
      flavour: try section.required("flavour").choice(NeutrinoFlavour.allCases),
      spectrum: try SpectrumReader(context: context).read(section.required("spectrum")),
      fluence: try section.required("fluence").quantity(.dimension(.fluence), .positive),
      arrivalTimes: try arrivalTimes(section, column: nil, delayed: nil))
  }

  private func arrivalTimes(
    _ section: Section, column: String?, delayed: Bool?
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

/// Reads a spectrum: lines or a table.
struct SpectrumReader {
  let context: LoadContext

  func read(_ node: ConfigNode) throws(ExperimentError) -> SpectrumSpec {
    let choice = try Alternative(node, kinds: ["lines", "table"])
    let parameters = try choice.requiredParameters()
    return choice.kind == "lines" ? try lines(parameters) : try table(parameters)
  }

  private func lines(_ node: ConfigNode) throws(ExperimentError) -> SpectrumSpec {
    var energies: [Double] = []
    var weights: [Double] = []
    for item in try node.list() {
      let section = try context.section(item, keys: ["energy", "weight"])
      energies.append(try section.required("energy").quantity(.dimension(.energy), .positive))
      weights.append(try section.required("weight").number(.positive))
    }
    let sum = weights.reduce(0, +)
    guard abs(sum - 1) <= 1e-3 else {
      throw node.error(
        found: "weights that add up to \(sum)", expected: "a sum of one (to 0.001)",
        cure: "Give each line its share of the fluence.")
    }
    return .lines(energies: energies, weights: weights.map { $0 / sum })
  }

  private func table(_ node: ConfigNode) throws(ExperimentError) -> SpectrumSpec {
    let table = try context.tables.table(node)
    let energies = try table.numbers("energy", .dimension(.energy), .nonNegative)
    let density = try table.numbers("density", .dimension(.inverseEnergy), .nonNegative)
    for row in energies.indices.dropFirst() where energies[row] <= energies[row - 1] {
      throw table.position(row: row, column: "energy").error(
        found: "an energy of \(energies[row]) MeV",
        expected: "more than \(energies[row - 1]) MeV of the row before",
        cure: "Sort the rows by energy.")
    }
    var integral = 0.0
    for row in energies.indices.dropFirst() {
      integral += 0.5 * (density[row] + density[row - 1]) * (energies[row] - energies[row - 1])
    }
    guard integral > 0, integral.isFinite else {
      throw table.position(row: 0, column: "density").error(
        found: "a spectrum whose integral is \(integral)", expected: "a positive integral",
        cure: "Give at least two rows with a density.")
    }
    return .table(energies: energies, density: density.map { $0 / integral })
  }
}
