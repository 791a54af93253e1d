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
  /// - Parameter scale: of all events; below one, counts stay fractions as those of Asimov data
  private func plan(
    _ random: inout SeededGenerator, pullCount: Int = 4, scale: Double = 1
  ) -> LikelihoodPlan {
    let bins = 6
    func template(_ largest: Double) -> [Double] {
      (0..<bins).map { _ in random.uniform(0, 1) < 0.2 ? 0 : scale * largest * random.uniform(0, 1) }
    }
    let pulls = (0..<pullCount).map { _ in template(60) }
    let base = (0..<bins).map { b in pulls.reduce(scale * (0.01 + 5 * random.uniform(0, 1))) { $0 + $1[b] } }
    let observed = base.map { value -> Double in
      let factor = random.uniform(0, 1)
      let count = value * 4 * factor * factor
      return factor < 0.3 ? 0 : scale < 1 ? count : count.rounded()
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

  @Test("Counts far below one: the minimum to 1e-9 all the same", arguments: [1e-1, 1e-3, 1e-5, 1e-7])
  func fewEvents(scale: Double) throws {
    var random = SeededGenerator(seed: 3000)
    let cpu = try CPUBackend(workers: 1)
    let reference = ReferenceBackend()
    let squares = (0..<67).map { pow(10, 0.22 * Double($0) - 3) }
    for index in 0..<120 {
      let plan = plan(&random, pullCount: [1, 2, 4][index % 3], scale: scale)
      let signal = (0..<6).map { _ in random.uniform(0, 1) < 0.3 ? 0 : scale * 50 * random.uniform(0, 1) }
      let tile = Tile(masses: [10], couplingSquares: squares, columns: squares.count)
      let found = try cpu.load(plan).evaluate(tile, templates: signal)
      let expected = try reference.load(plan).evaluate(tile, templates: signal)
      #expect(found.unconverged == 0, "plan \(index)")
      for (column, (a, b)) in zip(found.statistic, expected.statistic).enumerated() {
        #expect(abs(a - b) <= 1e-10 * max(1, b), "plan \(index), column \(column)")
      }
    }
  }

  @Test("A signal so large that the best factor comes down to its floor and rests beside or on it")
  func floor() throws {
    let plan = LikelihoodPlan(
      statistic: .poisson, fold: ComponentFold(componentCount: 1, energyBins: 2, timeBins: 1, weights: [1]),
      observed: [10, 3], base: [4, 2], pullTemplates: [[1, 1], [2, 0.5]], pullWidths: [0.12, 0.25],
      firstPullScalesSignal: true, variance: [])
    // f_0 = 6 / (q s) or so: from 1e-5 down to a tenth of the floor
    let squares = (0..<121).map { 6e5 * pow(10, Double($0) / 60) }
    let tile = Tile(masses: [10], couplingSquares: squares, columns: squares.count)
    let found = try CPUBackend(workers: 1).load(plan).evaluate(tile, templates: [1, 0.4])
    let expected = try ReferenceBackend().load(plan).evaluate(tile, templates: [1, 0.4])
    #expect(found.unconverged == 0 && expected.unconverged == 0)
    let factors = (0..<squares.count).map { 1 + expected.pulls[2 * $0] }
    #expect(factors.contains { $0 > 1.2e-6 && $0 < 1.8e-6 } && factors.contains { $0 <= 1e-6 + 1e-15 })
    for (a, b) in zip(found.statistic, expected.statistic) { #expect(abs(a - b) <= 1e-9 * max(1, b)) }
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
