import DipolePhysics

/// Reads `source.solar` [UPS-32]: neutrinos of a standard solar model, as they are made or as they arrive.
struct SolarReader {
  let context: LoadContext
  let times: ArrivalTimeReader

  static let fluxes = ["pp", "pep", "hep", "be7", "b8", "n13", "o15", "f17"]
  private static let keys = [
    "live-time", "model", "components", "fluxes", "oscillation", "arrival-times",
  ]

  func read(_ node: ConfigNode) throws(ExperimentError) -> [FluxComponentSpec] {
    let section = try context.section(node, keys: Self.keys)
    let seconds = try section.seconds("live-time")
    let names = try names(section.required("components"))
    let fluxes = try values(section, names)
    let oscillation = try SolarOscillationReader(context: context).read(section.required("oscillation"))
    let arrivals = try times.read(section)
    var components: [FluxComponentSpec] = []
    for (name, flux) in zip(names, fluxes) {
      let fluence = try node.checkedFluence(flux * seconds, cure: "Check fluxes and live time.")
      let emitted = FluxComponentSpec(
        label: name, flavour: .e, spectrum: try spectrum(name), fluence: fluence, arrivalTimes: arrivals)
      components += try oscillation?.arriving(emitted, of: name, context) ?? [emitted.labelled("\(name)_e")]
    }
    return components
  }

  // MARK: - Fluxes

  private func names(_ node: ConfigNode) throws(ExperimentError) -> [String] {
    if case .scalar("all") = node.content { return Self.fluxes }
    guard case .list = node.content else {
      throw node.error(
        expected: "`all` or a list of \(Spelling.listing(Self.fluxes))",
        cure: "Write for example `[b8, hep]`.")
    }
    var names: [String] = []
    for item in try node.list() {
      let name = try item.choice(Self.fluxes.map { ($0, $0) })
      guard !names.contains(name) else {
        throw item.error(found: "`\(name)` twice", expected: "each flux once", cure: "Remove one.")
      }
      names.append(name)
    }
    return names
  }

  /// Fluxes at the Earth, cm^-2 s^-1: of the model, or of `fluxes` where that names them.
  private func values(_ section: Section, _ names: [String]) throws(ExperimentError) -> [Double] {
    let column = try section.required("model").choice([
      ("b16-gs98", "b16_gs98"), ("b16-agss09met", "b16_agss09met"),
    ])
    let table = try context.tables.library("solar/fluxes.csv")
    let labels = try table.texts("flux")
    let model = try table.numbers(column, .dimension(.flux), .positive)
    let overrides = try section["fluxes"].map { (node) throws(ExperimentError) in
      try context.section(node, keys: names)
    }
    var values: [Double] = []
    for name in names {
      if let own = overrides?[name] {
        values.append(try own.quantity(.dimension(.flux), .positive))
      } else if let row = labels.firstIndex(of: name) {
        values.append(model[row])
      } else {
        throw section.node.error(
          found: "no flux of `\(name)` in the model", expected: "a flux", cure: "Add it to `fluxes`.")
      }
    }
    return values
  }

  // MARK: - Spectra

  private func spectrum(_ name: String) throws(ExperimentError) -> SpectrumSpec {
    let lines = try context.tables.library("solar/lines.csv")
    let rows = try lines.texts("flux").enumerated().filter { $0.element == name }.map(\.offset)
    guard rows.isEmpty else {
      let energies = try lines.numbers("energy", .dimension(.energy), .positive)
      let weights = try lines.numbers("weight", nil, .positive)
      return .lines(energies: rows.map { energies[$0] }, weights: rows.map { weights[$0] })
    }
    return try SpectralCurve(context.tables.library("solar/spectrum-\(name).csv"), column: "density")
      .normalised
  }
}

extension FluxComponentSpec {
  func labelled(_ label: String) -> FluxComponentSpec {
    var copy = self
    copy.label = label
    return copy
  }
}
