import ScanCore

/// An experiment that takes part in a joint likelihood.
package struct JointMember: Sendable {
  /// Label of its bins and of the pulls it does not share.
  package var name: String
  package var likelihood: LikelihoodPlan
  /// Of the pulls of `likelihood`, in order.
  package var pullNames: [String]
  /// Named parts of its signal pull, relative widths.
  package var signalParts: [(name: String, width: Double)]
  /// Pulls whose width means nothing: a normalisation left free.
  package var freePulls: Set<String>
  /// Events per bin that a background changes by at one sigma of its shape.
  package var shapes: [(name: String, change: [Double])]

  package init(
    name: String, likelihood: LikelihoodPlan, pullNames: [String],
    signalParts: [(name: String, width: Double)] = [], freePulls: Set<String>,
    shapes: [(name: String, change: [Double])]
  ) {
    self.name = name
    self.likelihood = likelihood
    self.pullNames = pullNames
    self.signalParts = signalParts
    self.freePulls = freePulls
    self.shapes = shapes
  }
}

/// Puts experiments side by side into one likelihood [UPS-36].
package struct JointPlanner {
  private let members: [JointMember]
  /// Pulls of the same name are one pull if their name is among these.
  private let shared: Set<String>

  package init(_ members: [JointMember], shared: Set<String>) {
    self.members = members
    self.shared = shared
  }

  package func plan() throws(PlanningError) -> JointPlan { try planWithSums().plan }

  /// The plan, and which of its blocks have a signal in parts [UPS-46].
  package func planWithSums() throws(PlanningError) -> (plan: JointPlan, sums: [SignalSum]) {
    let bins = members.reduce(0) { $0 + $1.likelihood.binCount }
    var builder = Builder(bins: bins)
    for member in members {
      try builder.add(member, signal: signalPulls(member), label: label(member))
    }
    return (builder.plan, builder.sums)
  }

  /// Observed counts of all bins.
  package var observed: [Double] { members.flatMap(\.likelihood.observed) }

  private func label(_ member: JointMember) -> (String) -> String {
    { name in
      members.count == 1 || shared.contains(name) ? name : "\(member.name) \(name)"
    }
  }

  /// The signal pull, split into its shared parts and what is left [UPS-46].
  private func signalPulls(
    _ member: JointMember
  ) throws(PlanningError) -> [(name: String, width: Double)] {
    guard let name = member.pullNames.first, let width = member.likelihood.pullWidths.first else { return [] }
    let parts = members.count == 1 ? [] : member.signalParts.filter { shared.contains($0.name) }
    guard !parts.isEmpty else { return [(name, width)] }
    guard !shared.contains(name) else {
      throw PlanningError(
        "Both \"\(name)\" and its part \"\(parts[0].name)\" are to be shared, and \(member.name) has it within the other. Share one of "
          + "the two.")
    }
    let rest = width * width - parts.reduce(0) { $0 + $1.width * $1.width }
    // widths of a file that add up to the whole leave rounding
    return rest > 1e-9 * width * width ? parts + [(name, rest.squareRoot())] : parts
  }

  private struct Builder {
    var plan: JointPlan
    var sums: [SignalSum] = []
    private let bins: Int

    init(bins: Int) {
      self.bins = bins
      plan = JointPlan(rest: [], variance: [], pulls: [], blocks: [])
    }

    /// - Parameter signal: what the first pull of the member is made of
    mutating func add(
      _ member: JointMember, signal: [(name: String, width: Double)], label: (String) -> String
    ) throws(PlanningError) {
      let likelihood = member.likelihood
      let first = plan.rest.count
      let range = first..<first + likelihood.binCount
      let poisson = likelihood.statistic == .poisson
      var rest = likelihood.base
      var scaling: Set<Int> = []
      var surplus = 0
      for (k, template) in likelihood.pullTemplates.enumerated() {
        let scales = k == 0 && likelihood.firstPullScalesSignal
        // a slot kept for a signal pull that the experiment does not have
        if !scales && template.allSatisfy({ $0 == 0 }) { continue }
        for bin in rest.indices { rest[bin] -= template[bin] }
        let pulls = k == 0 ? signal : [(member.pullNames[k], likelihood.pullWidths[k])]
        var indices: [Int] = []
        for (name, width) in pulls {
          let index = try pull(
            label(name), width: width, isNormalisation: true,
            isConstrained: !member.freePulls.contains(name))
          plan.pulls[index].events.replaceSubrange(range, with: template)
          if scales { scaling.insert(index) }
          indices.append(index)
        }
        if k == 0 { surplus = pulls.count - 1 }
        // what is left of the width stands last; without it nothing is the experiment's own
        if let own = indices.popLast(), !indices.isEmpty, pulls.last?.name == member.pullNames[k] {
          sums.append(SignalSum(block: plan.blocks.count, own: own, parts: indices))
        }
      }
      // rounding must not leave less than nothing of events
      if poisson { rest = rest.map { max($0, 0) } }
      // 1 + eta_1 + eta_2 + ... = f_1 + f_2 + ... less their number but one
      if surplus > 0 {
        for bin in rest.indices { rest[bin] -= Double(surplus) * likelihood.pullTemplates[0][bin] }
      }
      for shape in member.shapes {
        for bin in rest.indices { rest[bin] -= shape.change[bin] }
        let index = try pull(label(shape.name), width: 1, isNormalisation: false, isConstrained: true)
        plan.pulls[index].events.replaceSubrange(range, with: shape.change)
      }
      plan.rest += rest
      plan.variance += poisson ? rest.map { _ in 0 } : likelihood.variance
      let shares = plan.pulls.indices.map { scaling.contains($0) ? 1.0 : 0 }
      plan.blocks.append(JointBlock(name: member.name, bins: range, signalShares: shares))
      for index in plan.blocks.indices {
        let missing = plan.pullCount - plan.blocks[index].signalShares.count
        plan.blocks[index].signalShares += [Double](repeating: 0, count: missing)
      }
    }

    /// Index of the pull of that name, made where there is none.
    private mutating func pull(
      _ name: String, width: Double, isNormalisation: Bool, isConstrained: Bool
    ) throws(PlanningError) -> Int {
      if let index = plan.pulls.firstIndex(where: { $0.name == name }) {
        let known = plan.pulls[index]
        guard known.width == width, known.isNormalisation == isNormalisation else {
          throw PlanningError(
            "The pull \"\(name)\" is shared, and its width is \(known.width) in one experiment and \(width) in another. One pull has "
              + "one width: make them equal, or do not share it.")
        }
        return index
      }
      plan.pulls.append(
        JointPull(
          name: name, width: width, events: [Double](repeating: 0, count: bins),
          isNormalisation: isNormalisation, isConstrained: isConstrained))
      return plan.pulls.count - 1
    }
  }
}
