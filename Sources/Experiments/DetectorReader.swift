/// Reads the `detector` section, except nuclei.
struct DetectorReader {
  let context: LoadContext
  let axes: ChannelAxes

  func read(_ node: ConfigNode) throws(ExperimentError) -> DetectorSpec {
    let keys = ["mass", "molar-mass", "nuclei", "quenching", "response", "efficiency", "recoil-floor"]
    let section = try context.section(node, keys: keys)
    let log = context.log
    let mass = log.attempt(try section.required("mass").quantity(.dimension(.mass), .positive))
    let molarMass = log.attempt(
      try section.required("molar-mass").quantity(.dimension(.molarMass), .positive))
    let nuclei = log.attempt(try NucleusReader(context: context).read(section.required("nuclei")))
    let quenching = log.attempt(try self.quenching(section.required("quenching")))
    let responseReader = ResponseReader(
      context: context, energyUnit: axes.energyUnit, energyBins: axes.energyBins)
    let response = log.attempt(try responseReader.read(section.required("response")))
    let efficiencyReader = EfficiencyReader(
      context: context, energyUnit: axes.energyUnit, hasTimeAxis: axes.hasTimeAxis)
    let efficiency = log.attempt(try efficiencyReader.read(section.required("efficiency")))
    let floor = log.attempt(try recoilFloor(section.required("recoil-floor")))
    guard let mass, let molarMass, let nuclei, let quenching, let response, let efficiency, let floor else {
      throw incomplete
    }
    try checkMolarMass(molarMass, nuclei, section)
    try checkMatrix(response, quenching, efficiency, section)
    return DetectorSpec(
      massKilograms: mass, molarMass: molarMass, nuclei: nuclei, quenching: quenching, response: response,
      energyEfficiency: efficiency.energy, timeEfficiency: efficiency.time,
      recoilEfficiency: efficiency.recoil, recoilFloor: floor)
  }

  /// One energy for each kind of recoil; which are needed, the analysis says (`ExperimentLoader`).
  private func recoilFloor(_ node: ConfigNode) throws(ExperimentError) -> RecoilFloorSpec {
    if case .scalar(let text) = node.content {
      throw node.error(
        expected: "one energy for each kind of recoil",
        cure: "Write `recoil-floor: { nuclear: \(text), electron: \(text) }`; `electron` may be left out if "
          + "electrons are excluded.")
    }
    let section = try context.section(node, keys: ["nuclear", "electron"])
    let energy = { (node: ConfigNode) throws(ExperimentError) in
      try node.quantity(.dimension(.energy), .positive)
    }
    return RecoilFloorSpec(
      nuclear: try section["nuclear"].map(energy), electron: try section["electron"].map(energy))
  }

  /// A response matrix holds quenching and efficiencies already.
  private func checkMatrix(
    _ response: ResponseSpec, _ quenching: QuenchingSpec, _ efficiency: EfficiencyReader.Efficiencies,
    _ section: Section
  ) throws(ExperimentError) {
    guard case .matrix = response else { return }
    let faults = [
      ("quenching", quenching != .none),
      ("efficiency", efficiency.energy != .unity || efficiency.recoil != .unity),
    ]
    for (key, isFault) in faults where isFault {
      throw (section[key] ?? section.node).error(
        found: "a \(key) beside a response matrix", expected: "`none`, as the matrix holds it already",
        cure: "Write `none`, or multiply the matrix by it.")
    }
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

  // MARK: - Quenching

  private func quenching(_ node: ConfigNode) throws(ExperimentError) -> QuenchingSpec {
    let choice = try Alternative(node, kinds: ["polynomial", "lindhard", "linear", "table", "none"])
    guard choice.kind != "none" else { return .none }
    if choice.kind == "table" { return .table(try CurveReader(context: context).quenching(node)) }
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
