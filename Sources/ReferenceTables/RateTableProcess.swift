import DipolePhysics
import Experiments
import Rates
import Units

/// One entry of a configuration's `processes`: processes of a configuration are summed.
enum ReferenceProcess {
  case coherent(CEvNSCrossSection.Variant, WeakChargeChange)
  case scalar(Mediator)
  case tensor(Mediator)
  case nuclearDipole(Dipole)
  case standardElectron
  case electronDipole(Dipole)

  /// g_nu, g_p, g_n and mediator mass (MeV).
  struct Mediator {
    let neutrino, proton, neutron, mass: Double
  }

  /// m4 (MeV), mu / mu_B, target spin, and the beam flavours it acts on (nil: all).
  struct Dipole {
    let heavyMass, moment: Double
    let spin: TargetSpin
    let flavours: [NeutrinoFlavour]?

    func acts(on component: FluxComponentModel) -> Bool { flavours?.contains(component.flavour) ?? true }
  }

  /// What is added to Q_V.
  enum WeakChargeChange {
    case none
    case vector(Mediator)
    case millicharge(Double)
    case chargeRadius(Double)
  }

  init(_ object: ConfigurationObject) throws(ConfigurationError) {
    var reader = object
    switch try reader.text("kind") {
    case "sm_cevns": self = .coherent(try Self.variant(&reader), .none)
    case "vector_cevns":
      let mediator = try Self.mediator(&reader, mass: "m_V")
      self = .coherent(try Self.variant(&reader), .vector(mediator))
    case "millicharge_cevns":
      let charge = try reader.number("q_nu")
      self = .coherent(try Self.variant(&reader), .millicharge(charge))
    case "radius_cevns":
      let radius = try reader.number("r2_cm2")
      self = .coherent(try Self.variant(&reader), .chargeRadius(radius))
    case "scalar_cevns": self = .scalar(try Self.mediator(&reader, mass: "m_phi"))
    case "tensor_cevns": self = .tensor(try Self.mediator(&reader, mass: "m_T"))
    case "dipole_cevns": self = .nuclearDipole(try Self.dipole(&reader))
    case "dipole_nue": self = .electronDipole(try Self.dipole(&reader))
    case "sm_nue": self = .standardElectron
    case let kind: throw reader.failure("unknown process \"\(kind)\"")
    }
    try reader.finish()
  }

  private static func variant(
    _ reader: inout ConfigurationObject
  ) throws(ConfigurationError) -> CEvNSCrossSection.Variant {
    switch try reader.text("variant", default: "spin0") {
    case "leading": .leading
    case "spin0": .spinZero
    case "spinhalf": .spinHalf
    case let name: throw reader.failure("unknown variant \"\(name)\"")
    }
  }

  private static func mediator(
    _ reader: inout ConfigurationObject, mass: String
  ) throws(ConfigurationError) -> Mediator {
    Mediator(
      neutrino: try reader.number("g_nu"), proton: try reader.number("g_p"),
      neutron: try reader.number("g_n"),
      mass: try reader.number(mass))
  }

  private static func dipole(_ reader: inout ConfigurationObject) throws(ConfigurationError) -> Dipole {
    var flavours: [NeutrinoFlavour]?
    if reader.contains("flavours") {
      var named: [NeutrinoFlavour] = []
      for name in try reader.texts("flavours") {
        named.append(try RateTableConfiguration.neutrinoFlavour(name, reader))
      }
      flavours = named
    }
    let spin: TargetSpin
    switch try reader.text("spin", default: "half") {
    case "half": spin = .half
    case "zero": spin = .zero
    case let name: throw reader.failure("unknown spin \"\(name)\"")
    }
    return Dipole(
      heavyMass: try reader.number("m4"), moment: try reader.number("mu"), spin: spin, flavours: flavours)
  }
}

// MARK: - Rate terms

