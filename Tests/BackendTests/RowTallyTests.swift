import Testing

@testable import Pipeline

@Suite("What is counted while rows come in")
struct RowTallyTests {
  @Test(
    "An allowed interval between excluded couplings is narrow up to three of them; at an end of the axis it may go on",
    arguments: [
      ([0.0, 0, 9, 9], 0), ([0, 9, 0, 9], 1), ([0, 9, 0, 0, 0, 9], 1), ([0, 9, 0, 0, 0, 0, 9], 0),
      ([9, 9, 0, 0], 0), ([0, 9, 0], 0), ([9, 0, 9], 1), ([0], 0), ([0, 9, 0, 0, 0, 0, 9, 0, 9], 1),
    ])
  func narrow(statistic: [Double], count: Int) {
    var tally = RowTally()
    tally.add(statistic, limit: 1, level: 2.7)
    #expect(tally.narrow == count)
  }

  @Test("Masses that are excluded everywhere, or near zero though they have a limit")
  func excluded() {
    var tally = RowTally()
    tally.add([9, 9], limit: nil, level: 2.7)
    tally.add([0, 0], limit: nil, level: 2.7)
    tally.add([9, 0, 9], limit: 1, level: 2.7)
    #expect(tally.excludedThroughout == 1 && tally.zeroExcluded == 1)
  }
}
