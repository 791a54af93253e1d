/// How many toys a point gets [UPS-41].
package struct ToySettings: Codable, Hashable, Sendable {
  /// Toys of the first round.
  package var first: Int
  /// Each round brings the toys of a point to this multiple, > 1.
  package var growth: Double
  /// Toys after which a point is done whatever is known.
  package var most: Int
  /// A point is done when so many or so few toys passing had a binomial probability below that of this many standard
  /// deviations if p were 1 - CL; nil: never for this reason.
  package var clearAt: Double?
  /// A point is done when the error of its critical value is no larger; nil: never for this reason.
  package var accuracy: Double?
  /// Nothing is stated of a point where more than this share of toys, and more than two, failed or did not converge.
  package var largestFailedShare = 1e-3
  /// Toys of one call to the backend, and statistics held at a time (8 bytes each); never changes results.
  package var toysPerCall = 1 << 18
  package var statisticsHeld = 1 << 23

  package init(first: Int, growth: Double, most: Int, clearAt: Double?, accuracy: Double?) {
    self.first = first
    self.growth = growth
    self.most = most
    self.clearAt = clearAt
    self.accuracy = accuracy
  }

  /// The same number of toys at every point.
  package static func fixed(_ toys: Int) -> ToySettings {
    ToySettings(first: toys, growth: 2, most: toys, clearAt: nil, accuracy: nil)
  }

  /// From 1000 toys on, four times as many each round, until a point is inside or outside by four standard deviations.
  package static func adaptive(most: Int) -> ToySettings {
    ToySettings(first: min(1000, most), growth: 4, most: most, clearAt: 4, accuracy: nil)
  }

  /// Expected events of a Poisson bin beyond which no toys are thrown: counts are found step by step over about sqrt(mean)
  /// numbers, and more than this is a slip in the units of the coupling.
  package static let largestMean = 1e9

  func check() throws(StatisticsError) {
    try requireDomain(first >= 1, "The number of toys is \(first)", "1 or more")
    try requireDomain(
      most >= first && most <= Int(UInt32.max), "The largest number of toys is \(most)",
      "from the first \(first) to \(UInt32.max)")
    try requireDomain(
      growth.isFinite && growth > 1, "The growth of the number of toys is \(growth)",
      "a finite number > 1, for example 4")
    for (name, value) in [("number of standard deviations", clearAt), ("wanted error", accuracy)] {
      guard let value else { continue }
      try requireDomain(value.isFinite && value > 0, "The \(name) is \(value)", "a finite number > 0")
    }
    try requireDomain(
      largestFailedShare >= 0 && largestFailedShare < 1,
      "The tolerated share of failed toys is \(largestFailedShare)", "at least 0 and below 1")
    try requireDomain(
      toysPerCall >= 1 && statisticsHeld >= 1,
      "Toys per call and statistics held are \(toysPerCall) and \(statisticsHeld)", "1 or more")
  }

  /// Toys after the round that follows one of `toys`.
  func next(after toys: Int) -> Int {
    let grown = (Double(toys) * growth).rounded(.up)
    return grown >= Double(most) ? most : max(toys + 1, Int(grown))
  }
}
