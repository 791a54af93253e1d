/// The likelihood of one experiment or of several together, with any number of pulls [UPS-36]:
///
///     mu_b = rest_b + rho q s_b + sum_k f_k (D_kb + kappa_k q s_b),   rho = 1 - sum_k kappa_k,   f_k = 1 + eta_k
///
/// with kappa_k and rho of the block that bin b belongs to, s the signal template of a row and q its strength.
///
///     chi2 = sum over Poisson bins of 2 [mu - n + n ln(n/mu)] + sum over Gaussian bins of (n - mu)^2 / V
///            + sum_k ((f_k - c_k) / sigma_k)^2
///
/// Pulls that take events away may drive an expectation below zero, which is no place for a minimum: mu >= 0 in Poisson bins. Without
/// events a bin is held at zero by a parabola K mu^2, K = `stiffness`, within about 1/K events, and chi2 is corrected for it.
/// with c_k the centre of the constraint: 1, or what an auxiliary measurement of a toy found. The plan holds neither the
/// observation nor the signal: both come with the request, so that toys, Asimov sets and data share one plan.
/// Units: events. Expected events of Poisson bins below `smallestExpectation` count as that much.
package struct JointPlan: Codable, Hashable, Sendable {
  /// Events that no pull moves, per bin.
  package var rest: [Double]
  /// V per bin for Gaussian bins, 0 for Poisson bins.
  package var variance: [Double]
  package var pulls: [JointPull]
  /// In the order of their bins, which they cover without gaps.
  package var blocks: [JointBlock]

  package init(rest: [Double], variance: [Double], pulls: [JointPull], blocks: [JointBlock]) {
    self.rest = rest
    self.variance = variance
    self.pulls = pulls
    self.blocks = blocks
  }

  package static let maximumPulls = 32
  package static let smallestExpectation = 1e-30
  /// K, per event below zero.
  package static let stiffness = 1e10
  /// Factors 1 + eta of normalisations stay at or above this.
  package static let lowestFactor = 1e-6

  package var binCount: Int { rest.count }
  package var pullCount: Int { pulls.count }
  package var pullWidths: [Double] { pulls.map(\.width) }

  /// Whether one factor scales the signal of all bins, as within one experiment. Then chi2 is convex in the factors and
  /// the scaled strength, and a row that the best row's gradient does not point to cannot fit better [UPS-38].
  package var scalesSignalUniformly: Bool {
    blocks.allSatisfy { $0.signalShares == blocks.first?.signalShares }
  }

  /// mu of every bin.
  /// - Parameters:
  ///   - factors: f_k
  ///   - signal: s per bin
  package func expectation(
    factors: [Double], signal: some Collection<Double>, strength q: Double
  ) -> [Double] {
    var mu = rest
    for (k, pull) in pulls.enumerated() {
      for b in mu.indices { mu[b] += factors[k] * pull.events[b] }
    }
    let signal = Array(signal)
    for block in blocks {
      var scale = 1.0
      for k in pulls.indices { scale += block.signalShares[k] * (factors[k] - 1) }
      for b in block.bins { mu[b] += scale * q * signal[b] }
    }
    return mu
  }
}

/// A pull: a factor on a template with a Gaussian constraint.
package struct JointPull: Codable, Hashable, Sendable {
  /// Pulls of several experiments that have the same name are one pull.
  package var name: String
  /// Of the constraint on f = 1 + eta, > 0.
  package var width: Double
  /// D per bin at f = 1. Normalisations: >= 0 in Poisson bins. Shapes: of either sign.
  package var events: [Double]
  /// True: f stays at or above `JointPlan.lowestFactor`; false: a shape, which may have any sign.
  package var isNormalisation: Bool
  /// False: nothing measured it, the width only keeps the fit finite; toys take it from their point, never from the width.
  package var isConstrained: Bool

  package init(
    name: String, width: Double, events: [Double], isNormalisation: Bool = true, isConstrained: Bool = true
  ) {
    self.name = name
    self.width = width
    self.events = events
    self.isNormalisation = isNormalisation
    self.isConstrained = isConstrained
  }
}

/// The bins of one experiment.
package struct JointBlock: Codable, Hashable, Sendable {
  package var name: String
  package var bins: Range<Int>
  /// kappa per pull of the plan: how much of a relative change of f_k the signal of these bins follows; 1 or 0 as a rule.
  package var signalShares: [Double]

  package init(name: String, bins: Range<Int>, signalShares: [Double]) {
    self.name = name
    self.bins = bins
    self.signalShares = signalShares
  }
}

/// Data sets to compare with: counts, and where the constraints of the pulls are centred.
package struct JointData: Codable, Hashable, Sendable {
  /// sets x bins, bins contiguous
  package var observed: [Double]
  /// sets x pulls, in factors; empty: all at 1
  package var centres: [Double]

  package init(observed: [Double], centres: [Double] = []) {
    self.observed = observed
    self.centres = centres
  }
}

/// Where to evaluate the statistic, minimised over the pulls alone.
package struct JointPoint: Codable, Hashable, Sendable {
  /// index of a data set
  package var set: Int
  /// index of a signal template
  package var row: Int
  /// q; of either sign where the expectation stays positive
  package var strength: Double

  package init(set: Int, row: Int, strength: Double) {
    self.set = set
    self.row = row
    self.strength = strength
  }
}

/// What the minimum is taken over, beside the pulls.
package struct JointSearch: Codable, Hashable, Sendable {
  /// Rows of templates, not empty.
  package var rows: Range<Int>
  /// nil: q >= 0 is fitted; else it has this value.
  package var strength: Double?

  package init(rows: Range<Int>, strength: Double? = nil) {
    self.rows = rows
    self.strength = strength
  }
}

/// Minima of data sets, one each.
package struct JointMinima: Hashable, Sendable {
  package var statistic: [Double]
  package var row: [Int]
  package var strength: [Double]
  /// sets x pulls: eta_k
  package var pulls: [Double]
  /// Sets whose minimisation did not meet its criterion.
  package var unconverged: Int

  package init(
    statistic: [Double], row: [Int], strength: [Double], pulls: [Double], unconverged: Int
  ) {
    self.statistic = statistic
    self.row = row
    self.strength = strength
    self.pulls = pulls
    self.unconverged = unconverged
  }
}

/// A joint plan made ready. `templates` holds rows x bins signal events at q = 1.
package protocol LoadedJoint: Sendable {
  /// The statistic at every point, minimised over the pulls; `pulls` of the result are eta_k.
  func profile(
    _ points: [JointPoint], data: JointData, templates: [Double]
  ) throws(BackendError) -> ProfileResult

  /// The minimum of every data set over the pulls, the rows and the strength of `search`.
  func minima(
    _ search: JointSearch, data: JointData, templates: [Double]
  ) throws(BackendError) -> JointMinima

  /// Throws toys and evaluates both statistics of every one.
  func toys(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> ToyResult

  /// The toys themselves, points x toys data sets.
  func thrown(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> JointData
}
