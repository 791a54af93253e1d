/// A signal normalisation that is split into parts: 1 + eta_own + sum over parts of eta_k scales the bins of a block [UPS-46].
package struct SignalSum: Codable, Hashable, Sendable {
  /// Index of the block.
  package var block: Int
  /// Index of the pull that only this block has.
  package var own: Int
  /// Indices of the others.
  package var parts: [Int]

  package init(block: Int, own: Int, parts: [Int]) {
    self.block = block
    self.own = own
    self.parts = parts
  }
}

/// The same likelihood with the sums themselves as unknowns, so that they stay at or above `lowestFactor` as one pull does:
/// with sums of parts nothing else keeps the signal of a block from turning negative far inside an excluded region.
///
/// The own pull becomes g = 1 + eta_own + sum eta_k, without a constraint; a Gaussian bin behind those of the experiments,
/// (g - sum f_k - 1 + K)^2 / sigma_own^2, is the constraint of eta_own [UPS-46].
package struct SummedPlan: Sendable {
  package let plan: JointPlan
  private let sums: [SignalSum]
  /// What the bins behind the experiments observe, 1 - K.
  private let observed: [Double]
  /// In place of no constraint: 1e-12 of chi2 where g vanishes.
  private static let freeWidth = 1e6

  package init(_ parts: JointPlan, sums: [SignalSum]) {
    self.sums = sums
    observed = sums.map { 1 - Double($0.parts.count) }
    var plan = parts
    for sum in sums {
      let bins = plan.blocks[sum.block].bins
      for part in sum.parts {
        for bin in bins {
          // f_k D with f_k = 1 + eta_k: what remains without eta_k
          plan.rest[bin] += plan.pulls[part].events[bin]
          plan.pulls[part].events[bin] = 0
        }
        plan.blocks[sum.block].signalShares[part] = 0
      }
      plan.pulls[sum.own].width = Self.freeWidth
      plan.pulls[sum.own].isConstrained = false
    }
    for sum in sums {
      let bin = plan.binCount
      plan.rest.append(0)
      let width = parts.pulls[sum.own].width
      plan.variance.append(width * width)
      for index in plan.pulls.indices {
        plan.pulls[index].events.append(index == sum.own ? 1 : sum.parts.contains(index) ? -1 : 0)
      }
      plan.blocks.append(
        JointBlock(
          name: "parts of \(parts.pulls[sum.own].name)", bins: bin..<bin + 1,
          signalShares: plan.pulls.map { _ in 0 }))
    }
    self.plan = plan
  }

  /// Data sets of the experiments, one after the other, in the bins of `plan`.
  package func extended(_ data: JointData) -> JointData {
    JointData(observed: extended(data.observed, by: observed), centres: data.centres)
  }

  /// Signal templates of the experiments in the bins of `plan`.
  package func extended(templates: [Double]) -> [Double] {
    extended(templates, by: observed.map { _ in 0 })
  }

  private func extended(_ rows: [Double], by tail: [Double]) -> [Double] {
    let bins = plan.binCount - tail.count
    if tail.isEmpty { return rows }
    return (0..<rows.count / max(1, bins)).flatMap { rows[$0 * bins..<($0 + 1) * bins] + tail }
  }

  /// eta of the parts from those of `plan`, points x pulls.
  package func parts(_ pulls: [Double]) -> [Double] {
    var parts = pulls
    let count = plan.pullCount
    for point in 0..<(count == 0 ? 0 : pulls.count / count) {
      for sum in sums {
        for part in sum.parts { parts[point * count + sum.own] -= pulls[point * count + part] }
      }
    }
    return parts
  }
}
