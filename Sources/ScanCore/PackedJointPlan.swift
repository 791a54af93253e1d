import Foundation

/// A joint plan as two flat buffers, the form kernels read; `Kernels/README.md` shows the same layout [UPS-36].
///
/// integers: bins, pulls K, blocks, flags (1: there are shapes; 2: one factor scales the signal of all bins; 4: a Poisson bin
///   has no background); then per block 8: first bin, bins, 1 if Gaussian, active pulls A,
///   offset of the list of active pulls in `integers`, offset of the block in `reals`, 1 if a pull scales its signal, 0.
/// reals: per pull 4: v = 1/sigma^2, lowest factor, sigma of a throw (0: not thrown), probability below the lowest factor;
///   then rest per bin, 1/V per bin (0: Poisson), sqrt(V) per bin; then per block rho, kappa per active pull, per bin the D of
///   the active pulls padded to a multiple of four, per bin the products D_k D_l, l <= k, padded likewise.
/// A pull is active in a block where it has events or scales the signal.
package struct PackedJointPlan: Sendable {
  package static let header = 4
  package static let blockIntegers = 8
  /// Stands for no floor at all.
  package static let noFloor = -1e300
  package private(set) var integers: [Int32]
  package private(set) var reals: [Double]
  /// The largest number of active pulls of a block.
  package private(set) var largestActiveCount = 0
  /// Sums over the bins of a block that a Newton step needs: two per active pull and one per pair, padded as above.
  package var largestSumCount: Int {
    let active = largestActiveCount
    return 2 * Self.paddedCount(active) + Self.paddedCount(active * (active + 1) / 2)
  }

  package init(_ plan: JointPlan) {
    integers = [
      Int32(plan.binCount), Int32(plan.pullCount), Int32(plan.blocks.count), Self.flags(of: plan),
    ]
    integers += [Int32](repeating: 0, count: plan.blocks.count * Self.blockIntegers)
    reals = []
    for pull in plan.pulls {
      let floor = pull.isNormalisation ? JointPlan.lowestFactor : Self.noFloor
      let below = pull.isNormalisation ? erfc((1 - floor) / pull.width / 2.0.squareRoot()) / 2 : 0
      reals += [1 / (pull.width * pull.width), floor, pull.isConstrained ? pull.width : 0, below]
    }
    reals += plan.rest
    reals += plan.variance.map { $0 > 0 ? 1 / $0 : 0 }
    reals += plan.variance.map { $0.squareRoot() }
    for (index, block) in plan.blocks.enumerated() { append(block, at: index, of: plan) }
  }

  private mutating func append(_ block: JointBlock, at index: Int, of plan: JointPlan) {
    let active = plan.pulls.indices.filter { k in
      block.signalShares[k] != 0 || plan.pulls[k].events[block.bins].contains { $0 != 0 }
    }
    largestActiveCount = max(largestActiveCount, active.count)
    let base = Self.header + index * Self.blockIntegers
    integers[base] = Int32(block.bins.lowerBound)
    integers[base + 1] = Int32(block.bins.count)
    integers[base + 2] = plan.variance[block.bins.lowerBound] > 0 ? 1 : 0
    integers[base + 3] = Int32(active.count)
    integers[base + 4] = Int32(integers.count)
    integers[base + 5] = Int32(reals.count)
    integers[base + 6] = active.contains { block.signalShares[$0] != 0 } ? 1 : 0
    integers += active.map(Int32.init)
    reals.append(1 - block.signalShares.reduce(0, +))
    reals += active.map { block.signalShares[$0] }
    for bin in block.bins { reals += Self.padded(active.map { plan.pulls[$0].events[bin] }) }
    for bin in block.bins {
      var products: [Double] = []
      for (row, k) in active.enumerated() {
        for l in active[...row] { products.append(plan.pulls[k].events[bin] * plan.pulls[l].events[bin]) }
      }
      reals += Self.padded(products)
    }
  }

  private static func flags(of plan: JointPlan) -> Int32 {
    // where an expectation may fall below zero
    let poisson = plan.variance.indices.filter { plan.variance[$0] == 0 }
    let shapes =
      plan.pulls.contains { pull in !pull.isNormalisation || poisson.contains { pull.events[$0] < 0 } }
      || poisson.contains { plan.rest[$0] < 0 }
    let background = plan.expectation(
      factors: plan.pulls.map { _ in 1 }, signal: [Double](repeating: 0, count: plan.binCount), strength: 0)
    let bare = plan.rest.indices.contains { plan.variance[$0] == 0 && background[$0] <= 0 }
    return (shapes ? 1 : 0) + (plan.scalesSignalUniformly ? 2 : 0) + (bare ? 4 : 0)
  }

  private static func paddedCount(_ count: Int) -> Int { (count + 3) / 4 * 4 }

  private static func padded(_ values: [Double]) -> [Double] {
    values + [Double](repeating: 0, count: paddedCount(values.count) - values.count)
  }
}
