import DipolePhysics
import Numerical
import Rates
import ScanCore

/// Threshold moments and spectrum of one component on the segments of its group.
///
/// H_n(E_min) = integral over E > E_min of phi(E) (1 - E_min/E)^n dE [UPS-8]; per segment a polynomial in
/// t = (E_hi - E_min) / (E_hi - E_lo). Exact for pion decay at rest and lines; fitted for tables.
struct PlannedSpectrum {
  var momentDegree: Int
  var moments: [Double]
  var spectrumDegree: Int
  var spectrum: [Double]
  var lineEnergies: [Double] = []
  var lineWeights: [Double] = []
}

/// Segments on which a spectrum is planned, and how.
struct FluxPlanner {
  /// Degree of the polynomials fitted to tabulated spectra, on segments halved until they fit.
  static let fittedDegree = 8
  static let fitTolerance = 1e-13

  /// Edges of each component: ascending energies from zero to the end point; inside each segment the moments are one
  /// polynomial. Tables on the same nodes are refined together: with the same edges they share a flux group.
  static func edges(of models: [FluxComponentModel]) -> [[Double]] {
    var joint: [[Double]: [Double]] = [:]
    return models.map { model in
      let nodes = nodes(of: model)
      guard model.shape == .table else { return nodes }
      if let known = joint[nodes] { return known }
      let companions = models.filter { $0.shape == .table && Self.nodes(of: $0) == nodes }
      let edges = refined(nodes, spectra: companions.map(\.spectrum))
      joint[nodes] = edges
      return edges
    }
  }

  /// Zero and the break energies.
  private static func nodes(of model: FluxComponentModel) -> [Double] {
    [0] + Set(model.spectrum.breakEnergies.filter { $0 > 0 }).sorted()
  }

  static func plan(_ model: FluxComponentModel, edges: [Double]) -> PlannedSpectrum {
    switch model.shape {
    case .muonDecayAtRestElectron:
      // phi = (24/m_mu) t (1-t)^2;  H_0 = t^2 (6 - 8t + 3t^2), H_1 = t^3 (2 - t), H_2 = t^4
      let scale = 24 / (2 * edges[1])
      return PlannedSpectrum(
        momentDegree: 4,
        moments: [0, 0, 6, -8, 3] + [0, 0, 0, 2, -1] + [0, 0, 0, 0, 1],
        spectrumDegree: 3, spectrum: [0, scale, -2 * scale, scale])
    case .muonDecayAtRestAntiMuon:
      // phi = (4/m_mu) (1-t)^2 (1+2t);  H_0 = t (2 - 2t^2 + t^3), H_1 = t^2 (3 + t - t^2)/3, H_2 = t^3 (2 + t)/3
      let scale = 4 / (2 * edges[1])
      return PlannedSpectrum(
        momentDegree: 4,
        moments: [0, 2, 0, -2, 1] + [0, 0, 1, 1.0 / 3, -1.0 / 3] + [0, 0, 0, 2.0 / 3, 1.0 / 3],
        spectrumDegree: 3, spectrum: [scale, 0, -3 * scale, 2 * scale])
    case .pionDecayAtRestPrompt, .lines:
      return planLines(model.spectrum.lines, edges: edges)
    case .table:
      return fit(model.spectrum, edges: edges)
    }
  }

  // MARK: - Lines

  /// Between lines H_0 is constant, H_1 linear and H_2 quadratic in E_min.
  private static func planLines(_ lines: [(energy: Double, weight: Double)], edges: [Double])
    -> PlannedSpectrum
  {
    var moments: [Double] = []
    for k in 0..<edges.count - 1 {
      let high = edges[k + 1]
      let width = high - edges[k]
      var h0 = [0.0, 0, 0]
      var h1 = [0.0, 0, 0]
      var h2 = [0.0, 0, 0]
      for line in lines where line.energy >= high {
        let offset = (line.energy - high) / line.energy  // w = offset + slope t
        let slope = width / line.energy
        h0[0] += line.weight
        h1[0] += line.weight * offset
        h1[1] += line.weight * slope
        h2[0] += line.weight * offset * offset
        h2[1] += 2 * line.weight * offset * slope
        h2[2] += line.weight * slope * slope
      }
      moments += h0 + h1 + h2
    }
    let sorted = lines.sorted { $0.energy < $1.energy }
    return PlannedSpectrum(
      momentDegree: 2, moments: moments, spectrumDegree: 0,
      spectrum: [Double](repeating: 0, count: edges.count - 1),
      lineEnergies: sorted.map(\.energy), lineWeights: sorted.map(\.weight))
  }

