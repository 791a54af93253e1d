import ScanCore

/// What one backend returned for one job of one case, measured against another backend.
package struct ComparisonReport: Codable, Hashable, Sendable, CustomStringConvertible {
  package enum Job: String, Codable, Sendable {
    case rates, profile, pointwise
    case pulledRates = "rates with non-linear pulls"
    case jointProfile = "joint likelihood"
    case jointMinima = "joint likelihood, minima"
    case thrown = "toys, counts"
    case toys = "toys, fits"
    /// A tile cut into single rows, or requests, data sets and toys taken alone, give the same bits as the whole.
    case tiling
    /// Points minimised alone, from a cold start, find what they find along their row.
    case start = "cold start"
    /// Two double-precision backends give the same bits.
    case rateBits = "rates, same bits"
    case profileBits = "profile, same bits"
    case pointwiseBits = "pointwise, same bits"
    case pulledRateBits = "rates with non-linear pulls, same bits"
    case jointProfileBits = "joint likelihood, same bits"
    case toyBits = "toys, same bits"
  }

  /// Name of the case.
  package var name: String
  package var job: Job
  package var reference: BackendIdentity
  package var candidate: BackendIdentity
  /// Numbers compared.
  package var values: Int
  /// Largest |candidate - reference|, in units of what is allowed at that number: passes up to 1.
  package var worstRatio: Double
  /// |candidate - reference| and the two numbers there.
  package var worstDifference: Double
  package var worstReference: Double
  package var worstCandidate: Double
  /// Where: m4, q, bin or pull, in words.
  package var worstPoint: String
  /// Errors, shapes that differ, points that did not converge: each a failure.
  package var problems: [String]

  package var passed: Bool { problems.isEmpty && worstRatio <= 1 }

  package var description: String {
    let verdict = passed ? "pass" : "FAIL"
    let head = "\(verdict)  \(name), \(job.rawValue): \(candidate) against \(reference.backend)"
    if !problems.isEmpty { return head + ". " + problems.joined(separator: " ") }
    return head
      + ": worst \(worstCandidate) for \(worstReference) (difference \(worstDifference), "
      + "\(worstRatio) of the tolerance) at \(worstPoint)"
  }
}

extension ComparisonReport {
  init(name: String, job: Job, reference: BackendIdentity, candidate: BackendIdentity) {
    self.init(
      name: name, job: job, reference: reference, candidate: candidate, values: 0, worstRatio: 0,
      worstDifference: 0,
      worstReference: 0, worstCandidate: 0, worstPoint: "", problems: [])
  }

  /// Takes one pair of numbers into the verdict; a NaN or infinity anywhere is a failure.
  mutating func add(
    _ a: Double, _ b: Double, allowed: Double, at point: @autoclosure () -> String
  ) {
    values += 1
    let difference = abs(a - b)
    let ratio = difference == 0 ? 0 : difference / allowed
    guard difference.isFinite else {
      problems.append("The value at \(point()) is \(b) where \(a) is expected.")
      return
    }
    if ratio > worstRatio || worstPoint.isEmpty {
      (worstRatio, worstDifference) = (ratio, difference)
      (worstReference, worstCandidate, worstPoint) = (a, b, point())
    }
  }

  mutating func addBits(_ a: Double, _ b: Double, at point: @autoclosure () -> String) {
    let same = a.bitPattern == b.bitPattern
    add(a, b, allowed: same ? 1 : 0, at: point())
    if a == b && !same { problems.append("Zeros of different sign at \(point()).") }
  }
}

/// How far a backend may be from the reference, by precision. Reasons and latest numbers: docs/verification.md.
package struct ComparisonTolerance: Hashable, Sendable {
  /// Relative, on every event number.
  package var countRelative: Double
  /// On every event number, in units of the largest one of its mass.
  package var countOfLargest: Double
  /// On every event number, in units of the largest one of the case: close above a threshold the rate hangs on
  /// E - E_thr, whose digits are gone once the mass itself is rounded.
  package var countOfCase: Double
  /// On the statistic, in units of max(1, statistic).
  package var statistic: Double
  /// On the statistic, in units of the events that enter it: rounding of mu and of n ln(n/mu).
  package var statisticPerEvent: Double
  /// On pulls, in units of their width.
  package var pull: Double

  package init(_ precision: Precision) {
    switch precision {
    case .double:
      (countRelative, countOfLargest, countOfCase) = (1e-12, 1e-12, 0)
      (statistic, statisticPerEvent, pull) = (1e-10, 0x1p-51, 1e-6)
    case .mixed, .single:
      (countRelative, countOfLargest, countOfCase) = (0, 1e-5, 0x1p-23)
      (statistic, statisticPerEvent, pull) = (2e-4, 0x1p-21, 2e-2)
    }
  }
}
