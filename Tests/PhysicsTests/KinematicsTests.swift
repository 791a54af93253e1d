import DipolePhysics
import Testing
import Units

@Suite struct KinematicsTests {
  @Test(
    "E_min, T_min and T_max agree with a boost from the centre-of-mass frame",
    arguments: ReferenceValues.kinematics)
  func reference(row: [Double]) throws {
    let (M, m4, E, T) = (row[0], row[1], row[2], row[3])
    let minimum = Kinematics.minimumNeutrinoEnergy(recoil: T, targetMass: M, heavyMass: m4)
    #expect(isClose(minimum, row[4], relative: 1e-14))
    let range = try #require(Kinematics.recoilRange(neutrinoEnergy: E, targetMass: M, heavyMass: m4))
    #expect(isClose(range.lower, row[5], relative: 1e-13))
    #expect(isClose(range.upper, row[6], relative: 1e-13))
    let width = Kinematics.recoilWidth(neutrinoEnergy: E, targetMass: M, heavyMass: m4)
    #expect(isClose(width, row[6] - row[5], relative: 1e-13))
  }

  @Test("E_min takes its smallest value, the threshold, at T*", arguments: [0.511, 938.0, 123_772.5])
  func threshold(M: Double) {
    for m4 in [0.01, 1.0, 40.0] {
      let T = Kinematics.thresholdRecoil(targetMass: M, heavyMass: m4)
      let threshold = Kinematics.thresholdEnergy(targetMass: M, heavyMass: m4)
      let minimum = { Kinematics.minimumNeutrinoEnergy(recoil: $0, targetMass: M, heavyMass: m4) }
      #expect(isClose(minimum(T), threshold, relative: 1e-14))
      #expect(minimum(1.1 * T) > threshold && minimum(0.9 * T) > threshold)
      #expect(
        Kinematics.recoilRange(neutrinoEnergy: 0.999999 * threshold, targetMass: M, heavyMass: m4) == nil)
      #expect(
        Kinematics.recoilRange(neutrinoEnergy: 1.000001 * threshold, targetMass: M, heavyMass: m4) != nil)
    }
  }

  @Test("E_min of both recoil limits is the neutrino energy")
  func inverse() throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<500 {
      let M = random.logUniform(0.5...2e5)
      let m4 = random.logUniform(1e-4...50)
      let E = random.logUniform(1.01...100) * Kinematics.thresholdEnergy(targetMass: M, heavyMass: m4)
      let range = try #require(Kinematics.recoilRange(neutrinoEnergy: E, targetMass: M, heavyMass: m4))
      for T in [range.lower, range.upper] {
        let minimum = Kinematics.minimumNeutrinoEnergy(recoil: T, targetMass: M, heavyMass: m4)
        #expect(isClose(minimum, E, relative: 1e-12), "M \(M) m4 \(m4) E \(E)")
      }
    }
  }

  @Test("The recoil is emitted forward at T_max of a massless neutrino and |cos| stays below one")
  func angle() throws {
    let range = try #require(Kinematics.recoilRange(neutrinoEnergy: 30, targetMass: 68_841, heavyMass: 0))
    let cosine = Kinematics.recoilCosine(
      neutrinoEnergy: 30, recoil: range.upper, targetMass: 68_841, heavyMass: 0)
    #expect(isClose(cosine, 1, relative: 1e-14))
    let inner = Kinematics.recoilCosine(neutrinoEnergy: 30, recoil: 0.004, targetMass: 68_841, heavyMass: 10)
    #expect(inner > 0 && inner < 1)
    let transfer = Kinematics.momentumTransferSquared(recoil: 0.004, targetMass: 68_841)
    #expect(isClose(transfer, -550.728, relative: 1e-15))
  }

  @Test("Zero recoil needs no energy for a massless neutrino and infinite energy otherwise")
  func zeroRecoil() {
    #expect(Kinematics.minimumNeutrinoEnergy(recoil: 0, targetMass: 100, heavyMass: 0) == 0)
    #expect(Kinematics.minimumNeutrinoEnergy(recoil: 0, targetMass: 100, heavyMass: 1) == .infinity)
  }

  /// Atomic masses of 133Cs and 127I from AME2020 (Wang et al., Chin. Phys. C 45 (2021) 030003); the products were worked
  /// out in decimal arithmetic.
  @Test(
    "Nuclear masses are atomic masses without the electrons",
    arguments: [(132.905451958, 55, 123_772.53973609164), (126.904472592, 53, 118_183.684845818531)])
  func nuclearMasses(atomicMass: Double, protons: Int, expected: Double) {
    #expect(isClose(nuclearMass(atomicMass: atomicMass, protons: protons), expected, relative: 1e-15))
  }

  @Test("the heaviest product of E is the mass whose threshold is E")
  func heaviestProduct() {
    for (energy, target) in [(52.83, 123_800.0), (0.862, 0.51099895), (1e-3, 0.51099895), (15.1, 67_600)] {
      let mass = Kinematics.heaviestProduct(energy: energy, targetMass: target)
      let threshold = Kinematics.thresholdEnergy(targetMass: target, heavyMass: mass)
      #expect(isClose(threshold, energy, relative: 1e-14))
    }
  }
}
