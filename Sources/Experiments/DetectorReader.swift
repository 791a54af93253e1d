/// Reads the `detector` section, except nuclei.
struct DetectorReader {
  let context: LoadContext
  /// "PE", "keVee" or "keV"
  let energyUnit: String
  let hasTimeAxis: Bool

  func read(_ node: ConfigNode) throws(ExperimentError) -> DetectorSpec {
    let keys = ["mass", "molar-mass", "nuclei", "quenching", "response", "efficiency", "recoil-floor"]
    let section = try context.section(node, keys: keys)
    let log = context.log
    let mass = log.attempt(try section.required("mass").quantity(.dimension(.mass), .positive))
    let molarMass = log.attempt(
      try section.required("molar-mass").quantity(.dimension(.molarMass), .positive))
    let nuclei = log.attempt(try NucleusReader(context: context).read(section.required("nuclei")))
    let quenching = log.attempt(try self.quenching(section.required("quenching")))
    let response = log.attempt(try self.response(section.required("response")))
    let efficiencyReader = EfficiencyReader(
      context: context, energyUnit: energyUnit, hasTimeAxis: hasTimeAxis)
    let efficiency = log.attempt(try efficiencyReader.read(section.required("efficiency")))
    let floor = log.attempt(try section.required("recoil-floor").quantity(.dimension(.energy), .positive))
    guard let mass, let molarMass, let nuclei, let quenching, let response, let efficiency, let floor else {
      throw incomplete
    }
    try checkMolarMass(molarMass, nuclei, section)
    return DetectorSpec(
      massKilograms: mass, molarMass: molarMass, nuclei: nuclei, quenching: quenching, response: response,
      energyEfficiency: efficiency.energy, timeEfficiency: efficiency.time, recoilFloor: floor)
  }

  /// The first fault already noted: something before it was missing.
  private var incomplete: ExperimentError {
    context.log.findings.first
      ?? ExperimentError(
        file: "", found: "an incomplete detector", expected: "a detector", cure: "Complete it.")
  }

  /// The formula unit must weigh about what its nuclei weigh.
  private func checkMolarMass(
    _ molarMass: Double, _ nuclei: [NucleusSpec], _ section: Section
  ) throws(ExperimentError) {
    let sum = nuclei.reduce(0) { $0 + $1.perFormulaUnit * $1.atomicMass }
    guard abs(sum - molarMass) > 0.05 * molarMass else { return }
    throw (section["molar-mass"] ?? section.node).error(
      found: "\(molarMass) g/mol", expected: "about \(sum) g/mol, the sum over the nuclei",
      cure: "Correct the molar mass, the atomic masses or `per-formula-unit`.")
  }

  // MARK: - Quenching and response

  private func quenching(_ node: ConfigNode) throws(ExperimentError) -> QuenchingSpec {
    let choice = try Alternative(node, kinds: ["polynomial", "lindhard", "linear", "none"])
    guard choice.kind != "none" else { return .none }
    let parameters = try choice.requiredParameters()
    switch choice.kind {
    case "polynomial":
      return .polynomial(try parameters.quenchingPolynomial())
    case "lindhard":
      let section = try context.section(parameters, keys: ["protons", "k"])
      return .lindhard(
        protons: try section.required("protons").number(.positive),
        k: try section.required("k").number(.positive))
    default:
      let section = try context.section(parameters, keys: ["offset", "slope"])
      return .linear(
        offset: try section.required("offset").number(.nonNegative),
        slopePerKeV: try section.required("slope").quantity(.dimension(.perKeV)))
    }
  }

  private static let responseUnits = [
    "gamma-photoelectrons": "PE", "truncated-gaussian": "keVee", "gaussian": "keVee", "ideal": "keV",
  ]

