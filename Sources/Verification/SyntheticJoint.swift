import Foundation
import ScanCore

/// An invented joint plan with signals, data and toys; every number follows from the seed.
struct SyntheticJoint {
  /// bins per block; negative: Gaussian ones
  var blocks = [5]
  /// normalisations; the first scales the signal of every block, or, with `ownSignalPulls`, block i is scaled by pull i
  var pulls = 2
  var shapes = 0
  /// Largest change of a bin by a shape, of `events`: above one, expectations may fall below zero.
  var shapeSize = 0.25
  /// Of the signal in data and toys.
  var strength = 0.4
  var ownSignalPulls = false
  /// The last normalisation has no constraint.
  var lastIsFree = false
  /// Every third bin expects and holds nothing.
  var hasEmptyBins = false
  var rows = 3
  /// per bin
  var events = 20.0
  var seed: UInt64

  private var bins: Int { blocks.reduce(0) { $0 + abs($1) } }

  private func isEmpty(_ bin: Int) -> Bool { hasEmptyBins && bin % 3 == 2 }

  // MARK: - Plan

  func plan() -> JointPlan {
    var random = SeededGenerator(seed: seed)
    var plan = JointPlan(rest: [], variance: [], pulls: [], blocks: [])
    for (index, size) in blocks.enumerated() {
      let first = plan.rest.count
      for bin in first..<first + abs(size) {
        plan.rest.append(isEmpty(bin) ? 0 : events * random.uniform(0.5, 1.5))
        plan.variance.append(size < 0 ? events * random.uniform(0.5, 2) : 0)
      }
      plan.blocks.append(
        JointBlock(
          name: "block \(index)", bins: first..<plan.rest.count,
          signalShares: (0..<pulls + shapes).map {
            $0 < pulls && $0 == (ownSignalPulls ? index % max(1, pulls) : 0) ? 1 : 0
          }))
    }
    for k in 0..<pulls { plan.pulls.append(normalisation(k, plan, &random)) }
    for k in 0..<shapes { addShape(k, to: &plan, &random) }
    return plan
  }

  /// Odd ones act on one block only.
  private func normalisation(
    _ k: Int, _ plan: JointPlan, _ random: inout SeededGenerator
  ) -> JointPull {
    let part = plan.blocks[k % plan.blocks.count].bins
    let events = (0..<bins).map { bin in
      isEmpty(bin) || (k % 2 == 1 && !part.contains(bin)) ? 0 : self.events * random.uniform(0, 0.4)
    }
    return JointPull(
      name: "norm \(k)", width: random.uniform(0.03, 0.4), events: events,
      isConstrained: !(lastIsFree && k == pulls - 1))
  }

  private func addShape(_ k: Int, to plan: inout JointPlan, _ random: inout SeededGenerator) {
    let change = (0..<bins).map { isEmpty($0) ? 0 : events * random.uniform(-shapeSize, shapeSize) }
    for bin in 0..<bins { plan.rest[bin] -= change[bin] }
    plan.pulls.append(JointPull(name: "shape \(k)", width: 1, events: change, isNormalisation: false))
  }

  // MARK: - Signals, data, toys

  /// A peak that moves from row to row, as large as the rest at q = 1.
  private func templates() -> [Double] {
    (0..<rows).flatMap { row in
      (0..<bins).map { bin in
        let distance = (Double(bin) + 0.5) / Double(bins) - (Double(row) + 0.5) / Double(rows)
        return isEmpty(bin) ? 0 : events * exp(-8 * distance * distance)
      }
    }
  }

  /// The expectation itself, whole numbers around it with a signal, and nothing at all.
  private func data(_ plan: JointPlan, _ templates: [Double]) -> JointData {
    var random = SeededGenerator(seed: seed &+ 1)
    let ones = plan.pulls.map { _ in 1.0 }
    let expected = plan.expectation(factors: ones, signal: templates[..<bins], strength: 0)
    let signal = plan.expectation(
      factors: ones, signal: templates[((rows - 1) * bins)...], strength: 0.75 * strength)
    let scattered = signal.enumerated().map { bin, mu in
      let value = mu + random.uniform(-2, 2) * abs(mu).squareRoot()
      return plan.variance[bin] > 0 ? value : max(0, value.rounded())
    }
    return JointData(
      observed: expected + scattered + expected.map { _ in 0 },
      centres: (0..<3).flatMap { set in
        plan.pulls.map { 1 + (set == 1 ? $0.width * random.uniform(-1, 1) : 0) }
      })
  }

  func verificationCase(_ name: String, toys: Int = 2) -> JointVerificationCase {
    let plan = plan()
    let templates = templates()
    let strengths = [0, 0.02, 1, 300]
    let points = (0..<3).flatMap { set in
      (0..<rows).flatMap { row in strengths.map { JointPoint(set: set, row: row, strength: $0) } }
    }
    let all = JointSearch(rows: 0..<rows)
    let factors = plan.pulls.indices.map { 1 + plan.pulls[$0].width * (0.5 - Double($0 % 2)) }
    let truths = [
      ToyPoint(key: seed << 33 | 5, row: 0, strength: 0, factors: factors),
      ToyPoint(
        key: seed, row: rows - 1, strength: strength, factors: factors, testedRow: rows / 2,
        testedStrength: strength / 4),
    ]
    let batches = ToyEnsemble.allCases.enumerated().map { index, ensemble in
      ToyBatch(
        seed: 0x9e37_79b9_7f4a_7c15 &* seed, ensemble: ensemble, toys: 1..<1 + toys, points: truths,
        search: index == 2 ? nil : all)
    }
    return JointVerificationCase(
      name: name, plan: plan, templates: templates, data: data(plan, templates), points: points,
      searches: [all, JointSearch(rows: rows - 1..<rows), JointSearch(rows: all.rows, strength: 0.05)],
      batches: batches)
  }
}
