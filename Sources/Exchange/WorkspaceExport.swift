import ScanCore

/// Writes a joint likelihood with one signal template as a HistFactory workspace [UPS-44].
///
/// Samples of a channel: `signal` (events at mu = 1), `pulled_NAME` for every normalisation, `rest` for what no
/// normalisation moves, shapes included. A pull f = 1 + sigma alpha is a histosys with (1 +- sigma) of the nominal events, or
/// +- sigma D on `rest` for a shape: symmetric, hence linear in every interpolation of HistFactory. Free pulls are normfactors.
package struct WorkspaceExport {
  private let plan: JointPlan
  private let data: JointData
  /// events at mu = 1
  private let signal: [Double]
  private let measurement: String
  private let largestStrength: Double
  private let names: WorkspaceNames

  /// - Parameters:
  ///   - data: the first of its sets is the observation
  ///   - template: signal events at q = 1, one row
  ///   - unit: q at mu = 1, > 0
  ///   - measurement: its name, which says what mu is
  ///   - largestStrength: the upper bound of mu
  package init(
    _ plan: JointPlan, data: JointData, template: [Double], unit: Double, measurement: String,
    largestStrength: Double
  ) {
    self.plan = plan
    self.data = data
    signal = template.map { $0 * unit }
    self.measurement = measurement
    self.largestStrength = largestStrength
    names = WorkspaceNames(plan)
  }

  package func workspace() throws(ExchangeError) -> Workspace {
    var workspace = Workspace(channels: [], observations: [], measurements: [])
    for (index, block) in plan.blocks.enumerated() {
      try check(block)
      workspace.channels.append(
        Workspace.Channel(name: names.channels[index], samples: samples(of: block)))
      workspace.observations.append(
        Workspace.Observation(name: names.channels[index], data: Array(data.observed[block.bins])))
    }
    workspace.measurements.append(
      Workspace.Measurement(
        name: measurement, poi: WorkspaceNames.parameterOfInterest, parameters: parameters))
    return workspace
  }

  private func check(_ block: JointBlock) throws(ExchangeError) {
    if let bin = block.bins.first(where: { plan.variance[$0] > 0 }) {
      throw ExchangeError(
        .notExpressible,
        "\(block.name): bin \(bin - block.bins.lowerBound) has a Gaussian uncertainty, and bins of HistFactory are Poisson counts. "
          + "Use --statistic poisson where the data are counts, or leave the experiment out.")
    }
    if let k = plan.pulls.indices.first(where: {
      block.signalShares[$0] != 0 && !plan.pulls[$0].isConstrained
    }) {
      throw ExchangeError(
        .notExpressible,
        "\(block.name): the free pull \"\(plan.pulls[k].name)\" scales the signal, whose strength then has no meaning of its own. "
          + "Give the pull a width.")
    }
    if let k = plan.pulls.firstIndex(where: { !$0.isConstrained && !$0.isNormalisation }) {
      throw ExchangeError(
        .notExpressible,
        "\(block.name): the pull \"\(plan.pulls[k].name)\" is a shape without constraint, for which HistFactory has no modifier. Give "
          + "it a width.")
    }
    let nominal = plan.expectation(
      factors: plan.pulls.map { _ in 1 }, signal: plan.rest.map { _ in 0.0 }, strength: 0)
    if let bin = block.bins.first(where: { data.observed[$0] > 0 && nominal[$0] <= 0 }) {
      throw ExchangeError(
        .notExpressible,
        "\(block.name): bin \(bin - block.bins.lowerBound) expects \(nominal[bin]) events without signal and \(data.observed[bin]) were "
          + "observed, which HistFactory gives no likelihood. Merge the bin with a neighbour or add its background."
      )
    }
  }

  // MARK: - Samples

  private func samples(of block: JointBlock) -> [Workspace.Sample] {
    var samples = [signalSample(block)]
    var rest = Array(plan.rest[block.bins])
    var size = rest.map { abs($0) }
    func add(_ events: [Double], times factor: Double) {
      for bin in rest.indices {
        rest[bin] += factor * events[bin]
        size[bin] += abs(events[bin])
      }
    }
    for group in groups(block) {
      let events = Array(plan.pulls[group[0]].events[block.bins])
      samples.append(
        Workspace.Sample(
          name: names.sample(group), data: events, modifiers: group.map { modifier($0, nominal: events) }))
      // m pulls on the same events: sum of f_k D = D (1 + sum of eta_k) + (m - 1) D
      add(events, times: Double(group.count - 1))
    }
    let shapes = pulls(in: block).filter { !plan.pulls[$0].isNormalisation }
    for k in shapes { add(Array(plan.pulls[k].events[block.bins]), times: 1) }
    // what is left of sums that cancel
    for bin in rest.indices where abs(rest[bin]) < 1e-13 * size[bin] { rest[bin] = 0 }
    if !shapes.isEmpty || rest.contains(where: { $0 != 0 }) {
      let modifiers = shapes.map { k in
        histosys(k, rest, step: plan.pulls[k].events[block.bins].map { $0 * plan.pulls[k].width })
      }
      samples.append(Workspace.Sample(name: WorkspaceNames.rest, data: rest, modifiers: modifiers))
    }
    return samples
  }

  private func signalSample(_ block: JointBlock) -> Workspace.Sample {
    let events = Array(signal[block.bins])
    var modifiers = [Workspace.Modifier(name: WorkspaceNames.parameterOfInterest, effect: .normfactor)]
    for k in plan.pulls.indices where block.signalShares[k] != 0 {
      let share = block.signalShares[k] * plan.pulls[k].width
      modifiers.append(histosys(k, events, step: events.map { $0 * share }))
    }
    return Workspace.Sample(name: WorkspaceNames.signal, data: events, modifiers: modifiers)
  }

  /// Pulls that move background events of a block.
  private func pulls(in block: JointBlock) -> [Int] {
    plan.pulls.indices.filter { plan.pulls[$0].events[block.bins].contains { $0 != 0 } }
  }

  /// Normalisations, those of the same events together.
  private func groups(_ block: JointBlock) -> [[Int]] {
    var groups: [[Int]] = []
    for k in pulls(in: block) where plan.pulls[k].isNormalisation {
      let same = groups.firstIndex { group in
        plan.pulls[k].isConstrained && plan.pulls[group[0]].isConstrained
          && plan.pulls[group[0]].events[block.bins] == plan.pulls[k].events[block.bins]
      }
      if let same { groups[same].append(k) } else { groups.append([k]) }
    }
    return groups
  }

  private func modifier(_ k: Int, nominal: [Double]) -> Workspace.Modifier {
    guard plan.pulls[k].isConstrained else {
      return Workspace.Modifier(name: names.pulls[k], effect: .normfactor)
    }
    return histosys(k, nominal, step: nominal.map { $0 * plan.pulls[k].width })
  }

  private func histosys(_ k: Int, _ nominal: [Double], step: [Double]) -> Workspace.Modifier {
    Workspace.Modifier(
      name: names.pulls[k],
      effect: .histosys(low: zip(nominal, step).map { $0 - $1 }, high: zip(nominal, step).map { $0 + $1 }))
  }

  // MARK: - Parameters

  /// Bounds of alpha where f > 0 does not set them: wider than pyhf's own of +-5, which a strength far from the best fit
  /// would meet.
  static let widestAlpha = 20.0

  private var parameters: [Workspace.Parameter] {
    var parameters = [
      Workspace.Parameter(
        name: WorkspaceNames.parameterOfInterest, initial: 1, bounds: Workspace.Bounds(0, largestStrength))
    ]
    for (k, pull) in plan.pulls.enumerated() {
      let centre = data.centres.isEmpty ? 1 : data.centres[k]
      guard pull.isConstrained else {
        parameters.append(
          Workspace.Parameter(
            name: names.pulls[k], initial: 1,
            bounds: Workspace.Bounds(JointPlan.lowestFactor, largestFactor(pull))))
        continue
      }
      let floor = pull.isNormalisation ? (JointPlan.lowestFactor - 1) / pull.width : -.infinity
      parameters.append(
        Workspace.Parameter(
          name: names.pulls[k], initial: 0,
          bounds: Workspace.Bounds(max(floor, -Self.widestAlpha), Self.widestAlpha),
          centre: centre == 1 ? nil : (centre - 1) / pull.width))
    }
    return parameters
  }

  /// Ten times the factor at which the pull alone would make all events of its bins.
  private func largestFactor(_ pull: JointPull) -> Double {
    let bins = pull.events.indices.filter { pull.events[$0] > 0 }
    let events = bins.reduce(0) { $0 + pull.events[$1] }
    let observed = bins.reduce(0) { $0 + data.observed[$1] }
    return 10 * max(1, events > 0 ? observed / events : 1)
  }
}
