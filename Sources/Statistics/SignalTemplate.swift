import ScanCore

/// Signal of one mass per likelihood bin: u L + u^2 Q events [UPS-35].
package struct SignalTemplate: Hashable, Sendable {
  /// Interference with the Standard Model, may be negative; empty where there is none.
  package var linear: [Double]
  package var quadratic: [Double]

  package init(linear: [Double], quadratic: [Double]) {
    self.linear = linear
    self.quadratic = quadratic
  }

  /// SM + u L + u^2 Q of an interference, less the `LikelihoodPlan.baseShare` of the Standard Model, per bin of the
  /// experiment [UPS-35]; zero where quadrature leaves it below.
  package func total(strength u: Double, standardModel: [Double], mass: Double) throws(BackendError)
    -> [Double]
  {
    var events: [Double] = []
    events.reserveCapacity(standardModel.count)
    for bin in standardModel.indices {
      let sum = standardModel[bin] + u * (linear[bin] + u * quadratic[bin])
      guard sum >= -Self.slack * standardModel[bin] else {
        throw BackendError(
          .unsupportedPlan,
          "At mass \(mass) MeV and strength \(u) the expected events of bin \(bin) are \(sum), below zero: the interference "
            + "is larger than the amplitudes it comes from. Use a smaller mixing, or report the case.")
      }
      events.append(max(sum - LikelihoodPlan.baseShare * standardModel[bin], 0))
    }
    return events
  }

  /// The total may be below zero by this fraction of the Standard Model: quadrature, where interference cancels it.
  private static let slack = 1e-6
}

/// Makes the templates of an interaction, mass by mass, on any backend: what a scan needs when rates do not come from one
/// plan for all masses.
package protocol TemplateSource: Sendable {
  /// Standard Model events per bin where the interaction interferes with it; nil where it only adds events, and the
  /// likelihood has the Standard Model in its base.
  var standardModel: [Double]? { get }
  /// True: u may have either sign.
  var isSigned: Bool { get }
  /// In the bins of the experiment.
  func templates(masses: [Double], on backend: any Backend) throws(BackendError) -> [SignalTemplate]
  /// Events in the bins of the likelihood, which a covariance may have mixed.
  func mixed(_ events: [Double]) -> [Double]
  /// The number points are labelled with: q = u^2 without interference, u with it.
  func strength(of coupling: Double) -> Double
  /// The coupling of such a number.
  func coupling(ofStrength strength: Double) -> Double
}

extension TemplateSource {
  /// Events at q = 1 in the bins of the likelihood, masses x bins, of an interaction without interference.
  package func quadratic(masses: [Double], on backend: any Backend) throws(BackendError) -> [Double] {
    try templates(masses: masses, on: backend).flatMap { mixed($0.quadratic) }
  }
}

/// Evaluates the statistic where the signal interferes with the Standard Model [UPS-35]: each point is a row of its own,
/// with T = SM + u L + u^2 Q as its signal and q = 1.
package struct InterferingProfiler: Sendable {
  /// per bin of the likelihood, Standard Model included; they set the scale of a search
  let variances: [Double]
  let profile: any LoadedProfile
  /// events per bin
  let standardModel: [Double]
  /// events in the bins of the likelihood
  let mixed: @Sendable ([Double]) -> [Double]

  /// nil for an interaction that does not interfere
  /// - Parameters:
  ///   - variances: per bin, about those of the counts without signal
  ///   - profile: of the same bins
  package init?(variances: [Double], profile: any LoadedProfile, source: any TemplateSource) {
    guard let standardModel = source.standardModel else { return nil }
    self.variances = variances
    self.profile = profile
    self.standardModel = standardModel
    mixed = { source.mixed($0) }
  }

  /// Statistic and pulls of a tile whose `couplingSquares` are strengths u of either sign.
  /// - Parameter templates: one per row of the tile
  package func evaluate(
    _ tile: Tile, templates: [SignalTemplate]
  ) throws(BackendError) -> ProfileResult {
    var events: [Double] = []
    events.reserveCapacity(tile.count * standardModel.count)
    for (index, u) in tile.couplingSquares.enumerated() {
      events += mixed(
        try templates[index / tile.columns]
          .total(strength: u, standardModel: standardModel, mass: tile.masses[index / tile.columns]))
    }
    let rows = Tile(
      masses: tile.couplingSquares.indices.map { tile.masses[$0 / tile.columns] },
      couplingSquares: [Double](repeating: 1, count: tile.count), columns: 1)
    return try profile.evaluate(rows, templates: events)
  }
}
