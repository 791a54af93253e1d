import DipolePhysics
import Experiments

/// Every interaction by the word of `--model`, made from its parameters. A new one is a case here and a type of its own.
package enum InteractionCatalogue: String, CaseIterable, Sendable {
  /// the dipole portal by flavour, which has plans of its own for all masses at once
  case dipole
  case magneticMoment = "magnetic-moment"
  case transition
  case weakDipole = "weak-dipole"
  case chargeRadius = "charge-radius"
  case anapole
  case millicharge
  case vector
  case vectorBL = "vector-b-l"
  case scalar
  case tensor
  case nsi

  /// The model called `name`; an error with a suggestion for an unknown one.
  package static func named(_ name: String) throws(InteractionError) -> InteractionCatalogue {
    if let model = InteractionCatalogue(rawValue: name) { return model }
    let names = allCases.map(\.rawValue)
    throw InteractionError(
      "--model \(name): unknown interaction. \(Spelling.suggestion(for: name, among: names))Choose "
        + "\(Spelling.listing(names)).")
  }

  /// Flavours a coupling acts on unless the user says otherwise: all for mediators, which couple to all alike; else muon
  /// neutrinos where the source has them, or the flavour it has.
  package func defaultFlavour(of source: [FluxComponentSpec]) -> ActingFlavour {
    switch self {
    case .vector, .vectorBL, .scalar, .tensor, .transition: return .all
    case .dipole, .magneticMoment, .weakDipole, .chargeRadius, .anapole, .millicharge, .nsi:
      let families = source.map(\.flavour.family)
      return families.contains("mu") ? .mu : families.first.flatMap(ActingFlavour.init) ?? .mu
    }
  }

  /// The interaction, nil for the dipole itself.
  /// - Parameters:
  ///   - flavour: what `--flavor` says; nil for the default of model and source
  ///   - parameters: `name=value`
  ///   - source: the neutrinos it acts on
  package func make(
    flavour: ActingFlavour?, parameters texts: [String], source: [FluxComponentSpec]
  ) throws(InteractionError) -> (any Interaction)? {
    var parameters = try InteractionParameters(texts, model: rawValue)
    let interaction = try make(flavour: flavour ?? defaultFlavour(of: source), &parameters, source)
    if let flavour, let pair = interaction as? NonStandardInteraction,
      pair.families != (flavour.rawValue, flavour.rawValue)
    {
      throw InteractionError(
        "--flavor \(flavour.rawValue): --parameter pair=\(pair.families.0)-\(pair.families.1) says which families interact. Give one "
          + "of the two.")
    }
    try parameters.finish()
    return interaction
  }

  private func make(
    flavour: ActingFlavour, _ parameters: inout InteractionParameters, _ source: [FluxComponentSpec]
  ) throws(InteractionError) -> (any Interaction)? {
    switch self {
    case .dipole: return nil
    case .magneticMoment: return MagneticMoment(flavour: flavour)
    case .transition: return try transition(flavour: flavour, &parameters, source)
    case .weakDipole: return try weakDipole(flavour: flavour, &parameters, source)
    case .chargeRadius: return ChargeRadius(flavour: flavour)
    case .anapole: return ChargeRadius(flavour: flavour, isAnapole: true)
    case .millicharge: return Millicharge(flavour: flavour)
    case .vector:
      return VectorMediator(
        name: rawValue, title: "light vector", flavour: flavour,
        charges: try charges(
          &parameters, MediatorCharges(neutrino: 1, proton: 3, neutron: 3, electron: 1)))
    case .vectorBL:
      return VectorMediator(
        name: rawValue, title: "light B-L vector", flavour: flavour,
        charges: MediatorCharges(neutrino: -1, proton: 1, neutron: 1, electron: -1))
    case .scalar, .tensor:
      return HelicityFlipMediator(
        kind: self == .scalar ? .scalar : .tensor, flavour: flavour,
        charges: try charges(
          &parameters, MediatorCharges(neutrino: 1, proton: 1, neutron: 1, electron: 1)))
    case .nsi: return try nonStandard(flavour: flavour, &parameters)
    }
  }

  private func weakDipole(
    flavour: ActingFlavour, _ parameters: inout InteractionParameters, _ source: [FluxComponentSpec]
  ) throws(InteractionError) -> WeakDipole {
    guard source.allSatisfy({ $0.massStates == nil }) else {
      throw InteractionError(
        "--model weak-dipole: neutrinos of this source arrive as mass states, for which the interference is taken to vanish "
          + "(arXiv:2109.09545). Use --model dipole.")
    }
    return WeakDipole(
      flavour: flavour,
      mixing: try parameters.number(
        "mixing", default: nil, in: 0...WeakDipole.largestMixing, example: "0.01"),
      phase: try parameters.number("phase", default: 0, in: -100...100, example: "1.57"))
  }

  private func charges(
    _ parameters: inout InteractionParameters, _ fallback: MediatorCharges
  ) throws(InteractionError) -> MediatorCharges {
    let range = -1e6...1e6
    return MediatorCharges(
      neutrino: try parameters.number("neutrino", default: fallback.neutrino, in: range, example: "1"),
      proton: try parameters.number("proton", default: fallback.proton, in: range, example: "3"),
      neutron: try parameters.number("neutron", default: fallback.neutron, in: range, example: "3"),
      electron: try parameters.number("electron", default: fallback.electron, in: range, example: "1"))
  }

  /// Mixing angles: NuFIT 5.2 (www.nu-fit.org; JHEP 09 (2020) 178), normal ordering, recalled, to be confirmed.
  private func transition(
    flavour: ActingFlavour, _ parameters: inout InteractionParameters, _ source: [FluxComponentSpec]
  ) throws(InteractionError) -> TransitionMoment {
    if flavour != .all {
      throw InteractionError(
        "--flavor \(flavour.rawValue): transition moments are given per mass state and act on every flavour. Leave "
          + "--flavor out, and choose lambda14, lambda24, lambda34.")
    }
    let pattern = [
      try parameters.complex("lambda14"), try parameters.complex("lambda24"),
      try parameters.complex("lambda34"),
    ]
    guard pattern.contains(where: { ($0?.squaredMagnitude ?? 0) > 0 }) else {
      throw InteractionError(
        "--model transition needs at least one transition moment that is not zero, for example --parameter lambda24=1 "
          + "or --parameter lambda14=1,lambda24=0.5@1.57 (size@phase); the scanned lambda multiplies them.")
    }
    return TransitionMoment(
      pattern: pattern.map { $0 ?? Complex(0) }, flavourBeam: try flavourBeam(&parameters, source))
  }

  /// How neutrinos that arrive as a flavour are summed over mass states; nil if the source has none, which then takes no
  /// parameters of that.
  private func flavourBeam(
    _ parameters: inout InteractionParameters, _ source: [FluxComponentSpec]
  ) throws(InteractionError) -> FlavourBeam? {
    if !source.isEmpty, source.allSatisfy({ $0.massStates != nil }) {
      try parameters.refuse(
        ["sin2-theta12", "sin2-theta13", "sin2-theta23", "delta", "sum"],
        because:
          "every neutrino of this source arrives as a mass state, with the mixing of the experiment file")
      return nil
    }
    let mixing = LeptonMixing(
      sin2Theta12: try parameters.number("sin2-theta12", default: 0.303, in: 0...1, example: "0.303"),
      sin2Theta13: try parameters.number("sin2-theta13", default: 0.02225, in: 0...1, example: "0.02225"),
      sin2Theta23: try parameters.number("sin2-theta23", default: 0.451, in: 0...1, example: "0.451"),
      delta: try parameters.number("delta", default: 4.05, in: -100...100, example: "4.05"))
    let sum = try parameters.word("sum", among: ["coherent", "decohered"], default: "coherent")
    return FlavourBeam(mixing: mixing, isCoherent: sum == "coherent")
  }

  private func nonStandard(
    flavour: ActingFlavour, _ parameters: inout InteractionParameters
  ) throws(InteractionError) -> NonStandardInteraction {
    let quark = try parameters.word("quark", among: ["u", "d"], default: nil)
    let own = flavour == .all ? nil : "\(flavour.rawValue)-\(flavour.rawValue)"
    let pairs = ["e-e", "mu-mu", "tau-tau", "e-mu", "e-tau", "mu-tau"]
    let pair = try parameters.word("pair", among: pairs, default: own)
    let names = pair.split(separator: "-").map(String.init)
    return NonStandardInteraction(
      quark: quark == "u" ? .up : .down, families: (names.first ?? "", names.last ?? ""))
  }
}
