/// Reads the `systematics` section.
struct SystematicsReader {
  let context: LoadContext
  let axes: ChannelAxes
  let channel: ChannelSpec

  private static let keys = ["statistic", "signal", "backgrounds", "shape"]

  /// - Parameter detector, source: what the pulls of `shape` move; nil if they could not be read
  func read(
    _ node: ConfigNode, detector: DetectorSpec?, source: SourceSpec?
  ) throws(ExperimentError) -> SystematicsSpec {
    let section = try context.section(node, keys: Self.keys)
    let statistic = try statistic(section.required("statistic"))
    let names = channel.backgrounds.map(\.name)
    let signal = try SignalPullReader(context: context, taken: names).read(section.required("signal"))
    var widths: [String: Double] = [:]
    var free: Set<String> = []
    if !names.isEmpty || section["backgrounds"] != nil {
      let list = try context.section(section.required("backgrounds"), keys: names)
      for name in names {
        let width = try list.required(name)
        if case .scalar("free") = width.content { free.insert(name) }
        widths[name] = free.contains(name) ? SystematicsSpec.freeWidth : try width.widthOrNone()
      }
    }
    var shapePulls: [ShapePullSpec] = []
    if let shape = section["shape"], let detector, let source {
      let reader = ShapePullReader(
        context: context, detector: detector, source: source, axes: axes, isGaussian: statistic == .gaussian,
        backgrounds: names, taken: names + signal.parts.map(\.name))
      shapePulls = try reader.read(shape)
    }
    let systematics = SystematicsSpec(
      signalWidth: signal.width, signalScope: signal.scope, signalParts: signal.parts,
      backgroundWidths: widths, shapePulls: shapePulls, statistic: statistic, freeBackgrounds: free)
    try checkFluxRatio(systematics, section)
    return systematics
  }

  // MARK: - Statistic

  /// Given uncertainties, and limits on a flux, are Gaussian data.
  private func statistic(_ node: ConfigNode) throws(ExperimentError) -> SystematicsSpec.Statistic {
    let statistic: SystematicsSpec.Statistic = try node.choice([.poisson, .gaussian])
    let reason =
      channel.uncertainties != nil
      ? "`channel.uncertainties`" : channel.fluxRatioLimit != nil ? "a flux-ratio limit" : nil
    if let reason, statistic != .gaussian {
      throw node.error(
        found: "the statistic `\(statistic.rawValue)` with \(reason)", expected: "`gaussian`",
        cure: "Write `statistic: gaussian`.")
    }
    return statistic
  }

  /// The limit holds the uncertainties of the measurement already.
  private func checkFluxRatio(_ systematics: SystematicsSpec, _ section: Section) throws(ExperimentError) {
    guard channel.fluxRatioLimit != nil else { return }
    if systematics.signalWidth != nil || !systematics.shapePulls.isEmpty {
      throw (section["shape"] ?? section["signal"] ?? section.node).error(
        found: "a pull with a flux-ratio limit", expected: "`signal: { width: none, ... }` and no `shape`",
        cure: "Remove the pull: the limit holds the uncertainties already.")
    }
  }

}

extension ConfigNode {
  /// A relative width, or nil for `none`: a fixed normalisation.
  func widthOrNone() throws(ExperimentError) -> Double? {
    if case .scalar("none") = content { return nil }
    return try relativeWidth()
  }

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
