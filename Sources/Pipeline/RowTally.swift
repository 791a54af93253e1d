/// What is counted while the rows of a scan come in, for its notes.
struct RowTally {
  /// Masses that are excluded at every coupling of the axis.
  private(set) var excludedThroughout = 0
  /// Masses with a limit whose lowest couplings are excluded too.
  private(set) var zeroExcluded = 0
  /// Masses with an allowed interval between excluded ones that holds next to no coupling of the axis.
  private(set) var narrow = 0
  /// Points with a pull beyond three widths that are not excluded; not counted where pulls are not stored.
  var strained = 0

  /// An interval of so many couplings is likely to be missed at other masses.
  static let fewCouplings = 3

  mutating func add(_ statistic: [Double], limit: Double?, level: Double) {
    let isExcluded = statistic.map { $0 > level }
    if limit == nil, isExcluded.allSatisfy(\.self) { excludedThroughout += 1 }
    if limit != nil, statistic[0] >= level { zeroExcluded += 1 }
    if Self.hasNarrowInterval(isExcluded) { narrow += 1 }
  }

  static func hasNarrowInterval(_ isExcluded: [Bool]) -> Bool {
    var start: Int?  // of the couplings that are allowed, behind an excluded one
    for index in isExcluded.indices.dropFirst() where isExcluded[index] != isExcluded[index - 1] {
      if isExcluded[index], let start, index - start <= fewCouplings { return true }
      start = isExcluded[index] ? nil : index
    }
    return false
  }
}
