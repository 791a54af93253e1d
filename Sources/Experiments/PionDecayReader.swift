/// Reads `source.pion-decay-at-rest`: nu_mu, nu_mu_bar and nu_e with analytic spectra, or with those of a table.
struct PionDecayReader {
  let context: LoadContext
  let times: ArrivalTimeReader

  private static let components: [(label: String, flavour: NeutrinoFlavour, spectrum: SpectrumSpec)] = [
    ("nu_mu", .mu, .pionDecayAtRestPrompt),
    ("nu_mu_bar", .muBar, .muonDecayAtRestAntiMuon),
    ("nu_e", .e, .muonDecayAtRestElectron),
  ]

  func read(_ node: ConfigNode) throws(ExperimentError) -> [FluxComponentSpec] {
    let keys = ["neutrinos-per-proton", "protons-on-target", "baseline", "energies", "arrival-times"]
    let section = try context.section(node, keys: keys)
    let protons = try section.required("protons-on-target").number(.positive)
    let baseline = try section.required("baseline").quantity(.dimension(.length), .positive)
    let table = try section["energies"].map(energies) ?? nil
    let perProton = try section.required("neutrinos-per-proton")
    var result: [FluxComponentSpec] = []
    for item in Self.components {
      let curve = try table.map { (table) throws(ExperimentError) in
        try SpectralCurve(table, column: item.label)
      }
      let number = try neutrinos(perProton, curve)
      // r N_POT / (4 pi L^2)
      let fluence = try section.node.checkedFluence(
        number * protons / (4 * Double.pi * baseline * baseline), cure: "Check protons and baseline.")
      result.append(
        FluxComponentSpec(
          label: item.label, flavour: item.flavour, spectrum: curve?.normalised ?? item.spectrum,
          fluence: fluence,
          arrivalTimes: try times.read(section, column: item.label, delayed: item.flavour != .mu)))
    }
    return result
  }

  /// `analytic` (as without the key) or a table with one column per flavour.
  private func energies(_ node: ConfigNode) throws(ExperimentError) -> DataTable? {
    if case .scalar("analytic") = node.content { return nil }
    let choice = try Alternative(node, kinds: ["analytic", "table"])
    return try context.tables.table(choice.requiredParameters())
  }

  /// Neutrinos of a flavour per proton: the number of the file, or the integral of the column.
  private func neutrinos(_ node: ConfigNode, _ curve: SpectralCurve?) throws(ExperimentError) -> Double {
    if case .scalar("table") = node.content, let curve { return curve.integral }
    return try node.number(.positive)
  }
}
