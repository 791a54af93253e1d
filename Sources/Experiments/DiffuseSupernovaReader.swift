import DipolePhysics

/// Reads `source.diffuse-supernova` [UPS-34]: thermal spectra of all six flavours.
struct DiffuseSupernovaReader {
  let context: LoadContext
  let times: ArrivalTimeReader

  /// What the file names, and the flavours that stand for it.
  private static let species: [(key: String, flavours: [NeutrinoFlavour])] = [
    ("e", [.e]), ("e_bar", [.eBar]), ("x", [.mu, .muBar, .tau, .tauBar]),
  ]
  /// Spectra end at this many temperatures: 1e-8 of the neutrinos are beyond.
  private static let end = 24.0
  private static let nodes = 64

  func read(_ node: ConfigNode) throws(ExperimentError) -> [FluxComponentSpec] {
    let section = try context.section(node, keys: ["live-time", "fluxes", "temperatures", "arrival-times"])
    let seconds = try section.seconds("live-time")
    let names = Self.species.map(\.key)
    let fluxes = try context.section(section.required("fluxes"), keys: names)
    let temperatures = try context.section(section.required("temperatures"), keys: names)
    let arrivals = try times.read(section)
    var components: [FluxComponentSpec] = []
    for (key, flavours) in Self.species {
      let flux = try fluxes.required(key)
      let fluence = try flux.checkedFluence(
        flux.quantity(.dimension(.flux), .positive) * seconds, cure: "Check flux and live time.")
      let temperature = try temperature(temperatures.required(key))
      let spectrum = Self.spectrum(temperature: temperature)
      for flavour in flavours {
        components.append(
          FluxComponentSpec(
            label: "supernova_\(flavour.rawValue)", flavour: flavour, spectrum: spectrum, fluence: fluence,
            arrivalTimes: arrivals))
      }
    }
    return components
  }

  private func temperature(_ node: ConfigNode) throws(ExperimentError) -> Double {
    let value = try node.quantity(.dimension(.energy), .positive)
    guard (0.01...1000).contains(value) else {
      throw node.error(expected: "a temperature from 10 keV to 1 GeV", cure: "Correct the number.")
    }
    return value
  }

  /// Fermi-Dirac on nodes that are closest at small energies.
  private static func spectrum(temperature: Double) -> SpectrumSpec {
    let energies = (0...nodes).map { k in
      let t = Double(k) / Double(nodes)
      return temperature * end * t * (0.3 + 0.7 * t)
    }
    let density = energies.map { FermiDiracSpectrum.density(energy: $0, temperature: temperature) }
    return SpectralCurve(energies: energies, density: density).normalised
  }
}
