import Units

/// Reads `source.reactor` [UPS-31]: electron antineutrinos of fission, and of neutron capture on 238U.
struct ReactorReader {
  let context: LoadContext
  let times: ArrivalTimeReader

  private static let keys = [
    "live-time", "flux", "spectra", "fission-fractions", "neutron-capture", "arrival-times",
  ]

  func read(_ node: ConfigNode) throws(ExperimentError) -> [FluxComponentSpec] {
    let section = try context.section(node, keys: Self.keys)
    let spectra = try ReactorSpectraReader(context: context).read(section)
    let flux = try ReactorFluxReader(context: context, spectra: spectra).read(section)
    let seconds = try section.seconds("live-time")
    let arrivals = try times.read(section)
    var parts = [("reactor_fission", spectra.fission)]
    if let capture = spectra.capture { parts.append(("reactor_capture", capture)) }
    var components: [FluxComponentSpec] = []
    for (label, curve) in parts {
      let fluence = try node.checkedFluence(
        flux * seconds * curve.integral, cure: "Check flux, power, baseline and live time.")
      components.append(
        FluxComponentSpec(
          label: label, flavour: .eBar, spectrum: curve.normalised, fluence: fluence, arrivalTimes: arrivals))
    }
    return components
  }
}

/// Reads `flux`: how many fissions there are.
struct ReactorFluxReader {
  let context: LoadContext
  let spectra: ReactorSpectra

  /// Fissions per 4 pi L^2, cm^-2 s^-1: what the spectra per fission are multiplied by.
  func read(_ section: Section) throws(ExperimentError) -> Double {
    let node = try section.required("flux")
    let choice = try Alternative(node, kinds: ["thermal-power", "fission-part", "total"])
    let parameters = try choice.requiredParameters()
    if choice.kind == "thermal-power" { return try thermalPower(parameters, section) }
    if let fractions = section["fission-fractions"], !spectra.isByIsotope {
      throw fractions.error(
        found: "fission fractions", expected: "none: neither this flux nor this spectrum depends on them",
        cure: "Remove them.")
    }
    let flux = try parameters.quantity(.dimension(.flux), .positive)
    let fission = spectra.fission.integral
    guard choice.kind == "fission-part" else { return flux / (fission + (spectra.capture?.integral ?? 0)) }
    guard !spectra.includesCapture else {
      throw choice.kindPosition.error(
        found: "`fission-part` with a spectrum that holds neutron captures too", expected: "`total`",
        cure: "Give the whole flux, or choose spectra by isotope.")
    }
    return flux / fission
  }

  /// P / (4 pi L^2 <E_f>).
  private func thermalPower(_ node: ConfigNode, _ reactor: Section) throws(ExperimentError) -> Double {
    let section = try context.section(node, keys: ["power", "baseline", "energy-per-fission"])
    let power = try section.required("power").quantity(.dimension(.power), .positive)
    let baseline = try section.required("baseline").quantity(.dimension(.length), .positive)
    let column = try section.required("energy-per-fission").choice([
      ("ma-2013", "ma_2013"), ("kopeikin-2004", "kopeikin_2004"),
    ])
    guard let fractions = spectra.fractions else {
      throw reactor.node.error(
        found: "`thermal-power` without `fission-fractions`", expected: "the fission fractions",
        cure: "Add them: they give the energy per fission.")
    }
    let energies = try context.tables.library("reactor/energy-per-fission.csv")
      .numbers(column, .dimension(.energy), .positive)
    let energy = zip(fractions, energies).reduce(0) { $0 + $1.0 * $1.1 }
    let fissions = power / (energy * PhysicalConstants.joulesPerMeV)
    return fissions / (4 * Double.pi * baseline * baseline)
  }
}
