import Foundation

/// Nuclear form factor F(q) with F(0) = 1 [UPS-7]; real, with the sign it has beyond its zeros.
package struct FormFactor: Hashable, Sendable {
  package enum Shape: String, Hashable, Sendable, CaseIterable {
    /// 3 j1(q R0)/(q R0) exp(-q^2 s^2/2) (Helm, PR 104 (1956) 1466)
    case helm
    /// 3 j1(q R_A)/(q R_A) / (1 + q^2 a_k^2) (Klein and Nystrand, PRC 60 (1999) 014903)
    case kleinNystrand
    /// symmetrised Fermi distribution (Sprung and Martorell, J. Phys. A 30 (1997) 6525)
    case fermi
    /// 1: a point nucleus
    case unity
  }

  package let shape: Shape
  /// R0, R_A or the half-density radius c, fm.
  package let radius: Double
  /// s, a_k or the diffuseness a, fm.
  package let thickness: Double

  private init(shape: Shape, radius: Double, thickness: Double) {
    self.shape = shape
    self.radius = radius
    self.thickness = thickness
  }

  /// The form factor whose distribution has the given root-mean-square radius (fm):
  /// R0^2 = (5/3)(r^2 - 3 s^2), R_A^2 = (5/3)(r^2 - 6 a_k^2), c^2 = (5/3)(r^2 - (7/5)(pi a)^2). NaN everywhere when the
  /// radius is not above `smallestRadius`; check first.
  package init(shape: Shape, rmsRadius: Double, thickness: Double) {
    let smallest = Self.smallestRadius(shape: shape, thickness: thickness)
    let square = 5.0 / 3 * (rmsRadius - smallest) * (rmsRadius + smallest)
    self.init(shape: shape, radius: square.squareRoot(), thickness: thickness)
  }

  /// The root-mean-square radius (fm) that the surface of this thickness (fm) has by itself: s sqrt3, a_k sqrt6,
  /// pi a sqrt(7/5), 0.
  package static func smallestRadius(shape: Shape, thickness: Double) -> Double {
    switch shape {
    case .helm: thickness * 3.0.squareRoot()
    case .kleinNystrand: thickness * 6.0.squareRoot()
    case .fermi: thickness * Double.pi * 1.4.squareRoot()
    case .unity: 0
    }
  }

  /// Root-mean-square radius (fm) of the distribution: the inverse of `init(shape:rmsRadius:thickness:)`; 0 for a point.
  package var rmsRadius: Double {
    let smallest = Self.smallestRadius(shape: shape, thickness: thickness)
    return (0.6 * radius * radius + smallest * smallest).squareRoot()
  }

  /// The form factor with the root-mean-square radius times `factor` and the same thickness; nil when that leaves no
  /// more than the surface, and for a point nucleus.
  package func scalingRadius(by factor: Double) -> FormFactor? {
    let scaled = factor * rmsRadius
    guard shape != .unity, scaled > Self.smallestRadius(shape: shape, thickness: thickness) else {
      return nil
    }
    return FormFactor(shape: shape, rmsRadius: scaled, thickness: thickness)
  }

  /// Helm form factor of radius R0 and skin s, fm.
  package static func helm(radius: Double, skin: Double) -> FormFactor {
    FormFactor(shape: .helm, radius: radius, thickness: skin)
  }

  /// Klein-Nystrand form factor of hard-sphere radius R_A and Yukawa range a_k, fm.
  package static func kleinNystrand(radius: Double, range: Double) -> FormFactor {
    FormFactor(shape: .kleinNystrand, radius: radius, thickness: range)
  }

  /// Symmetrised Fermi form factor of half-density radius c and diffuseness a, fm.
  package static func fermi(halfRadius: Double, diffuseness: Double) -> FormFactor {
    FormFactor(shape: .fermi, radius: halfRadius, thickness: diffuseness)
  }

  /// F = 1.
  package static let unity = FormFactor(shape: .unity, radius: 0, thickness: 0)

  /// F at momentum transfer q >= 0 in fm^-1.
  package func value(momentumTransfer q: Double) -> Double {
    let qs = q * thickness
    switch shape {
    case .helm: return Self.sphere(q * radius) * exp(-0.5 * qs * qs)
    case .kleinNystrand: return Self.sphere(q * radius) / (1 + qs * qs)
    case .fermi: return Self.fermi(q * radius, ratio: Double.pi * thickness / radius)
    case .unity: return 1
    }
  }

  // MARK: - Pieces

  /// 3 j1(y)/y = 3 (sin y - y cos y)/y^3 of a homogeneous sphere.
  private static func sphere(_ y: Double) -> Double { 3 * sineDefect(y) }

  /// (sin y - y cos y)/y^3 = sum over k of (-1)^k y^(2k) (2k+2)/(2k+3)!; the series below y = 1.
  private static func sineDefect(_ y: Double) -> Double {
    guard abs(y) < 1 else { return (sin(y) - y * cos(y)) / (y * y * y) }
    return defectSeries(-y * y)
  }

  /// Sum over k of z^k (2k+2)/(2k+3)! for |z| <= 1.
  private static func defectSeries(_ z: Double) -> Double {
    var sum = 0.0
    for k in stride(from: 9, through: 1, by: -1) {
      let index = Double(k)
      // ratio of successive terms: z (2k+2) / (2k (2k+2) (2k+3)) with the factor carried in nested form
      sum = (1 + sum) * z / (2 * index * (2 * index + 3))
    }
    return (1 + sum) / 3
  }

  /// (w coth w - 1)/w^2, with (w cosh w - sinh w)/w^3 as a series below w = 1.
  private static func hyperbolicDefect(_ w: Double) -> Double {
    guard w < 1 else { return (w / tanh(w) - 1) / (w * w) }
    return defectSeries(w * w) * overSinh(w)
  }

  private static func overSinh(_ w: Double) -> Double { w == 0 ? 1 : w / sinh(w) }

  /// F = 3/(u (u^2 + w^2)) (w/sinh w) [w sin u/tanh w - u cos u] with u = qc, w = pi q a, written without cancellation
  /// at small q.
  private static func fermi(_ u: Double, ratio: Double) -> Double {
    let w = u * ratio
    let sinc = u == 0 ? 1 : sin(u) / u
    let bracket = hyperbolicDefect(w) * ratio * ratio * sinc + sineDefect(u)
    return 3 / (1 + ratio * ratio) * overSinh(w) * bracket
  }
}

/// R0 (fm) of the Helm form factor in the parametrisation of Lewin and Smith, Astropart. Phys. 6 (1996) 87:
/// R0^2 = c^2 + (7/3) pi^2 a^2 - 5 s^2 with c = 1.23 A^(1/3) - 0.60, a = 0.52, s = 0.9 fm [UPS-7]; A >= 2.
package func lewinSmithRadius(massNumber: Int) -> Double {
  let c = 1.23 * cbrt(Double(massNumber)) - 0.60
  let a = 0.52
  let s = 0.9
  return (c * c + 7.0 / 3 * Double.pi * Double.pi * a * a - 5 * s * s).squareRoot()
}
