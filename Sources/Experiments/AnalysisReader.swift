/// Reads the `analysis` and `systematics` sections.
struct AnalysisReader {
  let context: LoadContext

  func read(_ node: ConfigNode) throws(ExperimentError) -> AnalysisSpec {
    let section = try context.section(
      node,
      keys: [
        "couplings", "weak-mixing", "fermi-constant", "cevns-kinematics", "dipole-spin", "dipole-bracket",
        "electrons",
      ])
    return AnalysisSpec(
      couplings: try section.required("couplings").choice([.radiative, .tree]),
      weakMixing: try section.required("weak-mixing").number(.fraction),
      fermiConstant: try section.required("fermi-constant").quantity(.perEnergy(power: 2), .positive),
      kinematics: try section.required("cevns-kinematics").choice([.leading, .spinZero, .spinHalf]),
      dipoleSpin: try section.required("dipole-spin").choice([.half, .zero]),
      bracket: try section.required("dipole-bracket").choice([.traces, .arxiv2406_07477]),
      includeElectrons: try section.required("electrons").choice([("included", true), ("excluded", false)]))
  }

  // MARK: - Systematics

  /// - Parameter detector, source: what the pulls of `shape` move; nil if they could not be read
  func readSystematics(
    _ node: ConfigNode, backgrounds: [String], hasTimeAxis: Bool, detector: DetectorSpec?, source: SourceSpec?
  ) throws(ExperimentError) -> SystematicsSpec {
    let section = try context.section(node, keys: ["signal", "backgrounds", "shape"])
    let signal = try signal(section.required("signal"))
    var widths: [String: Double] = [:]
    if !backgrounds.isEmpty || section["backgrounds"] != nil {
      let list = try context.section(section.required("backgrounds"), keys: backgrounds)
      for name in backgrounds { widths[name] = try width(list.required(name)) }
    }
    var shapePulls: [ShapePullSpec] = []
    if let shape = section["shape"], let detector, let source {
      let reader = ShapePullReader(
        context: context, detector: detector, source: source, hasTimeAxis: hasTimeAxis,
        takenNames: ["signal"] + backgrounds)
      shapePulls = try reader.read(shape)
    }
    return SystematicsSpec(
      signalWidth: signal.width, signalScope: signal.scope, backgroundWidths: widths, shapePulls: shapePulls)
  }

  private func signal(
    _ node: ConfigNode
  ) throws(ExperimentError) -> (width: Double?, scope: SystematicsSpec.SignalPullScope) {
    let section = try context.section(node, keys: ["width", "scope"])
    let scope: SystematicsSpec.SignalPullScope =
      try section.required("scope").choice([.signalAndStandardModel, .standardModel])
    return (try width(section.required("width")), scope)
  }

  /// A relative width, or `none` for a fixed normalisation.
  private func width(_ node: ConfigNode) throws(ExperimentError) -> Double? {
    if case .scalar("none") = node.content { return nil }
    return try node.relativeWidth()
  }
}

extension ConfigNode {
  /// A fraction above zero, as a number or in percent; above one only with the percent sign.
  func relativeWidth() throws(ExperimentError) -> Double {
    let width = try quantity(.dimension(.fraction), .positive)
    if width > 1, case .scalar(let text) = content, !text.contains("%") {
      throw error(
        expected: "a relative width, such as 5 %",
        cure: "As written this is \(100 * width) %. Write the percent sign: \(width) % or \(100 * width) %.")
    }
    return width
  }
}
