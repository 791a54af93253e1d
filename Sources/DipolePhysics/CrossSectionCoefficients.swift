/// dsigma/dT = a + b/E + c/E^2 at fixed recoil T, the form every process of this program has [UPS-10].
/// Units: a in cm^2/MeV, b in cm^2, c in cm^2 MeV.
package struct CrossSectionCoefficients: Hashable, Sendable {
  package var a: Double
  package var b: Double
  package var c: Double

  package init(a: Double, b: Double, c: Double) {
    self.a = a
    self.b = b
    self.c = c
  }

  /// dsigma/dT in cm^2/MeV at neutrino energy E (MeV); does not check the kinematics.
  package func value(at E: Double) -> Double { a + (b + c / E) / E }

  /// All three multiplied by a factor.
  package func scaled(by factor: Double) -> CrossSectionCoefficients {
    CrossSectionCoefficients(a: a * factor, b: b * factor, c: c * factor)
  }
}
