import DipolePhysics
import Experiments
import Numerical
import Rates
import Units

/// One experiment of `configs.json`, made of the pieces the program itself uses for its rates.
struct RateTableConfiguration {
  let id: String
  let terms: [RateTerm]
  let response: DetectorResponse

  init(_ value: ConfigurationValue, index: Int) throws(ConfigurationError) {
    var reader = try ConfigurationObject(value, path: "configs[\(index)]")
    id = try reader.text("id")
    let components = try Self.components(&reader)
    let formulaUnits =
      try reader.number("mass_kg") * 1e3 / reader.number("molar_mass") * PhysicalConstants.avogadro
    let target = try ReferenceTarget(&reader, formulaUnits: formulaUnits)
    response = try Self.response(&reader)
    // A quadrature hint for the tool that made the tables; nothing of the experiment depends on it.
    if reader.contains("panels") { _ = try reader.integer("panels") }
    var terms: [RateTerm] = []
    for process in try reader.objects("processes") {
      terms += try ReferenceProcess(process).terms(target: target, components: components)
    }
    self.terms = terms
    try reader.finish()
  }

  /// Sum of all terms, events per MeV.
  func differentialRate(recoil T: Double) -> Double {
    terms.reduce(0) { $0 + $1.differentialRate(recoil: T) }
  }

  /// Events of every bin by adaptive integration.
  func directCounts() -> Result<DirectCounts, IntegrationError> {
    Result { () throws(IntegrationError) in try DirectIntegration(response: response).counts(terms) }
  }
}

// MARK: - Flux

extension RateTableConfiguration {
  private static func components(
    _ reader: inout ConfigurationObject
  ) throws(ConfigurationError) -> [FluxComponentModel] {
    var components: [FluxComponentModel] = []
    if reader.contains("pidar") {
      components += try pionDecayAtRest(reader.object("pidar"))
    }
    guard reader.contains("flux") else { return components }
    for entry in try reader.objects("flux") { components.append(try component(entry)) }
    return components
  }

  private static func pionDecayAtRest(
    _ object: ConfigurationObject
  ) throws(ConfigurationError) -> [FluxComponentModel] {
    var reader = object
    let centimetres = 100 * (try reader.number("L_m"))
    let fluence =
      try reader.number("r") * reader.number("npot") / (4 * Double.pi * centimetres * centimetres)
    try reader.finish()
    return [
      FluxComponentModel(
        label: "nu_mu", flavour: .mu, fluence: fluence, shape: .pionDecayAtRestPrompt,
        spectrum: PionDecayAtRest.prompt),
      FluxComponentModel(
        label: "nu_mu_bar", flavour: .muBar, fluence: fluence, shape: .muonDecayAtRestAntiMuon,
        spectrum: PionDecayAtRest.antiMuon),
      FluxComponentModel(
        label: "nu_e", flavour: .e, fluence: fluence, shape: .muonDecayAtRestElectron,
        spectrum: PionDecayAtRest.electron),
    ]
  }

  private static func component(_ object: ConfigurationObject) throws(ConfigurationError)
    -> FluxComponentModel
  {
    var reader = object
    let name = try reader.text("flavour")
    let flavour = try neutrinoFlavour(name, reader)
    let spectrum = try spectrum(reader.object("spectrum"))
    let component = FluxComponentModel(
      label: name, flavour: flavour, fluence: try reader.number("norm"), shape: .table,
      spectrum: spectrum)
    try reader.finish()
    return component
  }

  static func neutrinoFlavour(
    _ name: String, _ reader: ConfigurationObject
  ) throws(ConfigurationError) -> NeutrinoFlavour {
    switch name {
    case "e": .e
    case "mu": .mu
    case "tau": .tau
    case "ebar": .eBar
    case "mubar": .muBar
    case "taubar": .tauBar
    default: throw reader.failure("unknown flavour \"\(name)\"")
    }
  }

  private static func spectrum(_ object: ConfigurationObject) throws(ConfigurationError)
    -> any NeutrinoSpectrum
  {
    var reader = object
    let spectrum: any NeutrinoSpectrum
    switch try reader.text("kind") {
    case "lines":
      let lines = try reader.pairs("lines")
      guard !lines.isEmpty, lines.allSatisfy({ $0.0 > 0 }) else {
        throw reader.failure("line energies must be positive")
      }
      spectrum = LineSpectrum(energies: lines.map(\.0), weights: lines.map(\.1))
    case "table": spectrum = try table(&reader)
    case "hm": spectrum = try reactor(&reader)
    case let kind: throw reader.failure("unknown spectrum \"\(kind)\"")
    }
    try reader.finish()
    return spectrum
  }
}

