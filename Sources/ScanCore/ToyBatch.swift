/// How the nuisance parameters of toys are treated.
package enum ToyEnsemble: String, Codable, Sendable, CaseIterable {
  /// True factors are drawn from their constraints, one set per toy; constraints of the fit stay centred at 1.
  case constraints
  /// True factors are those of the point (profiled on the data); every toy draws the auxiliary measurements around them,
  /// and its fits are constrained to what those found.
  case profiled
  /// True factors are those of the point, constraints stay centred at 1: only counts fluctuate.
  case fixed
}

/// Toys to be thrown and fitted [UPS-37].
///
/// Toy t of a point takes its random numbers from Philox4x32-10 with the key `seed` and the counter (draw / 2, t, key of the
/// point): whoever computes it, alone or with others, gets the same. Draws 0 ..< pulls are the pulls, the others the bins.
/// Unconstrained pulls keep the factors of their point (1 where it has none), and under `profiled` their centres follow.
package struct ToyBatch: Codable, Hashable, Sendable {
  package var seed: UInt64
  package var ensemble: ToyEnsemble
  /// Numbers of the toys, the same for every point; below 2^32.
  package var toys: Range<Int>
  package var points: [ToyPoint]
  /// What the second statistic of a toy is minimised over; nil: over the strength of its tested row.
  package var search: JointSearch?

  package init(
    seed: UInt64, ensemble: ToyEnsemble, toys: Range<Int>, points: [ToyPoint], search: JointSearch?
  ) {
    self.seed = seed
    self.ensemble = ensemble
    self.toys = toys
    self.points = points
    self.search = search
  }

  package var toyCount: Int { points.count * toys.count }

  /// Poisson counts of larger means are found from the mode outwards instead of from zero upwards.
  package static let outwardMean = 32.0
  /// Probabilities below this end the search for a count.
  package static let negligibleTerm = 1e-20
}

/// The truth toys are thrown from and the hypothesis they are tested for.
package struct ToyPoint: Codable, Hashable, Sendable {
  /// Part of the counter: the same for the same point of a scan, whatever the shard.
  package var key: UInt64
  /// Signal template and strength of the truth.
  package var row: Int
  package var strength: Double
  /// True factors f_k; not used where they are drawn from the constraints.
  package var factors: [Double]
  /// The hypothesis of the first statistic.
  package var testedRow: Int
  package var testedStrength: Double

  /// Tested where it was thrown.
  package init(key: UInt64, row: Int, strength: Double, factors: [Double]) {
    self.init(
      key: key, row: row, strength: strength, factors: factors, testedRow: row, testedStrength: strength)
  }

  package init(
    key: UInt64, row: Int, strength: Double, factors: [Double], testedRow: Int, testedStrength: Double
  ) {
    self.key = key
    self.row = row
    self.strength = strength
    self.factors = factors
    self.testedRow = testedRow
    self.testedStrength = testedStrength
  }
}

/// Statistics of toys; all arrays points x toys, toys contiguous, unless said.
package struct ToyResult: Hashable, Sendable {
  /// chi2 of the tested hypothesis, minimised over the pulls.
  package var tested: [Double]
  /// chi2 of the best fit over the search.
  package var minimum: [Double]
  package var bestRow: [Int32]
  package var bestStrength: [Double]
  /// Per point: toys one of whose fits did not meet its criterion.
  package var unconverged: [Int]
  /// Per point: toys in which a pull drove the expectation of a bin below zero, where it was set to zero.
  package var clipped: [Int]

  package init(
    tested: [Double], minimum: [Double], bestRow: [Int32], bestStrength: [Double], unconverged: [Int],
    clipped: [Int]
  ) {
    self.tested = tested
    self.minimum = minimum
    self.bestRow = bestRow
    self.bestStrength = bestStrength
    self.unconverged = unconverged
    self.clipped = clipped
  }
}
