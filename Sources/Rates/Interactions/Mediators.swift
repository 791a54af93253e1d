import DipolePhysics
import Units

/// Charges of a mediator: coupling of neutrinos, protons, neutrons and electrons in units of g.
package struct MediatorCharges: Hashable, Sendable {
  package var neutrino: Double
  package var proton: Double
  package var neutron: Double
  package var electron: Double

  package init(neutrino: Double, proton: Double, neutron: Double, electron: Double) {
    self.neutrino = neutrino
    self.proton = proton
    self.neutron = neutron
    self.electron = electron
  }

  var settings: [(name: String, value: String)] {
    [
      ("neutrino", "\(neutrino)"), ("proton", "\(proton)"), ("neutron", "\(neutron)"),
      ("electron", "\(electron)"),
    ]
  }

  /// g_p Z F_p + g_n N F_n in units of g, at recoil T (MeV).
  func nuclear(_ target: TargetModel, recoil T: Double) -> Double {
    let charges = target.nucleonCharges(recoil: T)
    return proton * charges.proton + neutron * charges.neutron
  }
}

/// Light vector [UPS-17], [UPS-32]: L = -g_nu nubar gamma P_L nu Z' - g_f fbar gamma f Z'; interferes with the weak
/// charge. The rate depends on g^2: u = (g / reference)^2 >= 0.
package struct VectorMediator: Interaction {
  package let name: String
  package let title: String
  package let flavour: ActingFlavour
  package let charges: MediatorCharges

  package init(name: String, title: String, flavour: ActingFlavour, charges: MediatorCharges) {
    self.name = name
    self.title = title
    self.flavour = flavour
    self.charges = charges
  }

  package var coupling: ScannedCoupling {
    ScannedCoupling(
      symbol: "g", unit: "1",
      definition: "L = -g Q_nu nubar gamma P_L nu Z' - g Q_f fbar gamma f Z', charges Q given",
      reference: 1e-4, power: 2)
  }
  package var mass: ScannedMass? { ScannedMass(symbol: "m_V", title: "mass of the vector mediator") }
  package var interferes: Bool { true }
  package var settings: [(name: String, value: String)] { charges.settings }

  package func terms(_ model: RateModel, component: Int, mass: Double) -> [InteractionTerm] {
    guard flavour.includes(model.components[component]) else { return [] }
    let neutrino = charges.neutrino * coupling.reference * coupling.reference
    let fermi = model.analysis.fermiConstant
    let charges = charges
    let electron: @Sendable (Double) -> Double = { T in
      WeakChargeShift.vector(
        recoil: T, targetMass: PhysicalConstants.electronMass, neutrinoCoupling: neutrino,
        nucleonCharge: charges.electron, mediatorMass: mass, fermiConstant: fermi)
    }
    return model.weakChargeTerms(
      component: component,
      nucleus: { (target: TargetModel, T: Double) -> Double in
        WeakChargeShift.vector(
          recoil: T, targetMass: target.mass, neutrinoCoupling: neutrino,
          nucleonCharge: charges.nuclear(target, recoil: T), mediatorMass: mass, fermiConstant: fermi)
      }, electron: charges.electron == 0 ? nil : electron)
  }
}

/// Light scalar or tensor [UPS-17], which flips the helicity and does not interfere: the rate is proportional to g^4.
package struct HelicityFlipMediator: Interaction {
  package enum Kind: String, Hashable, Sendable { case scalar, tensor }
  package let kind: Kind
  package let flavour: ActingFlavour
  package let charges: MediatorCharges

  package init(kind: Kind, flavour: ActingFlavour, charges: MediatorCharges) {
    self.kind = kind
    self.flavour = flavour
    self.charges = charges
  }

  package var name: String { kind.rawValue }
  package var title: String { "light \(kind.rawValue)" }
  package var coupling: ScannedCoupling {
    ScannedCoupling(
      symbol: "g", unit: "1",
      definition: kind == .scalar
        ? "L = g Q_nu phi nubar_R nu_L + g Q_f phi fbar f + h.c., charges Q given"
        : "L = -g^2 Q_nu Q_f/(2MT + m_T^2) nubar_R sigma nu_L fbar sigma f + h.c., charges Q given",
      reference: 1e-4, power: 2)
  }
  package var mass: ScannedMass? {
    ScannedMass(
      symbol: kind == .scalar ? "m_phi" : "m_T", title: "mass of the \(kind.rawValue) mediator")
  }
  package var settings: [(name: String, value: String)] { charges.settings }

  package func terms(_ model: RateModel, component: Int, mass: Double) -> [InteractionTerm] {
    guard flavour.includes(model.components[component]) else { return [] }
    let neutrino = charges.neutrino * coupling.reference * coupling.reference
    let charges = charges
    let kind = kind
    var terms = model.targets.enumerated().map { place, target in
      InteractionTerm(target: .nucleus(place), order: .quadratic) { T in
        kind.coefficients(T, target.mass, neutrino * charges.nuclear(target, recoil: T), mass)
      }
    }
    if model.electrons != nil, charges.electron != 0 {
      terms.append(
        InteractionTerm(target: .electrons, order: .quadratic) { T in
          kind.coefficients(T, PhysicalConstants.electronMass, neutrino * charges.electron, mass)
        })
    }
    return terms
  }
}

extension HelicityFlipMediator.Kind {
  fileprivate func coefficients(
    _ T: Double, _ M: Double, _ coupling: Double, _ mass: Double
  ) -> CrossSectionCoefficients {
    switch self {
    case .scalar:
      ScalarCrossSection.coefficients(recoil: T, targetMass: M, coupling: coupling, mediatorMass: mass)
    case .tensor:
      TensorCrossSection.coefficients(recoil: T, targetMass: M, coupling: coupling, mediatorMass: mass)
    }
  }
}