// MARK: - Continuous spectra

extension RateTableConfiguration {
  private static func table(_ reader: inout ConfigurationObject) throws(ConfigurationError)
    -> TabulatedSpectrum
  {
    let (energies, densities) = (try reader.numbers("E"), try reader.numbers("phi"))
    guard energies.count >= 2, energies.count == densities.count, energies[0] >= 0,
      zip(energies, energies.dropFirst()).allSatisfy({ $0 < $1 }), densities.allSatisfy({ $0 >= 0 })
    else { throw reader.failure("\"E\" must ascend and \"phi\" must hold as many densities, none negative") }
    return TabulatedSpectrum(energies: energies, densities: densities)
  }

  private static func reactor(_ reader: inout ConfigurationObject) throws(ConfigurationError)
    -> ReactorSpectrum
  {
    var fractions = try reader.object("fractions")
    let (lower, upper) = (try reader.number("Elo"), try reader.number("Ehi"))
    guard lower > 0, lower < upper else { throw reader.failure("\"Elo\" must be positive and below \"Ehi\"") }
    let spectrum = ReactorSpectrum(
      uranium235: try fractions.number("U235"), uranium238: try fractions.number("U238"),
      plutonium239: try fractions.number("Pu239"), plutonium241: try fractions.number("Pu241"), lower: lower,
      upper: upper)
    try fractions.finish()
    return spectrum
  }
}

// MARK: - Detector

extension RateTableConfiguration {
  private static func response(_ reader: inout ConfigurationObject) throws(ConfigurationError)
    -> DetectorResponse
  {
    let edges = try reader.numbers("edges")
    guard edges.count >= 2, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }), edges[0] >= 0 else {
      throw reader.failure("\"edges\" must ascend")
    }
    let floor = try reader.number("T_floor", default: 1e-9)
    guard reader.contains("response") else {
      return DetectorResponse(
        quenching: .none, response: .ideal, efficiency: .unity, recoilFloor: .both(floor), energyEdges: edges)
    }
    var object = try reader.object("response")
    let quenching = try quenching(object.object("quench"))
    let smearing = try smearing(&object)
    let efficiency = object.contains("eff") ? try efficiency(object.object("eff")) : .unity
    try object.finish()
    return DetectorResponse(
      quenching: quenching, response: smearing, efficiency: efficiency, recoilFloor: .both(floor),
      energyEdges: edges
    )
  }

  private static func smearing(_ reader: inout ConfigurationObject) throws(ConfigurationError) -> ResponseSpec
  {
    switch try reader.text("kind") {
    case "gamma_pe":
      return .gammaPhotoelectrons(aKeV: try reader.number("a"), bPerKeV: try reader.number("b"))
    case "trunc_gauss":
      return .truncatedGaussian(
        noise: try reader.number("s0"), pairEnergy: try reader.number("eta"), fano: try reader.number("F"))
    case "sqrt_gauss": return .gaussian(GaussianResolution(stochastic: try reader.number("r")))
    case let kind: throw reader.failure("unknown response \"\(kind)\"")
    }
  }

  private static func quenching(_ object: ConfigurationObject) throws(ConfigurationError) -> QuenchingSpec {
    var reader = object
    let quenching: QuenchingSpec
    switch try reader.text("kind") {
    case "poly": quenching = .polynomial(try reader.numbers("c"))
    case "lindhard":
      quenching = .lindhard(protons: Double(try reader.integer("Z")), k: try reader.number("k"))
    case "linear_qf":
      quenching = .linear(offset: try reader.number("a"), slopePerKeV: try reader.number("b"))
    case let kind: throw reader.failure("unknown quenching \"\(kind)\"")
    }
    try reader.finish()
    return quenching
  }

  private static func efficiency(_ object: ConfigurationObject) throws(ConfigurationError)
    -> EnergyEfficiencySpec
  {
    var reader = object
    let efficiency = EnergyEfficiencySpec.logistic(
      a: try reader.number("a"), b: try reader.number("b"), c: try reader.number("c"),
      d: try reader.number("d"),
      maximum: try reader.number("xmax"))
    try reader.finish()
    return efficiency
  }
}
