import ScanCore

/// Flux tables whose threshold moments are exact polynomials: phi(E) = E^2 (c + s E) on every segment makes I_0, I_1
/// and I_2, hence H_0, H_1 and H_2, polynomials in E_min [UPS-8]. So `moments` and `quadrature` describe the same flux
/// to the last digit, and a difference between the modes is a mistake.
struct SyntheticFlux {
  /// Ascending, MeV
  let edges: [Double]
  /// Highest power of t in a moment: I_0 has E_min^4.
  static let momentDegree = 4
  static let spectrumDegree = 3

  /// A continuous component.
  /// - Parameters:
  ///   - levels: c per segment
  ///   - slope: s, MeV^-1
  func continuum(output: Int, levels: [Double], slope: Double) -> FluxComponent {
    // I_n of the segments above: integral of E^(2-n) (c + s E)
    var above = [0.0, 0.0, 0.0]
    var moments = [[Double]](repeating: [], count: edges.count - 1)
    var spectrum = moments
    for k in levels.indices.reversed() {
      let density = [0, 0, levels[k], slope]
      let variable = Polynomial([edges[k + 1], edges[k] - edges[k + 1]])  // E = E_hi - (E_hi - E_lo) t
      spectrum[k] = Polynomial(density).composed(with: variable).padded(to: Self.spectrumDegree)
      var partial: [Polynomial] = []
      for n in 0...2 {
        let primitive = Polynomial(Array(density[n...])).primitive
        let top = primitive.value(at: edges[k + 1])
        partial.append(Polynomial([above[n] + top]) - primitive.composed(with: variable))
        above[n] += top - primitive.value(at: edges[k])
      }
      moments[k] = Self.relative(partial, variable).flatMap { $0.padded(to: Self.momentDegree) }
    }
    return FluxComponent(
      output: output, momentDegree: Self.momentDegree, moments: moments.flatMap { $0 },
      spectrumDegree: Self.spectrumDegree, spectrum: spectrum.flatMap { $0 }, lineEnergies: [],
      lineWeights: [])
  }

  /// H_0 = I_0, H_1 = I_0 - E I_1, H_2 = I_0 - 2 E I_1 + E^2 I_2 at E = E_min.
  private static func relative(_ i: [Polynomial], _ energy: Polynomial) -> [Polynomial] {
    let first = energy * i[1]
    return [i[0], i[0] - first, i[0] - first - first + energy * energy * i[2]]
  }

  /// Monochromatic lines at edges of the group: H_n = sum of w (1 - E_min/E)^n over lines at or above E_min.
  func lines(output: Int, at edgeIndices: [Int], weights: [Double]) -> FluxComponent {
    let energies = edgeIndices.map { edges[$0] }
    var moments: [Double] = []
    for k in 0..<edges.count - 1 {
      let energy = Polynomial([edges[k + 1], edges[k] - edges[k + 1]])
      for n in 0...2 {
        var sum = Polynomial([0])
        for (line, weight) in zip(energies, weights) where line >= edges[k + 1] {
          let fraction = Polynomial([1]) - energy * Polynomial([1 / line])
          sum =
            sum + Polynomial([weight]) * (n == 0 ? Polynomial([1]) : n == 1 ? fraction : fraction * fraction)
        }
        moments += sum.padded(to: Self.momentDegree)
      }
    }
    return FluxComponent(
      output: output, momentDegree: Self.momentDegree, moments: moments, spectrumDegree: 0,
      spectrum: [Double](repeating: 0, count: edges.count - 1), lineEnergies: energies, lineWeights: weights)
  }
}

/// Coefficients, lowest power first.
struct Polynomial {
  var coefficients: [Double]
  init(_ coefficients: [Double]) { self.coefficients = coefficients }

  func value(at x: Double) -> Double { coefficients.reversed().reduce(0) { $0 * x + $1 } }

  var primitive: Polynomial {
    Polynomial([0] + coefficients.enumerated().map { $1 / Double($0 + 1) })
  }

  func composed(with inner: Polynomial) -> Polynomial {
    coefficients.reversed().reduce(Polynomial([0])) { $0 * inner + Polynomial([$1]) }
  }

  /// Exactly degree + 1 coefficients; higher ones vanish by construction.
  func padded(to degree: Int) -> [Double] {
    (0...degree).map { $0 < coefficients.count ? coefficients[$0] : 0 }
  }

  static func + (a: Polynomial, b: Polynomial) -> Polynomial {
    let degree = max(a.coefficients.count, b.coefficients.count) - 1
    return Polynomial(zip(a.padded(to: degree), b.padded(to: degree)).map { $0 + $1 })
  }

  static func - (a: Polynomial, b: Polynomial) -> Polynomial { a + b * Polynomial([-1]) }

  static func * (a: Polynomial, b: Polynomial) -> Polynomial {
    var product = [Double](repeating: 0, count: a.coefficients.count + b.coefficients.count - 1)
    for (i, x) in a.coefficients.enumerated() {
      for (j, y) in b.coefficients.enumerated() { product[i + j] += x * y }
    }
    return Polynomial(product)
  }
}
