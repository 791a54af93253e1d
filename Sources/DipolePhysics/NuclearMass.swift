import Units

/// Mass of the bare nucleus, MeV: atomic mass (unified atomic mass units) times u minus Z electron masses; the binding
/// of the electrons (relative 1e-6) is neglected [UPS-1].
package func nuclearMass(atomicMass: Double, protons: Int) -> Double {
  atomicMass * PhysicalConstants.atomicMassUnit - Double(protons) * PhysicalConstants.electronMass
}