  // MARK: - Tables

  /// Halves segments until the fitted moments of every spectrum agree with the exact ones between the interpolation
  /// nodes.
  private static func refined(_ nodes: [Double], spectra: [any NeutrinoSpectrum]) -> [Double] {
    let scaled = spectra.map { spectrum in
      let whole = spectrum.moments(above: 0.5 * (nodes.count > 1 ? nodes[1] : 1)).i0
      return (spectrum: spectrum, scale: Swift.max(whole, .leastNormalMagnitude))
    }
    var edges = [nodes[0]]
    for k in 1..<nodes.count {
      appendRefined(from: nodes[k - 1], to: nodes[k], spectra: scaled, depth: 0, into: &edges)
    }
    return edges
  }

  private static func appendRefined(
    from low: Double, to high: Double, spectra: [(spectrum: any NeutrinoSpectrum, scale: Double)], depth: Int,
    into edges: inout [Double]
  ) {
    let worst = spectra.map { misfit($0.spectrum, low: low, high: high) / $0.scale }.max() ?? 0
    if worst > fitTolerance && depth < 12 {
      let middle = 0.5 * (low + high)
      appendRefined(from: low, to: middle, spectra: spectra, depth: depth + 1, into: &edges)
      appendRefined(from: middle, to: high, spectra: spectra, depth: depth + 1, into: &edges)
    } else {
      edges.append(high)
    }
  }

  /// Largest difference between fitted and exact moments inside a segment.
  private static func misfit(_ spectrum: any NeutrinoSpectrum, low: Double, high: Double) -> Double {
    let fits = fitSegment(spectrum, low: low, high: high)
    var worst = 0.0
    for t in stride(from: 0.05, through: 0.95, by: 0.09) {
      let exact = thresholdMoments(spectrum, at: high - t * (high - low))
      for n in 0..<3 {
        let value = fits[n].reversed().reduce(0) { $0 * t + $1 }
        worst = Swift.max(worst, abs(value - exact[n]))
      }
    }
    return worst
  }

  private static func fit(_ spectrum: any NeutrinoSpectrum, edges: [Double]) -> PlannedSpectrum {
    var moments: [Double] = []
    var density: [Double] = []
    for k in 0..<edges.count - 1 {
      moments += fitSegment(spectrum, low: edges[k], high: edges[k + 1]).flatMap { $0 }
      let width = edges[k + 1] - edges[k]
      // piecewise linear inside a segment: value just below the upper edge and just above the lower one
      let upper = spectrum.density(at: edges[k + 1] - 1e-9 * width)
      let lower = spectrum.density(at: edges[k] + 1e-9 * width)
      density += [upper, lower - upper]
    }
    return PlannedSpectrum(momentDegree: fittedDegree, moments: moments, spectrumDegree: 1, spectrum: density)
  }

  /// Three polynomials in t through the Chebyshev nodes of the segment.
  private static func fitSegment(_ spectrum: any NeutrinoSpectrum, low: Double, high: Double) -> [[Double]] {
    let n = fittedDegree + 1
    let nodes = (0..<n).map { 0.5 - 0.5 * cosine(Double.pi * (Double($0) + 0.5) / Double(n)) }
    let samples = nodes.map { thresholdMoments(spectrum, at: high - $0 * (high - low)) }
    return (0..<3).map { power in interpolate(nodes, samples.map { $0[power] }) }
  }

  /// H_0, H_1, H_2 at E_min from I_0, I_1, I_2.
  private static func thresholdMoments(_ spectrum: any NeutrinoSpectrum, at e: Double) -> [Double] {
    let m = spectrum.moments(above: Swift.max(e, 1e-9))
    return [m.i0, m.i0 - e * m.i1, m.i0 - 2 * e * m.i1 + e * e * m.i2]
  }

  /// Monomial coefficients, lowest first, of the polynomial through the points (Newton's divided differences).
  static func interpolate(_ x: [Double], _ y: [Double]) -> [Double] {
    let n = x.count
    var divided = y
    for order in 1..<n {
      for i in stride(from: n - 1, through: order, by: -1) {
        divided[i] = (divided[i] - divided[i - 1]) / (x[i] - x[i - order])
      }
    }
    var coefficients = [Double](repeating: 0, count: n)
    for i in stride(from: n - 1, through: 0, by: -1) {
      for j in stride(from: n - 1, through: 1, by: -1) {
        coefficients[j] = coefficients[j - 1] - x[i] * coefficients[j]
      }
      coefficients[0] = divided[i] - x[i] * coefficients[0]
    }
    return coefficients
  }
}
