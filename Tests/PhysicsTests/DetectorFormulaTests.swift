import DipolePhysics
import Foundation
import Testing
import Units

@Suite struct DetectorFormulaTests {
  @Test("Arrival times agree with a numerical convolution", arguments: ReferenceValues.arrival)
  func arrival(row: [Double]) {
    let pulse = ArrivalTime(center: row[0], width: row[1])
    #expect(isClose(pulse.promptCDF(at: row[2]), row[3], relative: 1e-12))
    #expect(isClose(pulse.delayedCDF(at: row[2]), row[4], relative: 1e-12))
  }

  @Test(
    "Arrival-time distributions rise from 0 to 1 for narrow and wide pulses", arguments: [0.001, 0.1, 5.0])
  func monotone(width: Double) {
    let pulse = ArrivalTime(center: 1, width: width)
    var previous = (prompt: 0.0, delayed: 0.0)
    for i in 0...400 {
      let t = -40 + Double(i) * 0.3
      let next = (prompt: pulse.promptCDF(at: t), delayed: pulse.delayedCDF(at: t))
      #expect(next.prompt >= previous.prompt - 1e-15 && next.delayed >= previous.delayed - 1e-15)
      previous = next
    }
    #expect(isClose(previous.prompt, 1, relative: 1e-12) && isClose(previous.delayed, 1, relative: 1e-12))
  }

  @Test("Quenching follows the published parametrisations")
  func quenching() {
    let c = [0.0554628, 4.30681, -111.707, 840.384]
    let T = 0.02
    let expected = c[0] * T + c[1] * T * T + c[2] * pow(T, 3) + c[3] * pow(T, 4)
    #expect(isClose(Quenching.polynomial(recoil: T, coefficients: c), expected, relative: 1e-14))
    #expect(Quenching.polynomial(recoil: T, coefficients: []) == 0)
    #expect(
      isClose(Quenching.linear(recoil: 0.01, offset: 0.246, slopePerKeV: 7.8e-4), 0.002538, relative: 1e-14))
    // germanium at 1 keV: eps = 0.003537, g = 1.3139, k g = 0.20629
    #expect(isClose(Quenching.lindhard(recoil: 1e-3, protons: 32, k: 0.157) / 1e-3, 0.17101, relative: 3e-4))
    #expect(Quenching.lindhard(recoil: 0, protons: 32, k: 0.157) == 0)
  }

  @Test("A 10 MeV N with 1e-9 mu_B leaves every detector")
  func decay() {
    let width = HeavyNeutrinoDecay.width(heavyMass: 10, magneticMoment: 1e-9, nature: .dirac)
    #expect(isClose(width, 1.75e-18, relative: 3e-3))
    #expect(HeavyNeutrinoDecay.width(heavyMass: 10, magneticMoment: 1e-9, nature: .majorana) == 2 * width)
    let energy = 10 * 2.0.squareRoot()  // momentum equal to mass: the length is c tau
    let length = HeavyNeutrinoDecay.decayLength(
      energy: energy, heavyMass: 10, magneticMoment: 1e-9, nature: .dirac)
    #expect(isClose(length, 1.13e7, relative: 3e-3))
    let probability = HeavyNeutrinoDecay.decayProbability(from: 0, to: 100, decayLength: length)
    #expect(isClose(probability, 100 / length, relative: 1e-5))
    let split =
      HeavyNeutrinoDecay.decayProbability(from: 0, to: 40, decayLength: 50)
      + HeavyNeutrinoDecay.decayProbability(from: 40, to: 90, decayLength: 50)
    #expect(isClose(split, 1 - exp(-1.8), relative: 1e-14))
  }
}
