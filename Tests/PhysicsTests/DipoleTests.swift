import DipolePhysics
import Foundation
import Numerical
import Testing
import Units

@Suite struct DipoleTests {
  /// A random allowed point: E a little to far above E_min(T).
  private struct Point {
    let M: Double
    let m4: Double
    let E: Double
    let T: Double

    init(_ random: inout SeededGenerator) {
      M = Bool.random(using: &random) ? PhysicalConstants.electronMass : random.logUniform(2e4...2e5)
      m4 = random.logUniform(1e-3...50)
      T = random.logUniform(0.02...50) * Kinematics.thresholdRecoil(targetMass: M, heavyMass: m4)
      let minimum = Kinematics.minimumNeutrinoEnergy(recoil: T, targetMass: M, heavyMass: m4)
      E = minimum * (1 + random.logUniform(1e-9...30))
    }
  }

  @Test("dsigma/dT and the total cross section agree with 50-digit values", arguments: ReferenceValues.dipole)
  func reference(row: [Double]) {
    let (M, m4, E, T) = (row[0], row[1], row[2], row[3])
    let value = DipoleCrossSection.differential(
      neutrinoEnergy: E, recoil: T, targetMass: M, heavyMass: m4, magneticMoment: 1e-9, chargeSquared: 1)
    #expect(isClose(value, row[4], relative: 1e-13))
    let total = DipoleCrossSection.total(
      neutrinoEnergy: E, targetMass: M, heavyMass: m4, magneticMoment: 1e-9, charge: 1)
    #expect(isClose(total, row[5], relative: 1e-13))
  }

  @Test("For m4 -> 0 the magnetic-moment formula (1/T - 1/E) remains", arguments: [1e-6, 0], [0.01, 1.0])
  func magneticMoment(m4: Double, T: Double) {
    let E = 20.0
    let (M, scale) = (PhysicalConstants.electronMass, DipoleCrossSection.prefactor * 1e-20)
    let value = DipoleCrossSection.differential(
      neutrinoEnergy: E, recoil: T, targetMass: M, heavyMass: m4, magneticMoment: 1e-10, chargeSquared: 1)
    #expect(isClose(value, scale * (1 / T - 1 / E), relative: 1e-12))
    #expect(isClose(DipoleCrossSection.prefactor, 2.49467202303e-25, relative: 1e-11))
  }

  @Test("The bracket is positive for every E >= E_min(T)", arguments: [TargetSpin.half, .zero])
  func positive(spin: TargetSpin) {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<5000 {
      let p = Point(&random)
      // spin 0 is meant for nuclei
      let M = spin == .zero ? max(p.M, 2e4) : p.M
      let minimum = Kinematics.minimumNeutrinoEnergy(recoil: p.T, targetMass: M, heavyMass: p.m4)
      for E in [minimum, max(minimum, p.E)] {
        let value = DipoleCrossSection.bracket(
          neutrinoEnergy: E, recoil: p.T, targetMass: M, heavyMass: p.m4, spin: spin)
        #expect(value > 0, "M \(M) m4 \(p.m4) E \(E) T \(p.T)")
      }
    }
  }

  @Test(
    "The coefficients in 1/E and the factorised bracket are the same function",
    arguments: [TargetSpin.half, .zero])
  func coefficientsMatchBracket(spin: TargetSpin) {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<2000 {
      let p = Point(&random)
      let sigma = DipoleCrossSection.coefficients(
        recoil: p.T, targetMass: p.M, heavyMass: p.m4, magneticMoment: 1e-10, chargeSquared: 4, spin: spin)
      let value = DipoleCrossSection.differential(
        neutrinoEnergy: p.E, recoil: p.T, targetMass: p.M, heavyMass: p.m4, magneticMoment: 1e-10,
        chargeSquared: 4, spin: spin)
      let largest = max(sigma.a, abs(sigma.b / p.E), abs(sigma.c / (p.E * p.E)))
      #expect(isClose(value, sigma.value(at: p.E), relative: 1e-13, absolute: 2e-15 * largest))
    }
  }

  @Test(
    "The integral of dsigma/dT is the closed-form total", arguments: [TargetSpin.half, .zero],
    [(68_841.0, 5.0, 12.0), (68_841, 30, 31), (0.51099895, 1, 40), (37_215.5, 0.1, 50)])
  func integralIsTotal(spin: TargetSpin, point: (M: Double, m4: Double, E: Double)) throws {
    let range = try #require(
      Kinematics.recoilRange(neutrinoEnergy: point.E, targetMass: point.M, heavyMass: point.m4))
    let integral = try integrateAdaptively(
      log(range.lower), log(range.upper), relativeTolerance: 1e-13, absoluteTolerance: 0,
      maximumIntervals: 2000
    ) { u in
      let T = exp(u)
      return T
        * DipoleCrossSection.bracket(
          neutrinoEnergy: point.E, recoil: T, targetMass: point.M, heavyMass: point.m4, spin: spin)
    }
    let total = DipoleCrossSection.total(
      neutrinoEnergy: point.E, targetMass: point.M, heavyMass: point.m4, magneticMoment: 1, charge: 3,
      spin: spin)
    #expect(isClose(9 * DipoleCrossSection.prefactor * integral.value, total, relative: 2e-12))
  }

  @Test("Outside the recoil limits dsigma/dT is exactly zero")
  func forbidden() throws {
    let (M, m4, E) = (123_772.5, 15.0, 25.0)
    let range = try #require(Kinematics.recoilRange(neutrinoEnergy: E, targetMass: M, heavyMass: m4))
    let value = { (T: Double) in
      DipoleCrossSection.differential(
        neutrinoEnergy: E, recoil: T, targetMass: M, heavyMass: m4, magneticMoment: 1e-9, chargeSquared: 1)
    }
    #expect(value(range.upper * 1.000001) == 0 && value(range.lower * 0.999999) == 0)
    #expect(value(range.upper * 0.999999) > 0 && value(range.lower * 1.000001) > 0)
    #expect(value(0) == 0 && value(-1) == 0)
    let below = DipoleCrossSection.total(
      neutrinoEnergy: 14, targetMass: M, heavyMass: m4, magneticMoment: 1e-9, charge: 1)
    #expect(below == 0)
  }

  @Test("The total cross section of a massless N diverges and doubling the moment quadruples it otherwise")
  func totalScaling() {
    let total = { (m4: Double, moment: Double) in
      DipoleCrossSection.total(
        neutrinoEnergy: 20, targetMass: 68_841, heavyMass: m4, magneticMoment: moment, charge: 32)
    }
    #expect(total(0, 1e-10) == .infinity)
    #expect(total(5, 2e-10) == 4 * total(5, 1e-10))
  }

  @Test("The printed form of arXiv:2406.07477 equals its text and lies above the amplitude squared")
  func printedBracket() {
    let (M, m4, E, T) = (123_772.5, 20.0, 40.0, 0.008)
    let printed = DipoleCrossSection.bracket(
      neutrinoEnergy: E, recoil: T, targetMass: M, heavyMass: m4, bracket: .arxiv2406_07477)
    let text =
      1 / T - 1 / E - m4 * m4 / (2 * E * M * T) * (1 - (M - T) / (2 * E)) + pow(m4, 4) * (T - M)
      / (8 * E * E * T * T * M * M)
    #expect(isClose(printed, text, relative: 1e-12))
    let correct = DipoleCrossSection.bracket(neutrinoEnergy: E, recoil: T, targetMass: M, heavyMass: m4)
    #expect(printed > 1.1 * correct)
  }
}
