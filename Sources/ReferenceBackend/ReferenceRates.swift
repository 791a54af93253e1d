import Foundation
import ScanCore

/// Expected events per flux component and energy bin, by plain loops over the tables of the plan [UPS-10].
struct ReferenceRates: LoadedRates {
  let plan: RatePlan

  func evaluate(masses: [Double]) throws(BackendError) -> [Double] {
    try checkMasses(masses)
    var result: [Double] = []
    result.reserveCapacity(masses.count * plan.valuesPerMass)
    for mass in masses { result += events(mass: mass) }
    return result
  }

  /// componentCount x binCount numbers for one mass.
  private func events(mass: Double) -> [Double] {
    var sums = [Double](repeating: 0, count: plan.valuesPerMass)
    forEachNode(mass: mass) { node in
      let response = interpolatedRow(plan.responses[node.channel.response], at: node.v)
      for (output, inner) in node.inner {
        let row = output * plan.binCount
        for bin in 0..<plan.binCount { sums[row + bin] += node.weight * inner * response[bin] }
      }
    }
    return sums.map { $0 * plan.eventScale }
  }

  // MARK: - Outer integral

  /// One node of the integral over v = ln(T / reference).
  struct Node {
    let channel: RateChannel
    let v: Double
    /// of the rule, times half the width of its panel
    let weight: Double
    /// Output row and inner integral of each component that takes part.
    let inner: [(output: Int, value: Double)]
  }

  /// Calls `body` for every node of every panel of every channel, in order.
  func forEachNode(mass: Double, _ body: (Node) -> Void) {
    for channel in plan.channels {
      let integrand = ReferenceIntegrand(channel: channel, heavyMass: mass)
      let edges = plan.fluxGroups[channel.fluxGroup].energyEdges
      for segment in 0..<edges.count - 1 {
        for range in integrand.kinematics.recoilRanges(from: edges[segment], to: edges[segment + 1]) {
          forEachNode(of: range, segment: segment, integrand, body)
        }
      }
    }
  }

  /// One Gauss-Legendre panel in v, clipped to the response window.
  private func forEachNode(
    of range: (lower: Double, upper: Double), segment: Int, _ integrand: ReferenceIntegrand,
    _ body: (Node) -> Void
  ) {
    let channel = integrand.channel
    let table = plan.responses[channel.response]
    let rule = plan.recoilRules[channel.recoilRule]
    let lower = max(range.lower, table.lowerRecoil)
    let upper = min(range.upper, table.upperRecoil)
    guard lower < upper else { return }
    let start = log(lower / table.referenceRecoil)
    let end = log(upper / table.referenceRecoil)
    let components = plan.fluxGroups[channel.fluxGroup].components
    let taking = channel.firstComponent..<channel.firstComponent + channel.componentCount
    for node in 0..<rule.count {
      let v = (start + end) / 2 + rule.nodes[node] * (end - start) / 2
      let recoil = table.referenceRecoil * exp(v)
      let inner = taking.map {
        (components[$0].output, innerIntegral(integrand, component: $0, segment: segment, recoil: recoil))
      }
      body(Node(channel: channel, v: v, weight: rule.weights[node] * (end - start) / 2, inner: inner))
    }
  }

  /// Six-point Lagrange interpolation of one row of the response on its uniform grid.
  private func interpolatedRow(_ table: ResponseTable, at v: Double) -> [Double] {
    let position = (v - table.firstLog) / table.logStep
    let row = min(max(Int(position.rounded(.down)), 2), table.rowCount - 4)
    let offset = position - Double(row)
    var result = [Double](repeating: 0, count: plan.binCount)
    for i in -2...3 {
      var weight = 1.0
      for j in -2...3 where j != i { weight *= (offset - Double(j)) / Double(i - j) }
      let first = (row + i) * plan.binCount
      for bin in 0..<plan.binCount { result[bin] += weight * table.values[first + bin] }
    }
    return result
  }

  // MARK: - Inner integral

  private func innerIntegral(
    _ integrand: ReferenceIntegrand, component index: Int, segment: Int, recoil: Double
  ) -> Double {
    let group = plan.fluxGroups[integrand.channel.fluxGroup]
    let component = group.components[index]
    switch plan.mode {
    case .moments:
      return fromMoments(integrand, component, group.energyEdges, segment: segment, recoil: recoil)
    case .quadrature:
      return byQuadrature(integrand, component, group.energyEdges, segment: segment, recoil: recoil)
    }
  }

  private func fromMoments(
    _ integrand: ReferenceIntegrand, _ component: FluxComponent, _ edges: [Double], segment: Int,
    recoil: Double
  ) -> Double {
    let energy = integrand.kinematics.smallestEnergy(recoil: recoil)
    let t = (edges[segment + 1] - energy) / (edges[segment + 1] - edges[segment])
    let size = component.momentDegree + 1
    func moment(_ n: Int) -> Double {
      polynomial(component.moments, from: (segment * 3 + n) * size, count: size, at: t)
    }
    return integrand.value(recoil: recoil, moments: (moment(0), moment(1), moment(2)))
  }

  /// Integral of phi(E) times the bracket from E_min upwards: the rest of this segment, every higher one, and lines
  /// (their energies are edges, so those above E_min are the ones from the upper edge of this segment on).
  private func byQuadrature(
    _ integrand: ReferenceIntegrand, _ component: FluxComponent, _ edges: [Double], segment: Int,
    recoil: Double
  ) -> Double {
    let smallest = integrand.kinematics.smallestEnergy(recoil: recoil)
    let size = component.spectrumDegree + 1
    var total = 0.0
    for k in segment..<edges.count - 1 {
      let lower = k == segment ? smallest : edges[k]
      let width = edges[k + 1] - lower
      for node in 0..<plan.energyRule.count {
        let energy = lower + plan.energyRule.nodes[node] * width
        let t = (edges[k + 1] - energy) / (edges[k + 1] - edges[k])
        let density = polynomial(component.spectrum, from: k * size, count: size, at: t)
        total +=
          plan.energyRule.weights[node] * width * density * integrand.value(recoil: recoil, energy: energy)
      }
    }
    for (energy, weight) in zip(component.lineEnergies, component.lineWeights)
    where energy >= edges[segment + 1] {
      total += weight * integrand.value(recoil: recoil, energy: energy)
    }
    return total
  }

  /// Lowest power first.
  private func polynomial(_ coefficients: [Double], from start: Int, count: Int, at t: Double) -> Double {
    var power = 1.0
    var sum = 0.0
    for n in start..<start + count {
      sum += coefficients[n] * power
      power *= t
    }
    return sum
  }
}
