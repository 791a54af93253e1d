extension SpectrumSpec {
  /// Energies (MeV) of the nodes or lines.
  var abscissae: [Double] {
    switch self {
    case .lines(let energies, _), .table(let energies, _): energies
    case .pionDecayAtRestPrompt, .muonDecayAtRestAntiMuon, .muonDecayAtRestElectron: []
    }
  }

  /// Area by which a piece of the product below may miss its chord, relative to the whole spectrum.
  private static let largestPieceError = 1e-6

  /// A table with nodes added until the spectrum times `factor` is as good as linear between them; lines stay.
  func refined(_ factor: (Double) -> Double) -> SpectrumSpec {
    guard case .table(let energies, let density) = self else { return self }
    var nodes = SpectralCurve(energies: [energies[0]], density: [density[0]])
    func add(_ a: (Double, Double, Double), _ b: (Double, Double, Double), depth: Int) {
      let energy = 0.5 * (a.0 + b.0)
      let middle = (energy, 0.5 * (a.1 + b.1), factor(energy))
      let error = abs(middle.1 * middle.2 - 0.5 * (a.1 * a.2 + b.1 * b.2)) * (b.0 - a.0) * 2 / 3
      if error > Self.largestPieceError, depth < 12 {
        add(a, middle, depth: depth + 1)
        add(middle, b, depth: depth + 1)
      } else {
        nodes.energies.append(b.0)
        nodes.density.append(b.1)
      }
    }
    let points = zip(energies, density).map { ($0, $1, factor($0)) }
    for (a, b) in zip(points, points.dropFirst()) { add(a, b, depth: 0) }
    return .table(energies: nodes.energies, density: nodes.density)
  }

  /// The spectrum times a factor per node or line, normalised again, and the share that this leaves.
  func weighted(by factors: [Double]) -> (spectrum: SpectrumSpec, share: Double) {
    switch self {
    case .lines(let energies, let weights):
      let products = zip(weights, factors).map { $0 * $1 }
      let share = products.reduce(0, +)
      return (.lines(energies: energies, weights: products.map { $0 / share }), share)
    case .table(let energies, let density):
      let curve = SpectralCurve(energies: energies, density: zip(density, factors).map { $0 * $1 })
      return (curve.normalised, curve.integral)
    case .pionDecayAtRestPrompt, .muonDecayAtRestAntiMuon, .muonDecayAtRestElectron:
      return (self, 1)
    }
  }
}
