import DipolePhysics
import Foundation
import Testing
import Units

@Suite struct CrossSectionTests {
  @Test("CEvNS agrees with 50-digit values", arguments: ReferenceValues.cevns)
  func cevnsReference(row: [Double]) {
    let value = CEvNSCrossSection.differential(
      neutrinoEnergy: row[1], recoil: row[2], targetMass: row[0], weakCharge: 1)
    #expect(isClose(value, row[3], relative: 1e-14))
  }

  @Test("The three kinematic variants differ by the terms they drop")
  func cevnsVariants() {
    let (M, E, T) = (26_053.0, 40.0, 0.05)
    let values = CEvNSCrossSection.Variant.allCases.map {
      CEvNSCrossSection.differential(neutrinoEnergy: E, recoil: T, targetMass: M, weakCharge: -7, variant: $0)
    }
    let scale = 49 * pow(PhysicalConstants.fermiConstant, 2) * M / Double.pi * PhysicalConstants.hbarCSquared
    #expect(isClose((values[0] - values[1]) / scale, T / E, relative: 1e-11))
    #expect(isClose((values[2] - values[1]) / scale, T * T / (2 * E * E), relative: 1e-7))
  }

  @Test("Spin-1/2 CEvNS vanishes smoothly at the largest recoil and is exactly zero beyond")
  func cevnsEnd() throws {
    let range = try #require(Kinematics.recoilRange(neutrinoEnergy: 30, targetMass: 1e5, heavyMass: 0))
    let value = {
      CEvNSCrossSection.differential(neutrinoEnergy: 30, recoil: $0, targetMass: 1e5, weakCharge: 1)
    }
    #expect(value(range.upper * 1.0000001) == 0)
    #expect(value(range.upper * 0.9999999) < 1e-6 * value(0))
  }

  @Test("The weak charge is -1/2 (N - (1 - 4 s^2) Z) at tree level")
  func weakCharge() {
    let s2 = PhysicalConstants.weakMixingAngleSquaredSine
    let charge = WeakCouplings.tree(sin2: s2).weakCharge(protons: 55, neutrons: 78)
    #expect(isClose(charge, -0.5 * (78 - (1 - 4 * s2) * 55), relative: 1e-14))
  }

  @Test("Radiative proton couplings decrease from e to mu to tau, those of neutrons do not change")
  func radiative() {
    let couplings = ["e", "mu", "tau"].map { WeakCouplings.radiative(flavourFamily: $0) }
    #expect(couplings.map(\.protonVector) == [0.0401, 0.0318, 0.0275])
    #expect(couplings.allSatisfy { $0.neutronVector == -0.5094 })
  }

  @Test("Neutrino-electron scattering agrees with 50-digit values", arguments: ReferenceValues.electrons)
  func electronReference(row: [Double]) {
    let value = ElectronCrossSection.differential(
      neutrinoEnergy: row[2], recoil: row[3], left: row[0], right: row[1])
    #expect(isClose(value, row[4], relative: 1e-13))
  }

  @Test("Chiral couplings: nu_e has the charged current, antineutrinos exchange left and right")
  func chiralCouplings() {
    for family in ["e", "mu", "tau"] {
      let neutrino = ElectronCrossSection.chiralCouplings(family: family, antineutrino: false, sin2: 0.23)
      let antineutrino = ElectronCrossSection.chiralCouplings(family: family, antineutrino: true, sin2: 0.23)
      #expect(neutrino.right == 0.23 && antineutrino.left == 0.23)
      #expect(neutrino.left == (family == "e" ? 0.73 : -0.27) && antineutrino.right == neutrino.left)
    }
  }

