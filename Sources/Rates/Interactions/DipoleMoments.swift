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
/// pattern lambda_i4 of sizes and phases, and a beam of flavour a has mu_a^2 = |sum_i U*_ai lambda_i4|^2 (U for
/// antineutrinos), summed coherently as at short baselines.
package struct TransitionMoment: Interaction {
  /// lambda_14, lambda_24, lambda_34 in units of the scanned lambda.
  package let pattern: [Complex]
  package let mixing: LeptonMixing
  /// False: sum_i |U_ai|^2 |lambda_i4|^2, as for a beam whose mass states have lost their phases.
  package let isCoherent: Bool
  private let moments: TransitionMoments

  package init(pattern: [Complex], mixing: LeptonMixing, isCoherent: Bool) {
    self.pattern = pattern
    self.mixing = mixing
    self.isCoherent = isCoherent
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
    return sizes + [
      ("sin2-theta12", "\(mixing.sin2Theta12)"), ("sin2-theta13", "\(mixing.sin2Theta13)"),
      ("sin2-theta23", "\(mixing.sin2Theta23)"), ("delta", "\(mixing.delta)"),
      ("sum", isCoherent ? "coherent" : "decohered"),
    ]
  }

  package func dipoleShare(of component: FluxComponentModel) -> Double {
    let family = component.flavour.family
    return isCoherent
      ? moments.coherentSquaredMoment(
        flavourFamily: family, mixing: mixing, antineutrino: component.flavour.isAntineutrino)
      : moments.incoherentSterileSquaredMoment(flavourFamily: family, mixing: mixing)
  }

  /// sum_i P_i |lambda_i4|^2, the share of a beam that arrives as an incoherent mixture of mass states with
  /// probabilities P_1, P_2, P_3 (solar neutrinos); components that know them use this [UPS-16].
  package func dipoleShare(massStates probabilities: [Double]) -> Double {
    zip(probabilities, pattern).reduce(0) { $0 + $1.0 * $1.1.squaredMagnitude }
  }
}

/// The dipole of a heavy neutrino that also mixes with the active flavour by U [UPS-34]: the dipole amplitude interferes
/// with the weak one, of relative size U. Linear in U; the squared weak amplitude with a massive final state and the loss
/// 1 - |U|^2 of the Standard Model rate, both of order |U|^2, are left out. No axial charge of nuclei.
package struct WeakDipole: Interaction {
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
