@testable import Experiments
import Testing

@testable import Rates

@Suite("Background templates")
struct BackgroundTemplateTests {
  private static let binning = TimeBinning(edges: [0, 1, 6], efficiency: ToyExperiment.timeEfficiency)

  private static func template(_ shape: BackgroundShape) throws(RateModelError) -> [Double] {
    try BackgroundTemplate(BackgroundSpec(name: "toy", shape: shape), energyBins: 2, binning).events
  }

  @Test("A product is normalised to its total before the time efficiency, energy-major")
  func product() throws {
    let events = try Self.template(
      .product(
        energyWeights: [1, 3], time: .exponential(rate: 0.0494), total: 20, timeEfficiencyApplies: false))
    #expect(isClose(events.reduce(0, +), 20, rtol: 1e-14))
    #expect(isClose(events[2] + events[3], 15, rtol: 1e-14))
    #expect(isClose(events[0] * 3, events[2], rtol: 1e-14))
  }

  @Test("The time efficiency reduces a product that asks for it")
  func efficiency() throws {
    let shape = { (applies: Bool) in
      BackgroundShape.product(
        energyWeights: [1, 3], time: .histogram(edges: [0, 6], masses: [1]), total: 20,
        timeEfficiencyApplies: applies)
    }
    let full = try Self.template(shape(false))
    let cut = try Self.template(shape(true))
    #expect(zip(cut, full).allSatisfy { $0 < $1 })
  }

  @Test("Listed events are used as they are; a wrong number of them is an error")
  func events() throws {
    #expect(try Self.template(.events([1, 2, 3, 4])) == [1, 2, 3, 4])
    #expect(throws: RateModelError.self) { try Self.template(.events([1, 2, 3])) }
  }

  @Test("A time distribution that misses every bin cannot be normalised")
  func empty() {
    #expect(throws: RateModelError.self) {
      try Self.template(
        .product(
          energyWeights: [1, 1], time: .histogram(edges: [8, 9], masses: [1]), total: 5,
          timeEfficiencyApplies: true))
    }
  }
}
