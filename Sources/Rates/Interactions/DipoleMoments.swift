import DipolePhysics
import Foundation
import Units

/// Magnetic moment between light neutrinos: the dipole with m4 = 0 [UPS-3].
package struct MagneticMoment: Interaction {
  package let flavour: ActingFlavour
  package init(flavour: ActingFlavour) { self.flavour = flavour }

  package var name: String { "magnetic-moment" }
  package var title: String { "neutrino magnetic moment" }
  package var coupling: ScannedCoupling { .dipole(symbol: nil) }
  package var mass: ScannedMass? { nil }
  package func dipoleShare(of component: FluxComponentModel) -> Double {
    flavour.includes(component) ? 1 : 0
  }
}

extension ScannedCoupling {
  /// mu in GeV^-1, convention A; `symbol` nil takes that of the convention outputs are written in.
  static func dipole(symbol: String?, isSigned: Bool = false) -> ScannedCoupling {
    ScannedCoupling(
      symbol: symbol ?? "", unit: "GeV^-1", definition: "", reference: 1e-6, power: 1, isSigned: isSigned,
      isDipoleMoment: true)
  }
}

/// Majorana transition moments of the mass states with one sterile state [UPS-16]: the scanned lambda multiplies the given
/// pattern lambda_i4 of sizes and phases, and a beam of flavour a has mu_a^2 = |sum_i U*_ai lambda_i4|^2 (for
/// antineutrinos too), summed coherently as at short baselines. Solar neutrinos arrive as mass states, each with
/// mu_i^2 = |lambda_i4|^2.
package struct TransitionMoment: Interaction {
  /// lambda_14, lambda_24, lambda_34 in units of the scanned lambda.
  package let pattern: [Complex]
  /// nil for a source that has mass states only.
  package let flavourBeam: FlavourBeam?
  private let moments: TransitionMoments

  package init(pattern: [Complex], flavourBeam: FlavourBeam?) {
    self.pattern = pattern
    self.flavourBeam = flavourBeam
    moments = TransitionMoments(lambda14: pattern[0], lambda24: pattern[1], lambda34: pattern[2])
  }

  package var name: String { "transition" }
  package var title: String { "transition moment" }
  package var coupling: ScannedCoupling { .dipole(symbol: "lambda") }
  package var mass: ScannedMass? { .heavyNeutrino }
  package var settings: [(name: String, value: String)] {
    let sizes = ["lambda14", "lambda24", "lambda34"].enumerated().map { index, name in
      (name: name, value: "\(pattern[index].real)+\(pattern[index].imaginary)i")
    }
    guard let beam = flavourBeam else { return sizes }
    return sizes + [
      ("sin2-theta12", "\(beam.mixing.sin2Theta12)"), ("sin2-theta13", "\(beam.mixing.sin2Theta13)"),
      ("sin2-theta23", "\(beam.mixing.sin2Theta23)"), ("delta", "\(beam.mixing.delta)"),
      ("sum", beam.isCoherent ? "coherent" : "decohered"),
    ]
  }

  package var actsOnMassStates: Bool { true }

  package func dipoleShare(of component: FluxComponentModel) -> Double {
    if let state = component.massState { return pattern[state - 1].squaredMagnitude }
    guard let beam = flavourBeam else { return 0 }
    let family = component.flavour.family
    return beam.isCoherent
      ? moments.coherentSquaredMoment(
        flavourFamily: family, mixing: beam.mixing, antineutrino: component.flavour.isAntineutrino)
      : moments.incoherentSterileSquaredMoment(flavourFamily: family, mixing: beam.mixing)
  }
}

/// How the mass states of neutrinos that arrive as a flavour add up.
package struct FlavourBeam: Sendable {
  package let mixing: LeptonMixing
  /// False: sum_i |U_ai|^2 |lambda_i4|^2, as for a beam whose mass states have lost their phases.
  package let isCoherent: Bool

  package init(mixing: LeptonMixing, isCoherent: Bool) {
    self.mixing = mixing
    self.isCoherent = isCoherent
  }
}

/// The dipole of a heavy neutrino that also mixes with the active flavour by U [UPS-34]: the dipole amplitude interferes
/// with the weak one, of relative size U. Linear in U; the squared weak amplitude with a massive final state and the loss
/// 1 - |U|^2 of the Standard Model rate, both of order |U|^2, are left out. No axial charge of nuclei.
package struct WeakDipole: Interaction {
  /// Terms left out are of relative size |U|^2, here at most a per cent.
  package static let largestMixing = 0.1

  package let flavour: ActingFlavour
  /// |U_a4|
  package let mixing: Double
  /// Phase of mu relative to U, radians.
  package let phase: Double

  package init(flavour: ActingFlavour, mixing: Double, phase: Double) {
    self.flavour = flavour
    self.mixing = mixing
    self.phase = phase
  }

  package var name: String { "weak-dipole" }
  package var title: String { "dipole with active-sterile mixing" }
  package var coupling: ScannedCoupling { .dipole(symbol: nil, isSigned: true) }
  package var mass: ScannedMass? { .heavyNeutrino }
  package var interferes: Bool { true }
  package var settings: [(name: String, value: String)] { [("mixing", "\(mixing)"), ("phase", "\(phase)")] }

  package func dipoleShare(of component: FluxComponentModel) -> Double {
    flavour.includes(component) ? 1 : 0
  }

  package func terms(_ model: RateModel, component index: Int, mass: Double) -> [InteractionTerm] {
    let component = model.components[index]
    guard flavour.includes(component), mass > 0, mixing > 0 else { return [] }
    let moment = coupling.reference / PhysicalConstants.bohrMagnetonInverseGeV * mixing * cos(phase)
    let analysis = model.analysis
    let antineutrino = component.flavour.isAntineutrino
    let couplings = analysis.weakCouplings(family: component.flavour.family)
    var terms = model.targets.enumerated().map { place, target in
      InteractionTerm(target: .nucleus(place), order: .linear, outgoingMass: mass) { T in
        InterferenceCrossSection.coefficients(
          recoil: T, targetMass: target.mass, heavyMass: mass, magneticMoment: moment,
          charge: target.nucleonCharges(recoil: T).proton,
          vectorCharge: target.weakCharge(recoil: T, couplings: couplings), axialCharge: 0,
          antineutrino: antineutrino, fermiConstant: analysis.fermiConstant)
      }
    }
    guard model.electrons != nil else { return terms }
    let g = ElectronCrossSection.chiralCouplings(
      family: component.flavour.family, antineutrino: false, sin2: analysis.weakMixing)
    terms.append(
      InteractionTerm(target: .electrons, order: .linear, outgoingMass: mass) { T in
        InterferenceCrossSection.coefficients(
          recoil: T, targetMass: PhysicalConstants.electronMass, heavyMass: mass, magneticMoment: moment,
          charge: -1, vectorCharge: g.left + g.right, axialCharge: g.left - g.right,
          antineutrino: antineutrino, fermiConstant: analysis.fermiConstant)
      })
    return terms
  }
}