  private func response(_ node: ConfigNode) throws(ExperimentError) -> ResponseSpec {
    let choice = try Alternative(node, kinds: Self.responseUnits.keys.sorted())
    guard Self.responseUnits[choice.kind] == energyUnit else {
      throw choice.kindPosition.error(
        found: "the response `\(choice.kind)` with a channel in \(energyUnit)",
        expected: "a channel in \(Self.responseUnits[choice.kind] ?? "another unit")",
        cure: "Change `channel.energy.unit` or the response.")
    }
    guard choice.kind != "ideal" else { return .ideal }
    let parameters = try choice.requiredParameters()
    switch choice.kind {
    case "gamma-photoelectrons":
      let section = try context.section(parameters, keys: ["a", "b"])
      return .gammaPhotoelectrons(
        aKeV: try section.required("a").quantity(.dimension(.energyInKeV), .positive),
        bPerKeV: try section.required("b").quantity(.dimension(.perKeV), .nonNegative))
    case "truncated-gaussian":
      let section = try context.section(parameters, keys: ["noise", "pair-energy", "fano"])
      return .truncatedGaussian(
        noise: try section.required("noise").quantity(.dimension(.energy), .positive),
        pairEnergy: try section.required("pair-energy").quantity(.dimension(.energy), .positive),
        fano: try section.required("fano").number(.nonNegative))
    default:
      let section = try context.section(parameters, keys: ["width-at-1-keV"])
      return .squareRootGaussian(resolution: try section.required("width-at-1-keV").number(.positive))
    }
  }
}

/// Reads `detector.efficiency`.
struct EfficiencyReader {
  let context: LoadContext
  let energyUnit: String
  let hasTimeAxis: Bool

  func read(
    _ node: ConfigNode
  ) throws(ExperimentError) -> (energy: EnergyEfficiencySpec, time: TimeEfficiencySpec) {
    let section = try context.section(node, keys: ["energy", "time"])
    let energy = try energy(section.required("energy"))
    if hasTimeAxis { return (energy, try time(section.required("time"))) }
    if let time = section["time"], try self.time(time) != .unity {
      throw time.error(
        found: "a time efficiency", expected: "`none`, as the channel has no time axis",
        cure: "Write `time: none`.")
    }
    return (energy, .unity)
  }

  private func energy(_ node: ConfigNode) throws(ExperimentError) -> EnergyEfficiencySpec {
    let choice = try Alternative(node, kinds: ["logistic", "none"])
    guard choice.kind == "logistic" else { return .unity }
    let section = try context.section(choice.requiredParameters(), keys: ["a", "b", "c", "d", "maximum"])
    let a = try section.required("a").number(.positive)
    let d = try section.required("d").number()
    guard a + d > 0 else {
      throw section.node.error(
        found: "a + d = \(a + d), an efficiency that is nowhere positive",
        expected: "a + d greater than zero",
        cure: "Check the signs of a and d.")
    }
    guard max(d, a + d) <= 1 else {
      throw section.node.error(
        found: "a plateau of \(max(d, a + d))", expected: "an efficiency of at most one",
        cure: "Check a and d.")
    }
    return .logistic(
      a: a, b: try section.required("b").quantity(.perReconstructed(unit: energyUnit), .positive),
      c: try section.required("c").quantity(.reconstructed(unit: energyUnit)), d: d,
      maximum: try section.required("maximum").quantity(.reconstructed(unit: energyUnit), .positive))
  }

  private func time(_ node: ConfigNode) throws(ExperimentError) -> TimeEfficiencySpec {
    let choice = try Alternative(node, kinds: ["delayed-exponential", "none"])
    guard choice.kind != "none" else { return .unity }
    let section = try context.section(choice.requiredParameters(), keys: ["start", "rate"])
    return .delayedExponential(
      start: try section.required("start").quantity(.dimension(.time), .nonNegative),
      rate: try section.required("rate").quantity(.dimension(.rate), .nonNegative))
  }
}

extension ConfigNode {
  /// Coefficients of T, T^2, ... of a quenching polynomial; the k-th in MeV^(1-k).
  func quenchingPolynomial() throws(ExperimentError) -> [Double] {
    let items = try list()
    guard items.count <= 9 else {
      throw error(expected: "at most nine coefficients", cure: "Use a polynomial of lower degree.")
    }
    var coefficients: [Double] = []
    for (power, item) in items.enumerated() {
      switch power {
      case 0: coefficients.append(try item.number(.positive))
      case 1: coefficients.append(try item.quantity(.dimension(.inverseEnergy)))
      default: coefficients.append(try item.quantity(.perEnergy(power: power)))
      }
    }
    return coefficients
  }
}
