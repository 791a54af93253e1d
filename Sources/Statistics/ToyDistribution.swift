/// A quantile of a distribution known from toys, with the range of its statistical error [UPS-40].
package struct ToyQuantile: Hashable, Sendable {
  /// Share of the distribution at or below it.
  package var level: Double
  package var value: Double
  /// The true quantile lies between these with 68.27 % or more. `lower` is 0 and `upper` infinite where there are too few
  /// toys to say.
  package var lower: Double
  package var upper: Double
  /// Half the width of that range; infinite where there are too few toys.
  package var error: Double { value.isFinite ? (upper - lower) / 2 : .infinity }
}

/// The share of toys at least as extreme as the observation [UPS-40].
package struct PValue: Hashable, Sendable {
  package var value: Double
  /// Central 68.27 % interval of Clopper and Pearson.
  package var lower: Double
  package var upper: Double
  /// Toys at least as extreme, and all of them.
  package var passing: Int
  package var toys: Int
  package var error: Double { (upper - lower) / 2 }

  init(passing: Int, of toys: Int) {
    self.passing = passing
    self.toys = toys
    let range = BinomialRange.interval(passing, of: toys)
    value = toys > 0 ? Double(passing) / Double(toys) : .nan
    (lower, upper) = (range.lowerBound, range.upperBound)
  }
}

/// The test statistic of the toys of one point.
package struct ToyDistribution: Sendable {
  /// Ascending, none NaN.
  package private(set) var values: [Double] = []
  /// Toys without a statistic, left out of `values`: a chi2 that is not finite, or a minimum that was missed.
  package private(set) var failed = 0
  /// Toys one of whose fits did not meet its criterion. Their values are kept: backends count these toys without naming them.
  package private(set) var unconverged = 0
  /// Toys whose expectation a pull drove below zero in some bin.
  package private(set) var clipped = 0

  /// Statistics that differ by less count as equal: the rounding of two fits must not break ties between toys and data.
  package static let tie = 1e-9

  package init() {}

  package init(_ values: [Double], unconverged: Int = 0, clipped: Int = 0) {
    add(values, unconverged: unconverged, clipped: clipped)
  }

  /// What an earlier process made.
  /// - Parameter values: ascending, none NaN
  package init(kept values: [Double], failed: Int, unconverged: Int, clipped: Int) {
    self.values = values
    self.failed = failed
    self.unconverged = unconverged
    self.clipped = clipped
  }

  package mutating func add(_ more: [Double], unconverged: Int = 0, clipped: Int = 0) {
    let stated = more.filter { !$0.isNaN }
    failed += more.count - stated.count
    self.unconverged += unconverged
    self.clipped += clipped
    values += stated
    values.sort()
  }

  /// Toys with a statistic.
  package var count: Int { values.count }
  /// All toys.
  package var toys: Int { values.count + failed }
  /// So many failed toys say nothing about a share of them, and are tolerated whatever it is.
  package static let toleratedFailures = 2

  private var cure: String {
    clipped > 0
      ? "In \(clipped) of them a pull drives the expectation of a bin below zero, and fits end on that edge: make its step smaller where few "
        + "events are expected, or merge such bins."
      : "Look for bins in which next to nothing is expected and for pulls that are wider than their background; a few toys with --backend "
        + "reference, which is slow and need not converge either, tell whether another backend is at fault."
  }

  /// Throws if there are no toys with a statistic, or if more than `share` of them, and more than two, failed or did not
  /// converge.
  package func check(largestFailedShare share: Double) throws(StatisticsError) {
    try requireDomain(toys > 0, "There are \(toys) toys", "one or more")
    let most = max(share * Double(toys), Double(Self.toleratedFailures))
    guard count > 0, Double(max(failed, unconverged)) <= most else {
      throw StatisticsError(
        "Of \(toys) toys \(failed) have no finite statistic and \(unconverged) did not converge, more than the fraction "
          + "\(share) that is tolerated (and more than \(Self.toleratedFailures)), so nothing is stated. \(cure)"
      )
    }
  }

  /// Returns the smallest value that the share `level` of the toys does not exceed, rank ceil(level n), with its error from
  /// order statistics. An observation is accepted at confidence level `level` if its statistic does not exceed it. Values
  /// below `tie` are the rounding of two equal fits, and 0.
  package func quantile(_ level: Double) throws(StatisticsError) -> ToyQuantile {
    try requireConfidenceLevel(level)
    try requireDomain(count > 0, "There are \(count) toys with a statistic", "one or more")
    // level n may lie above an integer by its rounding
    let rank = min(max(Int((level * Double(count) - 1e-9).rounded(.up)), 1), count)
    let range = BinomialRange.ranks(ofQuantile: level, among: count)
    func value(_ rank: Int) -> Double { values[rank - 1] < Self.tie ? 0 : values[rank - 1] }
    return ToyQuantile(
      level: level, value: value(rank), lower: range.lower.map { value(min($0, rank)) } ?? 0,
      upper: range.upper.map { value(max($0, rank)) } ?? .infinity)
  }

  /// Returns the share of toys with a statistic >= `observed` - `tie`.
  package func pValue(observed: Double) throws(StatisticsError) -> PValue {
    try requireDomain(!observed.isNaN, "The observed statistic is \(observed)", "a number")
    try requireDomain(count > 0, "There are \(count) toys with a statistic", "one or more")
    return PValue(passing: count - rank(of: observed - Self.tie), of: count)
  }

  /// Share of toys that a critical value accepts, those with a statistic <= `value` + `tie`.
  package func coverage(below value: Double) -> PValue {
    PValue(passing: rank(of: (value + Self.tie).nextUp), of: count)
  }

  /// Toys below `edge`.
  private func rank(of edge: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if values[middle] < edge { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
