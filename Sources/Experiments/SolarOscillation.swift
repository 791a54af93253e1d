import DipolePhysics

/// Adiabatic flavour conversion on the way from the core of the Sun to the Earth [UPS-16, UPS-32].
struct SolarOscillation {
  var mixing: LeptonMixing
  /// eV^2
  var massSplitting: Double
  /// mol/cm^3 at production; nil averages over the production region of each flux
  var electronDensity: Double?

  /// The flavours that arrive of what was emitted as nu_e, and the mass states they are made of:
  ///
  ///     phi_alpha(E) = phi(E) sum_i P_ei(E) |U_alpha i|^2
  func arriving(
    _ emitted: FluxComponentSpec, of flux: String, _ context: LoadContext
  ) throws(ExperimentError) -> [FluxComponentSpec] {
    let production = try production(of: flux, context)
    let energies = emitted.spectrum.abscissae
    let sun = SolarMixing(
      sin2Theta12: mixing.sin2Theta12, sin2Theta13: mixing.sin2Theta13, massSplitting: massSplitting)
    let states = energies.map { production.probabilities(energy: $0, mixing: sun) }
    let content = MassStateContent(
      flux: flux, fluence: emitted.fluence, spectrum: emitted.spectrum,
      probabilities: [states.map(\.e1), states.map(\.e2), states.map(\.e3)])
    var components: [FluxComponentSpec] = []
    for flavour in [NeutrinoFlavour.e, .mu, .tau] {
      let squares = mixing.row(flavour.family).map { $0.squaredMagnitude }
      let shares = states.map { squares[0] * $0.e1 + squares[1] * $0.e2 + squares[2] * $0.e3 }
      let (spectrum, share) = emitted.spectrum.weighted(by: shares)
      guard share > 1e-12 else { continue }
      var component = emitted.labelled("\(flux)_\(flavour.family)")
      component.flavour = flavour
      component.spectrum = spectrum
      component.fluence = emitted.fluence * share
      component.massStates = content
      components.append(component)
    }
    return components
  }

  private func production(of flux: String, _ context: LoadContext) throws(ExperimentError) -> SolarProduction
  {
    if let electronDensity { return SolarProduction(electronDensity: electronDensity) }
    let table = try context.tables.library("solar/production-\(flux).csv")
    return SolarProduction(
      radii: try table.numbers("radius", nil, .nonNegative),
      density: try table.numbers("density", nil, .nonNegative))
  }
}

extension SpectrumSpec {
  /// Energies (MeV) of the nodes or lines.
  var abscissae: [Double] {
    switch self {
    case .lines(let energies, _), .table(let energies, _): energies
    case .pionDecayAtRestPrompt, .muonDecayAtRestAntiMuon, .muonDecayAtRestElectron: []
    }
  }

  /// The spectrum times a factor per node or line, normalised again, and the share that this leaves.
  func weighted(by factors: [Double]) -> (spectrum: SpectrumSpec, share: Double) {
    switch self {
    case .lines(let energies, let weights):
      let products = zip(weights, factors).map { $0 * $1 }
      let share = products.reduce(0, +)
      return (.lines(energies: energies, weights: products.map { $0 / share }), share)
    case .table(let energies, let density):
      let curve = SpectralCurve(energies: energies, density: zip(density, factors).map { $0 * $1 })
      return (curve.normalised, curve.integral)
    case .pionDecayAtRestPrompt, .muonDecayAtRestAntiMuon, .muonDecayAtRestElectron:
      return (self, 1)
    }
  }
}

/// Reads `source.solar.oscillation`.
struct SolarOscillationReader {
  let context: LoadContext

  /// nil for `none`.
  func read(_ node: ConfigNode) throws(ExperimentError) -> SolarOscillation? {
    let choice = try Alternative(node, kinds: ["none", "adiabatic"])
    guard choice.kind == "adiabatic" else {
      try choice.refuseParameters(unless: "adiabatic")
      return nil
    }
    let section = try context.section(
      choice.requiredParameters(), keys: ["mixing", "mass-splitting-21", "electron-density"])
    return SolarOscillation(
      mixing: try MixingReader(context: context).read(section.required("mixing")),
      massSplitting: try section.required("mass-splitting-21").quantity(
        .dimension(.massSplitting), .positive),
      electronDensity: try electronDensity(section.required("electron-density")))
  }

  private func electronDensity(_ node: ConfigNode) throws(ExperimentError) -> Double? {
    if case .scalar("production-profile") = node.content { return nil }
    guard case .scalar(let text) = node.content, text.contains(where: \.isNumber) else {
      throw node.error(
        expected: "`production-profile` or a density such as `92 mol/cm^3`", cure: "Write one of these.")
    }
    return try node.quantity(.dimension(.electronDensity), .nonNegative)
  }
}

/// Reads the angles and the phase of the lepton mixing matrix, standard parametrisation [UPS-16].
struct MixingReader {
  let context: LoadContext

  func read(_ node: ConfigNode) throws(ExperimentError) -> LeptonMixing {
    let section = try context.section(
      node, keys: ["sin2-theta12", "sin2-theta13", "sin2-theta23", "delta"])
    return LeptonMixing(
      sin2Theta12: try squaredSine(section.required("sin2-theta12")),
      sin2Theta13: try squaredSine(section.required("sin2-theta13")),
      sin2Theta23: try squaredSine(section.required("sin2-theta23")),
      delta: try section.required("delta").quantity(.dimension(.angle)))
  }

  private func squaredSine(_ node: ConfigNode) throws(ExperimentError) -> Double {
    let value = try node.number(.nonNegative)
    guard value <= 1 else {
      throw node.error(expected: "a squared sine, 0 to 1", cure: "Correct the number.")
    }
    return value
  }
}
