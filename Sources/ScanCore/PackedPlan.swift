/// A rate plan as two flat buffers, the form kernels read. `Kernels/README.md` shows the same layout.
///
/// integers: header of 8: mode (0 moments, 1 quadrature), binCount, componentCount, channelCount,
///   energy-rule order, offset of the energy rule in `reals`, largest component count of a channel, 0;
///   then per channel 10: process, offset of its response values, row count, offset of its group in `integers`,
///   first component, component count, recoil-rule order, offset of the recoil rule, offset of its constants, 0;
///   then per group: segment count, offset of its edges, component count, and per component 8: output row,
///   moment degree, offset of moments, spectrum degree, offset of spectrum, line count, offset of lines, 0.
/// reals: element 0 the event scale; channel constants are M, lower, upper and reference recoil, firstLog,
///   1/logStep, a0, b1, c0, c1, c2; a rule is its nodes followed by its weights; lines are energies then weights.
///
/// Response rows hold `binStride` numbers: the bin count rounded up to `binAlignment`, padded with zeros.
/// Recoil rules are padded with zero weights to a multiple of `laneCount`, so that lanes never need a tail: every
/// backend that reads this form adds the same zeros.
package struct PackedRatePlan: Sendable {
  package static let laneCount = 8
  package static let header = 8
  package static let channelIntegers = 10
  package private(set) var integers: [Int32]
  package private(set) var reals: [Double]
  package let binStride: Int

  package init(_ plan: RatePlan, binAlignment: Int = 1) {
    binStride = (plan.binCount + binAlignment - 1) / binAlignment * binAlignment
    integers = [Int32](repeating: 0, count: Self.header + plan.channels.count * Self.channelIntegers)
    reals = [plan.eventScale]
    integers[0] = plan.mode == .moments ? 0 : 1
    integers[1] = Int32(plan.binCount)
    integers[2] = Int32(plan.componentCount)
    integers[3] = Int32(plan.channels.count)
    integers[4] = Int32(plan.energyRule.count)
    integers[5] = append(plan.energyRule.nodes + plan.energyRule.weights)
    integers[6] = Int32(plan.channels.map(\.componentCount).max() ?? 0)
    let groupOffsets = plan.fluxGroups.map { append(group: $0) }
    let responseOffsets = plan.responses.map { append(rows(of: $0, binCount: plan.binCount)) }
    let rules = plan.recoilRules.map(Self.padded)
    let ruleOffsets = rules.map { append($0.nodes + $0.weights) }
    for (index, channel) in plan.channels.enumerated() {
      let table = plan.responses[channel.response]
      let base = Self.header + index * Self.channelIntegers
      integers[base] = Int32(channel.process.rawValue)
      integers[base + 1] = responseOffsets[channel.response]
      integers[base + 2] = Int32(table.rowCount)
      integers[base + 3] = groupOffsets[channel.fluxGroup]
      integers[base + 4] = Int32(channel.firstComponent)
      integers[base + 5] = Int32(channel.componentCount)
      integers[base + 6] = Int32(rules[channel.recoilRule].count)
      integers[base + 7] = ruleOffsets[channel.recoilRule]
      integers[base + 8] = append(
        [
          channel.targetMass, table.lowerRecoil, table.upperRecoil, table.referenceRecoil, table.firstLog,
          1 / table.logStep,
        ] + channel.contact)
    }
  }

  private mutating func append(_ values: [Double]) -> Int32 {
    let offset = Int32(reals.count)
    reals += values
    return offset
  }

  private func rows(of table: ResponseTable, binCount: Int) -> [Double] {
    if binStride == binCount { return table.values }
    var padded = [Double](repeating: 0, count: table.rowCount * binStride)
    for row in 0..<table.rowCount {
      for bin in 0..<binCount { padded[row * binStride + bin] = table.values[row * binCount + bin] }
    }
    return padded
  }

  private mutating func append(group: FluxGroup) -> Int32 {
    let offset = Int32(integers.count)
    integers += [Int32(group.segmentCount), append(group.energyEdges), Int32(group.components.count)]
    for component in group.components {
      integers += [
        Int32(component.output), Int32(component.momentDegree), append(component.moments),
        Int32(component.spectrumDegree), append(component.spectrum), Int32(component.lineEnergies.count),
        append(component.lineEnergies + component.lineWeights), 0,
      ]
    }
    return offset
  }

  private static func padded(_ rule: QuadratureRule) -> QuadratureRule {
    let missing = (laneCount - rule.count % laneCount) % laneCount
    let zeros = [Double](repeating: 0, count: missing)
    return QuadratureRule(nodes: rule.nodes + zeros, weights: rule.weights + zeros)
  }
}

/// A likelihood plan as one flat buffer: 8 header numbers (inverse pull variances v0...v3, kappa = 1 if the first pull
/// scales the signal else 0, sum of n, sum of everything but D_0 in base, sum of D_0), then per bin n, 1/n (0 for empty
/// bins), rest = base - sum of D_k, D_0...D_3, 1/variance (0 for Poisson). Kernels work with factors f = 1 + eta,
///
///     mu = rest + (q - kappa q) s + f_0 (D_0 + kappa q s) + f_1 D_1 + f_2 D_2 + f_3 D_3,
///
/// because base + eta_0 (D_0 + q s) cancels where a huge signal drives f_0 to zero.
/// Absent pulls have D = 0 and v = 1: their gradient is zero.
package struct PackedLikelihood: Sendable {
  package static let header = 8
  package static let binNumbers = 8
  package let reals: [Double]

  package init(_ plan: LikelihoodPlan) {
    var reals: [Double] = []
    reals.reserveCapacity(Self.header + plan.binCount * Self.binNumbers)
    let pulls = plan.pullCount
    for k in 0..<LikelihoodPlan.maximumPulls {
      reals.append(k < pulls ? 1 / (plan.pullWidths[k] * plan.pullWidths[k]) : 1)
    }
    reals.append(pulls > 0 && plan.firstPullScalesSignal ? 1 : 0)
    reals.append(plan.observed.reduce(0, +))
    let scaled = pulls > 0 ? plan.pullTemplates[0].reduce(0, +) : 0
    // rounding must not leave less than nothing of events; mixed Gaussian bins have any sign [UPS-25]
    let least = plan.statistic == .poisson ? 0 : -Double.infinity
    reals.append(max(least, plan.base.reduce(0, +) - scaled))
    reals.append(scaled)
    for b in 0..<plan.binCount {
      let n = plan.observed[b]
      let pulled = plan.pullTemplates.reduce(0.0) { $0 + $1[b] }
      reals += [n, n > 0 ? 1 / n : 0, max(least, plan.base[b] - pulled)]
      for k in 0..<LikelihoodPlan.maximumPulls { reals.append(k < pulls ? plan.pullTemplates[k][b] : 0) }
      reals.append(plan.variance.isEmpty ? 0 : 1 / plan.variance[b])
    }
    self.reals = reals
  }
}
