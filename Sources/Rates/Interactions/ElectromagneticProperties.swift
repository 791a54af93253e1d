import DipolePhysics
import Units

/// Diagonal electric charge of neutrinos [UPS-17], [UPS-32]: Q_V moves by sqrt2 pi alpha q/(G_F M T) Z F_p, the electron's
/// g_V by -sqrt2 pi alpha q/(G_F m_e T); the same for antineutrinos. Free electrons: below some 10 keV atoms ionise more
/// readily, and limits from electron recoils are conservative.
package struct Millicharge: Interaction {
  package let flavour: ActingFlavour
  package init(flavour: ActingFlavour) { self.flavour = flavour }

  package var name: String { "millicharge" }
  package var title: String { "neutrino millicharge" }
  package var coupling: ScannedCoupling {
    ScannedCoupling(
      symbol: "q_nu", unit: "e", definition: "L = -e q_nu nubar gamma P_L nu A", reference: 1e-8, power: 1,
      isSigned: true)
  }
  package var mass: ScannedMass? { nil }
  package var interferes: Bool { true }

  package func terms(_ model: RateModel, component: Int, mass: Double) -> [InteractionTerm] {
    guard flavour.includes(model.components[component]) else { return [] }
    let (charge, fermi) = (coupling.reference, model.analysis.fermiConstant)
    return model.weakChargeTerms(
      component: component,
      nucleus: { target, T in
        WeakChargeShift.millicharge(
          recoil: T, targetMass: target.mass, neutrinoCharge: charge,
          protons: target.nucleonCharges(recoil: T).proton, fermiConstant: fermi)
      },
      electron: { T in
        WeakChargeShift.millicharge(
          recoil: T, targetMass: PhysicalConstants.electronMass, neutrinoCharge: charge, protons: -1,
          fermiConstant: fermi)
      })
  }
}

/// Diagonal charge radius of neutrinos, beyond what the couplings of the analysis contain [UPS-17], [UPS-32]: Q_V moves by
/// -(sqrt2 pi alpha/(3 G_F)) r2 Z F_p, the electron's g_V by the same with +1 for Z F_p. An anapole moment a = -r2/6 is
/// the same interaction: `anapole` scans a.
package struct ChargeRadius: Interaction {
  package let flavour: ActingFlavour
  /// True: the scanned number is the anapole moment a = -<r^2>/6.
  package let isAnapole: Bool
  package init(flavour: ActingFlavour, isAnapole: Bool = false) {
    self.flavour = flavour
    self.isAnapole = isAnapole
  }

  package var name: String { isAnapole ? "anapole" : "charge-radius" }
  package var title: String { isAnapole ? "neutrino anapole moment" : "neutrino charge radius" }
  package var coupling: ScannedCoupling {
    ScannedCoupling(
      symbol: isAnapole ? "a_nu" : "r2", unit: "cm^2",
      definition: isAnapole
        ? "a_nu = -<r^2>/6, the shift from the Standard Model"
        : "<r^2> of the neutrino, the shift from the Standard Model", reference: 1e-32, power: 1,
      isSigned: true)
  }
  package var mass: ScannedMass? { nil }
  package var interferes: Bool { true }

  package func terms(_ model: RateModel, component: Int, mass: Double) -> [InteractionTerm] {
    guard flavour.includes(model.components[component]) else { return [] }
    let radius = coupling.reference * (isAnapole ? -6 : 1)
    let fermi = model.analysis.fermiConstant
    return model.weakChargeTerms(
      component: component,
      nucleus: { target, T in
        WeakChargeShift.chargeRadius(
          radiusSquared: radius, protons: target.nucleonCharges(recoil: T).proton, fermiConstant: fermi)
      },
      electron: { _ in
        WeakChargeShift.chargeRadius(radiusSquared: radius, protons: -1, fermiConstant: fermi)
      })
  }
}
