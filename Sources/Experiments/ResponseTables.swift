/// Width of a Gaussian resolution, from the terms of calorimetry [UPS-27].
package struct GaussianResolution: Codable, Hashable, Sendable {
  /// How the terms combine: sigma^2 = sum of squares, or sigma = sum.
  package enum Combination: String, Codable, Sendable { case quadrature, sum }
  /// keV, at any energy
  package var noise: Double
  /// of sigma = stochastic sqrt(E keV)
  package var stochastic: Double
  /// of sigma = constant E
  package var constant: Double
  package var combination: Combination

  package init(
    noise: Double = 0, stochastic: Double, constant: Double = 0, combination: Combination = .quadrature
  ) {
    self.noise = noise
    self.stochastic = stochastic
    self.constant = constant
    self.combination = combination
  }
}

/// A curve through nodes, linear between them; what holds outside the nodes is the user's to say.
package struct TabulatedCurve: Codable, Hashable, Sendable {
  /// strictly ascending, at least two
  package var nodes: [Double]
  package var values: [Double]

  package init(nodes: [Double], values: [Double]) {
    self.nodes = nodes
    self.values = values
  }
}

/// Probability of every analysis bin, efficiency included, at mono-energetic recoils: linear between, zero outside.
package struct ResponseMatrixSpec: Codable, Hashable, Sendable {
  /// MeV, strictly ascending, at least two
  package var recoils: [Double]
  /// recoils x bins, bins contiguous
  package var probabilities: [Double]

  package init(recoils: [Double], probabilities: [Double]) {
    self.recoils = recoils
    self.probabilities = probabilities
  }
}

/// Detection probability against the true recoil energy (MeV), zero outside the nodes; nil: one everywhere.
package struct RecoilEfficiencySpec: Codable, Hashable, Sendable {
  package var nuclear: TabulatedCurve?
  package var electron: TabulatedCurve?
  package static let unity = RecoilEfficiencySpec(nuclear: nil, electron: nil)

  package init(nuclear: TabulatedCurve?, electron: TabulatedCurve?) {
    self.nuclear = nuclear
    self.electron = electron
  }
}

// MARK: - Data other than events

/// An upper limit on a flux whose prediction is known: bounds events over expected events [UPS-26].
package struct FluxRatioLimitSpec: Codable, Hashable, Sendable {
  /// cm^-2 s^-1
  package var limit: Double
  package var prediction: Double
  /// of `limit`, between 0 and 1
  package var confidence: Double
  /// R, above one
  package var ratio: Double { limit / prediction }

  package init(limit: Double, prediction: Double, confidence: Double) {
    self.limit = limit
    self.prediction = prediction
    self.confidence = confidence
  }
}
