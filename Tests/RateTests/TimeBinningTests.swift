@testable import Experiments
import Foundation
import Testing

@testable import Rates

@Suite("Arrival times")
struct TimeBinningTests {
  private static let edges = [0, 0.125, 0.5, 1, 2, 6]

  private static func binning(_ edges: [Double] = edges) -> TimeBinning {
    TimeBinning(edges: edges, efficiency: ToyExperiment.timeEfficiency)
  }

  @Test("Weights of a Gaussian pulse equal forty-digit values", arguments: RateFixtures.pulseWeights)
  func pulse(lower: Double, upper: Double, delayed: Bool, efficient: Bool, expected: Double) throws {
    let weights = try Self.binning([lower, upper]).masses(
      of: .gaussianPulse(center: 0.45, width: 0.15, delayed: delayed), efficiencyApplies: efficient)
    #expect(isClose(weights[0], expected, rtol: 1e-12), "\(weights[0]) against \(expected)")
  }

  @Test("Histogram masses split linearly over bins and lose what lies outside")
  func histogram() throws {
    let times = TimeDistributionSpec.histogram(edges: [-0.1, 0.1, 0.3, 7], masses: [0.2, 0.4, 0.4])
    let masses = try Self.binning([0, 0.2, 1]).masses(of: times, efficiencyApplies: false)
    #expect(isClose(masses[0], 0.1 + 0.2, rtol: 1e-14))
    #expect(isClose(masses[1], 0.2 + 0.4 * 0.7 / 6.7, rtol: 1e-14))
  }

  @Test("The time efficiency multiplies a histogram exactly, also in the bin that holds its kink")
  func histogramEfficiency() throws {
    let times = TimeDistributionSpec.histogram(edges: [0, 2], masses: [1])
    let masses = try Self.binning([0.5, 0.625]).masses(of: times, efficiencyApplies: true)
    let exact = 0.5 * (0.02 + (1 - exp(-0.0494 * 0.105)) / 0.0494)
    #expect(isClose(masses[0], exact, rtol: 1e-13))
  }

  @Test(
    "An exponential is normalised inside the time edges and takes the efficiency in closed form",
    arguments: [0, 0.0494, 2.5])
  func exponential(rate: Double) throws {
    let plain = try Self.binning().masses(of: .exponential(rate: rate), efficiencyApplies: false)
    #expect(isClose(plain.reduce(0, +), 1, rtol: 1e-14))
    let cut = try Self.binning().masses(of: .exponential(rate: rate), efficiencyApplies: true)
    let steps = 200_000
    let norm = (0..<steps).reduce(0.0) { $0 + exp(-rate * 6 * (Double($1) + 0.5) / Double(steps)) }
    let kept = (0..<steps).reduce(0.0) {
      let t = 6 * (Double($1) + 0.5) / Double(steps)
      return $0 + exp(-rate * t) * (t < 0.52 ? 1 : exp(-0.0494 * (t - 0.52)))
    }
    #expect(isClose(cut.reduce(0, +), kept / norm, rtol: 1e-8))
    #expect(zip(cut, plain).allSatisfy { $0 <= $1 })
  }

  @Test("Weights sum to at most one; without a time axis there is a single one")
  func sums() throws {
    let pulse = TimeDistributionSpec.gaussianPulse(center: 0.45, width: 0.15, delayed: true)
    #expect(try Self.binning().masses(of: pulse, efficiencyApplies: true).reduce(0, +) <= 1)
    #expect(try Self.binning([]).masses(of: pulse, efficiencyApplies: true) == [1])
  }
}
