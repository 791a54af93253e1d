import Experiments
import Rates
import Testing

@Suite("COHERENT CsI[Na] 2021")
struct CatalogueRateTests {
  /// Standard Model events over 0 to 6 us per energy bin.
  private static func standardModel(_ name: String) throws -> [Double] {
    let model = try RateModel(Catalogue.load(name))
    let weights = model.timeWeights()
    var events = [Double](repeating: 0, count: model.energyBinCount)
    for component in model.components.indices {
      let inTime = weights[component].reduce(0, +)
      let counts = try model.directCounts(
        process: .standardModel, component: component, heavyMass: 0, coupling: 0, relativeTolerance: 1e-8)
      for bin in events.indices { events[bin] += inTime * counts.values[bin] }
    }
    return events
  }

  /// arXiv:2110.07730 predicts 341 +- 11 (theory) +- 42 (experiment) events with its own form factor.
  @Test(
    "The Standard Model predicts 338 events from 8 to 60 PE without the time efficiency, 315 with it",
    arguments: [("coherent-csi-2021:no-time-efficiency", 338.0), ("coherent-csi-2021", 315.0)])
  func standardModelEvents(name: String, expected: Double) throws {
    let events = try Self.standardModel(name)
    let inRange = events.dropFirst().reduce(0, +)
    #expect(isClose(inRange, expected, rtol: 0.02), "\(inRange)")
    // the row below 8 PE is small and not empty: the efficiency vanishes at 7.07 PE
    #expect(events[0] > 1 && events[0] < 5)
  }

  @Test("Backgrounds hold 18.4, 5.6 and 1286 events before the time efficiency, the first two fewer after it")
  func backgrounds() throws {
    let totals = { (name: String) in
      try RateModel(Catalogue.load(name)).backgroundTemplates().map { $0.events.reduce(0, +) }
    }
    let before = try totals("coherent-csi-2021:no-time-efficiency")
    for (found, wanted) in zip(before, [18.4, 5.6, 1286]) { #expect(isClose(found, wanted, rtol: 1e-12)) }
    let after = try totals("coherent-csi-2021")
    #expect(after[0] < before[0] && after[0] > 0.97 * before[0])
    #expect(after[1] < before[1] && after[1] > 0.90 * before[1])
    #expect(isClose(after[2], 1286, rtol: 1e-12))
  }

  @Test("Observed counts and templates fill the same 9 x 11 bins")
  func shape() throws {
    let model = try RateModel(Catalogue.load("coherent-csi-2021"))
    #expect(model.energyBinCount == 9)
    #expect(model.timeWeights().map(\.count) == [11, 11, 11])
    #expect(model.observed?.count == 99)
    #expect(
      model.backgroundTemplates().allSatisfy { $0.events.count == 99 && $0.events.allSatisfy { $0 >= 0 } })
  }

  @Test(
    "Electrons add little to the Standard Model prediction")
  func electrons() throws {
    let with = try Self.standardModel("coherent-csi-2021").reduce(0, +)
    let without = try Self.standardModel("coherent-csi-2021:no-electrons").reduce(0, +)
    #expect(with > without && with < 1.001 * without)
  }
}
