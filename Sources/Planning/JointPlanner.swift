import ScanCore

/// An experiment that takes part in a joint likelihood.
package struct JointMember: Sendable {
  /// Label of its bins and of the pulls it does not share.
  package var name: String
  package var likelihood: LikelihoodPlan
  /// Of the pulls of `likelihood`, in order.
  package var pullNames: [String]
  /// Pulls whose width means nothing: a normalisation left free.
  package var freePulls: Set<String>
  /// Events per bin that a background changes by at one sigma of its shape.
  package var shapes: [(name: String, change: [Double])]

  package init(
    name: String, likelihood: LikelihoodPlan, pullNames: [String], freePulls: Set<String>,
    shapes: [(name: String, change: [Double])]
  ) {
    self.name = name
    self.likelihood = likelihood
    self.pullNames = pullNames
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

  package func plan() throws(PlanningError) -> JointPlan {
    let bins = members.reduce(0) { $0 + $1.likelihood.binCount }
    var builder = Builder(bins: bins)
    for member in members { try builder.add(member, label: label(member)) }
    return builder.plan
  }

  /// Observed counts of all bins.
  package var observed: [Double] { members.flatMap(\.likelihood.observed) }

  private func label(_ member: JointMember) -> (String) -> String {
    { name in
      members.count == 1 || shared.contains(name) ? name : "\(member.name) \(name)"
    }
  }

  private struct Builder {
    var plan: JointPlan
    private let bins: Int

    init(bins: Int) {
      self.bins = bins
      plan = JointPlan(rest: [], variance: [], pulls: [], blocks: [])
    }

    mutating func add(_ member: JointMember, label: (String) -> String) throws(PlanningError) {
      let likelihood = member.likelihood
      let first = plan.rest.count
      let range = first..<first + likelihood.binCount
      let poisson = likelihood.statistic == .poisson
      var rest = likelihood.base
      var scaling: Int?
      for (k, template) in likelihood.pullTemplates.enumerated() {
        let scales = k == 0 && likelihood.firstPullScalesSignal
        // a slot kept for a signal pull that the experiment does not have
        if !scales && template.allSatisfy({ $0 == 0 }) { continue }
        for bin in rest.indices { rest[bin] -= template[bin] }
        let name = member.pullNames[k]
        let index = try pull(
          label(name), width: likelihood.pullWidths[k], isNormalisation: true,
          isConstrained: !member.freePulls.contains(name))
        plan.pulls[index].events.replaceSubrange(range, with: template)
        if scales { scaling = index }
      }
      // rounding must not leave less than nothing of events
      if poisson { rest = rest.map { max($0, 0) } }
      for shape in member.shapes {
        for bin in rest.indices { rest[bin] -= shape.change[bin] }
        let index = try pull(label(shape.name), width: 1, isNormalisation: false, isConstrained: true)
        plan.pulls[index].events.replaceSubrange(range, with: shape.change)
      }
      plan.rest += rest
      plan.variance += poisson ? rest.map { _ in 0 } : likelihood.variance
      var shares = plan.pulls.map { _ in 0.0 }
      if let scaling { shares[scaling] = 1 }
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
