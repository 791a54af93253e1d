/// What is compared between data and toys [UPS-39]: how much worse a tested hypothesis fits than the best.
/// Source: Cowan, Cranmer, Gross, Vitells, arXiv:1007.1727, Sec. 2.
package enum TestStatistic: String, Codable, Sendable, CaseIterable {
  /// t = chi2(tested) - min chi2, over q >= 0 (Eq. 11): 1 dof where the row is held, 2 dof where rows are searched too.
  case deltaChiSquare = "delta-chi2"
  /// q~ of upper limits (Eq. 16): t, or 0 where the best strength is above the tested one. The row is held.
  case oneSided = "one-sided"
  /// q0 of discovery (Eq. 12): t at tested strength 0; 0 where the best strength is 0.
  case discovery

  /// A tested hypothesis can seem to fit better than the best by the rounding of two minimisations; this much is called
  /// zero, as a fraction of 1 + chi2. More is a failed fit.
  package static let rounding = 1e-6

  /// Returns the statistic, >= 0; NaN where a fit failed: a chi2 that is not finite, or a minimum above the tested value.
  /// - Parameters:
  ///   - tested: chi2 of the tested hypothesis
  ///   - minimum: lowest chi2 over the alternatives, of which the tested hypothesis is one
  ///   - bestStrength: q at that minimum
  ///   - testedStrength: q of the tested hypothesis
  package func value(
    tested: Double, minimum: Double, bestStrength: Double, testedStrength: Double
  ) -> Double {
    let t = tested - minimum
    guard t.isFinite, bestStrength.isFinite, t >= -Self.rounding * (1 + abs(tested)) else { return .nan }
    switch self {
    case .deltaChiSquare: break
    case .oneSided: if bestStrength > testedStrength { return 0 }
    case .discovery: if bestStrength <= 0 { return 0 }
    }
    return max(t, 0)
  }

  /// Throws where a hypothesis cannot be tested with this statistic: an upper limit over several rows, a discovery of a
  /// strength other than 0, or a tested row that is not among the alternatives.
  func check(testedRow row: Int, testedStrength q: Double, rows: Range<Int>?) throws(StatisticsError) {
    try requireDomain(
      q.isFinite && q >= 0, "The tested strength is \(q)", "a finite number >= 0, like those that are fitted")
    if let rows {
      try requireDomain(
        rows.contains(row), "The tested row is \(row)",
        "one of those that are searched for the minimum, \(rows)")
    }
    switch self {
    case .deltaChiSquare: break
    case .oneSided:
      try requireDomain(
        rows.map { $0.count == 1 } ?? true,
        "The one-sided statistic compares strengths, and \(rows?.count ?? 0) rows are searched",
        "the tested row alone; search several with the statistic delta-chi2")
    case .discovery:
      try requireDomain(
        q == 0, "The tested strength of a discovery is \(q)", "0, the hypothesis without signal")
    }
  }
}
