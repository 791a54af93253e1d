import Foundation
import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing
import Verification

/// Minimisations far from any physics: data that contradict the prediction, templates that overlap, pulls on their
/// floors. The kernels must find the minimum the reference finds.
@Suite("Hard minima")
struct HardMinimumTests {
  private func plan(_ random: inout SeededGenerator, pullCount: Int = 4) -> LikelihoodPlan {
    let bins = 6
    func template(_ largest: Double) -> [Double] {
      (0..<bins).map { _ in random.uniform(0, 1) < 0.2 ? 0 : largest * random.uniform(0, 1) }
    }
    let pulls = (0..<pullCount).map { _ in template(60) }
    let base = (0..<bins).map { b in pulls.reduce(0.01 + 5 * random.uniform(0, 1)) { $0 + $1[b] } }
    let observed = base.map { value -> Double in
      let factor = random.uniform(0, 1)
      return factor < 0.3 ? 0 : (value * 4 * factor * factor).rounded()
    }
    return LikelihoodPlan(
      statistic: .poisson,
      fold: ComponentFold(componentCount: 1, energyBins: bins, timeBins: 1, weights: [1]),
      observed: observed, base: base, pullTemplates: pulls,
      pullWidths: (0..<pullCount).map { _ in 0.05 + 0.6 * random.uniform(0, 1) },
      firstPullScalesSignal: random.uniform(0, 1) < 0.5, variance: [])
  }

  @Test("Two thousand contradictory data sets converge to the reference's minimum", arguments: 0..<8)
  func contradictions(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(1000 + seed))
    let cpu = try CPUBackend(workers: 1)
    let reference = ReferenceBackend()
    for index in 0..<250 {
      let plan = plan(&random)
      let signal = (0..<6).map { _ in random.uniform(0, 1) < 0.3 ? 0 : 50 * random.uniform(0, 1) }
      let tile = Tile(masses: [10], couplingSquares: [0, 0.1, 1, 3, 30, 1e3, 1e5, 1e7], columns: 8)
      let found = try cpu.load(plan).evaluate(tile, templates: signal)
      let expected = try reference.load(plan).evaluate(tile, templates: signal)
      #expect(found.unconverged == 0, "seed \(seed), plan \(index)")
      for (a, b) in zip(found.statistic, expected.statistic) {
        #expect(abs(a - b) <= 1e-9 * max(1, b), "seed \(seed), plan \(index)")
      }
    }
  }

  @Test("Chains of neighbours converge to the same minima from warm starts", arguments: [1, 2, 4])
  func chains(pullCount: Int) throws {
    var random = SeededGenerator(seed: UInt64(2000 + pullCount))
    let cpu = try CPUBackend(workers: 1)
    let reference = ReferenceBackend()
    // 67 columns make chains of nine; d grows tenfold within one
    let squares = (0..<67).map { pow(10, 0.22 * Double($0) - 6) }
    for index in 0..<60 {
      let plan = plan(&random, pullCount: pullCount)
      let signal = (0..<6).map { _ in random.uniform(0, 1) < 0.3 ? 0 : 50 * random.uniform(0, 1) }
      let tile = Tile(masses: [10], couplingSquares: squares, columns: squares.count)
      let found = try cpu.load(plan).evaluate(tile, templates: signal)
      let expected = try reference.load(plan).evaluate(tile, templates: signal)
      #expect(found.unconverged == 0, "plan \(index)")
      for (column, (a, b)) in zip(found.statistic, expected.statistic).enumerated() {
        #expect(abs(a - b) <= 1e-9 * max(1, b), "plan \(index), column \(column)")
      }
    }
  }
}
