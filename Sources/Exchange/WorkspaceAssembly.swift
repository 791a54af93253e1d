import ScanCore

/// Puts samples in linear form together into a plan [UPS-44].
struct WorkspaceAssembly {
  var samples: [LinearSample] = []
  let names: [String]
  let ranges: [Range<Int>]
  private let observed: [Double]

  init(_ channels: [Workspace.Channel], observations: [Workspace.Observation]) {
    names = channels.map(\.name)
    var first = 0
    var ranges: [Range<Int>] = []
    var observed: [Double] = []
    for channel in channels {
      ranges.append(first..<first + channel.binCount)
      first += channel.binCount
      observed += observations.first { $0.name == channel.name }?.data ?? []
    }
    (self.ranges, self.observed) = (ranges, observed)
  }

  private var binCount: Int { ranges.last?.upperBound ?? 0 }

  /// A pull and how its parameter moves it.
  struct Pull {
    var name: String
    var pull: JointPull
    /// change of f per unit of the parameter
    var scale: Double
    var centre: Double
    var kind: WorkspaceParameter.Kind
    var bounds: Workspace.Bounds
    /// scales samples as a whole, which then are not in the rest
    var isScale: Bool
  }

  func model(
    _ table: ParameterTable, _ places: WorkspacePlaces, measurement: Workspace.Measurement,
    linearised: [String]
  ) throws(ExchangeError) -> WorkspaceModel {
    let pulls = table.entries.compactMap { pull(of: $0) }
    let template = sum(samples.filter(\.isSignal)) { $0.nominal }
    var rest = [Double](repeating: 0, count: binCount)
    for sample in samples where !sample.isSignal && sample.factor == nil {
      // D of a pull that scales the sample is the sample
      let scaling = pulls.count { $0.isScale && sample.isMoved(by: $0.name) }
      for (bin, events) in zip(ranges[sample.channel], sample.nominal) {
        rest[bin] += events * Double(1 - scaling)
      }
    }
    for pull in pulls where !pull.isScale && pull.kind != .normfactor {
      for bin in rest.indices { rest[bin] -= pull.pull.events[bin] }
    }
    var blocks: [JointBlock] = []
    for channel in ranges.indices { blocks += try self.blocks(channel, pulls, template, places) }
    let centres = pulls.map(\.centre)
    return WorkspaceModel(
      plan: JointPlan(rest: rest, variance: rest.map { _ in 0 }, pulls: pulls.map(\.pull), blocks: blocks),
      data: JointData(observed: observed, centres: centres.allSatisfy { $0 == 1 } ? [] : centres),
      template: template,
      parameters: pulls.map {
        WorkspaceParameter(name: $0.name, kind: $0.kind, bounds: $0.bounds, scale: $0.scale)
      }, measurement: measurement.name, parameterOfInterest: measurement.poi,
      strengthBounds: table[measurement.poi]?.bounds ?? Workspace.Bounds(0, 10), linearised: linearised)
  }

  /// Sum over samples, in all bins.
  func sum(_ samples: [LinearSample], _ part: (LinearSample) -> [Double]?) -> [Double] {
    var sum = [Double](repeating: 0, count: binCount)
    for sample in samples {
      guard let events = part(sample) else { continue }
      for (bin, value) in zip(ranges[sample.channel], events) { sum[bin] += value }
    }
    return sum
  }

  // MARK: - Pulls

  /// nil for the strength, for what is fixed and for what moves nothing.
  private func pull(of entry: ParameterTable.Entry) -> Pull? {
    if entry.fixed != nil || entry.kind == .strength { return nil }
    if entry.kind == .normfactor { return factor(entry) }
    let moved = samples.filter { $0.isMoved(by: entry.name) }
    if moved.isEmpty { return nil }
    let backgrounds = moved.filter { !$0.isSignal }
    let width = entry.kind == .lumi ? 1 : commonRatio(backgrounds.isEmpty ? moved : backgrounds, entry.name)
    // the scale that turns the parameter into f: of samples as a whole where it is one, else of the change per unit
    let scale = width ?? 1
    let events = sum(backgrounds) { width == nil ? $0.slopes[entry.name] : $0.nominal }
    let lowest = entry.kind == .lumi ? entry.bounds.low : 1 + scale * entry.bounds.low
    return Pull(
      name: entry.name,
      pull: JointPull(
        name: entry.name, width: scale * entry.width, events: events,
        isNormalisation: width != nil && lowest >= -1e-12 && events.allSatisfy { $0 >= 0 }),
      scale: scale, centre: entry.kind == .lumi ? entry.centre : 1 + scale * entry.centre,
      kind: entry.kind == .lumi ? .lumi : .alpha, bounds: entry.bounds, isScale: width != nil)
  }

  private func factor(_ entry: ParameterTable.Entry) -> Pull? {
    let events = sum(samples.filter { $0.factor == entry.name }) { $0.nominal }
    let total = events.reduce(0, +)
    if total <= 0 { return nil }
    let seen = zip(events, observed).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    return Pull(
      name: entry.name,
      pull: JointPull(
        name: entry.name, width: WorkspaceModel.freeWidth(reach: seen / total), events: events,
        isNormalisation: entry.bounds.low >= 0, isConstrained: false),
      scale: 1, centre: 1, kind: .normfactor, bounds: entry.bounds, isScale: false)
  }

  /// slope / nominal where it is the same in all bins of all samples; nil where the parameter changes a shape.
  private func commonRatio(_ samples: [LinearSample], _ name: String) -> Double? {
    var (slope, events) = (0.0, 0.0)
    for sample in samples {
      slope += sample.slopes[name]?.reduce(0, +) ?? 0
      events += sample.nominal.reduce(0, +)
    }
    let ratio = slope / events
    guard ratio.isFinite, ratio > 0 else { return nil }
    let isCommon = samples.allSatisfy { sample in
      zip(sample.nominal, sample.slopes[name] ?? []).allSatisfy { pair in
        let (nominal, slope): (Double, Double) = pair
        let tolerance = (1e-9 * ratio + 8 * Double.ulpOfOne) * nominal
        return nominal >= 0 && abs(slope - ratio * nominal) <= tolerance
      }
    }
    return isCommon ? ratio : nil
  }
}
