import ScanCore

/// One stretch of finished rows.
package struct ScanRows: Sendable {
  package var range: Range<Int>
  /// rows x couplings; Delta chi2 once the minima are subtracted
  package var statistic: [Double]
  /// rows x couplings x pulls
  package var pulls: [Double]
}

extension ScanRows {
  /// Adds the rows that follow.
  mutating func append(_ answer: ScanDevice.Answer) {
    range = range.lowerBound..<answer.rows.upperBound
    statistic += answer.result.statistic
    pulls += answer.result.pulls
  }

  /// The statistic of each row minus the row's value in `minima`.
  mutating func subtract(_ minima: ArraySlice<Double>) {
    let columns = statistic.count / Swift.max(1, range.count)
    for (row, minimum) in minima.enumerated() {
      for index in row * columns..<(row + 1) * columns { statistic[index] -= minimum }
    }
  }
}

/// What a scan reports when it is done.
package struct ScanSummary: Hashable, Sendable {
  /// Minimum of the statistic over d >= 0 per mass, and where it is (GeV^-1).
  package var minimumStatistic: [Double]
  package var minimumCoupling: [Double]
  /// Subtracted from the statistic: the row's own minimum (1 dof) or the smallest of all (2 dof).
  package var globalMinimum: Double
  package var spotCheck: SpotCheck
  /// Who did what. Differs from run to run, so it goes to the terminal and into no file.
  package var devices: [DeviceShare]
}

/// What one device did in a scan.
package struct DeviceShare: Hashable, Sendable {
  package var identity: BackendIdentity
  /// Rows and points whose first result was this device's.
  package private(set) var rows = 0
  package private(set) var points = 0
  /// How long it was at work, the search for minima included, seconds.
  package private(set) var seconds = 0.0
  /// Why the device was dropped; nil if it was not.
  package internal(set) var dropped: String?
  /// Threads that are at work for it at this moment, and since when the first of them.
  private var busy = 0
  private var busySince = 0.0

  init(identity: BackendIdentity) { self.identity = identity }

  /// Points per second of work; nil for a device that computed none.
  package var pointsPerSecond: Double? { points == 0 ? nil : Double(points) / max(seconds, 1e-9) }

  /// Still at work when the scan was over: left behind.
  package var isBusy: Bool { busy > 0 }

  mutating func add(rows: Int, columns: Int) {
    self.rows += rows
    points += rows * columns
  }

  mutating func begin(at time: Double) {
    if busy == 0 { busySince = time }
    busy += 1
  }

  mutating func end(at time: Double) {
    busy -= 1
    if busy == 0 { seconds += time - busySince }
  }
}

/// A seeded sample of points evaluated again by the reference backend, integrals included.
package struct SpotCheck: Codable, Hashable, Sendable {
  package var points: Int
  package var seed: UInt64
  /// Largest |statistic - reference| / max(1, |reference|), and where.
  package var worstDifference: Double
  package var worstMass: Double
  package var worstCoupling: Double
  package var tolerance: Double
  package var passed: Bool { worstDifference <= tolerance }
}

extension ScanPlan {
  /// How many points have a pull beyond three widths.
  /// - Parameters:
  ///   - pulls: points x pulls
  ///   - isMeant: whether a point counts, by its number
  package func extremePulls(_ pulls: [Double], where isMeant: (Int) -> Bool) -> Int {
    let limits = pullWidths.map { 3 * $0 }
    if limits.isEmpty { return 0 }
    return (0..<pulls.count / limits.count).count { point in
      isMeant(point)
        && limits.indices.contains { abs(pulls[point * limits.count + $0]) > limits[$0] }
    }
  }
}
