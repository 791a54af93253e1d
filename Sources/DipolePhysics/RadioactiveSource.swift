import Foundation
import Numerical

/// A decaying point source of neutrinos beside a homogeneous detector [UPS-33].
package enum RadioactiveSource {
  /// Half-life of 51Cr: 27.7025 d, in seconds.
  package static let chromium51HalfLife = 27.7025 * 86400

  /// Activity averaged over an exposure, relative to its beginning: (1 - 2^-x) / (x ln 2), x = exposure / half-life > 0.
  package static func meanActivity(exposure: Double, halfLife: Double) -> Double {
    let decays = exposure / halfLife * log(2)
    return -expm1(-decays) / decays
  }

  /// 1/(4 pi r^2), cm^-2, at distance r (cm).
  package static func pointDilution(distance: Double) -> Double { 1 / (4 * Double.pi * distance * distance) }

  /// <1/(4 pi r^2)> (cm^-2) over a ball of radius R whose centre is D > R away (cm), with e = R/D:
  ///
  ///     <1/r^2> = 3/(4 R^3) [2R - (D^2 - R^2)/D ln((D+R)/(D-R))] = D^-2 sum_k 3 e^(2k)/((2k+1)(2k+3))
  package static func ballDilution(radius: Double, distance: Double) -> Double {
    let e = radius / distance
    var factor = 0.0
    if e < 0.5 {
      for k in stride(from: 30, through: 0, by: -1) {
        factor = factor * e * e + 3 / (Double(2 * k + 1) * Double(2 * k + 3))
      }
    } else {
      factor = 0.75 / (e * e * e) * (2 * e - (1 - e) * (1 + e) * log((1 + e) / (1 - e)))
    }
    return factor * pointDilution(distance: distance)
  }

  /// <1/(4 pi r^2)> (cm^-2) over a cylinder shell around the axis z through the source at z = 0: inner radius a >= 0 and outer
  /// radius b > a, between heights z1 < z2 (cm). With a = 0, a full cylinder, the source must not be inside (z1 > 0).
  ///
  ///     <1/r^2> = [G_b(z2) - G_b(z1) - G_a(z2) + G_a(z1)] / ((b^2 - a^2)(z2 - z1)),
  ///     G_c(z) = z ln(z^2 + c^2) + 2 c atan(z/c)
  package static func shellDilution(inner a: Double, outer b: Double, from z1: Double, to z2: Double)
    -> Double
  {
    let area = (b - a) * (b + a)
    // Far away the closed form cancels, and few nodes do.
    if z1 > 4 * max(b, z2 - z1) {
      let rule = GaussLegendre.rule(20)
      var sum = 0.0
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let z = 0.5 * (z1 + z2 + node * (z2 - z1))
        sum += 0.5 * weight * log1p(area / (a * a + z * z))
      }
      return sum / (4 * Double.pi * area)
    }
    func antiderivative(_ c: Double, _ z: Double) -> Double {
      let logarithm = z == 0 ? 0 : z * log(z * z + c * c)
      return c > 0 ? logarithm + 2 * c * atan(z / c) : logarithm
    }
    let integral =
      antiderivative(b, z2) - antiderivative(b, z1) - antiderivative(a, z2) + antiderivative(a, z1)
    return integral / (4 * Double.pi * area * (z2 - z1))
  }
}
