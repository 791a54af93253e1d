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
    let sun = SolarMixing(
      sin2Theta12: mixing.sin2Theta12, sin2Theta13: mixing.sin2Theta13, massSplitting: massSplitting)
    let spectrum = emitted.spectrum.refined { production.probabilities(energy: $0, mixing: sun).e1 }
    let states = spectrum.abscissae.map { production.probabilities(energy: $0, mixing: sun) }
    let content = MassStateContent(
      flux: flux, fluence: emitted.fluence, spectrum: spectrum,
      probabilities: [states.map(\.e1), states.map(\.e2), states.map(\.e3)])
    var components: [FluxComponentSpec] = []
    for flavour in [NeutrinoFlavour.e, .mu, .tau] {
      let squares = mixing.row(flavour.family).map { $0.squaredMagnitude }
      let shares = states.map { squares[0] * $0.e1 + squares[1] * $0.e2 + squares[2] * $0.e3 }
      let (spectrum, share) = spectrum.weighted(by: shares)
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
