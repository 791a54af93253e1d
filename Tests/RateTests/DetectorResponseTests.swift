@testable import Experiments
import Foundation
import Testing

@testable import Rates

@Suite("Detector response")
struct DetectorResponseTests {
  private static let edges: [Double] = [0, 8, 12, 16, 20, 24, 32, 40, 50, 60]

  private static func csi(efficient: Bool) -> DetectorResponse {
    DetectorResponse(
      quenching: ToyExperiment.quenching, response: ToyExperiment.photoelectrons,
      efficiency: efficient ? ToyExperiment.efficiency : .unity, recoilFloor: .both(0), energyEdges: edges)
  }

  @Test(
    "Photoelectron weights equal forty-digit values, far tails included",
    arguments: RateFixtures.photoelectronWeights)
  func photoelectronWeight(energy: Double, lower: Double, upper: Double, efficient: Bool, expected: Double)
    throws
  {
    let bin = try #require(Self.edges.firstIndex(of: lower))
    #expect(Self.edges[bin + 1] == upper)
    // electron recoils are not quenched: T = E_ee
    let weight = Self.csi(efficient: efficient).weight(recoil: 1e-3 * energy, kind: .electron, bin: bin)
    #expect(
      isClose(weight, expected, rtol: expected < 1e-30 ? 1e-11 : 1e-12), "\(weight) against \(expected)")
  }

  @Test("Weights of one recoil sum to at most one, and to one when nothing is cut")
  func sums() {
    let wide = DetectorResponse(
      quenching: .none, response: ToyExperiment.photoelectrons, efficiency: .unity, recoilFloor: .both(0),
      energyEdges: [0, 1, 10, 100, 1000])
    for step in 0..<60 {
      let recoil = 1e-5 * exp(0.12 * Double(step))
      let cut = Self.csi(efficient: true).weights(recoil: recoil, recoilKind: .nuclear)
      #expect(cut.allSatisfy { $0 >= 0 })
      #expect(cut.reduce(0, +) <= 1)
      let whole = wide.weights(recoil: recoil, recoilKind: .electron).reduce(0, +)
      #expect(isClose(whole, 1, rtol: 1e-12), "\(whole) at \(recoil) MeV")
    }
  }

  @Test("Bins add up: one wide bin equals the sum of its parts", arguments: [2e-4, 1e-3, 5e-3, 2e-2, 6e-2])
  func additivity(recoil: Double) {
    let fine = Self.csi(efficient: true).weights(recoil: recoil, recoilKind: .nuclear).reduce(0, +)
    let coarse = DetectorResponse(
      quenching: ToyExperiment.quenching, response: ToyExperiment.photoelectrons,
      efficiency: ToyExperiment.efficiency, recoilFloor: .both(0), energyEdges: [0, 60]
    ).weight(recoil: recoil, kind: .nuclear, bin: 0)
    #expect(isClose(fine, coarse, rtol: 1e-12))
  }

  @Test(
    "A single recoil weight equals its entry among all weights", arguments: [RecoilKind.nuclear, .electron])
  func singleWeight(kind: RecoilKind) {
    let response = Self.csi(efficient: true)
    let all = response.weights(recoil: 3e-3, recoilKind: kind)
    for bin in all.indices { #expect(response.weight(recoil: 3e-3, kind: kind, bin: bin) == all[bin]) }
  }

  @Test(
    "Gaussian bins by quadrature agree with error functions when the efficiency is flat",
    arguments: [true, false])
  func gaussianQuadrature(truncated: Bool) {
    let model: ResponseSpec =
      truncated
      ? .truncatedGaussian(noise: 6.85e-5, pairEnergy: 2.96e-6, fano: 0.105)
      : .gaussian(GaussianResolution(stochastic: 0.3))
    // a logistic that is one to the last digit, so that the quadrature path is taken
    let flat = EnergyEfficiencySpec.logistic(a: 1, b: 50, c: -10, d: 0, maximum: 1e3)
    let edges = [0.2, 0.4, 0.8, 1.5, 3, 6]
    let closed = DetectorResponse(
      quenching: .none, response: model, efficiency: .unity, recoilFloor: .both(0), energyEdges: edges)
    let numerical = DetectorResponse(
      quenching: .none, response: model, efficiency: flat, recoilFloor: .both(0), energyEdges: edges)
    for keV in [0.05, 0.3, 0.41, 1.2, 2.9, 5.0] {
      let a = closed.weights(recoil: 1e-3 * keV, recoilKind: .nuclear)
      let b = numerical.weights(recoil: 1e-3 * keV, recoilKind: .nuclear)
      for bin in a.indices {
        #expect(isClose(a[bin], b[bin], rtol: 1e-11, atol: 1e-250), "\(a[bin]) \(b[bin])")
      }
    }
  }

  @Test("The ideal detector counts a recoil in exactly one bin and ignores quenching")
  func ideal() {
    let response = DetectorResponse(
      quenching: .none, response: .ideal, efficiency: .unity, recoilFloor: .both(0), energyEdges: [1, 5, 10])
    #expect(response.weights(recoil: 4e-3, recoilKind: .nuclear) == [1, 0])
    #expect(response.weights(recoil: 5e-3, recoilKind: .electron) == [0, 1])
    #expect(response.weights(recoil: 0.5e-3, recoilKind: .nuclear) == [0, 0])
    #expect(response.weights(recoil: 11e-3, recoilKind: .nuclear) == [0, 0])
    #expect(response.discontinuities(.nuclear) == [1e-3, 5e-3, 10e-3])
    #expect(response.weights(recoil: 5.1e-3, recoilKind: .nuclear, onBranchOf: 4e-3) == [1, 0])
  }

  @Test("Outside its support every weight is below 1e-18", arguments: [RecoilKind.nuclear, .electron])
  func support(kind: RecoilKind) throws {
    let response = Self.csi(efficient: true)
    let support = try #require(response.support(kind))
    for factor in [0.1, 0.5, 0.99] {
      #expect(
        response.weights(recoil: support.lowerBound * factor, recoilKind: kind).allSatisfy { $0 < 1e-18 })
      #expect(
        response.weights(recoil: support.upperBound / factor, recoilKind: kind).allSatisfy { $0 < 1e-18 })
    }
    let middle = (support.lowerBound * support.upperBound).squareRoot()
    #expect(response.weights(recoil: middle, recoilKind: kind).contains { $0 > 1e-3 })
  }

  @Test("A detector whose efficiency is zero everywhere sees nothing")
  func blind() {
    let response = DetectorResponse(
      quenching: .none, response: ToyExperiment.photoelectrons,
      efficiency: .logistic(a: 0.2, b: 1, c: 10, d: -0.5, maximum: 60), recoilFloor: .both(0),
      energyEdges: Self.edges)
    #expect(response.support(.nuclear) == nil)
    #expect(response.weights(recoil: 1e-3, recoilKind: .nuclear).allSatisfy { $0 == 0 })
  }
}
