import DipolePhysics
import Rates
import ScanCore

/// The likelihood over the space of transition moments at one mass [UPS-52]: signal = sum over flux components of mu^2(lambda) times the
/// events of that component at unit moment.
package struct MomentLikelihood: Sendable {
  /// Components with the same quadratic form, in one experiment or several.
  private struct Group {
    var form: MomentForm
    /// events per bin of the likelihood at mu = reference
    var events: [Double]
  }

  package let joint: JointAnalysis
  private let groups: [Group]
  private let likelihood: any LoadedJoint
  private let reference: Double
  /// Whether any neutrino arrives with the phases of its mass states.
  package let hasPhases: Bool
  private static let rowsAtATime = 1 << 21

  /// - Parameters:
  ///   - joint: of `UnitMoments`, on one mass or more
  ///   - beams: per experiment, how mass states of a flavour add up; nil where all neutrinos arrive as mass states
  ///   - mass: m4, MeV
  package init(
    _ joint: JointAnalysis, beams: [FlavourBeam?], mass: Double, backend: any Backend
  ) throws {
    self.joint = joint
    reference = joint.referenceCoupling
    likelihood = try backend.load(joint.plan)
    var groups: [Group] = []
    var first = 0
    for (member, beam) in zip(joint.members, beams) {
      let values = try backend.load(member.signalPlan).evaluate(masses: [mass])
      let scale = reference / member.signalPlan.referenceCoupling
      for (index, component) in member.signalModel.components.enumerated() {
        guard let form = MomentForm(component, beam: beam) else { continue }
        var events = [Double](repeating: 0, count: joint.plan.binCount)
        let own = member.likelihood.fold.only(index).fold(values).map { $0 * scale * scale }
        events.replaceSubrange(first..<first + own.count, with: own)
        if let known = groups.firstIndex(where: { $0.form == form }) {
          for bin in events.indices { groups[known].events[bin] += events[bin] }
        } else {
          groups.append(Group(form: form, events: events))
        }
      }
      first += member.likelihood.binCount
    }
    self.groups = groups.filter { $0.events.contains { $0 != 0 } }
    hasPhases = self.groups.contains { group in
      (0..<3).contains { i in (0..<3).contains { i != $0 && group.form.matrix[i][$0].squaredMagnitude > 0 } }
    }
    guard !self.groups.isEmpty else {
      throw RequestError(
        "--m4 \(mass): no neutrino of these sources can produce this mass, or no bin sees its recoils. Choose a smaller one."
      )
    }
  }

  /// Events of the signal per bin.
  package func signal(_ point: MomentPoint) -> [Double] {
    var events = [Double](repeating: 0, count: joint.plan.binCount)
    let moments = point.moments.map { (1 / reference) * $0 }
    for group in groups {
      let square = group.form.squaredMoment(moments)
      for bin in events.indices { events[bin] += square * group.events[bin] }
    }
    return events
  }

  /// chi2 of a point, minimised over the pulls, and its derivatives with respect to the parameters, per internal unit and radian.
  package struct Value: Sendable {
    package var statistic: Double
    package var gradient: [Double]
  }

  /// On the data of the experiments.
  package func statistic(_ points: [MomentPoint]) throws(BackendError) -> [Double] {
    try values(points, withGradient: false).map(\.statistic)
  }

  func values(_ points: [MomentPoint], withGradient: Bool = true) throws(BackendError) -> [Value] {
    var values: [Value] = []
    let rows = max(1, Self.rowsAtATime / joint.plan.binCount)
    for start in stride(from: 0, to: points.count, by: rows) {
      let some = points[start..<min(start + rows, points.count)]
      let signals = some.map(signal)
      let result = try likelihood.profile(
        signals.indices.map { JointPoint(set: 0, row: $0, strength: 1) }, data: joint.data,
        templates: signals.flatMap(\.self))
      guard result.unconverged == 0, result.statistic.allSatisfy(\.isFinite) else {
        throw BackendError(
          .deviceFailure,
          "The pulls of \(result.unconverged) points did not converge, or the statistic is not finite, so that no plane is stated. "
            + "Run with --backend reference, and report the case.")
      }
      let pulls = joint.plan.pullCount
      for (index, point) in some.enumerated() {
        let eta = result.pulls[index * pulls..<(index + 1) * pulls]
        values.append(
          Value(
            statistic: result.statistic[index],
            gradient: withGradient ? gradient(point, signals[index], factors: eta.map { 1 + $0 }) : []))
      }
    }
    return values
  }

  /// At the minimum over the pulls chi2 changes with the signal alone: sum over bins of dchi2/dmu dmu/ds.
  private func gradient(_ point: MomentPoint, _ signal: [Double], factors: [Double]) -> [Double] {
    let plan = joint.plan
    var slope = plan.expectation(factors: factors, signal: signal, strength: 1)
    for block in plan.blocks {
      let scale = zip(block.signalShares, factors).reduce(1) { $0 + $1.0 * ($1.1 - 1) }
      for bin in block.bins {
        let n = joint.data.observed[bin]
        let own =
          plan.variance[bin] > 0
          ? (slope[bin] - n) / plan.variance[bin] : 1 - n / max(slope[bin], JointPlan.smallestExpectation)
        slope[bin] = 2 * scale * own
      }
    }
    let sizes = point.values.prefix(3).map { $0 / reference }
    var gradient = [Double](repeating: 0, count: point.values.count)
    for group in groups {
      let change = zip(slope, group.events).reduce(0) { $0 + $1.0 * $1.1 }
      let form = group.form.gradient(sizes: sizes, phases: Array(point.values.suffix(3)))
      for index in gradient.indices { gradient[index] += change * form[index] / (index < 3 ? reference : 1) }
    }
    return gradient
  }
}

extension ComponentFold {
  /// The events of one component alone.
  func only(_ component: Int) -> ComponentFold {
    var fold = self
    for index in fold.weights.indices where index / timeBins != component { fold.weights[index] = 0 }
    return fold
  }
}
