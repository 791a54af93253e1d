import ScanCore

/// Turns a workspace into a joint likelihood [UPS-44]. Exact for what is linear in its parameters; anything else is refused by
/// name, or replaced by its tangent on request.
package struct WorkspaceImport {
  private let workspace: Workspace
  private let file: String
  private let linearises: Bool

  /// - Parameters:
  ///   - file: its name, for messages
  ///   - linearises: replaces normsys, uneven histosys and products with lumi by their tangents
  package init(_ workspace: Workspace, file: String, linearises: Bool = false) {
    (self.workspace, self.file, self.linearises) = (workspace, file, linearises)
  }

  /// - Parameter measurement: its name; nil where there is only one
  package func model(measurement name: String? = nil) throws(ExchangeError) -> WorkspaceModel {
    let measurement = try choose(name)
    let table = try ParameterTable(workspace, measurement, file: file)
    var reader = SampleReader(table, file: file, linearises: linearises)
    var assembly = WorkspaceAssembly(workspace.channels, observations: workspace.observations)
    for (c, channel) in workspace.channels.enumerated() {
      for (s, sample) in channel.samples.enumerated() {
        let path = "channels[\(c)].samples[\(s)]"
        let linear = try reader.read(sample, channel: c, path: path)
        try check(linear, sample, path)
        assembly.samples.append(linear)
      }
    }
    let model = try assembly.model(
      table, file: file, measurement: measurement, linearised: reader.linearised.sorted())
    try check(model)
    return model
  }

  private func choose(_ name: String?) throws(ExchangeError) -> Workspace.Measurement {
    let names = workspace.measurements.map { "\"\($0.name)\"" }.joined(separator: ", ")
    if let name {
      guard let found = workspace.measurements.first(where: { $0.name == name }) else {
        throw ExchangeError(
          .notExpressible, "--measurement \(name): \(file) has no such measurement. Choose one of \(names).")
      }
      return found
    }
    guard workspace.measurements.count == 1 else {
      throw ExchangeError(
        .notExpressible,
        "\(file) has \(workspace.measurements.count) measurements. Choose one with --measurement: \(names).")
    }
    return workspace.measurements[0]
  }

  private func check(
    _ linear: LinearSample, _ sample: Workspace.Sample, _ path: String
  ) throws(ExchangeError) {
    guard let factor = linear.factor, let bin = linear.nominal.firstIndex(where: { $0 < 0 }) else { return }
    throw ExchangeError(
      .badWorkspace,
      "\(file), \(path).data[\(bin)]: sample \"\(sample.name)\" holds \(linear.nominal[bin]) events and is scaled by the free factor "
        + "\"\(factor)\". Events of such a sample must be 0 or more.")
  }

  private func check(_ model: WorkspaceModel) throws(ExchangeError) {
    for (parameter, (k, pull)) in zip(model.parameters, model.plan.pulls.enumerated()) {
      let shares = model.plan.blocks.map { $0.signalShares[k] }
      guard let value = ([pull.width] + pull.events + shares).first(where: { !$0.isFinite }) else { continue }
      throw ExchangeError(
        .badWorkspace,
        "\(file): what \"\(parameter.name)\" moves by, over what is there, is \(value). Steps and events must be of sizes that can be "
          + "compared.")
    }
    if model.template.allSatisfy({ $0 == 0 }) {
      throw ExchangeError(
        .badWorkspace,
        "\(file): the samples that \"\(model.parameterOfInterest)\" scales hold no events. Give the signal a template."
      )
    }
    let size = model.template.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard size.isFinite, size > 1e-150 else {
      throw ExchangeError(
        .badWorkspace,
        "\(file): the samples that \"\(model.parameterOfInterest)\" scales hold events of a size (\(size)) that cannot be squared. "
          + "Give the signal a template between 1e-150 and 1e150 events.")
    }
    guard model.plan.pullCount <= JointPlan.maximumPulls else {
      throw ExchangeError(
        .badWorkspace,
        "\(file): the model has \(model.plan.pullCount) parameters beside \"\(model.parameterOfInterest)\", and at most "
          + "\(JointPlan.maximumPulls) are taken. Fix some (`fixed` in the measurement) or prune the workspace."
      )
    }
    let nominal = model.plan.expectation(
      factors: model.plan.pulls.map { _ in 1 }, signal: model.template, strength: 0)
    for block in model.plan.blocks {
      guard let bin = block.bins.first(where: { nominal[$0] < -1e-9 * (1 + abs(model.plan.rest[$0])) }) else {
        continue
      }
      throw ExchangeError(
        .badWorkspace,
        "\(file), channel \(block.name): bin \(bin - block.bins.lowerBound) expects \(nominal[bin]) events without signal. "
          + "Expectations must be 0 or more.")
    }
  }
}
