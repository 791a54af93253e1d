import DipolePhysics
import Planning
import ScanCore
import Testing
import Units

@testable import Experiments
@testable import Rates

/// Interactions against cross sections computed independently: a Python script of its own formulas and constants, for
/// caesium-133 (Helm, 4.804 and 5.09 fm, skin 0.9 fm) at E = 30 MeV, T = 10 keV, and electrons at T = 20 keV.
@Suite("Interactions: cross sections [UPS-31] to [UPS-34]")
struct InteractionTests {
  private static let energy = 30.0
  private static let tolerance = 1e-9

  static func interaction(_ model: String, _ parameters: [String] = [], flavour: ActingFlavour? = nil) throws
    -> any Interaction
  {
    try #require(
      try InteractionCatalogue.named(model).make(flavour: flavour, parameters: parameters, source: []))
  }

  /// Caesium with electrons at a pion source: component 0 is nu_mu, 1 nu_mu_bar, 2 nu_e.
  private static func model() throws -> RateModel {
    try RateModel(
      ToyExperiment.ideal(levels: [ElectronLevel(bindingEnergy: 1e-5, electrons: 55)]))
  }

  /// dsigma/dT (cm^2/MeV) at a coupling, Standard Model included where the interaction interferes with it.
  private static func sigma(
    _ interaction: any Interaction, coupling: Double, mass: Double, target: InteractionTerm.Target,
    component: Int = 0, recoil T: Double
  ) throws -> Double {
    let model = try model()
    let u = interaction.coupling.strength(of: coupling)
    let terms = interaction.terms(model, component: component, mass: mass).filter { $0.target == target }
    var sum = 0.0
    for term in terms {
      sum += term.coefficients(T).value(at: energy) * (term.order == .linear ? u : u * u)
    }
    guard interaction.interferes, interaction.name != "weak-dipole" else { return sum }
    let flavour = model.components[component].flavour
    if target == .electrons {
      let g = ElectronCrossSection.chiralCouplings(
        family: flavour.family, antineutrino: flavour.isAntineutrino, sin2: 0.23857)
      return sum
        + ElectronCrossSection.coefficients(recoil: T, left: g.left, right: g.right).value(at: energy)
    }
    let charge = model.targets[0].weakCharge(recoil: T, family: flavour.family, analysis: model.analysis)
    return sum
      + CEvNSCrossSection.coefficients(recoil: T, targetMass: model.targets[0].mass, weakCharge: charge)
      .value(at: energy)
  }

  private func check(
    _ name: String, _ parameters: [String] = [], coupling: Double, mass: Double = 0,
    electrons: Bool = false, component: Int = 0, expected: Double
  ) throws {
    let found = try Self.sigma(
      Self.interaction(name, parameters), coupling: coupling, mass: mass,
      target: electrons ? .electrons : .nucleus(0), component: component, recoil: electrons ? 0.02 : 0.01)
    #expect(
      isClose(found, expected, rtol: Self.tolerance), "\(name) \(parameters): \(found), not \(expected)")
  }

  @Test("Nuclei: every interaction has its published cross section")
  func nuclei() throws {
    try check("vector", coupling: 3e-4, mass: 20, expected: 1.96318775197029e-34)
    try check("vector-b-l", coupling: 3e-4, mass: 20, expected: 3.183025467994783e-35)
    try check("millicharge", coupling: 5e-8, expected: 3.6725137095181676e-37)
    try check("charge-radius", coupling: 3e-32, expected: 6.503072242215683e-37)
    try check("anapole", coupling: -0.5e-32, expected: 6.503072242215683e-37)
    try check("nsi", ["quark=u"], coupling: 0.1, expected: NSI.upDiagonal)
    try check("nsi", ["quark=d"], coupling: 0.1, expected: NSI.downDiagonal)
    try check("scalar", coupling: 3e-4, mass: 20, expected: 5.319693174649229e-35)
    try check("tensor", coupling: 3e-4, mass: 20, expected: 4.059120867819191e-34)
    try check(
      "weak-dipole", ["mixing=0.1"], coupling: 1e-6, mass: 5, expected: -1.31214766055216e-38)
  }

  /// eps = 0.1; the off-diagonal one without the Standard Model.
  private enum NSI {
    static let upDiagonal = 1.2994953953688652e-37
    static let downDiagonal = 1.0224932609301737e-37
    static let upOff = 1.3545557488496741e-37
  }

  @Test("Flavour-changing interactions add their square to both families and do not interfere")
  func flavourChanging() throws {
    let interaction = try Self.interaction("nsi", ["quark=u", "pair=e-mu"])
    #expect(!interaction.interferes && !interaction.coupling.isSigned)
    for component in 0..<3 {
      let found = try Self.sigma(
        interaction, coupling: 0.1, mass: 0, target: .nucleus(0), component: component, recoil: 0.01)
      #expect(isClose(found, NSI.upOff, rtol: Self.tolerance))
    }
  }

  @Test("Electrons: shifts of g_V with the sign of the charge, the same for antineutrinos")
  func electrons() throws {
    try check("vector", coupling: 3e-4, mass: 20, electrons: true, expected: 1.5986327249056433e-42)
    try check("vector-b-l", coupling: 3e-4, mass: 20, electrons: true, expected: 1.5986327249056433e-42)
    try check("millicharge", coupling: 5e-8, electrons: true, expected: 1.5924029087595283e-36)
    try check(
      "millicharge", coupling: 5e-8, electrons: true, component: 1, expected: 1.592402752578754e-36)
    try check("charge-radius", coupling: 3e-32, electrons: true, expected: 2.1726569222084066e-45)
    try check("scalar", coupling: 3e-4, mass: 20, electrons: true, expected: 9.279574671327302e-48)
    try check(
      "weak-dipole", ["mixing=0.1"], coupling: 1e-6, mass: 5, electrons: true,
      expected: -3.45627286376489e-46)
    try check(
      "weak-dipole", ["mixing=0.1"], coupling: 1e-6, mass: 5, electrons: true, component: 1,
      expected: 2.708468357432635e-45)
  }

  @Test(
    "Millicharge: interference is destructive on nuclei and constructive on electrons for nu_mu and q > 0")
  func millichargeSigns() throws {
    // Q_V < 0 and +Z on nuclei; g_V < 0 and -1 on electrons
    let interaction = try Self.interaction("millicharge")
    let model = try Self.model()
    let linear = { (target: InteractionTerm.Target, T: Double) in
      interaction.terms(model, component: 0, mass: 0)
        .filter { $0.target == target && $0.order == .linear }
        .reduce(0) { $0 + $1.coefficients(T).value(at: Self.energy) }
    }
    #expect(linear(.nucleus(0), 0.01) < 0)
    #expect(linear(.electrons, 0.02) > 0)
  }

  @Test(
    "A vector much heavier than the momentum transfer is the NSI with eps = g^2/(sqrt2 G_F m_V^2) of both quarks"
  )
  func heavyVector() throws {
    let (g, mass) = (0.05, 1e6)
    let delta = g * g / (2.0.squareRoot() * PhysicalConstants.fermiConstant * mass * mass)
    let model = try Self.model()
    let vector = try Self.interaction("vector", flavour: .mu)
    let up = try Self.interaction("nsi", ["quark=u"], flavour: .mu)
    let down = try Self.interaction("nsi", ["quark=d"], flavour: .mu)
    let linear = { (interaction: any Interaction, coupling: Double) in
      interaction.coupling.strength(of: coupling)
        * interaction.terms(model, component: 0, mass: mass)
        .filter { $0.target == .nucleus(0) && $0.order == .linear }
        .reduce(0) { $0 + $1.coefficients(0.01).value(at: Self.energy) }
    }
    // Q_V moves by 3 g^2 (Z + N)/(sqrt2 G_F m_V^2) = eps_u (2Z + N) + eps_d (Z + 2N) with eps_u = eps_d = delta
    let sum = linear(up, delta) + linear(down, delta)
    #expect(isClose(linear(vector, g), sum, rtol: 1e-8))
  }

  @Test("One coupling to flavour a, rotated into mass states, acts on a alone with its whole strength")
  func transitionOfOneFlavour() throws {
    let mixing = LeptonMixing(sin2Theta12: 0.303, sin2Theta13: 0.02225, sin2Theta23: 0.451, delta: 4.05)
    let components = try Self.model().components
    for family in ["e", "mu", "tau"] {
      let interaction = TransitionMoment(
        pattern: mixing.row(family), flavourBeam: FlavourBeam(mixing: mixing, isCoherent: true))
      for component in components {
        let expected = component.flavour.family == family ? 1.0 : 0
        #expect(isClose(interaction.dipoleShare(of: component), expected, rtol: 1e-14, atol: 1e-15))
      }
    }
  }

  @Test("Antineutrinos have the moment of neutrinos, and a mixture of mass states the decohered sum")
  func transitionPhases() throws {
    let parameters = ["lambda14=1", "lambda24=0.5@1.57,delta=1.2"]
    let coherent = try #require(try Self.interaction("transition", parameters) as? TransitionMoment)
    let components = try Self.model().components
    // independent Python (numpy): lambda = U* l U^dagger (4 x 4, antisymmetric l) and a = nu_mu in the flavour basis of arXiv:2109.09545,
    // a^dagger lambda^dagger lambda a for neutrinos, a^dagger lambda lambda^dagger a for antineutrinos; sum_i |U_mui|^2 |l_i|^2
    #expect(isClose(coherent.dipoleShare(of: components[0]), 0.35727763253696854, rtol: 1e-12))
    #expect(isClose(coherent.dipoleShare(of: components[1]), 0.35727763253696865, rtol: 1e-12))
    let decohered = try Self.interaction("transition", parameters + ["sum=decohered"])
    #expect(isClose(decohered.dipoleShare(of: components[0]), 0.28830444267928546, rtol: 1e-12))
  }

  @Test(
    "Unknown models and parameters are named with what was meant",
    arguments: [
      ("vectr", "", "Did you mean `vector`"), ("weak-dipole", "", "needs --parameter mixing"),
      ("weak-dipole", "mixin=0.1,mixing=0.1", "Did you mean `mixing`"),
      ("weak-dipole", "mixing=0.2", "between 0.0 and 0.1"),
      ("weak-dipole", "mixing", "name=value"), ("weak-dipole", "mixing=0.1,mixing=0.2", "twice"),
      ("transition", "", "at least one transition moment"), ("transition", "lambda24=1@2@3", "SIZE@PHASE"),
      ("nsi", "", "needs --parameter quark"), ("nsi", "quark=s", "Choose `u` or `d`"),
      ("magnetic-moment", "x=1", "has no parameters"), ("vector", "proton=nan", "not a number"),
    ])
  func badParameters(model: String, parameters: String, message: String) {
    let error = #expect(throws: InteractionError.self) {
      _ = try InteractionCatalogue.named(model)
        .make(flavour: nil, parameters: parameters.isEmpty ? [] : [parameters], source: [])
    }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test("A source of mass states takes no mixing and states none; weak-dipole is refused there")
  func massStateSource() throws {
    let source = try Catalogue.load("xenonnt-8b").source.components
    #expect(source.allSatisfy { $0.massStates != nil })
    let transition = InteractionCatalogue.transition
    let made = try transition.make(flavour: nil, parameters: ["lambda24=1"], source: source)
    #expect(made?.settings.map(\.name) == ["lambda14", "lambda24", "lambda34"])
    for parameter in ["sin2-theta12=0.3", "delta=1", "sum=decohered"] {
      let error = #expect(throws: InteractionError.self) {
        _ = try transition.make(flavour: nil, parameters: ["lambda24=1", parameter], source: source)
      }
      #expect(error?.message.contains("changes nothing here") == true)
    }
    let error = #expect(throws: InteractionError.self) {
      _ = try InteractionCatalogue.weakDipole.make(
        flavour: .e, parameters: ["mixing=0.01"], source: source)
    }
    #expect(error?.message.contains("mass states") == true)
  }

  @Test(
    "A coupling acts on muon neutrinos unless the source has none, mediators on all",
    arguments: [
      ("coherent-csi-2021", "mu"), ("conus-plus", "e"), ("cr51-cevns", "e"), ("xenonnt-8b", "mu"),
    ])
  func defaultFlavour(experiment: String, flavour: String) throws {
    let source = try Catalogue.load(experiment).source.components
    #expect(InteractionCatalogue.dipole.defaultFlavour(of: source).rawValue == flavour)
    #expect(InteractionCatalogue.chargeRadius.defaultFlavour(of: source).rawValue == flavour)
    #expect(InteractionCatalogue.vector.defaultFlavour(of: source) == .all)
  }
}