extension ReferenceProcess {
  /// Terms of the process on every target of a configuration in every flux component it acts on. The tables
  /// use tree-level couplings with the constants of `PhysicalConstants`.
  func terms(target: ReferenceTarget, components: [FluxComponentModel]) -> [RateTerm] {
    components.flatMap { component in
      switch self {
      case .standardElectron:
        [
          target.electrons.standardModelTerm(
            component, weakMixing: PhysicalConstants.weakMixingAngleSquaredSine,
            fermiConstant: PhysicalConstants.fermiConstant)
        ]
      case .electronDipole(let dipole):
        dipole.acts(on: component)
          ? [
            target.electrons.dipoleTerm(
              component, heavyMass: dipole.heavyMass, magneticMoment: dipole.moment, bracket: .traces)
          ] : []
      default: target.nuclei.compactMap { nuclearTerm($0, component) }
      }
    }
  }

  private func nuclearTerm(_ nucleus: TargetModel, _ component: FluxComponentModel) -> RateTerm? {
    switch self {
    case .coherent(let variant, .none):
      nucleus.cevnsTerm(
        component, couplings: .tree(sin2: PhysicalConstants.weakMixingAngleSquaredSine), variant: variant,
        fermiConstant: PhysicalConstants.fermiConstant)
    case .coherent(let variant, let change): Self.shifted(nucleus, component, variant, change)
    case .scalar(let mediator):
      nucleus.term(component) { T in
        ScalarCrossSection.coefficients(
          recoil: T, targetMass: nucleus.mass,
          coupling: mediator.neutrino * Self.charge(nucleus, mediator, T), mediatorMass: mediator.mass)
      }
    case .tensor(let mediator):
      nucleus.term(component) { T in
        TensorCrossSection.coefficients(
          recoil: T, targetMass: nucleus.mass,
          coupling: mediator.neutrino * Self.charge(nucleus, mediator, T), mediatorMass: mediator.mass)
      }
    case .nuclearDipole(let dipole):
      dipole.acts(on: component)
        ? nucleus.dipoleTerm(
          component, heavyMass: dipole.heavyMass, magneticMoment: dipole.moment, spin: dipole.spin,
          bracket: .traces)
        : nil
    case .standardElectron, .electronDipole: nil
    }
  }

  /// g_p Z F_p + g_n N F_n.
  private static func charge(_ nucleus: TargetModel, _ mediator: Mediator, _ T: Double) -> Double {
    let charges = nucleus.nucleonCharges(recoil: T)
    return mediator.proton * charges.proton + mediator.neutron * charges.neutron
  }

  /// CEvNS with a shifted weak charge.
  private static func shifted(
    _ nucleus: TargetModel, _ component: FluxComponentModel, _ variant: CEvNSCrossSection.Variant,
    _ change: WeakChargeChange
  ) -> RateTerm {
    let couplings = WeakCouplings.tree(sin2: PhysicalConstants.weakMixingAngleSquaredSine)
    return nucleus.term(component) { T in
      CEvNSCrossSection.coefficients(
        recoil: T, targetMass: nucleus.mass,
        weakCharge: nucleus.weakCharge(recoil: T, couplings: couplings) + shift(nucleus, change, T),
        variant: variant)
    }
  }

  private static func shift(_ nucleus: TargetModel, _ change: WeakChargeChange, _ T: Double) -> Double {
    switch change {
    case .none: 0
    case .vector(let mediator):
      WeakChargeShift.vector(
        recoil: T, targetMass: nucleus.mass, neutrinoCoupling: mediator.neutrino,
        nucleonCharge: charge(nucleus, mediator, T), mediatorMass: mediator.mass)
    case .millicharge(let charge):
      WeakChargeShift.millicharge(
        recoil: T, targetMass: nucleus.mass, neutrinoCharge: charge,
        protons: nucleus.nucleonCharges(recoil: T).proton)
    case .chargeRadius(let radius):
      WeakChargeShift.chargeRadius(radiusSquared: radius, protons: nucleus.nucleonCharges(recoil: T).proton)
    }
  }
}
