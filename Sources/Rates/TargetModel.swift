import DipolePhysics
import Experiments
import Units

/// One kind of nucleus of the detector: what the cross sections need to know about it.
package struct TargetModel: Sendable {
  package let name: String
  /// Nuclear mass M, MeV.
  package let mass: Double
  /// Number of nuclei N_T in the detector.
  package let count: Double
  package let protons: Int
  package let neutrons: Int
  package let protonFormFactor: FormFactor
  package let neutronFormFactor: FormFactor

  package init(
    name: String, mass: Double, count: Double, protons: Int, neutrons: Int, protonFormFactor: FormFactor,
    neutronFormFactor: FormFactor
  ) {
    self.name = name
    self.mass = mass
    self.count = count
    self.protons = protons
    self.neutrons = neutrons
    self.protonFormFactor = protonFormFactor
    self.neutronFormFactor = neutronFormFactor
  }

  /// Invariant momentum transfer q = sqrt(-t) / (hbar c), -t = 2MT exactly, in fm^-1 at recoil T (MeV)
  /// [UPS-2].
  package func momentumTransfer(recoil T: Double) -> Double {
    (2 * mass * T).squareRoot() / PhysicalConstants.hbarC
  }

  /// Z F_p(q) and N F_n(q) at recoil T (MeV): the charges seen by protons-only and neutrons-only couplings
  /// [UPS-7].
  package func nucleonCharges(recoil T: Double) -> (proton: Double, neutron: Double) {
    let q = momentumTransfer(recoil: T)
    return (
      Double(protons) * protonFormFactor.value(momentumTransfer: q),
      Double(neutrons) * neutronFormFactor.value(momentumTransfer: q)
    )
  }

  /// Z^2 F_p^2, the squared electric charge a dipole scatters on [UPS-3], at recoil T (MeV).
  package func chargeFormFactorSquared(recoil T: Double) -> Double {
    let charge = Double(protons) * protonFormFactor.value(momentumTransfer: momentumTransfer(recoil: T))
    return charge * charge
  }

  /// Q_V = g_p Z F_p + g_n N F_n, the weak charge of CEvNS [UPS-5], at recoil T (MeV).
  package func weakCharge(recoil T: Double, couplings: WeakCouplings) -> Double {
    let charges = nucleonCharges(recoil: T)
    return couplings.protonVector * charges.proton + couplings.neutronVector * charges.neutron
  }

  /// Q_V of a neutrino family ("e", "mu", "tau") with the couplings an analysis chooses [UPS-5], at recoil T
  /// (MeV).
  package func weakCharge(recoil T: Double, family: String, analysis: AnalysisSpec) -> Double {
    weakCharge(recoil: T, couplings: analysis.weakCouplings(family: family))
  }
}

/// The electrons of the detector in the step (free-electron) approximation [UPS-6].
package struct ElectronTargetModel: Sendable {
  /// Electrons of one binding energy (MeV) per formula unit.
  package struct Step: Hashable, Sendable {
    package var bindingEnergy: Double
    package var electrons: Double
    package init(bindingEnergy: Double, electrons: Double) {
      self.bindingEnergy = bindingEnergy
      self.electrons = electrons
    }
  }

  /// Electron mass, MeV.
  package let mass: Double
  /// Number of formula units in the detector.
  package let count: Double
  /// Ascending in binding energy, one step per distinct energy, merged over the nuclei of the formula unit.
  package let steps: [Step]

  /// Merges levels of equal binding energy.
  package init(count: Double, levels: [Step]) {
    mass = PhysicalConstants.electronMass
    self.count = count
    var merged: [Step] = []
    for level in levels.sorted(by: { $0.bindingEnergy < $1.bindingEnergy }) where level.electrons > 0 {
      if merged.last?.bindingEnergy == level.bindingEnergy {
        merged[merged.count - 1].electrons += level.electrons
      } else {
        merged.append(level)
      }
    }
    steps = merged
  }

  /// Z_eff(T) = sum of n_i over B_i <= T, electrons per formula unit that a recoil T (MeV) can free [UPS-6].
  package func effectiveCharge(recoil T: Double) -> Double {
    var sum = 0.0
    for step in steps where step.bindingEnergy <= T { sum += step.electrons }
    return sum
  }
}
