import DipolePhysics
import Testing

@Suite struct SolarProductionTests {
  static let sun = SolarMixing(sin2Theta12: 0.307, sin2Theta13: 0.022, massSplitting: 7.5e-5)

  @Test(
    "At one density P_e1 and P_e2 are those of 40-digit arithmetic",
    arguments: [
      // E (MeV), n_e (mol/cm^3), P_e1, P_e2: mpmath values of the project's reference tables
      (6.8283, 79.181, 0.19604610873098529, 0.78195389126901471),
      (14.5298, 20.315, 0.3846213342552712, 0.5933786657447288),
      (0.817, 70.837, 0.62673412444325011, 0.35126587555674989),
      (0.2668, 51.795, 0.66612604094863868, 0.31187395905136132),
      (8.5359, 72.372, 0.15898387785009499, 0.81901612214990501),
      (0.2257, 79.636, 0.66255973122741153, 0.31544026877258847),
    ])
  func density(_ energy: Double, _ density: Double, _ p1: Double, _ p2: Double) {
    let p = SolarProduction(electronDensity: density).probabilities(energy: energy, mixing: Self.sun)
    #expect(isClose(p.e1, p1, relative: 1e-10) && isClose(p.e2, p2, relative: 1e-10) && p.e3 == 0.022)
  }

  @Test("The electron density follows the published fit")
  func profile() {
    // numpy: 10^(2.36 - 4.52 x - 0.33 exp(-(x/0.075)^1.1)) at x = 0, 0.05, 0.1, 0.25
    let values = [107.1519305237606, 91.2061619605336, 66.73182455678318, 16.684567513109993]
    for (x, value) in zip([0, 0.05, 0.1, 0.25], values) {
      #expect(isClose(SolarProduction.electronDensity(radius: x), value, relative: 1e-12))
    }
  }

  @Test("A production region of no width is one density; a wide one averages between its ends")
  func regions() {
    let thin = SolarProduction(radii: [0.1, 0.1 + 1e-9], density: [1, 1])
    let point = SolarProduction(electronDensity: SolarProduction.electronDensity(radius: 0.1))
    let a = thin.probabilities(energy: 8, mixing: Self.sun)
    let b = point.probabilities(energy: 8, mixing: Self.sun)
    #expect(isClose(a.e1, b.e1, relative: 1e-7))
    // Simpson's rule in 0.05 ... 0.15 with weight x - 0.05: 20000 steps (numpy)
    let wide = SolarProduction(radii: [0.05, 0.1, 0.15], density: [0, 5, 10])
    #expect(isClose(wide.probabilities(energy: 8, mixing: Self.sun).e1, 0.2446269551761541, relative: 1e-5))
  }
}