  @Test("Electron scattering is exactly zero beyond T_max = 2E^2/(m_e + 2E)")
  func electronEnd() {
    let end = 2 * 0.25 / (PhysicalConstants.electronMass + 1)
    #expect(
      ElectronCrossSection.differential(neutrinoEnergy: 0.5, recoil: end * 1.0001, left: 0.7, right: 0.2) == 0
    )
    #expect(
      ElectronCrossSection.differential(neutrinoEnergy: 0.5, recoil: end * 0.9999, left: 0.7, right: 0.2) > 0)
  }

  // MARK: - Other interactions

  @Test("A heavy vector mediator acts as a contact shift, a light one as 1/(2MT)")
  func vectorLimits() {
    let shift = { (mass: Double) in
      WeakChargeShift.vector(
        recoil: 0.01, targetMass: 7e4, neutrinoCoupling: 1e-4, nucleonCharge: 2e-3, mediatorMass: mass)
    }
    #expect(isClose(shift(1e5) * 1e10, shift(1e6) * 1e12, relative: 1e-6))
    #expect(
      isClose(shift(0), 2e-7 / (2.0.squareRoot() * PhysicalConstants.fermiConstant * 1400), relative: 1e-14))
  }

  @Test("A millicharge is a massless vector with coupling product 4 pi alpha q")
  func millichargeIsVector() {
    let (M, T) = (7e4, 0.004)
    let charge = 4 * Double.pi * PhysicalConstants.fineStructure
    let vector = WeakChargeShift.vector(
      recoil: T, targetMass: M, neutrinoCoupling: 1e-9 * charge, nucleonCharge: 30, mediatorMass: 0)
    let milli = WeakChargeShift.millicharge(recoil: T, targetMass: M, neutrinoCharge: 1e-9, protons: 30)
    #expect(isClose(vector, milli, relative: 1e-14))
  }

  @Test("A charge radius is the slope of a millicharge, q(t) = t <r^2>/6 with t = -2MT")
  func chargeRadiusIsSlope() {
    let (M, T, radius) = (7e4, 0.004, -0.83e-32)
    let charge = -2 * M * T * radius / PhysicalConstants.hbarCSquared / 6
    let milli = WeakChargeShift.millicharge(recoil: T, targetMass: M, neutrinoCharge: charge, protons: 30)
    #expect(isClose(WeakChargeShift.chargeRadius(radiusSquared: radius, protons: 30), milli, relative: 1e-13))
  }

  @Test("Scalar and tensor cross sections grow with the square of the coupling and have their own shapes")
  func scalarAndTensor() {
    let (M, T, E) = (7e4, 0.01, 30.0)
    let scalar = { ScalarCrossSection.coefficients(recoil: T, targetMass: M, coupling: $0, mediatorMass: 50) }
    #expect(isClose(scalar(2e-7).value(at: E), 4 * scalar(1e-7).value(at: E), relative: 1e-14))
    #expect(scalar(1e-7).a == 0 && scalar(1e-7).b == 0)
    let tensor = TensorCrossSection.coefficients(recoil: T, targetMass: M, coupling: 1e-7, mediatorMass: 50)
    let propagator = 2 * M * T + 2500
    let scale = 4 * M / Double.pi * 1e-14 / (propagator * propagator) * PhysicalConstants.hbarCSquared
    let shape = 1 - T / E - M * T / (4 * E * E) + T * T / (4 * E * E)
    #expect(isClose(tensor.value(at: E), scale * shape, relative: 1e-13))
  }

  @Test("The axial part of the interference changes sign for antineutrinos, the vector part does not")
  func interference() {
    let sigma = { (vector: Double, axial: Double, antineutrino: Bool) in
      InterferenceCrossSection.coefficients(
        recoil: 0.01, targetMass: 7e4, heavyMass: 10, magneticMoment: 1e-9, charge: 32, vectorCharge: vector,
        axialCharge: axial, antineutrino: antineutrino
      ).value(at: 40)
    }
    #expect(sigma(-20, 0, false) == sigma(-20, 0, true) && sigma(-20, 0, false) < 0)
    #expect(sigma(0, 1, false) == -sigma(0, 1, true) && sigma(0, 1, false) < 0)
  }
}
