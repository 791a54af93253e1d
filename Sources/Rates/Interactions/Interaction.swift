import DipolePhysics

/// What a scan varies: one number c that multiplies an interaction, and how rates depend on it [UPS-31]:
///
///     events = backgrounds + Standard Model + u L(m) + u^2 Q(m),   u = (c / reference)^power
///
/// Interactions that do not interfere have Q alone: q = u^2.
package struct ScannedCoupling: Hashable, Sendable {
  /// How outputs name it: "g", "r2", "q_nu".
  package var symbol: String
  package var unit: String
  /// The Lagrangian or formula that defines it, in plain text.
  package var definition: String
  /// Coupling at which templates are stated, so that u is near one.
  package var reference: Double
  /// u = (c / reference)^power: 1 where amplitudes are linear in c, 2 where they are quadratic.
  package var power: Int
  /// c < 0 is physics of its own: the interaction interferes and is linear in c.
  package var isSigned: Bool
  /// c is mu in GeV^-1, convention A [UPS-1]; outputs may use any convention of the dipole.
  package var isDipoleMoment: Bool

  package init(
    symbol: String, unit: String, definition: String, reference: Double, power: Int, isSigned: Bool = false,
    isDipoleMoment: Bool = false
  ) {
    self.symbol = symbol
    self.unit = unit
    self.definition = definition
    self.reference = reference
    self.power = power
    self.isSigned = isSigned
    self.isDipoleMoment = isDipoleMoment
  }

  /// u of a coupling.
  package func strength(of coupling: Double) -> Double {
    let ratio = coupling / reference
    return power == 2 ? ratio * ratio : ratio
  }

  /// The coupling of a strength u; u >= 0 where the power is 2.
  package func coupling(ofStrength u: Double) -> Double {
    reference * (power == 2 ? u.squareRoot() : u)
  }
}

/// The mass on the first axis of a scan.
package struct ScannedMass: Hashable, Sendable {
  /// "m4", "m_V"
  package var symbol: String
  /// "heavy-neutrino mass", "mass of the vector mediator"
  package var title: String

  package init(symbol: String, title: String) {
    self.symbol = symbol
    self.title = title
  }

  package static let heavyNeutrino = Self(symbol: "m4", title: "heavy-neutrino mass")
}

/// One contribution to the rate of one flux component on one kind of target, at u = 1 [UPS-31].
package struct InteractionTerm: Sendable {
  package enum Target: Hashable, Sendable {
    /// index into `RateModel.targets`
    case nucleus(Int)
    /// per free electron: Z_eff is applied by the detector [UPS-6]
    case electrons
  }
  /// Power of u the term is multiplied with.
  package enum Order: Int, Hashable, Sendable, CaseIterable {
    /// interference with the Standard Model; may be negative
    case linear = 1
    case quadratic = 2
  }
  package let target: Target
  package let order: Order
  /// Mass of the outgoing neutrino, MeV; 0 where it stays light.
  package let outgoingMass: Double
  /// A, B, C of dsigma/dT (cm^2/MeV) per nucleus or electron at recoil T (MeV), form factors included.
  package let coefficients: @Sendable (Double) -> CrossSectionCoefficients

  package init(
    target: Target, order: Order, outgoingMass: Double = 0,
    coefficients: @escaping @Sendable (Double) -> CrossSectionCoefficients
  ) {
    self.target = target
    self.order = order
    self.outgoingMass = outgoingMass
    self.coefficients = coefficients
  }
}

/// An interaction of neutrinos beyond the Standard Model that fits dsigma/dT = A(T) + B(T)/E + C(T)/E^2 [UPS-31]. A new
/// one is a type that conforms to this protocol and a line in `InteractionCatalogue`; plans, backends, statistics and
/// commands need no change.
///
/// A rate is the sum of two parts, either of which may be absent: dipole upscattering on every target with
/// mu^2 = share x c^2 (the kernels have it in closed form), and the terms.
package protocol Interaction: Sendable {
  /// Word of `--model`.
  var name: String { get }
  /// Short title for tables and plots.
  var title: String { get }
  var coupling: ScannedCoupling { get }
  /// nil for interactions without a mass to scan.
  var mass: ScannedMass? { get }
  /// The effective squared moment of a beam component, relative to the squared coupling; 0 without dipole.
  func dipoleShare(of component: FluxComponentModel) -> Double
  /// The other contributions of flux component `component` at a mass (MeV), u = 1.
  func terms(_ model: RateModel, component: Int, mass: Double) -> [InteractionTerm]
  /// True when some term is linear in u.
  var interferes: Bool { get }
  /// The choices that are not scanned, for provenance: name and value.
  var settings: [(name: String, value: String)] { get }
}

extension Interaction {
  package func dipoleShare(of component: FluxComponentModel) -> Double { 0 }
  package func terms(_ model: RateModel, component: Int, mass: Double) -> [InteractionTerm] { [] }
  package var interferes: Bool { false }
  package var settings: [(name: String, value: String)] { [] }

  /// "model=vector proton=3 ...", one line that identifies the interaction.
  package var identity: String {
    (["model=\(name)"] + settings.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
  }
}

/// Families a coupling acts on.
package enum ActingFlavour: String, Hashable, Sendable, CaseIterable {
  case e, mu, tau, all

  package func includes(_ component: FluxComponentModel) -> Bool {
    self == .all || component.flavour.family == rawValue
  }
}

extension RateModel {
  /// Every term of an interaction in one flux component as rates, of one order in u, for direct integration: the
  /// independent check of the plans [UPS-10], [UPS-31].
  package func terms(
    _ interaction: any Interaction, order: InteractionTerm.Order, component index: Int, mass: Double
  ) -> [RateTerm] {
    let component = components[index]
    var rates = interaction.terms(self, component: index, mass: mass).filter { $0.order == order }
      .compactMap { term -> RateTerm? in
        switch term.target {
        case .nucleus(let target):
          targets[target].term(component, heavyMass: term.outgoingMass, coefficients: term.coefficients)
        case .electrons:
          electrons?.term(component, heavyMass: term.outgoingMass, perElectron: term.coefficients)
        }
      }
    let share = interaction.dipoleShare(of: component)
    if order == .quadratic, share > 0 {
      rates += terms(
        process: .dipole, component: index, heavyMass: interaction.mass == nil ? 0 : mass,
        coupling: interaction.coupling.reference * share.squareRoot())
    }
    return rates
  }
}
